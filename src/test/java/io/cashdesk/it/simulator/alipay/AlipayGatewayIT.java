package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.AlipayMerchant.Answer;
import io.cashdesk.testing.Shop;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gateway of the simulated Alipay: the form of requests and answers, signatures, certificates, authorization
 * tokens, faults.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayGatewayIT extends SimulatedAlipay {
    @Nested
    class The_gateway {
        @Test
        void reads_its_fields_from_the_query_and_from_the_body() {
            var first = Shop.number();
            var second = Shop.number();
            var third = Shop.number();

            var split = merchant.call(PRECREATE, order(first));
            var body = merchant.post("", merchant.orderText(PRECREATE, order(second), Map.of()));
            var query = merchant.get(
                    merchant.orderText(PRECREATE, order(third), Map.of()).replace("+", "%20"));

            assertThat(List.of(split, body, query)).allSatisfy(a -> {
                assertThat(merchant.accepts(a)).isTrue();
                assertThat(a.name()).isEqualTo("alipay_trade_precreate_response");
                assertThat(a.json().getString("qr_code")).matches("https://qr\\.alipay\\.com/bax\\w+");
                assertThat(a.text()).as("slashes are escaped").contains("https:\\/\\/qr.alipay.com\\/bax");
            });
        }

        @ParameterizedTest
        @CsvSource({
            "app_id, '', 40001, isv.missing-app-id",
            "method, '', 40001, isv.missing-method",
            "timestamp, '', 40001, isv.missing-timestamp",
            "version, '', 40001, isv.missing-version",
            "sign_type, '', 40001, isv.missing-signature-type",
            "app_id, 2021999999999999, 40002, isv.invalid-app-id",
            "method, alipay.trade.nonsense, 40002, isv.invalid-method",
            "method, alipay.trade.app.pay, 40002, isv.invalid-method",
            "timestamp, 2026-11-21T12:00:00, 40002, isv.invalid-timestamp",
            "version, 2.0, 40002, isv.invalid-version",
            "sign_type, MD5, 40002, isv.invalid-signature-type",
            "charset, latin1, 40002, isv.invalid-charset",
            "format, XML, 40002, isv.invalid-format",
            "app_auth_token, 202601BBnobody, 20001, aop.invalid-app-auth-token",
            "notify_url, ftp://shop.example.com, 40004, ACQ.INVALID_PARAMETER",
            "biz_content, not json, 40004, ACQ.INVALID_PARAMETER",
        })
        void refuses_a_missing_or_wrong_field_with_a_signed_answer(
                String field, String value, String code, String subCode) {
            var answer = merchant.unverified(
                    QUERY,
                    number("T1"),
                    field.equals("biz_content")
                            ? Map.of("format", "JSON", "biz_content", value)
                            : Map.of(field, value));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(merchant.accepts(answer)).isTrue();
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.subCode()).isEqualTo(subCode);
        }

        @ParameterizedTest
        @ValueSource(strings = {"subject", "sign", "nothing"})
        void refuses_a_request_that_is_not_what_was_signed(String what) {
            var fields = new LinkedHashMap<>(merchant.signed(
                    merchant.fields(PRECREATE, order(Shop.number()).build().toString(), Map.of())));
            fields.computeIfPresent("biz_content", (n, v) -> what.equals("subject") ? v.replace("龙井", "碧螺春") : v);
            if (what.equals("sign")) fields.put("sign", "not a signature");
            if (what.equals("nothing")) fields.remove("sign");

            var answer = merchant.post(AlipayMerchant.encoded(fields), "");

            assertThat(answer.subCode())
                    .isEqualTo(what.equals("nothing") ? "isv.missing-signature" : "isv.invalid-signature");
        }

        @Test
        void treats_every_field_that_was_sent_as_part_of_the_signature() {
            var fields = merchant.signed(merchant.fields(QUERY, "{\"out_trade_no\":\"T1\"}", Map.of()));

            var answer = merchant.post(AlipayMerchant.encoded(fields) + "&alipay_sdk=x", "");

            assertThat(answer.subCode()).isEqualTo("isv.invalid-signature");
        }

        @Test
        void serves_only_payers_at_the_public_address() {
            var query = merchant.orderText(QUERY, number("T1"), Map.of());

            assertThat(open("/simulator/alipay/gateway.do?" + query).statusCode())
                    .isEqualTo(404);
        }

        @Test
        void identifies_certificates_by_their_serial_numbers() {
            var certified = merchant.withCertificates();
            var number = Shop.number();

            var answer = certified.call(PRECREATE, order(number));
            var without = certified.unverified(QUERY, number(number), Map.of("app_cert_sn", ""));
            var rootless = certified.unverified(QUERY, number(number), Map.of("alipay_root_cert_sn", "0".repeat(32)));

            assertThat(answer.code()).isEqualTo("10000");
            assertThat(without.subCode()).isEqualTo("isv.missing-app-cert-sn");
            assertThat(rootless.subCode()).isEqualTo("isv.missing-alipay-root-cert-sn");
        }
    }

    @Nested
    class On_behalf_of_another_seller {
        @Test
        void an_application_collects_with_the_token_and_its_trades_belong_to_that_seller() {
            var given = merchant.console("authorization");
            var token = given.getString("app_auth_token");
            var number = Shop.number();
            var more = Map.of("notify_url", receiver.url(), "app_auth_token", token);

            var code = merchant.call(PRECREATE, order(number), more);
            var own = merchant.call(PRECREATE, order(number).add("total_amount", "1.00"), Map.of());
            open("/simulator/wallet?code="
                    + URLEncoder.encode(code.json().getString("qr_code"), StandardCharsets.UTF_8));
            submit(
                    "/simulator/wallet/pay",
                    "code=" + URLEncoder.encode(code.json().getString("qr_code"), StandardCharsets.UTF_8));

            assertThat(own.code()).as("numbers are unique per seller").isEqualTo("10000");
            var notified = notifications(number, 1).get(0);
            assertThat(notified)
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("auth_app_id", given.getString("auth_app_id"))
                    .containsEntry("seller_id", given.getString("user_id"));
            assertThat(notified.get("auth_app_id")).isNotEqualTo(merchant.appId);
            var query = merchant.call(QUERY, number(number), Map.of("app_auth_token", token));
            assertThat(query.json().getString("trade_status")).isEqualTo("TRADE_SUCCESS");
            assertThat(merchant.call(QUERY, number(number)).subCode())
                    .as("its own trade is a different one")
                    .isEqualTo("ACQ.TRADE_NOT_EXIST");
        }

        @Test
        void a_token_is_valid_only_for_its_own_application() {
            var token = merchant.console("authorization").getString("app_auth_token");

            var answer =
                    merchant.withCertificates().call(PRECREATE, order(Shop.number()), Map.of("app_auth_token", token));

            assertThat(answer.code()).isEqualTo("20001");
            assertThat(answer.subCode()).isEqualTo("aop.invalid-app-auth-token");
        }
    }

    @Nested
    class An_answer_on_its_way {
        static Answer queried(String number) {
            return merchant.unverified(QUERY, number(number), Map.of());
        }

        @Test
        void may_be_a_system_error() {
            var number = paid();
            setFault(number, "ANSWER_SYSTEM_ERROR");

            assertThat(queried(number).code()).isEqualTo("20000");
            assertThat(queried(number).code()).as("only once").isEqualTo("10000");
        }

        @Test
        void may_be_an_html_page_of_a_proxy() {
            var number = paid();
            setFault(number, "ANSWER_HTML");

            assertThat(queried(number).status()).isEqualTo(502);
        }

        @Test
        void may_have_a_wrong_signature() {
            var number = paid();
            setFault(number, "ANSWER_BADLY_SIGNED");

            assertThat(merchant.accepts(queried(number))).isFalse();
            assertThat(merchant.accepts(queried(number))).as("only once").isTrue();
        }

        @Test
        void may_be_an_unsigned_refusal_although_the_call_was_executed() {
            var number = paid();
            setFault(number, "ANSWER_REFUSED_UNSIGNED");

            var answer = merchant.unverified(REFUND, refund(number, "1.00", "R1"), Map.of());

            assertThat(answer.code()).isEqualTo("40004");
            assertThat(answer.sign()).isEmpty();
            assertThat(notifications(number, 2).get(1)).containsEntry("refund_fee", "1.00");
        }

        @Test
        void may_have_been_signed_before_its_slashes_were_escaped() {
            var number = Shop.number();
            setFault(number, "ANSWER_SIGNED_UNESCAPED");

            var answer = merchant.unverified(PRECREATE, order(number), Map.of());

            assertThat(merchant.accepts(answer)).isFalse();
            assertThat(merchant.verifies(answer.text().replace("\\/", "/"), answer.sign()))
                    .isTrue();
        }
    }
}
