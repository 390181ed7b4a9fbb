package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import org.junit.jupiter.api.Test;

/** An account with WeChat Pay's public key. */
class V3PublicKeyTest extends WireTest<V3Wire> {
    V3PublicKeyTest() {
        super(new V3Wire(V3Wire.Keys.PUBLIC_KEY));
    }

    @Test
    void fetches_no_certificates() {
        create(account());
        read(wire.paid());

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void rejects_another_public_key_id_without_a_call() {
        var raw = wire.paid(Recorded.text("wxpay/paid.json"), "PUB_KEY_ID_0", NOW);

        assertThat(failure(() -> read(raw)).kind()).isEqualTo(NOT_AUTHENTIC);

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void reads_a_notification_signed_with_a_certificate_while_the_merchant_is_switched() {
        var raw = wire.paid(Recorded.text("wxpay/paid.json"), V3Wire.CERTIFICATE_SERIAL, NOW);

        var notification = read(raw);

        assertThat(notification.report()).get().isInstanceOf(ProviderReport.Paid.class);
    }
}
