package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, querying and closing trades of each product: the requests, and what a client gets. */
@ParameterizedClass
@EnumSource
class AlipayPaymentTest extends WireTest<AlipayWire> {
    /** The time of the node's clock, which is not that of this machine. */
    private static final String NOW_IN_BEIJING = "2026-01-01 12:00:11";

    private static final String TRADE_NO = "2026010122001400000000000001";

    AlipayPaymentTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    private PaymentRequest request(String payType, Payer payer, SubMerchant sub) {
        return new PaymentRequest(
                new AttemptRef(PayType.of(payType), NUMBER, sub),
                PRICE,
                "测试商品",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                payer,
                Optional.of(URI.create("https://pay.example.com/back")),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    private PaymentPrompt prompt(String payType, Payer.Screen screen, String openid) {
        var payer = new Payer("203.0.113.7", openid, screen);
        return create(account(), request(payType, payer, SubMerchant.NONE));
    }

    /**
     * Sorted names and values without the signature, as Alipay verifies them; PKCS#1 signatures are the same every
     * time.
     */
    private static boolean signedByApplication(Map<String, String> fields) {
        var text = fields.entrySet().stream()
                .filter(e -> !e.getKey().equals("sign") && !e.getValue().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("&"));
        return Recorded.sign(text, Recorded.text("alipay/application-private.key"))
                .equals(fields.get("sign"));
    }

    // products

    @Test
    void creates_a_code_below_the_path_of_the_gateway_in_yuan() {
        var other = Json.createObjectBuilder().add("store_id", "7").build();

        var prompt = create(account(), request(other));

        var url = "https://qr.alipay.com/bax00000000000000000000";
        assertThat(prompt)
                .isEqualTo(new PaymentPrompt.ScanQrCode(
                        url,
                        Json.createObjectBuilder()
                                .add("code", "10000")
                                .add("msg", "Success")
                                .add("outTradeNo", NUMBER)
                                .add("codeUrl", url)
                                .build(),
                        Optional.of(Duration.ofHours(2))));
        var sent = lastRequest();
        assertThat(sent.path()).isEqualTo("/behind/a/proxy/gateway.do");
        assertThat(AlipayWire.decoded(sent.query()))
                .containsEntry("method", "alipay.trade.precreate")
                .containsEntry("sign_type", "RSA2")
                .containsEntry("timestamp", NOW_IN_BEIJING)
                .containsEntry("notify_url", "https://pay.example.com/notify/x/1");
        try (var reader = Json.createReader(
                new StringReader(AlipayWire.decoded(sent.body()).get("biz_content")))) {
            assertThat(reader.readObject())
                    .isEqualTo(Json.createObjectBuilder()
                            .add("out_trade_no", NUMBER)
                            .add("total_amount", "9.90")
                            .add("subject", request().subject())
                            .add("time_expire", "2026-01-01 12:05:00")
                            .add("store_id", "7")
                            .build());
        }
    }

    @ParameterizedTest
    @CsvSource({"PC, alipay.trade.page.pay, FAST_INSTANT_TRADE_PAY", "PHONE, alipay.trade.wap.pay, QUICK_WAP_WAY"})
    void a_browser_gets_a_signed_address_if_the_account_has_the_website_products(
            Payer.Screen screen, String method, String product) {
        var prompt = prompt("alipay_h5", screen, "");

        assertThat(server.requests()).as("no call was made").isEmpty();
        assertThat(prompt).isInstanceOf(PaymentPrompt.GoTo.class);
        var info = prompt.orderInfo().asJsonObject();
        assertThat(info).containsOnlyKeys("payUrl");
        var url = info.getString("payUrl");
        assertThat(url).startsWith(wire.gateway(server.address()) + "?");
        var fields = AlipayWire.decoded(url.substring(url.indexOf('?') + 1));
        assertThat(fields)
                .containsEntry("method", method)
                .containsEntry("app_id", "2021000000000001")
                .containsEntry("timestamp", NOW_IN_BEIJING)
                .containsEntry("notify_url", "https://pay.example.com/notify/x/1")
                .containsEntry("return_url", "https://pay.example.com/back");
        assertThat(signedByApplication(fields)).isTrue();
        assertThat(AlipayWire.content(fields))
                .containsEntry("out_trade_no", Json.createValue(NUMBER))
                .containsEntry("total_amount", Json.createValue("9.90"))
                .containsEntry("product_code", Json.createValue(product))
                .containsEntry("time_expire", Json.createValue("2026-01-01 12:05:00"));
        assertThat(AlipayWire.content(fields).containsKey("quit_url")).isEqualTo(screen == Payer.Screen.PHONE);
    }

    @ParameterizedTest
    @CsvSource({"PC, alipay.trade.page.pay", "PHONE, alipay.trade.wap.pay"})
    void a_payer_who_returns_to_another_address_gets_the_same_payment_signed_again(Payer.Screen screen, String method) {
        var first = prompt("alipay_h5", screen, "");
        var back = URI.create("https://shop.example.com/a?b=1&c=茶");

        var again = refreshed(first, Optional.of(back));

        assertThat(server.requests()).as("no call was made").isEmpty();
        var before = query(first);
        var after = query(again);
        assertThat(after).containsEntry("method", method).containsEntry("return_url", back.toString());
        assertThat(signedByApplication(after)).isTrue();
        assertThat(after.get("notify_url")).isEqualTo(before.get("notify_url"));
        var content = Json.createObjectBuilder(AlipayWire.content(before));
        if (screen == Payer.Screen.PHONE) content.add("quit_url", back.toString());
        assertThat(AlipayWire.content(after)).isEqualTo(content.build());
    }

    @Test
    void a_payer_who_returns_to_the_same_address_or_to_none_gets_the_same_prompt() {
        var first = prompt("alipay_h5", Payer.Screen.PC, "");

        assertThat(refreshed(first, Optional.of(URI.create("https://pay.example.com/back"))))
                .isSameAs(first);
        assertThat(refreshed(first, Optional.empty())).isSameAs(first);
        assertThat(query(refreshed(first, Optional.of(URI.create("https://pay.example.com/bac")))))
                .containsEntry("return_url", "https://pay.example.com/bac");
    }

    private PaymentPrompt refreshed(PaymentPrompt prompt, Optional<URI> returnUrl) {
        return ((Creates) wire.provider()).refresh(account(), PayType.of("alipay_h5"), prompt, returnUrl);
    }

    private static Map<String, String> query(PaymentPrompt prompt) {
        var url = prompt.orderInfo().asJsonObject().getString("payUrl");
        return AlipayWire.decoded(url.substring(url.indexOf('?') + 1));
    }

    @Test
    void a_browser_gets_a_code_if_the_account_does_not_have_them() {
        var node = Json.createObjectBuilder(wire.node()).remove("website").build();
        var payer = new Payer("203.0.113.7", "", Payer.Screen.PC);

        var prompt = create(account(node), request("alipay_h5", payer, SubMerchant.NONE));

        assertThat(AlipayWire.fields(lastRequest())).containsEntry("method", "alipay.trade.precreate");
        assertThat(prompt.orderInfo().asJsonObject().keySet())
                .containsExactlyInAnyOrder("code", "msg", "outTradeNo", "codeUrl");
    }

    @Test
    void an_account_with_the_phones_website_product_alone_shows_a_code_on_a_desktop() {
        var node = Json.createObjectBuilder(wire.node()).add("website", "wap").build();

        assertThat(wire.provider().variant(account(node), PayType.of("alipay_h5"), payer(Payer.Screen.PHONE)))
                .isEqualTo("wap");
        for (var screen : List.of(Payer.Screen.PC, Payer.Screen.CODE)) {
            assertThat(wire.provider().variant(account(node), PayType.of("alipay_h5"), payer(screen)))
                    .as(screen.name())
                    .isEmpty();
        }
    }

    private static Payer payer(Payer.Screen screen) {
        return new Payer("203.0.113.7", "", screen);
    }

    @Test
    void an_app_gets_the_signed_text_for_the_wallets_sdk() {
        var prompt = prompt("alipay_app-plus", Payer.Screen.APP, "");

        assertThat(server.requests()).as("no call was made").isEmpty();
        assertThat(prompt.orderInfo()).isInstanceOf(JsonString.class);
        var fields = AlipayWire.decoded(((JsonString) prompt.orderInfo()).getString());
        assertThat(fields).containsEntry("method", "alipay.trade.app.pay").containsEntry("timestamp", NOW_IN_BEIJING);
        assertThat(AlipayWire.content(fields)).containsEntry("product_code", Json.createValue("QUICK_MSECURITY_PAY"));
        assertThat(signedByApplication(fields)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2088000000000003, buyer_id", "065xFEqpR0fzIAZ4h, op_buyer_open_id"})
    void a_mini_program_gets_the_trade_number(String openid, String name) {
        server.answers(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\"}"));

        var prompt = prompt("alipay_mp-alipay", Payer.Screen.APP, openid);

        assertThat(AlipayWire.fields(lastRequest())).containsEntry("method", "alipay.trade.create");
        assertThat(AlipayWire.content(AlipayWire.fields(lastRequest())))
                .containsEntry("product_code", Json.createValue("JSAPI_PAY"))
                .containsEntry("op_app_id", Json.createValue("2021000000000001"))
                .containsEntry(name, Json.createValue(openid));
        assertThat(prompt.orderInfo()).isEqualTo(Json.createValue(TRADE_NO));
    }

    @Test
    void a_trade_without_a_number_has_an_unknown_outcome() {
        server.answers(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER + "\"}"));

        assertThat(failure(() -> prompt("alipay_mp-alipay", Payer.Screen.APP, "x"))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    private String sentSubject(String payType, Payer.Screen screen, String openid) {
        var payer = new Payer("203.0.113.7", openid, screen);
        var plain = request(payType, payer, SubMerchant.NONE);
        var request = new PaymentRequest(
                plain.attempt(),
                plain.amount(),
                "矿泉水 550ml/瓶 a=b&c",
                plain.expiresAt(),
                plain.notifyUrl(),
                plain.payer(),
                plain.returnUrl(),
                plain.other());
        server.answers(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\",\"qr_code\":\"https://qr.alipay.com/bax0\","
                + "\"total_amount\":\"9.90\",\"gmt_payment\":\"2026-01-01 12:00:09\"}"));
        Map<String, String> sent;
        if (payType.equals("alipay_codepay")) {
            wire.provider().collect(account(), request, new PaymentCode("280000000000000001", ""));
            sent = AlipayWire.fields(lastRequest());
        } else {
            var info = create(account(), request).orderInfo();
            if (!server.requests().isEmpty()) {
                sent = AlipayWire.fields(lastRequest());
            } else if (info instanceof JsonString text) {
                sent = AlipayWire.decoded(text.getString());
            } else {
                var url = info.asJsonObject().getString("payUrl");
                sent = AlipayWire.decoded(url.substring(url.indexOf('?') + 1));
            }
        }
        assertThat(signedByApplication(sent)).isTrue();
        return AlipayWire.content(sent).getString("subject");
    }

    @ParameterizedTest
    @CsvSource({
        "alipay_h5, CODE, ''",
        "alipay_h5, PC, ''",
        "alipay_h5, PHONE, ''",
        "alipay_app-plus, APP, ''",
        "alipay_mp-alipay, APP, 2088000000000003",
        "alipay_codepay, CODE, ''"
    })
    void every_product_sends_the_title_with_full_width_signs(String payType, Payer.Screen screen, String openid) {
        assertThat(sentSubject(payType, screen, openid)).isEqualTo("矿泉水 550ml／瓶 a＝b＆c");
    }

    @Test
    void a_subject_that_looks_like_the_time_is_sent_as_it_is() {
        var subject = "tea&timestamp=2020-01-01 00:00:00&version=0.9";
        var other = Json.createObjectBuilder().add("body", subject).build();

        create(account(), request(other));

        var sent = AlipayWire.fields(lastRequest());
        assertThat(sent).containsEntry("timestamp", NOW_IN_BEIJING);
        assertThat(AlipayWire.content(sent)).containsEntry("body", Json.createValue(subject));
        assertThat(signedByApplication(sent)).isTrue();
    }

    @Test
    void an_application_acts_for_another_merchant_with_its_token() {
        var sub = new SubMerchant("", "", "202601BBtoken");
        var payer = new Payer("203.0.113.7", "", Payer.Screen.CODE);

        create(account(), request("alipay_h5", payer, sub));
        var precreate = AlipayWire.fields(lastRequest());
        query(account(), new AttemptRef(PayType.of("alipay_h5"), NUMBER, sub));

        assertThat(precreate).containsEntry("app_auth_token", "202601BBtoken");
        assertThat(AlipayWire.fields(lastRequest())).containsEntry("app_auth_token", "202601BBtoken");
        assertThat(signedByApplication(precreate)).isTrue();
    }

    // payment codes

    private ProviderReport collect(String node) {
        server.answers(wire.answers(node));
        var payer = new Payer("203.0.113.7", "", Payer.Screen.CODE);
        return wire.provider()
                .collect(
                        account(),
                        request("alipay_codepay", payer, SubMerchant.NONE),
                        new PaymentCode("280000000000000001", ""));
    }

    @Test
    void a_payment_code_is_charged_and_paid_immediately() {
        var report = collect("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO + "\",\"total_amount\":\"9.90\",\"gmt_payment\":"
                + "\"2026-01-01 12:00:09\",\"buyer_user_id\":\"2088000000000003\"}");

        assertThat(AlipayWire.fields(lastRequest())).containsEntry("method", "alipay.trade.pay");
        assertThat(AlipayWire.content(AlipayWire.fields(lastRequest())))
                .containsEntry("auth_code", Json.createValue("280000000000000001"))
                .containsEntry("scene", Json.createValue("bar_code"));
        assertThat(report).isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.amount()).isEqualTo(PRICE);
            assertThat(paid.transactionId()).isEqualTo(TRADE_NO);
        });
    }

    @Test
    void a_payment_waits_while_the_payer_confirms() {
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
    void the_code_of_a_refusal_decides_whether_it_is_final(String code, String sub, Kind kind) {
        assertThat(failure(() -> collect("{\"code\":\"" + code + "\",\"msg\":\"x\",\"sub_code\":\"" + sub
                                + "\",\"sub_msg\":\"不行\"}"))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void a_refusal_that_the_dictionary_does_not_know_or_without_a_reason_advises_a_query() {
        for (var reason : new String[] {"", ",\"sub_code\":\"ACQ.BRAND_NEW\""}) {
            var failure = failure(() -> collect("{\"code\":\"40004\",\"msg\":\"Business Failed\"" + reason + "}"));

            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(wire.provider()
                            .explain(PaymentProvider.Call.CODE_PAY, failure.providerCode(), "")
                            .retry())
                    .isEqualTo(ProviderError.Retry.ASK_FIRST);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"retry_flag\":\"N\",\"action\":\"close\"', Closed",
        "'\"retry_flag\":\"N\",\"action\":\"refund\"', Closed",
        "'\"retry_flag\":\"Y\"', Unpaid",
        "'\"retry_flag\":\"N\"', Absent"
    })
    void a_trade_by_payment_code_is_cancelled_and_not_closed(String fields, String report) {
        server.answers(wire.answers(
                "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER + "\"," + fields + "}"));

        var result = close(account(), new AttemptRef(PayType.of("alipay_codepay"), NUMBER, SubMerchant.NONE));

        assertThat(AlipayWire.fields(lastRequest())).containsEntry("method", "alipay.trade.cancel");
        assertThat(result.getClass().getSimpleName()).isEqualTo(report);
    }

    // closing

    @ParameterizedTest
    @ValueSource(strings = {"ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS"})
    void closing_a_paid_trade_reports_the_payment(String code) {
        server.answers(request -> wire.isQuery(request)
                ? wire.state("TRADE_SUCCESS", NUMBER)
                : wire.refusal(code).apply(request));

        assertThat(close(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Paid.class);
    }
}
