package io.cashdesk.it;

import static io.cashdesk.testing.WechatV2Merchant.HMAC;
import static io.cashdesk.testing.WechatV2Merchant.MD5;
import static io.cashdesk.testing.WechatV2Merchant.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated WeChat Pay's v2 over raw HTTP, held to its documents by a merchant who knows nothing but the JDK. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedWechatV2IT {
    static Node node;
    static JsonObject account;
    static WechatV2Merchant md5;
    static WechatV2Merchant hmac;
    static MerchantServer hears;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        account = WechatV2Merchant.newNode(node);
        md5 = new WechatV2Merchant(account, MD5);
        hmac = new WechatV2Merchant(account, HMAC);
        hears = new MerchantServer();
        hears.answers(200, "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>");
    }

    @AfterAll
    static void close() {
        hears.close();
    }

    static SortedMap<String, String> order(String number, String... more) {
        var order = fields(
                "body", "西湖龙井 & 杯",
                "out_trade_no", number,
                "total_fee", "990",
                "spbill_create_ip", "203.0.113.7",
                "notify_url", hears.url(),
                "trade_type", "NATIVE",
                "product_id", "P1",
                "attach", "table 5");
        order.putAll(fields(more));
        order.values().removeIf(""::equals);
        return order;
    }

    static String[] array(Map<String, String> fields) {
        return fields.entrySet().stream()
                .flatMap(f -> Stream.of(f.getKey(), f.getValue()))
                .toArray(String[]::new);
    }

    static SortedMap<String, String> make(WechatV2Merchant merchant, String number, String... more) {
        return merchant.call("/pay/unifiedorder", array(order(number, more)));
    }

    static SortedMap<String, String> query(String number) {
        return md5.call("/pay/orderquery", "out_trade_no", number);
    }

    static void control(String call, String body) {
        var answer = node.simulator(call, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    static void pay(String number) {
        control("pay", "{\"out_trade_no\":\"" + number + "\"}");
    }

    static void dial(String number, String fault) {
        control("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + fault + "\"]}");
    }

    static void age(String number, Duration by) {
        control("age", "{\"out_trade_no\":\"" + number + "\",\"seconds\":" + by.toSeconds() + "}");
    }

    static String paid(WechatV2Merchant merchant) {
        var number = ApiIT.number();
        assertThat(make(merchant, number)).containsEntry("result_code", "SUCCESS");
        pay(number);
        return number;
    }

    static SortedMap<String, String> refund(String number, String refundNo, long fen, String... more) {
        var refund = fields(
                "out_trade_no",
                number,
                "out_refund_no",
                refundNo,
                "total_fee",
                "990",
                "refund_fee",
                Long.toString(fen),
                "notify_url",
                hears.url());
        refund.putAll(fields(more));
        return md5.call("/secapi/pay/refund", array(refund));
    }

    static SortedMap<String, String> heard(String text) {
        Eventually.within(
                Duration.ofSeconds(10),
                text,
                () -> hears.heard().stream().anyMatch(h -> h.body().contains(text)));
        var body = hears.heard().stream()
                .filter(h -> h.body().contains(text))
                .findFirst()
                .orElseThrow()
                .body();
        return WechatV2Merchant.read(body, "xml");
    }

    @Nested
    class The_merchant_console {
        @Test
        void gives_out_a_certificate_file_whose_password_is_the_merchant_number() throws Exception {
            var store = KeyStore.getInstance("PKCS12");
            var password = md5.mchId.toCharArray();
            store.load(new ByteArrayInputStream(Base64.getDecoder().decode(account.getString("pfx"))), password);

            var alias = store.aliases().nextElement();

            assertThat(store.getKey(alias, password)).isNotNull();
            assertThat(((X509Certificate) store.getCertificate(alias))
                            .getSubjectX500Principal()
                            .getName())
                    .contains(md5.mchId);
        }

        @Test
        void gives_the_same_key_again_for_the_same_number() {
            var again = node.simulator("accounts/wxpay-v2", "{\"mch_id\":\"" + md5.mchId + "\"}")
                    .json()
                    .getJsonObject("node");

            assertThat(again).isEqualTo(account);
        }
    }

    @Nested
    class A_message {
        @Test
        void is_answered_signed_by_its_own_method() {
            assertThat(make(md5, ApiIT.number()).get("sign")).hasSize(32);
            assertThat(make(hmac, ApiIT.number()).get("sign")).hasSize(64);
        }

        @Test
        void that_is_signed_with_another_key_is_not_taken() {
            var body = WechatV2Merchant.xml(md5.signed(order(ApiIT.number()), "x".repeat(32)));

            var answer =
                    WechatV2Merchant.read(md5.send("/pay/unifiedorder", body).body(), "xml");

            assertThat(answer).containsOnlyKeys("return_code", "return_msg").containsEntry("return_code", "FAIL");
            assertThat(answer.get("return_msg")).contains("签名错误");
        }

        @Test
        void changed_after_signing_is_not_taken() {
            var number = ApiIT.number();
            var signed = md5.signed(order(number));
            signed.put("total_fee", "1");

            var answer = WechatV2Merchant.read(
                    md5.send("/pay/unifiedorder", WechatV2Merchant.xml(signed)).body(), "xml");

            assertThat(answer).containsEntry("return_code", "FAIL").doesNotContainKey("result_code");
            assertThat(query(number)).containsEntry("err_code", "ORDERNOTEXIST");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''|post数据为空",
                    "{}|XML",
                    "<xml><a>1</a><a>2</a></xml>|XML",
                    "<xml><appid>wx1</appid></xml>|缺少参数mch_id",
                })
        void that_cannot_be_read_is_answered_unsigned(String body, String sentence) {
            var answer =
                    WechatV2Merchant.read(md5.send("/pay/unifiedorder", body).body(), "xml");

            assertThat(answer).containsOnlyKeys("return_code", "return_msg");
            assertThat(answer.get("return_msg")).contains(sentence);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/pay/unifiedorder", "/pay/orderquery", "/secapi/pay/refund"})
        void has_to_be_posted(String path) {
            var answer = md5.sendBytes("GET", path, "");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("FAIL").contains("post");
        }
    }

    @Nested
    class An_order {
        @ParameterizedTest
        @CsvSource({
            "out_trade_no, '', LACK_PARAMS",
            "body, '', LACK_PARAMS",
            "product_id, '', LACK_PARAMS",
            "notify_url, '', LACK_PARAMS",
            "out_trade_no, a#b, PARAM_ERROR",
            "out_trade_no, 123456789012345678901234567890123, PARAM_ERROR",
            "total_fee, 0, PARAM_ERROR",
            "total_fee, 9.9, PARAM_ERROR",
            "trade_type, SCAN, PARAM_ERROR",
            "notify_url, http://shop.example/?a=1, PARAM_ERROR",
            "time_expire, 2026-01-01, PARAM_ERROR",
            "fee_type, USD, PARAM_ERROR",
            "limit_pay, no_debit, PARAM_ERROR",
            "detail, hello, PARAM_ERROR",
            "appid, wx0000000000000000, APPID_MCHID_NOT_MATCH",
        })
        void with_a_field_that_may_not_be_so_is_refused(String name, String value, String code) {
            var answer = make(md5, ApiIT.number(), name, value);

            assertThat(answer).containsEntry("result_code", "FAIL").containsEntry("err_code", code);
            assertThat(answer.get("err_code_des")).isNotEmpty();
        }

        @Test
        void inside_wechat_needs_to_know_who_pays() {
            var nobody = make(md5, ApiIT.number(), "trade_type", "JSAPI", "product_id", "");
            var stranger = make(
                    md5,
                    ApiIT.number(),
                    "trade_type",
                    "JSAPI",
                    "product_id",
                    "",
                    "openid",
                    "oAAAAAAAAAAAAAAASomebody-_1");

            assertThat(nobody).containsEntry("err_code", "LACK_PARAMS");
            assertThat(stranger).containsEntry("err_code", "PARAM_ERROR");
        }

        @Test
        void asked_about_before_it_is_paid_says_no_more_than_its_state() {
            var number = ApiIT.number();
            make(md5, number);

            assertThat(query(number))
                    .containsEntry("trade_state", "NOTPAY")
                    .containsEntry("out_trade_no", number)
                    .containsEntry("attach", "table 5")
                    .doesNotContainKeys("total_fee", "transaction_id", "trade_type");
            assertThat(query(ApiIT.number())).containsEntry("err_code", "ORDERNOTEXIST");
        }

        @ParameterizedTest
        @ValueSource(strings = {MD5, HMAC})
        void that_is_paid_is_told_signed_as_it_was_asked_for(String signType) {
            var merchant = signType.equals(MD5) ? md5 : hmac;
            var number = paid(merchant);

            var told = heard(number);

            assertThat(merchant.believes(told)).isTrue();
            assertThat(told)
                    .containsAllEntriesOf(fields(
                            "return_code", "SUCCESS",
                            "result_code", "SUCCESS",
                            "appid", md5.appId,
                            "mch_id", md5.mchId,
                            "out_trade_no", number,
                            "total_fee", "990",
                            "cash_fee", "990",
                            "fee_type", "CNY",
                            "trade_type", "NATIVE",
                            "attach", "table 5"))
                    .doesNotContainKey("trade_state");
            assertThat(told.get("time_end")).matches("\\d{14}");
            var asked = merchant.call("/pay/orderquery", "transaction_id", told.get("transaction_id"));
            assertThat(asked).containsEntry("trade_state", "SUCCESS").containsEntry("out_trade_no", number);
        }

        @Test
        void that_nobody_thanks_for_is_told_again_and_a_status_alone_is_no_thanks() {
            try (var silent = new MerchantServer()) {
                silent.answers(200, "{}");
                var number = ApiIT.number();
                make(md5, number, "notify_url", silent.url());

                pay(number);

                Eventually.within(
                        Duration.ofSeconds(10),
                        "told again",
                        () -> silent.heard().size() >= 2);
                silent.answers(200, "<xml><return_code>SUCCESS</return_code></xml>");
            }
        }

        @Test
        void comes_again_only_as_it_was() {
            var number = ApiIT.number();
            var first = make(md5, number);

            var again = make(md5, number);
            var other = make(md5, number, "total_fee", "991");
            pay(number);
            var paid = make(md5, number);

            assertThat(again.get("code_url")).isNotEqualTo(first.get("code_url"));
            assertThat(other).containsEntry("err_code", "INVALID_REQUEST");
            assertThat(paid).containsEntry("err_code", "ORDERPAID");
        }

        @Test
        void is_closed_after_five_minutes_and_not_paid_any_more() {
            var number = ApiIT.number();
            make(md5, number);

            var tooSoon = md5.call("/pay/closeorder", "out_trade_no", number);
            age(number, Duration.ofMinutes(5));
            var closed = md5.call("/pay/closeorder", "out_trade_no", number);
            var again = md5.call("/pay/closeorder", "out_trade_no", number);

            assertThat(tooSoon).containsEntry("result_code", "FAIL");
            assertThat(closed).containsEntry("result_code", "SUCCESS").containsEntry("result_msg", "OK");
            assertThat(again).containsEntry("err_code", "ORDERCLOSED");
            assertThat(query(number)).containsEntry("trade_state", "CLOSED");
            assertThat(make(md5, number)).containsEntry("err_code", "ORDERCLOSED");
        }

        @Test
        void of_a_service_provider_belongs_to_its_sub_merchant() {
            var number = ApiIT.number();
            var made = make(md5, number, "sub_mch_id", md5.subMchId, "sub_appid", md5.subAppId);
            pay(number);

            var stranger = make(md5, ApiIT.number(), "sub_mch_id", "1700000000");
            var told = heard(number);

            assertThat(made).containsEntry("sub_mch_id", md5.subMchId).containsEntry("sub_appid", md5.subAppId);
            assertThat(stranger).containsEntry("err_code", "NOAUTH");
            assertThat(told).containsEntry("sub_mch_id", md5.subMchId).containsKeys("openid", "sub_openid");
            assertThat(query(number)).containsEntry("err_code", "ORDERNOTEXIST");
            assertThat(md5.call("/pay/orderquery", "out_trade_no", number, "sub_mch_id", md5.subMchId))
                    .containsEntry("trade_state", "SUCCESS");
        }

        @ParameterizedTest
        @ValueSource(strings = {"ANSWER_SYSTEM_ERROR", "ANSWER_HTML", "ANSWER_BADLY_SIGNED"})
        void can_be_made_although_its_answer_is_spoilt(String fault) {
            var number = ApiIT.number();
            dial(number, fault);

            var answer = md5.sendBytes("POST", "/pay/unifiedorder", WechatV2Merchant.xml(md5.signed(order(number))));

            switch (fault) {
                case "ANSWER_HTML" -> assertThat(answer.statusCode()).isEqualTo(502);
                case "ANSWER_SYSTEM_ERROR" -> assertThat(answer.body()).contains("[SYSTEMERROR]");
                default -> {
                    var spoilt = WechatV2Merchant.read(answer.body(), "xml");
                    assertThat(md5.believes(spoilt)).isFalse();
                }
            }
            assertThat(query(number)).containsEntry("trade_state", "NOTPAY");
        }
    }

    @Nested
    class A_payment_at_the_till {
        String code(String tail) {
            return "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        }

        SortedMap<String, String> scan(String number, String code) {
            return md5.call(
                    "/pay/micropay",
                    "body",
                    "茶",
                    "out_trade_no",
                    number,
                    "total_fee",
                    "990",
                    "spbill_create_ip",
                    "203.0.113.7",
                    "auth_code",
                    code);
        }

        SortedMap<String, String> reverse(String number) {
            return md5.call("/secapi/pay/reverse", "out_trade_no", number);
        }

        @Test
        void is_paid_at_once() {
            var number = ApiIT.number();

            assertThat(scan(number, code("1000")))
                    .containsEntry("result_code", "SUCCESS")
                    .containsEntry("trade_type", "MICROPAY")
                    .containsEntry("total_fee", "990")
                    .containsKeys("transaction_id", "openid", "time_end");
            assertThat(query(number)).containsEntry("trade_state", "SUCCESS");
            assertThat(md5.call("/pay/closeorder", "out_trade_no", number)).containsEntry("result_code", "FAIL");
        }

        @Test
        void waits_for_the_password() {
            var number = ApiIT.number();

            assertThat(scan(number, code("0002"))).containsEntry("err_code", "USERPAYING");

            assertThat(query(number)).containsEntry("trade_state", "USERPAYING");
            Eventually.within(
                    Duration.ofSeconds(8),
                    "paid",
                    () -> "SUCCESS".equals(query(number).get("trade_state")));
        }

        @ParameterizedTest
        @CsvSource({
            "0004, SYSTEMERROR, SUCCESS",
            "0005, AUTHCODEEXPIRE,",
            "0006, NOTENOUGH, PAYERROR",
        })
        void fails_in_v2s_words(String tail, String code, String state) {
            var number = ApiIT.number();

            assertThat(scan(number, code(tail))).containsEntry("err_code", code);

            assertThat(query(number).get("trade_state")).isEqualTo(state);
        }

        @Test
        void takes_no_code_twice_and_no_malformed_one() {
            var used = code("1000");
            scan(ApiIT.number(), used);

            assertThat(scan(ApiIT.number(), used)).containsEntry("err_code", "AUTH_CODE_INVALID");
            assertThat(scan(ApiIT.number(), "99" + used.substring(2))).containsEntry("err_code", "AUTH_CODE_ERROR");
        }

        @Test
        void is_reversed_not_too_soon_and_when_asked_again() {
            var number = ApiIT.number();
            dial(number, "REVERSE_ONCE_MORE");
            scan(number, code("0007"));

            var recall = reverse(number);
            age(number, Duration.ofSeconds(20));
            var done = reverse(number);

            assertThat(recall).containsEntry("recall", "Y");
            assertThat(done).containsEntry("recall", "N");
            assertThat(query(number)).containsEntry("trade_state", "REVOKED");
            assertThat(reverse(ApiIT.number())).containsEntry("result_code", "FAIL");
            assertThat(scan(number, code("1000"))).containsEntry("err_code", "ORDERREVERSED");
        }

        @Test
        void alone_is_reversed() {
            var number = paid(md5);
            age(number, Duration.ofSeconds(20));

            assertThat(reverse(number)).containsEntry("err_code", "TRADE_STATE_ERROR");
        }
    }

    @Nested
    class A_refund {
        @ParameterizedTest
        @CsvSource({"'', SUCCESS", "REFUND_ABNORMAL, CHANGE", "REFUND_CLOSED, REFUNDCLOSE"})
        void is_accepted_settled_and_told_sealed(String fault, String state) {
            var number = paid(md5);
            if (!fault.isEmpty()) dial(number, fault);

            var accepted = refund(number, number + "-1", 90, "refund_desc", "缺货");
            var before = md5.call("/pay/refundquery", "out_refund_no", number + "-1");

            assertThat(accepted)
                    .containsEntry("result_code", "SUCCESS")
                    .containsEntry("out_refund_no", number + "-1")
                    .containsEntry("refund_fee", "90")
                    .containsEntry("total_fee", "990")
                    .doesNotContainKey("refund_status");
            assertThat(before.get("refund_status_0")).isIn("PROCESSING", state);
            Eventually.within(
                    Duration.ofSeconds(10),
                    state,
                    () -> state.equals(md5.call("/pay/refundquery", "refund_id", accepted.get("refund_id"))
                            .get("refund_status_0")));
            Eventually.within(Duration.ofSeconds(10), "told", () -> told(number) != null);
            assertThat(told(number))
                    .containsEntry("refund_status", state)
                    .containsEntry("refund_id", accepted.get("refund_id"))
                    .containsEntry("out_refund_no", number + "-1")
                    .containsEntry("refund_fee", "90")
                    .containsEntry("total_fee", "990");
        }

        SortedMap<String, String> told(String number) {
            return hears.heard().stream()
                    .filter(h -> h.body().contains("<req_info>"))
                    .map(h -> WechatV2Merchant.read(h.body(), "xml"))
                    .peek(outside -> assertThat(outside)
                            .containsOnlyKeys("return_code", "appid", "mch_id", "nonce_str", "req_info"))
                    .map(outside -> md5.open(outside.get("req_info")))
                    .filter(inside -> inside.get("out_trade_no").equals(number))
                    .findFirst()
                    .orElse(null);
        }

        @Test
        void needs_a_minute_after_another_and_no_more_than_what_is_left() {
            var number = paid(md5);

            refund(number, number + "-1", 90);
            var tooSoon = refund(number, number + "-2", 90);
            var same = refund(number, number + "-1", 90);

            assertThat(tooSoon).containsEntry("err_code", "FREQUENCY_LIMITED");
            assertThat(same).containsEntry("result_code", "SUCCESS");
            Eventually.within(
                    Duration.ofSeconds(5),
                    "no longer too soon, a minute in the simulator's hurry, but too much",
                    () -> refund(number, number + "-2", 901).get("err_code").equals("ERROR"));
            assertThat(md5.call("/pay/refundquery", "out_trade_no", number))
                    .containsEntry("refund_count", "1")
                    .containsEntry("total_refund_count", "1")
                    .containsEntry("out_refund_no_0", number + "-1");
        }

        @Test
        void is_refused_in_v2s_words() {
            var number = paid(md5);
            dial(number, "REFUND_NOT_ENOUGH");

            assertThat(refund(number, number + "-1", 90)).containsEntry("err_code", "NOTENOUGH");
            assertThat(refund(ApiIT.number(), "R1", 90)).containsEntry("err_code", "ORDERNOTEXIST");
            assertThat(md5.call("/pay/refundquery", "out_refund_no", "nobodys"))
                    .containsEntry("err_code", "REFUNDNOTEXIST");
            assertThat(md5.call("/pay/refundquery", "offset", "0")).containsEntry("err_code", "PARAM_ERROR");
        }
    }

    @Nested
    class A_bill {
        String yesterday = daysAgo(1);

        static String daysAgo(int days) {
            var today = Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
            return DateTimeFormatter.BASIC_ISO_DATE.format(today.minusDays(days));
        }

        @Test
        void is_text_or_packed() throws Exception {
            var number = paid(md5);
            age(number, Duration.ofDays(1));

            var text = new String(
                    md5.file("/pay/downloadbill", "bill_date", yesterday, "bill_type", "ALL"), StandardCharsets.UTF_8);
            var packed = md5.file("/pay/downloadbill", "bill_date", yesterday, "tar_type", "GZIP");

            assertThat(text).contains("交易时间,").contains("`" + number).contains("总交易单数");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }

        @Test
        void that_is_not_there_is_refused_unsigned_with_a_number() {
            var none = md5.call("/pay/downloadbill", "bill_date", daysAgo(60));
            var tooOld = md5.call("/pay/downloadbill", "bill_date", daysAgo(120));
            var malformed = md5.call("/pay/downloadbill", "bill_date", "yesterday");
            var type = md5.call("/pay/downloadbill", "bill_date", yesterday, "bill_type", "SOME");
            var missing = md5.call("/pay/downloadbill", "bill_type", "ALL");

            assertThat(none).containsEntry("return_code", "FAIL").containsEntry("return_msg", "No Bill Exist");
            assertThat(none).containsEntry("error_code", "20002");
            assertThat(tooOld).containsEntry("return_code", "FAIL").doesNotContainKey("sign");
            assertThat(malformed).containsEntry("return_msg", "data format error");
            assertThat(type).containsEntry("return_msg", "invalid bill_type");
            assertThat(missing).containsEntry("return_msg", "missing parameter");
        }
    }

    @Nested
    class A_launch {
        String launch(Map<String, String> signed, String paySign) {
            var given = Json.createObjectBuilder();
            signed.forEach(given::add);
            return node.simulator(
                            "wxpay/jsapi", given.add("paySign", paySign).build().toString())
                    .json()
                    .getString("err_msg");
        }

        @ParameterizedTest
        @ValueSource(strings = {MD5, HMAC})
        void opens_the_cashier_only_as_it_was_signed(String signType) {
            var merchant = signType.equals(MD5) ? md5 : hmac;
            var openid = "o" + md5.appId.substring(2) + "SimulatedP1";
            var made = make(merchant, ApiIT.number(), "trade_type", "JSAPI", "product_id", "", "openid", openid);
            var signed = new TreeMap<>(fields(
                    "appId",
                    md5.appId,
                    "nonceStr",
                    "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
                    "package",
                    "prepay_id=" + made.get("prepay_id"),
                    "signType",
                    signType,
                    "timeStamp",
                    Long.toString(Instant.now().getEpochSecond())));
            var paySign = merchant.sign(signed);

            assertThat(launch(signed, "0" + paySign.substring(1).toLowerCase(Locale.ROOT)))
                    .endsWith(":fail");
            assertThat(launch(signed, paySign)).endsWith(":ok");
        }
    }
}
