package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Recorded;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;

/** An account that has WeChat Pay's public key, as every new one does. */
class WxpayPublicKeyTest extends WxpayProductContract {
    @Override
    protected JsonObject node() {
        return withPublicKey(super.node());
    }

    @Override
    String serial() {
        return PUBLIC_KEY_ID;
    }

    @Test
    void fetches_no_certificates() {
        server.answers(this::well);

        ((Creates) provider()).create(account(), request());
        provider().read(account(), paid());

        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void rejects_another_public_key_id_without_asking_anybody() {
        server.answers(this::well);
        var raw = notification(
                "TRANSACTION.SUCCESS", "transaction", Recorded.text("wxpay/paid.json"), "PUB_KEY_ID_0", NOW);

        assertThat(failure(() -> provider().read(account(), raw)).kind()).isEqualTo(NOT_AUTHENTIC);

        assertThat(server.asked()).isEmpty();
    }

    @Test
    void still_reads_what_is_signed_with_a_certificate_while_the_merchant_is_being_switched() {
        server.answers(this::well);
        var raw = notification(
                "TRANSACTION.SUCCESS", "transaction", Recorded.text("wxpay/paid.json"), CERTIFICATE_SERIAL, NOW);

        var news = provider().read(account(), raw);

        assertThat(news.report()).get().isInstanceOf(ProviderReport.Paid.class);
    }
}
