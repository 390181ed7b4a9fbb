package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.Logins;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Asked;
import io.cashdesk.provider.ProviderServer.Said;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every product of Alipay's, what is asked for it, and exactly what a client gets. */
abstract class AlipayProductContract extends AlipayContract {
    private static final String TRADE_NO = "2026010122001400000000000001";

    private PaymentRequest wanting(String payType, Payer payer, SubMerchant sub, JsonObject other) {
        return new PaymentRequest(
                new AttemptRef(PayType.of(payType), NUMBER, sub),
                PRICE,
                "测试商品",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                payer,
                Optional.of(URI.create("https://pay.example.com/back")),
                other);
    }

    private PaymentPrompt prompt(String payType, Payer.Screen screen, String openid) {
        var payer = new Payer("203.0.113.7", openid, screen);
        return ((Creates) provider())
                .create(account(), wanting(payType, payer, SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT));
    }

    private Function<Asked, Said> says(String node) {
        return request -> answer(method(request), node);
    }

    private Map<String, String> lastAsked() {
        var asked = server.asked().get(server.asked().size() - 1);
        var fields = new TreeMap<>(decoded(asked.query()));
        fields.putAll(decoded(asked.body()));
        return fields;
    }

    private static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.get("biz_content")))) {
            return reader.readObject();
        }
    }

    /** Sorted names and values without the signature, as Alipay verifies them; PKCS#1 signatures are the same every time. */
    private static boolean signedByApplication(Map<String, String> fields) {
        var text = fields.entrySet().stream()
                .filter(e -> !e.getKey().equals("sign") && !e.getValue().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
        return Recorded.sign(text, Recorded.text("alipay/application-private.key"))
                .equals(fields.get("sign"));
    }

    // what a client gets

    @ParameterizedTest
    @CsvSource({"PC, alipay.trade.page.pay, FAST_INSTANT_TRADE_PAY", "PHONE, alipay.trade.wap.pay, QUICK_WAP_WAY"})
    void a_browser_gets_a_signed_address_where_the_website_products_are_signed(
            Payer.Screen screen, String method, String product) {
        var prompt = prompt("alipay_h5", screen, "");

        assertThat(server.asked()).as("nobody was called").isEmpty();
        assertThat(prompt).isInstanceOf(PaymentPrompt.GoTo.class);
        var info = prompt.orderInfo().asJsonObject();
        assertThat(info).containsOnlyKeys("payUrl");
        var url = info.getString("payUrl");
        assertThat(url).startsWith(gateway(server.address()) + "?");
        var fields = decoded(url.substring(url.indexOf('?') + 1));
        assertThat(fields)
                .containsEntry("method", method)
                .containsEntry("app_id", "2021000000000001")
                .containsEntry("notify_url", "https://pay.example.com/notify/x/1")
                .containsEntry("return_url", "https://pay.example.com/back");
        assertThat(signedByApplication(fields)).isTrue();
        assertThat(content(fields))
                .containsEntry("out_trade_no", Json.createValue(NUMBER))
                .containsEntry("total_amount", Json.createValue("9.90"))
                .containsEntry("product_code", Json.createValue(product))
                .containsEntry("time_expire", Json.createValue("2026-01-01 12:05:00"));
        assertThat(content(fields).containsKey("quit_url")).isEqualTo(screen == Payer.Screen.PHONE);
    }

    @Test
    void a_browser_gets_the_code_of_face_to_face_pay_where_they_are_not() {
        server.answers(this::well);
        var node = Json.createObjectBuilder(node()).remove("website").build();
        var payer = new Payer("203.0.113.7", "", Payer.Screen.PC);

        var prompt = ((Creates) provider())
                .create(
                        settings(node, gateway(server.address())),
                        wanting("alipay_h5", payer, SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT));

        assertThat(lastAsked()).containsEntry("method", "alipay.trade.precreate");
        assertThat(prompt.orderInfo().asJsonObject().keySet())
                .containsExactlyInAnyOrder("code", "msg", "outTradeNo", "codeUrl");
    }

    @Test
    void an_app_gets_the_signed_text_that_the_wallets_sdk_takes() {
        var prompt = prompt("alipay_app-plus", Payer.Screen.APP, "");

        assertThat(server.asked()).as("nobody was called").isEmpty();
        assertThat(prompt.orderInfo()).isInstanceOf(JsonString.class);
        var fields = decoded(((JsonString) prompt.orderInfo()).getString());
        assertThat(fields).containsEntry("method", "alipay.trade.app.pay");
        assertThat(content(fields)).containsEntry("product_code", Json.createValue("QUICK_MSECURITY_PAY"));
        assertThat(signedByApplication(fields)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2088000000000003, buyer_id", "065xFEqpR0fzIAZ4h, op_buyer_open_id"})
    void a_mini_program_gets_the_trade_number(String openid, String name) {
        server.answers(says("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\"}"));

        var prompt = prompt("alipay_mp-alipay", Payer.Screen.APP, openid);

        assertThat(lastAsked()).containsEntry("method", "alipay.trade.create");
        assertThat(content(lastAsked()))
                .containsEntry("product_code", Json.createValue("JSAPI_PAY"))
                .containsEntry("op_app_id", Json.createValue("2021000000000001"))
                .containsEntry(name, Json.createValue(openid));
        assertThat(prompt.orderInfo()).isEqualTo(Json.createValue(TRADE_NO));
    }

    @Test
    void a_trade_without_a_number_is_an_error() {
        server.answers(says("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER + "\"}"));

        assertThat(failure(() -> prompt("alipay_mp-alipay", Payer.Screen.APP, "x"))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void an_application_acts_for_another_merchant_with_his_token() {
        server.answers(this::well);
        var sub = new SubMerchant("", "", "202601BBtoken");
        var payer = new Payer("203.0.113.7", "", Payer.Screen.CODE);

        ((Creates) provider()).create(account(), wanting("alipay_h5", payer, sub, JsonObject.EMPTY_JSON_OBJECT));
        var precreate = lastAsked();
        ((Queries) provider()).query(account(), new AttemptRef(PayType.of("alipay_h5"), NUMBER, sub));

        assertThat(precreate).containsEntry("app_auth_token", "202601BBtoken");
        assertThat(lastAsked()).containsEntry("app_auth_token", "202601BBtoken");
        assertThat(signedByApplication(precreate)).isTrue();
    }

    // payment codes

    private ProviderReport collect(String node) {
        server.answers(says(node));
        var payer = new Payer("203.0.113.7", "", Payer.Screen.CODE);
        return ((Codes) provider())
                .collect(
                        account(),
                        wanting("alipay_codepay", payer, SubMerchant.NONE, JsonObject.EMPTY_JSON_OBJECT),
                        new PaymentCode("280000000000000001", ""));
    }

    @Test
    void a_payment_code_is_charged_and_paid_at_once() {
        var report = collect("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\",\"total_amount\":\"9.90\",\"gmt_payment\":"
                + "\"2026-01-01 12:00:09\",\"buyer_user_id\":\"2088000000000003\"}");

        assertThat(lastAsked()).containsEntry("method", "alipay.trade.pay");
        assertThat(content(lastAsked()))
                .containsEntry("auth_code", Json.createValue("280000000000000001"))
                .containsEntry("scene", Json.createValue("bar_code"));
        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.amount()).isEqualTo(PRICE);
            assertThat(paid.transactionId()).isEqualTo(TRADE_NO);
        });
    }

    @Test
    void a_payer_who_must_confirm_is_waited_for() {
        var report = collect("{\"code\":\"10003\",\"msg\":\"order success pay inprocess\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\"}");

        assertThat(report).isInstanceOf(ProviderReport.Unpaid.class);
    }

    @ParameterizedTest
    @CsvSource({
        "40004, ACQ.PAYMENT_AUTH_CODE_INVALID, DECLINED",
        "40004, ACQ.SYSTEM_ERROR, OUTCOME_UNKNOWN",
        "20000, aop.unknow-error, OUTCOME_UNKNOWN"
    })
    void what_went_wrong_says_whether_the_money_may_have_moved(String code, String sub, Kind kind) {
        assertThat(failure(() -> collect("{\"code\":\"" + code + "\",\"msg\":\"x\",\"sub_code\":\"" + sub
                                + "\",\"sub_msg\":\"不行\"}"))
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"retry_flag\":\"N\",\"action\":\"close\"', Closed",
        "'\"retry_flag\":\"N\",\"action\":\"refund\"', Closed",
        "'\"retry_flag\":\"Y\"', Unpaid",
        "'\"retry_flag\":\"N\"', Absent"
    })
    void a_payment_codes_trade_is_cancelled_and_not_closed(String said, String report) {
        server.answers(
                says("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER + "\"," + said + "}"));

        var heard = ((Closes) provider())
                .close(account(), new AttemptRef(PayType.of("alipay_codepay"), NUMBER, SubMerchant.NONE));

        assertThat(lastAsked()).containsEntry("method", "alipay.trade.cancel");
        assertThat(heard.getClass().getSimpleName()).isEqualTo(report);
    }

    // refunds

    private RefundRequest refund() {
        return new RefundRequest(
                new AttemptRef(PayType.of("alipay_h5"), NUMBER, SubMerchant.NONE),
                TRADE_NO,
                NUMBER + "-1",
                Money.fen(100),
                PRICE,
                "缺货",
                URI.create("https://pay.example.com/notify/x/1"));
    }

    private RefundReport asked(Function<Asked, Said> answers) {
        server.answers(answers);
        return ((MakesRefunds) provider()).refund(account(), refund());
    }

    @Test
    void a_refund_that_moved_money_has_succeeded() {
        var report = asked(says("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO
                + "\",\"fund_change\":\"Y\",\"refund_fee\":\"5.00\",\"gmt_refund_pay\":\"2026-01-01 12:10:05\"}"));

        assertThat(lastAsked()).containsEntry("method", "alipay.trade.refund");
        assertThat(content(lastAsked()))
                .containsEntry("refund_amount", Json.createValue("1.00"))
                .containsEntry("out_request_no", Json.createValue(NUMBER + "-1"));
        assertThat(report).isInstanceOfSatisfying(RefundReport.Succeeded.class, done -> {
            assertThat(done.amount()).as("refund_fee is the sum so far").isNull();
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        });
    }

    @Test
    void a_refund_that_moved_nothing_is_asked_about() {
        var report = asked(request -> method(request).equals("alipay.trade.refund")
                ? answer(method(request), "{\"code\":\"10000\",\"msg\":\"Success\",\"fund_change\":\"N\"}")
                : answer(
                        method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                                + "\",\"out_request_no\":\"" + NUMBER
                                + "-1\",\"refund_amount\":\"1.00\",\"refund_status\":\"REFUND_SUCCESS\"}"));

        assertThat(report)
                .isInstanceOfSatisfying(
                        RefundReport.Succeeded.class,
                        done -> assertThat(done.amount()).isEqualTo(Money.fen(100)));
    }

    @Test
    void a_refund_without_a_status_and_an_amount_is_none() {
        server.answers(says("{\"code\":\"10000\",\"msg\":\"Success\"}"));

        assertThat(((MakesRefunds) provider()).queryRefund(account(), refund()))
                .isInstanceOf(RefundReport.Absent.class);
    }

    @Test
    void a_refusal_of_a_refund_is_one_and_a_system_error_is_unknown() {
        assertThat(failure(() -> asked(no("ACQ.SELLER_BALANCE_NOT_ENOUGH"))).kind())
                .isEqualTo(Kind.DECLINED);
        assertThat(failure(() -> asked(no("ACQ.SYSTEM_ERROR"))).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"TRADE_SUCCESS", "TRADE_CLOSED"})
    void a_refund_is_told_to_the_payments_address_and_is_no_payment(String status) {
        var raw = notification(
                "trade_status",
                status,
                "gmt_refund",
                "2026-01-01 12:10:00.123",
                "refund_fee",
                "3.00",
                "out_biz_no",
                NUMBER + "-1");

        var news = provider().read(account(), raw);

        assertThat(news.report()).isEmpty();
        assertThat(news.refund().orElseThrow().report().refundNo()).isEqualTo(NUMBER + "-1");
    }

    @Test
    void a_payment_that_mentions_a_refund_of_nothing_is_a_payment() {
        var news = provider().read(account(), notification("refund_fee", "0.00"));

        assertThat(news.refund()).isEmpty();
        assertThat(news.report()).get().isInstanceOf(ProviderReport.Paid.class);
    }

    @Test
    void a_notification_for_a_merchant_on_whose_behalf_we_act_has_his_seller_number() {
        var news = provider()
                .read(account(), notification("auth_app_id", "2021000000000077", "seller_id", "2088000000000077"));

        assertThat(news.report())
                .get()
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.merchantNo()).isEqualTo("2088000000000002"));
    }

    // who pays

    @Test
    void an_openid_is_asked_for_with_a_login_code() {
        server.answers(says("{\"user_id\":\"2088000000000003\",\"access_token\":\"t\",\"expires_in\":\"3600\"}"));

        var openid = ((Logins) provider()).openid(account(), PayType.of("alipay_mp-alipay"), "c0de");

        assertThat(lastAsked())
                .containsEntry("method", "alipay.system.oauth.token")
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("code", "c0de");
        assertThat(openid.openid()).isEqualTo("2088000000000003");
    }

    @Test
    void a_wrong_login_code_is_refused() {
        server.answers(no("isv.code-invalid"));

        assertThat(failure(() -> ((Logins) provider()).openid(account(), PayType.of("alipay_mp-alipay"), "c0de"))
                        .kind())
                .isEqualTo(Kind.DECLINED);
    }
}
