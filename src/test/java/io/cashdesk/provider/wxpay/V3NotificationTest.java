package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications of API v3: which ones are rejected, and how they are answered. */
@ParameterizedClass
@EnumSource
class V3NotificationTest extends WireTest<V3Wire> {
    V3NotificationTest(V3Wire.Keys keys) {
        super(new V3Wire(keys));
    }

    @Test
    void rejects_a_notification_that_is_too_old_or_from_the_future() {
        for (var seconds : new int[] {-301, -3600, 301}) {
            var raw = wire.paid(Recorded.text("wxpay/paid.json"), wire.serial(), NOW.plusSeconds(seconds));

            var failure = failure(() -> read(raw));

            assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
            assertThat(failure).hasMessageContaining("five minutes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WECHATPAY/SIGNTEST/abc", "WECHATPAY/SIGNTEST/", "not base64!", ""})
    void rejects_a_signature_probe_and_invalid_signatures(String signature) {
        var good = wire.paid();
        var headers = new HashMap<>(good.headers());
        headers.put("Wechatpay-Signature", signature);
        var probe = new RawNotification("POST", "", headers, good.body());

        assertThat(failure(() -> read(probe)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wechatpay-Serial", "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature"})
    void rejects_a_notification_without_one_of_its_headers(String missing) {
        var good = wire.paid();
        var headers = new HashMap<>(good.headers());
        headers.remove(missing);

        var failure = failure(() -> read(new RawNotification("POST", "", headers, good.body())));

        assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"mchid\":\"1600000001\",=>",
                "\"total\":990=>\"total\":9.9",
                "\"total\":990=>\"total\":\"990\"",
                "\"transaction_id\":\"4200000001202601010000000001\",=>",
                "2026-01-01T12:00:09+08:00=>yesterday",
                "\"amount\":{=>\"sum\":{"
            })
    void rejects_a_payment_with_a_missing_or_malformed_field(String change) {
        var at = change.indexOf("=>");
        var content = Recorded.text("wxpay/paid.json").replace(change.substring(0, at), change.substring(at + 2));

        var failure = failure(() -> read(wire.paid(content)));

        assertThat(failure.kind()).isEqualTo(NOT_AUTHENTIC);
    }

    /** @param sent the JSON value of {@code associated_data}; empty if there is none */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"``, \"\"", "``, null", "``, ``", "transaction, null", "transaction, ``"})
    void associated_data_may_be_empty_null_or_missing(String encryptedWith, String sent) {
        var content = Recorded.text("wxpay/paid.json");
        var refund = Recorded.text("wxpay/refunded.json");

        var paid = wire.notification("TRANSACTION.SUCCESS", "transaction", content, encryptedWith, sent);
        var refunded =
                wire.notification("REFUND.SUCCESS", "refund", refund, encryptedWith.isEmpty() ? "" : "refund", sent);

        assertThat(read(paid).report()).get().isInstanceOf(ProviderReport.Paid.class);
        assertThat(read(refunded).refund()).isPresent();
    }

    @Test
    void associated_data_that_is_another_is_rejected() {
        var content = Recorded.text("wxpay/paid.json");
        for (var sent : new String[] {"\"refund\"", "\"\"", "null", ""}) {
            var raw = wire.notification("TRANSACTION.SUCCESS", "transaction", content, "something", sent);

            assertThat(failure(() -> read(raw)).kind()).isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void reports_a_payment_to_another_application_as_that_applications() {
        var content = Recorded.text("wxpay/paid.json").replace("wx8888888888888888", "wx0");

        assertThat(read(wire.paid(content)).report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.appId()).isEqualTo("wx0"));
    }

    @Test
    void acknowledges_without_a_body_and_refuses_with_json() {
        assertThat(wire.provider().acknowledgement(account(), wire.paid()).status())
                .isEqualTo(204);
        assertThat(wire.provider().refusal(account(), wire.paid(), false, "no").status())
                .isEqualTo(401);
        assertThat(wire.provider()
                        .refusal(account(), wire.paid(), true, "later")
                        .status())
                .isEqualTo(500);
        assertThat(wire.provider()
                        .refusal(account(), wire.paid(), true, "later")
                        .body())
                .isEqualTo("{\"code\":\"FAIL\",\"message\":\"later\"}");
    }
}
