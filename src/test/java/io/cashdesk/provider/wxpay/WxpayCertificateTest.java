package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cashdesk.provider.Creates;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.Recorded;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An account from the time of platform certificates. */
class WxpayCertificateTest extends WxpayProductContract {
    @Override
    String serial() {
        return CERTIFICATE_SERIAL;
    }

    private long fetches() {
        return server.asked().stream()
                .filter(a -> a.path().endsWith("/v3/certificates"))
                .count();
    }

    @Test
    void fetches_the_certificates_once_and_keeps_them() {
        server.answers(this::well);
        var account = account();

        ((Creates) provider()).create(account, request());
        ((Creates) provider()).create(account, request());
        provider().read(account, paid());

        assertThat(fetches()).isEqualTo(1);
    }

    @Test
    void two_accounts_with_one_merchant_number_at_two_gateways_do_not_share_certificates() {
        server.answers(this::well);
        ((Creates) provider()).create(account(), request());

        try (var elsewhere = new ProviderServer()) {
            elsewhere.answers(Said.page(404));

            assertThat(failure(() -> ((Creates) provider()).create(at(elsewhere.address()), request()))
                            .kind())
                    .isEqualTo(UNREACHABLE);
        }
    }

    @Test
    void sends_no_order_while_nothing_could_be_verified() {
        server.answers(request ->
                request.path().endsWith("/v3/certificates") ? no("NOT_FOUND").apply(request) : well(request));

        assertThat(failure(() -> ((Creates) provider()).create(super.account(), request()))
                        .kind())
                .isEqualTo(UNREACHABLE);

        assertThat(server.asked()).allSatisfy(a -> assertThat(a.path()).endsWith("/v3/certificates"));
    }

    @Test
    void a_message_under_a_new_certificate_does_not_wait_for_it() {
        var now = new AtomicReference<>(NOW);
        ((WxpayProvider) provider()).clock = new Clock() {
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
        server.answers(this::well);
        var account = account();
        ((Creates) provider()).create(account, request());
        now.set(NOW.plusSeconds(120));
        server.answers(request -> well(request).late(Duration.ofSeconds(10)));
        var raw = notification(
                "TRANSACTION.SUCCESS",
                "transaction",
                Recorded.text("wxpay/paid.json"),
                "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
                NOW.plusSeconds(120));

        assertTimeoutPreemptively(
                Duration.ofSeconds(1),
                () -> assertThat(failure(() -> provider().read(account, raw)).kind())
                        .isEqualTo(NOT_AUTHENTIC));
    }

    @Test
    void a_flood_of_unknown_serials_does_not_become_a_flood_of_fetches() {
        server.answers(this::well);
        var account = account();
        ((Creates) provider()).create(account, request());

        for (int i = 0; i < 20; i++) {
            var raw = notification(
                    "TRANSACTION.SUCCESS", "transaction", Recorded.text("wxpay/paid.json"), "5157F0" + i, NOW);
            assertThat(failure(() -> provider().read(account, raw)).kind()).isEqualTo(NOT_AUTHENTIC);
        }

        assertThat(fetches()).isEqualTo(1);
    }
}
