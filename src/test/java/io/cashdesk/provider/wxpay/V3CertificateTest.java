package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        wire.provider().v3.clock = clock(now);
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

    @Test
    void a_failed_first_fetch_is_tried_again_for_the_same_payment() {
        var calls = new AtomicInteger();
        server.answers(request ->
                V3Wire.isFetch(request) && calls.incrementAndGet() == 1 ? Answer.page(500) : wire.success(request));

        create(account());

        assertThat(fetches()).isEqualTo(2);
    }

    @Test
    void a_failed_first_fetch_is_tried_again_for_the_same_notification() {
        var calls = new AtomicInteger();
        server.answers(request ->
                V3Wire.isFetch(request) && calls.incrementAndGet() == 1 ? Answer.page(500) : wire.success(request));

        assertThat(wire.provider().read(account(), wire.paid()).report()).isPresent();

        assertThat(fetches()).isEqualTo(2);
    }

    private AccountSettings accountAt(AtomicReference<Instant> now) {
        wire.provider().v3.clock = clock(now);
        return account();
    }

    @Test
    void a_call_begins_a_fetch_at_once_after_one_that_failed_altogether() {
        var account = accountAt(new AtomicReference<>(NOW));
        var down = new AtomicBoolean(true);
        server.answers(request -> down.get() && V3Wire.isFetch(request) ? Answer.page(500) : wire.success(request));
        assertThat(failure(() -> create(account, request())).kind()).isEqualTo(UNREACHABLE);
        assertThat(fetches()).isEqualTo(3);
        down.set(false);

        create(account);

        assertThat(fetches()).isEqualTo(4);
    }

    @Test
    void while_no_certificate_is_known_notifications_begin_one_fetch_a_second() {
        var now = new AtomicReference<>(NOW);
        var account = accountAt(now);
        server.answers(wire.refusal("NOT_FOUND")); // which is not tried again
        for (int i = 0; i < 5; i++) {
            failure(() -> wire.provider().read(account, wire.paid()));
        }
        assertThat(fetches()).isEqualTo(1);

        now.set(NOW.plusSeconds(1));
        failure(() -> wire.provider().read(account, wire.paid()));

        assertThat(fetches()).isEqualTo(2);
    }

    @Test
    void with_known_certificates_forged_notifications_begin_one_fetch_a_minute_even_if_it_fails() throws Exception {
        var now = new AtomicReference<>(NOW);
        var account = accountAt(now);
        create(account);
        server.answers(
                request -> V3Wire.isFetch(request) ? wire.refusal("NOT_FOUND").apply(request) : wire.success(request));
        for (int second = 61; second < 120; second++) {
            forged(account, now, second);
        }
        awaitFetches(1); // after the first one, which the server no longer lists

        forged(account, now, 121);

        awaitFetches(2);
    }

    private void forged(AccountSettings account, AtomicReference<Instant> now, int second) {
        now.set(NOW.plusSeconds(second));
        var raw = wire.paid(Recorded.text("wxpay/paid.json"), "5157F0" + second, now.get());
        assertThat(failure(() -> wire.provider().read(account, raw)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    /** Waits until as many have begun, and for a moment in which one more would begin. */
    private void awaitFetches(long expected) throws InterruptedException {
        for (int i = 0; i < 100 && fetches() < expected; i++) Thread.sleep(20);
        Thread.sleep(100);
        assertThat(fetches()).isEqualTo(expected);
    }

    @Test
    void a_certificate_that_does_not_decrypt_does_not_hide_the_others() {
        var good = certificate("certificate", "certificate");
        for (var bad : List.of(
                changed(good, "algorithm", "AEAD_SM4_GCM"),
                changed(good, "nonce", "000000000000"),
                changed(good, "ciphertext", "?"),
                Json.createObjectBuilder().add("serial_no", "1").build())) {
            server.answers(request -> V3Wire.isFetch(request) ? certificates(bad, good) : wire.success(request));

            create(account());

            assertThat(fetches()).isEqualTo(1);
        }
    }

    private static JsonObject changed(JsonObject entry, String name, String value) {
        var encrypted = Json.createObjectBuilder(entry.getJsonObject("encrypt_certificate"))
                .add(name, value);
        return Json.createObjectBuilder(entry)
                .add("encrypt_certificate", encrypted)
                .build();
    }

    @Test
    void a_wrong_key_for_all_certificates_is_final() {
        var bad = changed(certificate("certificate", "certificate"), "nonce", "000000000000");
        server.answers(request -> V3Wire.isFetch(request) ? certificates(bad, bad) : wire.success(request));

        assertThat(failure(() -> create(account(), request())).kind()).isEqualTo(UNREACHABLE);

        assertThat(fetches()).isEqualTo(1);
    }

    @Test
    void callers_at_the_same_time_wait_for_one_fetch() throws Exception {
        server.answers(request -> V3Wire.isFetch(request)
                ? wire.success(request).delayed(Duration.ofMillis(300))
                : wire.success(request));
        var account = account();
        var threads = Executors.newFixedThreadPool(8);
        try {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) all.add(threads.submit(() -> create(account)));
            for (var one : all) one.get();
        } finally {
            threads.shutdownNow();
        }

        assertThat(fetches()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {"'', absent", "'', null", "certificate, absent", "certificate, null", "certificate, certificate"})
    void reads_certificates_with_and_without_associated_data(String encryptedWith, String answered) {
        server.answers(request ->
                V3Wire.isFetch(request) ? certificates(certificate(encryptedWith, answered)) : wire.success(request));

        create(account());

        assertThat(fetches()).isEqualTo(1);
    }

    private static JsonObject certificate(String encryptedWith, String answered) {
        var encrypted = Json.createObjectBuilder()
                .add("algorithm", "AEAD_AES_256_GCM")
                .add("nonce", "61f9c719728a")
                .add(
                        "ciphertext",
                        V3Wire.encrypted(
                                Recorded.text("wxpay/platform-certificate.pem"), "61f9c719728a", encryptedWith));
        if ("null".equals(answered)) encrypted.addNull("associated_data");
        else if (answered != null) encrypted.add("associated_data", answered);
        return Json.createObjectBuilder()
                .add("serial_no", "440024045C4A427599D09BB4E3DE0279F2E813FD")
                .add("encrypt_certificate", encrypted)
                .build();
    }

    private Answer certificates(JsonObject... entries) {
        var data = Json.createArrayBuilder();
        for (var entry : entries) data.add(entry);
        return wire.answer(
                200, Json.createObjectBuilder().add("data", data).build().toString());
    }

    @Test
    void a_serial_number_is_the_same_with_and_without_its_leading_zero() {
        var raw = wire.paid(Recorded.text("wxpay/paid.json"), "00440024045C4A427599D09BB4E3DE0279F2E813FD", NOW);

        assertThat(wire.provider().read(account(), raw).report()).isPresent();
    }

    private static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
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
    }
}
