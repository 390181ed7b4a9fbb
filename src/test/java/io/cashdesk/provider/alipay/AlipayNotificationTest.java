package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications: what they report, which ones are rejected, and how they are answered. */
@ParameterizedClass
@EnumSource
class AlipayNotificationTest extends WireTest<AlipayWire> {
    AlipayNotificationTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    @Test
    void reads_a_payment_that_can_no_longer_be_refunded_as_paid() {
        assertThat(read(AlipayWire.notification("trade_status", "TRADE_FINISHED"))
                        .report())
                .get()
                .isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void reads_a_close_as_a_close_and_a_full_refund_as_neither() {
        var closed = AlipayWire.notification("trade_status", "TRADE_CLOSED", "gmt_payment", "");
        var refunded = AlipayWire.notification(
                "trade_status", "TRADE_CLOSED", "gmt_refund", "2026-01-02 10:00:00", "refund_fee", "9.90");

        assertThat(read(closed).report()).get().isInstanceOf(ProviderReport.Closed.class);
        assertThat(read(refunded).report()).isEmpty();
    }

    @Test
    void a_close_of_a_paid_trade_has_no_report() {
        assertThat(read(AlipayWire.notification("trade_status", "TRADE_CLOSED")).report())
                .isEmpty();
    }

    @Test
    void a_waiting_trade_has_no_report() {
        assertThat(read(AlipayWire.notification("trade_status", "WAIT_BUYER_PAY"))
                        .report())
                .isEmpty();
    }

    @Test
    void a_notification_for_an_authorising_merchant_has_its_seller_number() {
        var notification =
                read(AlipayWire.notification("auth_app_id", "2021000000000077", "seller_id", "2088000000000077"));

        assertThat(notification.report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.merchantNo()).isEqualTo("2088000000000002"));
    }

    @Test
    void verifies_unknown_fields() {
        assertThat(read(AlipayWire.notification("brand_new_field", "a=b&c")).report())
                .isPresent();
    }

    @Test
    void accepts_a_certificate_number_inside_or_outside_of_the_signed_text() {
        var inside = AlipayWire.notification("alipay_cert_sn", "687b59193f3f462dd5336e5abf83c5d8");
        var sign = Recorded.sign(AlipayWire.joined(AlipayWire.recorded()), Recorded.text("alipay/alipay-private.key"));
        var outside = AlipayWire.form(AlipayWire.recorded("alipay_cert_sn", "687b59193f3f462dd5336e5abf83c5d8"), sign);

        assertThat(read(inside).report()).isPresent();
        assertThat(read(outside).report()).isPresent();
    }

    /** Every field that sources disagree about, signed as each of them signs. */
    @ParameterizedTest
    @CsvSource({
        "false, false",
        "true, false",
        "false, true",
        "true, true",
    })
    void accepts_a_field_without_a_value_and_sign_type_inside_or_outside_of_the_signed_text(
            boolean emptyInside, boolean typeInside) {
        var fields = AlipayWire.recorded("body", "", "point_amount", "", "passback_params", "");
        var signed = new TreeMap<>(fields);
        if (!emptyInside) signed.values().removeIf(String::isEmpty);
        if (typeInside) signed.put("sign_type", "RSA2");
        var text = signed.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining("&"));
        var sign = Recorded.sign(text, Recorded.text("alipay/alipay-private.key"));

        assertThat(read(AlipayWire.form(fields, sign)).report()).isPresent();

        fields.put("total_amount", "9.91");
        assertThat(failure(() -> read(AlipayWire.form(fields, sign))).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void a_payer_without_a_user_id_is_known_by_the_open_id() {
        assertThat(read(AlipayWire.notification("buyer_id", "", "buyer_open_id", "0abc"))
                        .report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.payerId()).isEqualTo("0abc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "UTF-8", "", "gbk", "GB2312", "gb18030"})
    void reads_and_verifies_in_the_declared_charset(String charset) throws Exception {
        var bytes = charset.isEmpty() ? "utf-8" : charset;
        var fields = AlipayWire.recorded("charset", charset, "subject", "矿泉水／瓶");
        var text = AlipayWire.joined(fields);
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(
                        Base64.getDecoder().decode(Recorded.text("alipay/alipay-private.key")))));
        signature.update(text.getBytes(bytes));
        var form = new StringBuilder("sign_type=RSA2&sign=")
                .append(URLEncoder.encode(Base64.getEncoder().encodeToString(signature.sign()), "utf-8"));
        for (var field : fields.entrySet()) {
            form.append('&').append(field.getKey()).append('=').append(URLEncoder.encode(field.getValue(), bytes));
        }
        var raw = new RawNotification("POST", "", Map.of(), form.toString().getBytes(StandardCharsets.US_ASCII));

        assertThat(read(raw).report()).isPresent();
        assertThat(((JsonObject) wire.provider().original(account(), raw).message()).getString("subject"))
                .isEqualTo("矿泉水／瓶");
    }

    @Test
    void the_record_shows_the_forms_fields_and_whose_payment_it_is() {
        var raw = AlipayWire.notification("auth_app_id", "2021000000000077", "seller_id", "2088000000000077");

        var original = wire.provider().original(account(), raw);

        assertThat(original.message().asJsonObject())
                .containsEntry("trade_status", Json.createValue("TRADE_SUCCESS"))
                .containsKeys("sign", "sign_type", "notify_id", "total_amount");
        assertThat(original.authAppId()).isEqualTo("2021000000000077");
        assertThat(original.sellerId()).isEqualTo("2088000000000077");
    }

    @Test
    void accepts_the_documented_notification_and_not_a_changed_one() {
        var fields = new LinkedHashMap<String, String>();
        for (var pair : Recorded.text("alipay/paid.canonical").split("&")) {
            fields.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        var sign = Recorded.text("alipay/paid.sign");

        var notification = read(AlipayWire.form(fields, sign));
        fields.put("total_amount", "0.02");

        assertThat(notification.report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.amount().minor()).isEqualTo(1));
        assertThat(failure(() -> read(AlipayWire.form(fields, sign))).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    // rejections

    @Test
    void rejects_a_form_that_names_a_field_twice() {
        var good = wire.paid();
        var twice = new RawNotification(
                "POST", "", good.headers(), (good.text() + "&total_amount=9.90").getBytes(StandardCharsets.UTF_8));

        assertThat(failure(() -> read(twice)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void rejects_every_signature_but_rsa2() {
        var good = wire.paid();
        for (var type : new String[] {"RSA", "rsa2", "", "HMAC"}) {
            var other = new RawNotification(
                    "POST",
                    "",
                    good.headers(),
                    good.text().replace("sign_type=RSA2", "sign_type=" + type).getBytes(StandardCharsets.UTF_8));

            assertThat(failure(() -> read(other)).kind()).as(type).isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void rejects_a_notification_signed_by_the_application() {
        var own = AlipayWire.form(
                AlipayWire.recorded(),
                Recorded.sign(
                        AlipayWire.joined(AlipayWire.recorded()), Recorded.text("alipay/application-private.key")));

        assertThat(failure(() -> read(own)).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void reports_a_payment_to_another_application_or_seller_as_theirs_and_rejects_all_else_about_them() {
        assertThat(read(AlipayWire.notification("app_id", "2021000000000009")).report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.appId()).isEqualTo("2021000000000009"));
        assertThat(read(AlipayWire.notification("seller_id", "2088000000000009"))
                        .report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.merchantNo()).isEqualTo("2088000000000009"));

        for (var field : new String[] {"app_id", "seller_id"}) {
            var closed = AlipayWire.notification(field, "2", "trade_status", "TRADE_CLOSED", "gmt_payment", "");
            assertThat(failure(() -> read(closed)).kind()).isEqualTo(NOT_AUTHENTIC);
            var waits = AlipayWire.notification(field, "2", "trade_status", "WAIT_BUYER_PAY");
            assertThat(failure(() -> read(waits)).kind()).isEqualTo(NOT_AUTHENTIC);
            var missing = AlipayWire.notification(field, "");
            assertThat(failure(() -> read(missing)).kind()).isEqualTo(NOT_AUTHENTIC);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "total_amount, 9.901",
        "total_amount, -9.90",
        "total_amount, ''",
        "trade_no, ''",
        "gmt_payment, yesterday"
    })
    void rejects_a_payment_with_a_missing_or_malformed_field(String field, String value) {
        assertThat(failure(() -> read(AlipayWire.notification(field, value))).kind())
                .isEqualTo(NOT_AUTHENTIC);
    }

    // answers

    @Test
    void acknowledges_with_success_and_refuses_with_failure() {
        assertThat(wire.provider().acknowledgement(account(), wire.paid()).body())
                .isEqualTo("success");
        assertThat(wire.provider().acknowledgement(account(), wire.paid()).mediaType())
                .startsWith("text/plain");
        assertThat(wire.provider()
                        .refusal(account(), wire.paid(), true, "later")
                        .body())
                .isEqualTo("failure");
        assertThat(wire.provider().refusal(account(), wire.paid(), false, "no").status())
                .isBetween(400, 499);
        assertThat(wire.provider()
                        .refusal(account(), wire.paid(), true, "later")
                        .status())
                .isBetween(500, 599);
    }
}
