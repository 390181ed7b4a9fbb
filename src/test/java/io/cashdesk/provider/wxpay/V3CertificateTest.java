package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An account without a public key: platform certificates are fetched. */
class V3CertificateTest extends WireTest<V3Wire> {
    V3CertificateTest() {
        super(new V3Wire(V3Wire.Keys.CERTIFICATE));
    }

    private long fetches() {
        return server.requests().stream()
                .filter(r -> r.path().endsWith("/v3/certificates"))
                .count();
    }

    @Test
    void fetches_the_certificates_once_and_keeps_them() {
        var account = account();

        create(account);
        create(account);
        wire.provider().read(account, wire.paid());

        assertThat(fetches()).isEqualTo(1);
    }

    @Test
    void accounts_with_one_merchant_number_at_two_gateways_do_not_share_certificates() {
        create(account());

        try (var elsewhere = new ProviderServer()) {
            elsewhere.answers(Answer.page(404));

            assertThat(failure(() -> create(at(elsewhere.address()), request())).kind())
                    .isEqualTo(UNREACHABLE);
        }
    }

    @Test
    void sends_no_order_while_no_answer_could_be_verified() {
        server.answers(
                request -> V3Wire.isFetch(request) ? wire.refusal("NOT_FOUND").apply(request) : wire.success(request));

        assertThat(failure(() -> create(account(), request())).kind()).isEqualTo(UNREACHABLE);

        assertThat(server.requests()).allSatisfy(r -> assertThat(r.path()).endsWith("/v3/certificates"));
    }

    @Test
    void a_notification_with_a_new_certificate_does_not_wait_for_the_fetch() {
        var now = new AtomicReference<>(NOW);
        wire.provider().v3.clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        var account = account();
        create(account);
        now.set(NOW.plusSeconds(120));
        server.answers(request -> wire.success(request).delayed(Duration.ofSeconds(10)));
        var raw = wire.paid(
                Recorded.text("wxpay/paid.json"), "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", NOW.plusSeconds(120));

        assertTimeoutPreemptively(
                Duration.ofSeconds(1),
                () -> assertThat(failure(() -> wire.provider().read(account, raw))
                                .kind())
                        .isEqualTo(NOT_AUTHENTIC));
    }

    @Test
    void many_unknown_serial_numbers_cause_one_fetch() {
        var account = account();
        create(account);

        for (int i = 0; i < 20; i++) {
            var raw = wire.paid(Recorded.text("wxpay/paid.json"), "5157F0" + i, NOW);
            assertThat(failure(() -> wire.provider().read(account, raw)).kind()).isEqualTo(NOT_AUTHENTIC);
        }

        assertThat(fetches()).isEqualTo(1);
    }
}
