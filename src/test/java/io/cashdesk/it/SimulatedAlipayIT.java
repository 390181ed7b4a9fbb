package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.AlipayMerchant.Answer;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated Alipay over raw HTTP, without a line of the adapter: as strict as its documents, and as forthcoming. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedAlipayIT {
    static final HttpClient BROWSER = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    static final String PRECREATE = "alipay.trade.precreate";
    static final String PAGE = "alipay.trade.page.pay";
    static final String WAP = "alipay.trade.wap.pay";
    static final String APP = "alipay.trade.app.pay";
    static final String CREATE = "alipay.trade.create";
    static final String PAY = "alipay.trade.pay";
    static final String QUERY = "alipay.trade.query";
    static final String CLOSE = "alipay.trade.close";
    static final String CANCEL = "alipay.trade.cancel";
    static final String REFUND = "alipay.trade.refund";
    static final String REFUND_QUERY = "alipay.trade.fastpay.refund.query";
    static final String BILL = "alipay.data.dataservice.bill.downloadurl.query";
    static final String LOGIN = "alipay.system.oauth.token";
    static final String PAYER = "2088000000000001";

    static Node node;
    static AlipayMerchant merchant;
    static MerchantServer hears;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        merchant = AlipayMerchant.of(node, "sim-alipay", node.merchant("sim-alipay", "test"));
        hears = new MerchantServer();
        hears.answers(200, "success");
    }

    @AfterAll
    static void close() {
        hears.close();
    }

    // a merchant's words

    static JsonObjectBuilder order(String number) {
        return Json.createObjectBuilder()
                .add("out_trade_no", number)
                .add("total_amount", "9.90")
                .add("subject", "西湖龙井")
                .add("passback_params", "table%3D5");
    }

    static JsonObjectBuilder number(String number) {
        return Json.createObjectBuilder().add("out_trade_no", number);
    }

    static JsonObjectBuilder page(String number) {
        return order(number).add("product_code", "FAST_INSTANT_TRADE_PAY");
    }

    static JsonObjectBuilder wap(String number) {
        return order(number)
                .add("product_code", "QUICK_WAP_WAY")
                .add("quit_url", "https://shop.example.com/quit?order=" + number);
    }

    static JsonObjectBuilder forMiniProgram(String number) {
        return order(number)
                .add("product_code", "JSAPI_PAY")
                .add("op_app_id", merchant.appId)
                .add("buyer_id", PAYER);
    }

    static JsonObjectBuilder till(String number, String code) {
        return order(number).add("scene", "bar_code").add("auth_code", code);
    }

    static String code(String tail) {
        return "28" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
    }

    static Map<String, String> told() {
        return Map.of("notify_url", hears.url());
    }

    static JsonObjectBuilder refund(String number, String yuan, String requestNo) {
        return number(number).add("refund_amount", yuan).add("out_request_no", requestNo);
    }

    static JsonObject query(String number) {
        return merchant.call(QUERY, number(number)).json();
    }

    static String status(String number) {
        return query(number).getString("trade_status");
    }

    /** A paid order of 9.90 yuan, by its number; its payment has been told. */
    static String paid() {
        var number = ApiIT.number();
        assertThat(merchant.call(PRECREATE, order(number), told()).code()).isEqualTo("10000");
        pay(number);
        told(number, 1);
        return number;
    }

    // the controls

    static Node.Answer control(String call, String body) {
        var answer = node.simulator(call, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    static void pay(String number) {
        assertThat(control("pay", "{\"out_trade_no\":\"" + number + "\"}")
                        .json()
                        .getBoolean("paid"))
                .isTrue();
    }

    static void dial(String number, String fault) {
        control("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + fault + "\"]}");
    }

    static void age(String number, Duration by) {
        control("age", "{\"out_trade_no\":\"" + number + "\",\"seconds\":" + by.toSeconds() + "}");
    }

    // what the merchant hears

    static List<Map<String, String>> heard(String number) {
        return hears.heard().stream()
                .map(MerchantServer.Heard::body)
                .filter(b -> b.contains("out_trade_no=" + number + "&"))
                .map(merchant::read)
                .toList();
    }

    /** What was told of this order, once it was told so often. */
    static List<Map<String, String>> told(String number, int times) {
        Eventually.within(
                Duration.ofSeconds(10),
                times + " about " + number,
                () -> heard(number).size() >= times);
        var heard = heard(number);
        assertThat(heard).hasSize(times);
        return heard;
    }

    // a payer's browser

    static HttpResponse<String> browse(HttpRequest.Builder request) {
        try {
            return BROWSER.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpResponse<String> open(String path) {
        return browse(HttpRequest.newBuilder(node.base().resolve(path)));
    }

    static HttpResponse<String> submit(String path, String form) {
        return browse(HttpRequest.newBuilder(node.base().resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    static HttpResponse<String> arrive(String method, JsonObjectBuilder content, String returnUrl) {
        var more = Map.of("notify_url", hears.url(), "return_url", returnUrl);
        return open("/simulator/alipay/gateway.do?" + merchant.orderText(method, content, more));
    }

    static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** The code of the wallet page that this answer leads to. */
    static String walletCode(HttpResponse<String> answer) {
        return URI.create(location(answer)).getRawQuery();
    }

    /** Where a page sends the browser by itself. */
    static String leavesFor(HttpResponse<String> page) {
        var html = page.body();
        var mark = "content=\"1;url=";
        assertThat(html).contains(mark);
        var from = html.indexOf(mark) + mark.length();
        return html.substring(from, html.indexOf('"', from)).replace("&amp;", "&");
    }

    @Nested
    class The_gateway {
        @Test
        void takes_its_fields_from_query_and_body_alike() {
            var first = ApiIT.number();
            var second = ApiIT.number();
            var third = ApiIT.number();

            var split = merchant.call(PRECREATE, order(first));
            var body = merchant.post("", merchant.orderText(PRECREATE, order(second), Map.of()));
            var query = merchant.get(
                    merchant.orderText(PRECREATE, order(third), Map.of()).replace("+", "%20"));

            assertThat(List.of(split, body, query)).allSatisfy(a -> {
                assertThat(merchant.believes(a)).isTrue();
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
        void refuses_with_a_signed_word_what_is_missing_or_wrong(
                String field, String value, String code, String subCode) {
            var answer = merchant.unverified(
                    QUERY,
                    number("T1"),
                    field.equals("biz_content")
                            ? Map.of("format", "JSON", "biz_content", value)
                            : Map.of(field, value));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(merchant.believes(answer)).isTrue();
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.subCode()).isEqualTo(subCode);
        }

        @ParameterizedTest
        @ValueSource(strings = {"subject", "sign", "nothing"})
        void refuses_a_request_that_is_not_what_was_signed(String what) {
            var fields = new LinkedHashMap<>(merchant.signed(
                    merchant.fields(PRECREATE, order(ApiIT.number()).build().toString(), Map.of())));
            fields.computeIfPresent("biz_content", (n, v) -> what.equals("subject") ? v.replace("龙井", "碧螺春") : v);
            if (what.equals("sign")) fields.put("sign", "not a signature");
            if (what.equals("nothing")) fields.remove("sign");

            var answer = merchant.post(AlipayMerchant.encoded(fields), "");

            assertThat(answer.subCode())
                    .isEqualTo(what.equals("nothing") ? "isv.missing-signature" : "isv.invalid-signature");
        }

        @Test
        void knows_every_field_that_it_was_sent_as_part_of_the_signature() {
            var fields = merchant.signed(merchant.fields(QUERY, "{\"out_trade_no\":\"T1\"}", Map.of()));

            var answer = merchant.post(AlipayMerchant.encoded(fields) + "&alipay_sdk=x", "");

            assertThat(answer.subCode()).isEqualTo("isv.invalid-signature");
        }

        @Test
        void is_for_payers_alone_at_the_public_address() {
            var query = merchant.orderText(QUERY, number("T1"), Map.of());

            assertThat(open("/simulator/alipay/gateway.do?" + query).statusCode())
                    .isEqualTo(404);
        }

        @Test
        void knows_certificates_by_their_serials() {
            var certified = merchant.withCertificates();
            var number = ApiIT.number();

            var answer = certified.call(PRECREATE, order(number));
            var without = certified.unverified(QUERY, number(number), Map.of("app_cert_sn", ""));
            var rootless = certified.unverified(QUERY, number(number), Map.of("alipay_root_cert_sn", "0".repeat(32)));

            assertThat(answer.code()).isEqualTo("10000");
            assertThat(without.subCode()).isEqualTo("isv.missing-app-cert-sn");
            assertThat(rootless.subCode()).isEqualTo("isv.missing-alipay-root-cert-sn");
        }
    }

    @Nested
    class A_code_on_a_screen {
        @Test
        void is_no_trade_until_somebody_scans_it() {
            var number = ApiIT.number();
            var code = merchant.call(PRECREATE, order(number)).json().getString("qr_code");

            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            assertThat(merchant.call(CLOSE, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            open("/simulator/wallet?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8));
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void is_the_same_for_the_same_words_and_none_for_others() {
            var number = ApiIT.number();
            var code = merchant.call(PRECREATE, order(number)).json().getString("qr_code");

            var again = merchant.call(PRECREATE, order(number));
            var dearer = merchant.call(PRECREATE, order(number).add("total_amount", "9.91"));
            pay(number);
            var paid = merchant.call(PRECREATE, order(number));

            assertThat(again.json().getString("qr_code")).isEqualTo(code);
            assertThat(dearer.subCode()).isEqualTo("ACQ.CONTEXT_INCONSISTENT");
            assertThat(paid.subCode()).isEqualTo("ACQ.TRADE_HAS_SUCCESS");
        }

        @Test
        void that_nobody_scanned_for_two_hours_is_replaced() {
            var number = ApiIT.number();
            var first = merchant.call(PRECREATE, order(number)).json().getString("qr_code");
            age(number, Duration.ofHours(2).plusSeconds(1));

            var second = merchant.call(PRECREATE, order(number)).json().getString("qr_code");
            pay(number);

            assertThat(second).isNotEqualTo(first);
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void is_told_when_it_is_paid_with_all_that_was_sent_along() {
            var number = paid();

            var told = told(number, 1).get(0);

            assertThat(told)
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("auth_app_id", merchant.appId)
                    .containsEntry("seller_id", merchant.sellerId)
                    .containsEntry("total_amount", "9.90")
                    .containsEntry("subject", "西湖龙井")
                    .containsEntry("passback_params", "table%3D5")
                    .containsEntry("buyer_id", PAYER)
                    .containsEntry("fund_bill_list", "[{\"amount\":\"9.90\",\"fund_channel\":\"ALIPAYACCOUNT\"}]")
                    .containsEntry("notify_type", "trade_status_sync")
                    .containsKeys("gmt_create", "gmt_payment", "notify_id", "notify_time", "trade_no")
                    .doesNotContainKeys("refund_fee", "gmt_refund", "gmt_close");
        }

        @Test
        void is_found_by_either_number_and_with_its_purses_if_asked() {
            var number = paid();
            var tradeNo = query(number).getString("trade_no");

            var found = merchant.call(
                            QUERY,
                            Json.createObjectBuilder()
                                    .add("trade_no", tradeNo)
                                    .add(
                                            "query_options",
                                            Json.createArrayBuilder().add("fund_bill_list")))
                    .json();

            assertThat(tradeNo).hasSize(28).matches("\\d{8}22001\\d+");
            assertThat(found.getString("out_trade_no")).isEqualTo(number);
            assertThat(found.getString("receipt_amount")).isEqualTo("9.90");
            assertThat(found.getString("passback_params")).isEqualTo("table%3D5");
            assertThat(found.getJsonArray("fund_bill_list")).hasSize(1);
            assertThat(query(number)).doesNotContainKey("fund_bill_list").containsKey("send_pay_date");
        }
    }

    @Nested
    class A_page_in_a_browser {
        static final String BACK = "https://shop.example.com/back?from=alipay";

        @ParameterizedTest
        @ValueSource(strings = {PAGE, WAP})
        void makes_the_trade_when_the_payer_arrives_and_sends_him_back_after_paying(String method) {
            var number = ApiIT.number();
            var content = method.equals(PAGE) ? page(number) : wap(number);
            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");

            var wallet = walletCode(arrive(method, content, BACK));
            var waiting = status(number);
            var shown = open("/simulator/wallet?" + wallet);
            var after = open(URI.create(location(submit("/simulator/wallet/pay", wallet)))
                            .getPath() + "?" + wallet);

            assertThat(waiting).isEqualTo("WAIT_BUYER_PAY");
            assertThat(shown.body()).contains("id=\"pay\"").doesNotContain("1;url=");
            var back = leavesFor(after);
            assertThat(back).startsWith(BACK + "&app_id=");
            var fields = merchant.read(back.substring((BACK + "&").length()));
            assertThat(fields)
                    .containsEntry("method", method + ".return")
                    .containsEntry("out_trade_no", number)
                    .containsEntry("total_amount", "9.90")
                    .containsEntry("seller_id", merchant.sellerId)
                    .containsEntry("auth_app_id", merchant.appId)
                    .containsKeys("trade_no", "timestamp", "version", "charset")
                    .doesNotContainKey("trade_status");
            assertThat(told(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
        }

        @Test
        void takes_the_form_that_the_sdk_renders_too() {
            var number = ApiIT.number();
            var fields =
                    merchant.signed(merchant.fields(PAGE, page(number).build().toString(), told()));
            var content = fields.remove("biz_content");

            var answer = submit(
                    "/simulator/alipay/gateway.do?" + AlipayMerchant.encoded(fields),
                    AlipayMerchant.encoded(Map.of("biz_content", content)));

            assertThat(walletCode(answer)).startsWith("code=alipay");
        }

        @Test
        void on_a_phone_goes_where_the_merchant_said_when_the_payer_gives_up() {
            var number = ApiIT.number();
            var wallet = walletCode(arrive(WAP, wap(number), BACK));

            var after = URI.create(location(submit("/simulator/wallet/decline", wallet)));

            assertThat(leavesFor(open(after.getRawPath() + "?" + after.getRawQuery())))
                    .isEqualTo("https://shop.example.com/quit?order=" + number);
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void arrives_at_the_same_trade_when_it_is_opened_again() {
            var number = ApiIT.number();

            var first = walletCode(arrive(PAGE, page(number), BACK));
            var second = walletCode(arrive(PAGE, page(number), BACK));
            var dearer = arrive(PAGE, page(number).add("total_amount", "99.00"), BACK);

            assertThat(second).isEqualTo(first);
            assertThat(dearer.statusCode()).isEqualTo(400);
            assertThat(dearer.body()).contains("ACQ.CONTEXT_INCONSISTENT");
        }

        @Test
        void that_somebody_changed_is_refused() {
            var signed = merchant.orderText(PAGE, page(ApiIT.number()), Map.of());

            var answer = open("/simulator/alipay/gateway.do?" + signed.replace("9.90", "0.01"));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("isv.invalid-signature");
        }

        @Test
        void without_its_product_code_or_a_way_out_is_refused() {
            assertThat(arrive(PAGE, order(ApiIT.number()), BACK).body()).contains("product_code");
            assertThat(arrive(WAP, order(ApiIT.number()).add("product_code", "QUICK_WAP_WAY"), BACK)
                            .body())
                    .contains("quit_url");
        }
    }

    @Nested
    class The_end_of_a_trade {
        @Test
        void is_told_for_wap_and_app_when_nobody_pays_in_time() {
            var wap = ApiIT.number();
            arrive(WAP, wap(wap), "https://shop.example.com/");
            var app = ApiIT.number();
            node.call("POST", "/simulator/alipay/app?decline", null, merchant.orderText(APP, order(app), told()));

            for (var number : List.of(wap, app)) age(number, Duration.ofDays(15).plusSeconds(1));

            for (var number : List.of(wap, app)) {
                var closed = told(number, 1).get(0);
                assertThat(closed)
                        .containsEntry("trade_status", "TRADE_CLOSED")
                        .containsKey("gmt_close")
                        .doesNotContainKeys("gmt_payment", "gmt_refund", "receipt_amount", "out_biz_no");
                assertThat(closed.getOrDefault("refund_fee", "0.00")).isEqualTo("0.00");
                assertThat(status(number)).isEqualTo("TRADE_CLOSED");
                assertThat(query(number)).doesNotContainKey("send_pay_date");
            }
        }

        @Test
        void is_told_for_wap_when_the_merchant_closes_it_and_for_a_page_never() {
            var wap = ApiIT.number();
            arrive(WAP, wap(wap), "https://shop.example.com/");
            var page = ApiIT.number();
            arrive(PAGE, page(page), "https://shop.example.com/");

            var closed = merchant.call(CLOSE, number(page)).json();
            assertThat(merchant.call(CLOSE, number(wap)).code()).isEqualTo("10000");

            assertThat(told(wap, 1).get(0)).containsEntry("trade_status", "TRADE_CLOSED");
            assertThat(closed.getString("out_trade_no")).isEqualTo(page);
            assertThat(heard(page)).as("by then it would have come").isEmpty();
            assertThat(merchant.call(CLOSE, number(page)).subCode()).isEqualTo("ACQ.TRADE_STATUS_ERROR");
            assertThat(arrive(PAGE, page(page), "https://shop.example.com/").body())
                    .contains("ACQ.TRADE_HAS_CLOSE");
        }

        @Test
        void is_finished_a_year_after_its_payment_and_nothing_goes_back_any_more() {
            var number = ApiIT.number();
            var wallet = walletCode(arrive(WAP, wap(number), "https://shop.example.com/"));
            submit("/simulator/wallet/pay", wallet);
            told(number, 1);

            age(number, Duration.ofDays(366));

            assertThat(told(number, 2).get(1))
                    .containsEntry("trade_status", "TRADE_FINISHED")
                    .containsKey("gmt_payment");
            assertThat(status(number)).isEqualTo("TRADE_FINISHED");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo("ACQ.TRADE_HAS_FINISHED");
        }
    }

    @Nested
    class An_app {
        static JsonObject pay(String query, String orderText) {
            return node.call("POST", "/simulator/alipay/app" + query, null, orderText)
                    .json();
        }

        @Test
        void hears_of_its_payment_in_a_signed_text() {
            var number = ApiIT.number();

            var said = pay("", merchant.orderText(APP, order(number), told()));

            assertThat(said.getString("resultStatus")).as(said.toString()).isEqualTo("9000");
            var result = new Answer(200, said.getString("result"));
            assertThat(result.name()).isEqualTo("alipay_trade_app_pay_response");
            assertThat(merchant.believes(result)).isTrue();
            assertThat(AlipayMerchant.object(result.body()).getString("sign_type"))
                    .isEqualTo("RSA2");
            assertThat(result.json().getString("out_trade_no")).isEqualTo(number);
            assertThat(result.json().getString("total_amount")).isEqualTo("9.90");
            assertThat(result.json().getString("seller_id")).isEqualTo(merchant.sellerId);
            assertThat(told(number, 1).get(0))
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .as("which is no refund")
                    .containsEntry("refund_fee", "0.00");
        }

        @Test
        void hears_that_the_payer_gave_up_and_may_ask_again() {
            var number = ApiIT.number();
            var text = merchant.orderText(APP, order(number), Map.of());

            assertThat(pay("?decline", text).getString("resultStatus")).isEqualTo("6001");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
            assertThat(pay("", text).getString("resultStatus")).isEqualTo("9000");
            assertThat(pay("", text).getString("resultStatus")).isEqualTo("5000");
        }

        @ParameterizedTest
        @ValueSource(strings = {"8000", "6002", "6004"})
        void may_not_know_although_it_is_paid(String says) {
            var number = ApiIT.number();

            var said = pay("?says=" + says, merchant.orderText(APP, order(number), Map.of()));

            assertThat(said.getString("resultStatus")).isEqualTo(says);
            assertThat(said.getString("result")).isEmpty();
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void cannot_pay_what_was_not_signed_for_it() {
            var number = ApiIT.number();
            var text = merchant.orderText(APP, order(number), Map.of());

            assertThat(pay("", text.replace("9.90", "0.01")).getString("resultStatus"))
                    .isEqualTo("4000");
            assertThat(pay("", merchant.orderText(PAGE, page(number), Map.of())).getString("resultStatus"))
                    .isEqualTo("4000");
            assertThat(merchant.call(QUERY, number(number)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        }
    }

    @Nested
    class A_mini_program {
        static String tradePay(String tradeNo, String more) {
            return control("alipay/jsapi", "{\"tradeNO\":\"" + tradeNo + "\"" + more + "}")
                    .json()
                    .getString("resultCode");
        }

        @Test
        void pays_a_trade_that_exists_at_once() {
            var number = ApiIT.number();
            var tradeNo =
                    merchant.call(CREATE, forMiniProgram(number), told()).json().getString("trade_no");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");

            assertThat(tradePay(tradeNo, ",\"decline\":true")).isEqualTo("6001");
            assertThat(tradePay(tradeNo, "")).isEqualTo("9000");

            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
            assertThat(told(number, 1).get(0)).containsEntry("trade_no", tradeNo);
            assertThat(tradePay(tradeNo, "")).isEqualTo("4000");
        }

        @Test
        void is_told_who_paid_as_it_knows_him() {
            var number = ApiIT.number();
            var content = order(number)
                    .add("product_code", "JSAPI_PAY")
                    .add("op_app_id", merchant.appId)
                    .add("op_buyer_open_id", "0somebody");

            tradePay(merchant.call(CREATE, content, told()).json().getString("trade_no"), "");

            assertThat(told(number, 1).get(0))
                    .containsEntry("buyer_open_id", "0somebody")
                    .doesNotContainKey("buyer_id");
            assertThat(query(number).getString("buyer_open_id")).isEqualTo("0somebody");
        }

        @Test
        void cannot_pay_a_trade_that_was_made_for_a_page() {
            var number = ApiIT.number();
            arrive(PAGE, page(number), "https://shop.example.com/");

            assertThat(tradePay(query(number).getString("trade_no"), "")).isEqualTo("4000");
            assertThat(status(number)).isEqualTo("WAIT_BUYER_PAY");
        }

        @Test
        void without_its_own_id_or_a_payer_gets_no_trade() {
            var nobody = order(ApiIT.number()).add("product_code", "JSAPI_PAY").add("op_app_id", merchant.appId);
            var nowhere = order(ApiIT.number()).add("product_code", "JSAPI_PAY").add("buyer_id", PAYER);

            assertThat(merchant.call(CREATE, nobody).json().getString("sub_msg"))
                    .contains("buyer_id");
            assertThat(merchant.call(CREATE, nowhere).json().getString("sub_msg"))
                    .contains("op_app_id");
        }
    }

    @Nested
    class A_payment_code {
        @Test
        void is_paid_at_once_told_and_good_for_one_number() {
            var number = ApiIT.number();
            var code = code("0001");

            var paid = merchant.call(PAY, till(number, code).add("store_id", "S1"), told())
                    .json();

            assertThat(paid.getString("code")).isEqualTo("10000");
            assertThat(paid.getString("total_amount")).isEqualTo("9.90");
            assertThat(paid.getString("buyer_user_id")).isEqualTo(PAYER);
            assertThat(paid).containsKeys("gmt_payment", "trade_no", "fund_bill_list", "store_name");
            assertThat(told(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
            assertThat(merchant.call(PAY, till(ApiIT.number(), code)).subCode())
                    .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
            assertThat(merchant.call(PAY, till(number, code).add("store_id", "S1"))
                            .subCode())
                    .isEqualTo("ACQ.TRADE_HAS_SUCCESS");
        }

        @Test
        void pays_one_of_two_numbers_that_come_at_once() {
            var code = code("0001");

            var answers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> merchant.call(PAY, till(ApiIT.number(), code)).code()))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers)
                    .containsOnlyOnce("10000")
                    .filteredOn("40004"::equals)
                    .hasSize(7);
        }

        @ParameterizedTest
        @CsvSource({"0002, TRADE_SUCCESS", "0003, TRADE_CLOSED"})
        void asks_the_payer_who_decides_after_a_while(String tail, String end) {
            var number = ApiIT.number();
            var content = till(number, code(tail)).build();

            var first = merchant.call(PAY, Json.createObjectBuilder(content), told());
            var again = merchant.call(PAY, Json.createObjectBuilder(content), told());
            var waiting = status(number);

            assertThat(first.code()).isEqualTo("10003");
            assertThat(again.code()).as("the same question").isEqualTo("10003");
            assertThat(first.json()).containsKeys("trade_no", "buyer_user_id").doesNotContainKey("gmt_payment");
            assertThat(waiting).isEqualTo("WAIT_BUYER_PAY");
            Eventually.within(Duration.ofSeconds(8), end, () -> status(number).equals(end));
            assertThat(heard(number).stream().map(f -> f.get("trade_status")))
                    .as("told only if it was paid")
                    .isSubsetOf("TRADE_SUCCESS")
                    .hasSizeLessThanOrEqualTo(end.equals("TRADE_SUCCESS") ? 1 : 0);
        }

        @Test
        void is_told_although_nobody_asks_meanwhile() {
            var number = ApiIT.number();

            merchant.call(PAY, till(number, code("0002")), told());

            assertThat(told(number, 1).get(0)).containsEntry("trade_status", "TRADE_SUCCESS");
        }

        @Test
        void may_be_paid_although_the_answer_says_unknown() {
            var number = ApiIT.number();

            var answer = merchant.call(PAY, till(number, code("0004")));

            assertThat(answer.code()).isEqualTo("20000");
            assertThat(answer.subCode()).isEqualTo("isp.unknow-error");
            assertThat(status(number)).isEqualTo("TRADE_SUCCESS");
        }

        @Test
        void that_is_spent_makes_no_trade_and_too_little_money_a_closed_one() {
            var spent = ApiIT.number();
            var poor = ApiIT.number();

            assertThat(merchant.call(PAY, till(spent, code("0005"))).subCode())
                    .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
            assertThat(merchant.call(PAY, till(poor, code("0006"))).subCode())
                    .isEqualTo("ACQ.BUYER_BALANCE_NOT_ENOUGH");

            assertThat(merchant.call(QUERY, number(spent)).subCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
            assertThat(status(poor)).isEqualTo("TRADE_CLOSED");
        }

        @Test
        void waits_for_a_test_and_no_longer_than_the_till_does() {
            var paid = ApiIT.number();
            var late = ApiIT.number();
            merchant.call(PAY, till(paid, code("0007")).add("timeout_express", "2m"));
            merchant.call(PAY, till(late, code("0007")).add("timeout_express", "2m"));

            pay(paid);
            age(late, Duration.ofSeconds(121));

            assertThat(status(paid)).isEqualTo("TRADE_SUCCESS");
            assertThat(status(late)).isEqualTo("TRADE_CLOSED");
        }

        @Test
        void stands_in_no_log() {
            var number = ApiIT.number();
            var code = code("0001");

            merchant.call(PAY, till(number, code));

            var said = TestDatabase.text(
                    node.dbUrl(), "select string_agg(content, ' ') from sim_log where number = ?", number);
            assertThat(said).contains("auth_code").doesNotContain(code);
        }
    }

    @Nested
    class A_cancel {
        static JsonObject cancel(String number) {
            return merchant.call(CANCEL, number(number)).json();
        }

        @Test
        void of_nothing_succeeds_and_does_nothing() {
            var nothing = cancel(ApiIT.number());
            var unscanned = ApiIT.number();
            merchant.call(PRECREATE, order(unscanned));

            assertThat(nothing.getString("code")).isEqualTo("10000");
            assertThat(nothing.getString("retry_flag")).isEqualTo("N");
            assertThat(nothing).doesNotContainKeys("action", "trade_no");
            assertThat(cancel(unscanned)).doesNotContainKey("action");
        }

        @Test
        void closes_what_the_payer_has_not_confirmed_and_he_cannot_any_more() {
            var number = ApiIT.number();
            merchant.call(PAY, till(number, code("0002")), told());

            var cancelled = cancel(number);
            age(number, Duration.ofSeconds(4)); // he would have confirmed by now

            assertThat(cancelled.getString("action")).isEqualTo("close");
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).doesNotContainKey("send_pay_date");
            assertThat(cancel(number).getString("action")).as("again").isEqualTo("close");
        }

        @Test
        void gives_back_what_was_paid_once_and_only_on_the_same_day() {
            var number = ApiIT.number();
            merchant.call(PAY, till(number, code("0001")));
            var old = ApiIT.number();
            merchant.call(PAY, till(old, code("0001")));
            age(old, Duration.ofDays(1));

            var first = cancel(number);
            var second = cancel(number);

            assertThat(List.of(first, second))
                    .allSatisfy(a -> assertThat(a.getString("action")).isEqualTo("refund"));
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).as("it was paid").containsKey("send_pay_date");
            var books = node.simulator("books?out_trade_no=" + number, null).json();
            assertThat(books.getJsonArray("refunds")).hasSize(1);
            assertThat(books.getJsonArray("refunds").getJsonObject(0).getInt("amount"))
                    .isEqualTo(990);
            assertThat(merchant.call(CANCEL, number(old)).subCode()).isEqualTo("ACQ.TRADE_CANCEL_TIME_OUT");
        }

        @Test
        void may_have_to_be_asked_for_again() {
            var number = ApiIT.number();
            merchant.call(PAY, till(number, code("0007")));
            dial(number, "REVERSE_ONCE_MORE");

            var first = cancel(number);
            var second = cancel(number);

            assertThat(first.getString("retry_flag")).isEqualTo("Y");
            assertThat(first).doesNotContainKey("action");
            assertThat(second.getString("retry_flag")).isEqualTo("N");
            assertThat(second.getString("action")).isEqualTo("close");
        }
    }

    @Nested
    class A_refund {
        static JsonObject refundQuery(String number, String requestNo, String... options) {
            var content = number(number).add("out_request_no", requestNo);
            if (options.length > 0) content.add("query_options", Json.createArrayBuilder(Arrays.asList(options)));
            return merchant.call(REFUND_QUERY, content).json();
        }

        @Test
        void in_parts_answers_and_tells_the_sum_until_now() {
            var number = paid();

            var first = merchant.call(REFUND, refund(number, "1.00", "R1")).json();
            var afterFirst = status(number);
            told(number, 2);
            var second = merchant.call(REFUND, refund(number, "8.90", "R2")).json();
            var told = told(number, 3);

            assertThat(first.getString("fund_change")).isEqualTo("Y");
            assertThat(first.getString("refund_fee")).isEqualTo("1.00");
            assertThat(first).containsKey("gmt_refund_pay").doesNotContainKey("send_back_fee");
            assertThat(second.getString("refund_fee")).isEqualTo("9.90");
            assertThat(afterFirst).isEqualTo("TRADE_SUCCESS");
            assertThat(status(number)).isEqualTo("TRADE_CLOSED");
            assertThat(query(number)).containsKey("send_pay_date");
            assertThat(told.get(1))
                    .containsEntry("trade_status", "TRADE_SUCCESS")
                    .containsEntry("refund_fee", "1.00")
                    .containsEntry("out_biz_no", "R1")
                    .containsKeys("gmt_refund", "gmt_payment")
                    .doesNotContainKey("gmt_close");
            assertThat(told.get(2))
                    .containsEntry("trade_status", "TRADE_CLOSED")
                    .containsEntry("refund_fee", "9.90")
                    .containsEntry("out_biz_no", "R2")
                    .containsKeys("gmt_refund", "gmt_close");
        }

        @Test
        void of_the_same_number_moves_nothing_twice_and_no_other_amount() {
            var number = paid();
            merchant.call(REFUND, refund(number, "1.00", "R1"));

            var again = merchant.call(REFUND, refund(number, "1.00", "R1")).json();
            var other = merchant.call(REFUND, refund(number, "2.00", "R1"));

            assertThat(again.getString("fund_change")).isEqualTo("N");
            assertThat(again.getString("refund_fee")).isEqualTo("1.00");
            assertThat(other.subCode()).isEqualTo("ACQ.DISCORDANT_REPEAT_REQUEST");
        }

        @Test
        void without_a_number_has_the_trades_and_is_of_everything() {
            var number = paid();

            var partial = merchant.call(REFUND, number(number).add("refund_amount", "1.00"));
            var whole = merchant.call(REFUND, number(number).add("refund_amount", "9.90"))
                    .json();

            assertThat(partial.json().getString("sub_msg")).contains("out_request_no");
            assertThat(whole.getString("fund_change")).isEqualTo("Y");
            assertThat(told(number, 2).get(1)).containsEntry("out_biz_no", number);
            assertThat(refundQuery(number, number).getString("refund_status")).isEqualTo("REFUND_SUCCESS");
        }

        @Test
        void is_never_of_more_than_was_paid_however_many_come_at_once() {
            var number = paid();

            var answers = IntStream.range(0, 8)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> merchant.call(REFUND, refund(number, "3.00", "R" + i))))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers).filteredOn(a -> a.code().equals("10000")).hasSize(3);
            assertThat(answers)
                    .filteredOn(a -> !a.code().equals("10000"))
                    .allSatisfy(a -> assertThat(a.subCode()).isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"));
            assertThat(told(number, 4).stream().skip(1).map(f -> f.get("refund_fee")))
                    .containsExactlyInAnyOrder("3.00", "6.00", "9.00");
        }

        @Test
        void of_the_same_number_at_once_is_one() {
            var number = paid();

            var changes = IntStream.range(0, 6)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> merchant.call(REFUND, refund(number, "3.00", "R1"))
                                    .json()
                                    .getString("fund_change")))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(changes).containsOnlyOnce("Y").hasSize(6);
        }

        @Test
        void of_what_nobody_paid_is_refused() {
            var unpaid = ApiIT.number();
            arrive(PAGE, page(unpaid), "https://shop.example.com/");

            assertThat(merchant.call(REFUND, refund(unpaid, "1.00", "R1")).subCode())
                    .isEqualTo("ACQ.TRADE_STATUS_ERROR");
            assertThat(merchant.call(REFUND, refund(ApiIT.number(), "1.00", "R1"))
                            .subCode())
                    .isEqualTo("ACQ.TRADE_NOT_EXIST");
        }

        @ParameterizedTest
        @CsvSource({"REFUND_NOT_ENOUGH, ACQ.SELLER_BALANCE_NOT_ENOUGH", "REFUND_NOT_ALLOWED, ACQ.TRADE_NOT_ALLOW_REFUND"
        })
        void is_refused_as_the_dial_says(String fault, String subCode) {
            var number = paid();
            dial(number, fault);

            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1")).subCode())
                    .isEqualTo(subCode);
            assertThat(refundQuery(number, "R1")).doesNotContainKey("refund_status");
        }

        @Test
        void that_fails_later_is_never_shown_and_leaves_the_money() {
            var number = paid();
            dial(number, "REFUND_CLOSED");

            var accepted = merchant.call(REFUND, refund(number, "9.90", "R1")).json();

            assertThat(accepted.getString("fund_change")).isEqualTo("N");
            assertThat(accepted.getString("refund_fee")).isEqualTo("0.00");
            var found = refundQuery(number, "R1");
            assertThat(found.getString("code")).isEqualTo("10000");
            assertThat(found).doesNotContainKeys("refund_status", "refund_amount", "out_request_no");
            control("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[]}");
            assertThat(merchant.call(REFUND, refund(number, "9.90", "R2"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("Y");
        }

        @Test
        void whose_answer_comes_too_late_is_done_all_the_same() {
            var number = paid();
            dial(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThatThrownBy(() -> merchant.call(REFUND, refund(number, "1.00", "R1")))
                    .hasCauseInstanceOf(HttpTimeoutException.class);

            assertThat(refundQuery(number, "R1").getString("refund_status")).isEqualTo("REFUND_SUCCESS");
            assertThat(merchant.call(REFUND, refund(number, "1.00", "R1"))
                            .json()
                            .getString("fund_change"))
                    .isEqualTo("N");
        }

        @Test
        void says_more_only_if_it_is_asked() {
            var number = paid();
            var asked = merchant.call(
                            REFUND,
                            refund(number, "1.00", "R1")
                                    .add("refund_reason", "碎了")
                                    .add(
                                            "query_options",
                                            Json.createArrayBuilder().add("refund_detail_item_list")))
                    .json();

            var brief = refundQuery(number, "R1");
            var whole = refundQuery(number, "R1", "gmt_refund_pay", "refund_detail_item_list");

            assertThat(asked.getString("send_back_fee")).isEqualTo("1.00");
            assertThat(asked).containsKey("refund_detail_item_list");
            assertThat(brief.getString("refund_amount")).isEqualTo("1.00");
            assertThat(brief.getString("total_amount")).isEqualTo("9.90");
            assertThat(brief.getString("refund_reason")).isEqualTo("碎了");
            assertThat(brief).doesNotContainKeys("gmt_refund_pay", "refund_detail_item_list", "send_back_fee");
            assertThat(whole).containsKeys("gmt_refund_pay", "refund_detail_item_list", "send_back_fee");
            assertThat(merchant.call(REFUND_QUERY, number(number)).json().getString("sub_msg"))
                    .contains("out_request_no");
        }
    }

    @Nested
    class A_login {
        static Answer token(AlipayMerchant who, String code) {
            return who.call(
                    LOGIN,
                    Json.createObjectBuilder(),
                    Map.of("biz_content", "", "grant_type", "authorization_code", "code", code));
        }

        @Test
        void on_a_page_sends_the_browser_back_with_a_code_that_is_good_once() {
            var back = "https://shop.example.com/back?from=alipay";
            var login = location(open("/simulator/alipay/oauth2/publicAppAuthorize.htm?app_id=" + merchant.appId
                    + "&scope=auth_base&state=a%26b&redirect_uri=" + URLEncoder.encode(back, StandardCharsets.UTF_8)));
            assertThat(login).startsWith(back + "&auth_code=");
            var query = AlipayMerchant.decoded(URI.create(login).getRawQuery());

            var first = token(merchant, query.get("auth_code"));
            var second = token(merchant, query.get("auth_code"));

            assertThat(query)
                    .containsEntry("state", "a&b")
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("scope", "auth_base");
            assertThat(first.name()).isEqualTo("alipay_system_oauth_token_response");
            assertThat(first.json().getString("user_id")).isEqualTo(PAYER);
            assertThat(first.json()).containsKeys("open_id", "access_token").doesNotContainKey("code");
            assertThat(second.subCode()).isEqualTo("isv.code-invalid");
        }

        @Test
        void in_a_newer_mini_program_tells_the_open_id_alone() {
            var code = control("alipay/auth-code", "{\"appId\":\"" + merchant.appId + "\",\"openIdOnly\":true}")
                    .json()
                    .getString("authCode");

            var told = token(merchant, code).json();

            assertThat(told).doesNotContainKey("user_id");
            assertThat(told.getString("open_id")).matches("[0-9A-Za-z_-]{44}");
        }

        @Test
        void is_for_its_own_application_alone() {
            var code = control("alipay/auth-code", "{\"appId\":\"" + merchant.appId + "\"}")
                    .json()
                    .getString("authCode");

            assertThat(token(merchant.withCertificates(), code).subCode()).isEqualTo("isv.code-invalid");
            assertThat(token(merchant, code).json().getString("user_id")).isEqualTo(PAYER);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"app_id=2021999999999999&scope=auth_base", "scope=auth_base", "app_id=APP&scope=auth_admin"})
        void that_is_asked_for_wrongly_leads_nowhere(String query) {
            var answer = open("/simulator/alipay/oauth2/publicAppAuthorize.htm?redirect_uri=https%3A%2F%2Fshop.example&"
                    + query.replace("APP", merchant.appId));

            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }

    @Nested
    class On_behalf_of_another_seller {
        @Test
        void an_application_is_paid_with_the_token_and_its_trades_are_that_sellers() {
            var given = merchant.console("authorization");
            var token = given.getString("app_auth_token");
            var number = ApiIT.number();
            var more = Map.of("notify_url", hears.url(), "app_auth_token", token);

            var code = merchant.call(PRECREATE, order(number), more);
            var own = merchant.call(PRECREATE, order(number).add("total_amount", "1.00"), Map.of());
            open("/simulator/wallet?code="
                    + URLEncoder.encode(code.json().getString("qr_code"), StandardCharsets.UTF_8));
            submit(
                    "/simulator/wallet/pay",
                    "code=" + URLEncoder.encode(code.json().getString("qr_code"), StandardCharsets.UTF_8));

            assertThat(own.code()).as("numbers are unique per seller").isEqualTo("10000");
            var told = told(number, 1).get(0);
            assertThat(told)
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("auth_app_id", given.getString("auth_app_id"))
                    .containsEntry("seller_id", given.getString("user_id"));
            assertThat(told.get("auth_app_id")).isNotEqualTo(merchant.appId);
            var query = merchant.call(QUERY, number(number), Map.of("app_auth_token", token));
            assertThat(query.json().getString("trade_status")).isEqualTo("TRADE_SUCCESS");
            assertThat(merchant.call(QUERY, number(number)).subCode())
                    .as("its own trade is another")
                    .isEqualTo("ACQ.TRADE_NOT_EXIST");
        }

        @Test
        void a_token_is_good_for_the_application_that_has_it() {
            var token = merchant.console("authorization").getString("app_auth_token");

            var answer =
                    merchant.withCertificates().call(PRECREATE, order(ApiIT.number()), Map.of("app_auth_token", token));

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
            dial(number, "ANSWER_SYSTEM_ERROR");

            assertThat(queried(number).code()).isEqualTo("20000");
            assertThat(queried(number).code()).as("once").isEqualTo("10000");
        }

        @Test
        void may_be_a_proxys_page() {
            var number = paid();
            dial(number, "ANSWER_HTML");

            assertThat(queried(number).status()).isEqualTo(502);
        }

        @Test
        void may_be_badly_signed() {
            var number = paid();
            dial(number, "ANSWER_BADLY_SIGNED");

            assertThat(merchant.believes(queried(number))).isFalse();
            assertThat(merchant.believes(queried(number))).as("once").isTrue();
        }

        @Test
        void may_be_a_refusal_that_nobody_signed_although_it_was_done() {
            var number = paid();
            dial(number, "ANSWER_REFUSED_UNSIGNED");

            var answer = merchant.unverified(REFUND, refund(number, "1.00", "R1"), Map.of());

            assertThat(answer.code()).isEqualTo("40004");
            assertThat(answer.sign()).isEmpty();
            assertThat(told(number, 2).get(1)).containsEntry("refund_fee", "1.00");
        }

        @Test
        void may_have_been_signed_before_its_slashes_were_escaped() {
            var number = ApiIT.number();
            dial(number, "ANSWER_SIGNED_UNESCAPED");

            var answer = merchant.unverified(PRECREATE, order(number), Map.of());

            assertThat(merchant.believes(answer)).isFalse();
            assertThat(merchant.verifies(answer.text().replace("\\/", "/"), answer.sign()))
                    .isTrue();
        }
    }

    @Nested
    class A_bill {
        static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

        static JsonObjectBuilder of(String type, Object date) {
            return Json.createObjectBuilder().add("bill_type", type).add("bill_date", date.toString());
        }

        static LocalDate day(int ago) {
            return Instant.now().atOffset(CHINA).toLocalDate().minusDays(ago);
        }

        /** The files in the zip behind a bill's address, by their names. */
        static Map<String, String> files(byte[] zip) {
            var gbk = Charset.forName("GBK");
            var files = new LinkedHashMap<String, String>();
            try (var in = new ZipInputStream(new ByteArrayInputStream(zip), gbk)) {
                for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    files.put(entry.getName(), new String(in.readAllBytes(), gbk));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }

        static List<Map<String, String>> rows(String csv) {
            var lines = csv.lines().filter(l -> !l.startsWith("#")).toList();
            var columns = lines.get(0).split(",", -1);
            return lines.stream()
                    .skip(1)
                    .map(l -> {
                        var values = l.split(",", -1);
                        assertThat(values).hasSameSizeAs(columns);
                        var row = new LinkedHashMap<String, String>();
                        for (int i = 0; i < columns.length; i++) row.put(columns[i], values[i].strip());
                        return (Map<String, String>) row;
                    })
                    .toList();
        }

        static BigDecimal sum(List<Map<String, String>> rows, String column) {
            return rows.stream().map(r -> new BigDecimal(r.get(column))).reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        @Test
        void of_a_day_has_every_payment_and_refund_and_their_exact_sums() {
            var who = AlipayMerchant.of(node, "sim-alipay-bill", node.merchant("sim-alipay-bill", "test"));
            var whole = ApiIT.number();
            var partly = ApiIT.number();
            for (var number : List.of(whole, partly)) {
                who.call(PRECREATE, order(number).add("subject", "茶, 绿").add("store_id", "S1"));
                pay(number);
            }
            who.call(REFUND, refund(partly, "3.33", "R1").add("refund_reason", "碎了"));
            who.call(REFUND, refund(partly, "1.11", "R2"));
            for (var number : List.of(whole, partly)) age(number, Duration.ofDays(2));

            var answer = who.call(BILL, of("trade", day(2))).json();
            var file = AlipayMerchant.file(answer.getString("bill_download_url"));

            assertThat(file.statusCode()).isEqualTo(200);
            var files = files(file.body());
            var name = who.sellerId + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day(2)) + "_业务明细";
            assertThat(files).containsOnlyKeys(name + ".csv", name + "(汇总).csv");
            var details = files.get(name + ".csv");
            assertThat(details)
                    .startsWith("#支付宝业务明细查询\r\n#账号：[" + who.sellerId + "0156]\r\n")
                    .contains("#交易合计：2笔，商家实收共19.80元，", "#退款合计：2笔，商家实收退款共-4.44元，");
            var rows = rows(details);
            assertThat(rows).extracting(r -> r.get("业务类型")).containsExactlyInAnyOrder("交易", "交易", "退款", "退款");
            assertThat(rows)
                    .filteredOn(r -> r.get("退款批次号/请求号").equals("R1"))
                    .singleElement()
                    .satisfies(r -> assertThat(r)
                            .containsEntry("商户订单号", partly)
                            .containsEntry("商家实收（元）", "-3.33")
                            .containsEntry("门店编号", "S1")
                            .containsEntry("商品名称", "茶， 绿")
                            .containsEntry("备注", "碎了"));
            assertThat(sum(rows, "商家实收（元）")).isEqualByComparingTo("15.36");
            var sums = rows(files.get(name + "(汇总).csv"));
            assertThat(sums)
                    .singleElement()
                    .satisfies(r -> assertThat(r)
                            .containsEntry("交易订单总笔数", "2")
                            .containsEntry("退款订单总笔数", "2")
                            .containsEntry("商家实收（元）", "15.36")
                            .containsEntry("服务费（元）", sum(rows, "服务费（元）").toPlainString())
                            .containsEntry(
                                    "实收净额（元）",
                                    sum(rows, "商家实收（元）")
                                            .add(sum(rows, "服务费（元）"))
                                            .toPlainString()));

            var flows = files(AlipayMerchant.file(
                            who.call(BILL, of("signcustomer", day(2))).json().getString("bill_download_url"))
                    .body());
            var moved = rows(flows.values().iterator().next());
            assertThat(sum(moved, "收入金额（+元）").add(sum(moved, "支出金额（-元）")))
                    .as("what moved is what the bill says")
                    .isEqualByComparingTo(sum(rows, "商家实收（元）").add(sum(rows, "服务费（元）")));
            assertThat(moved.get(moved.size() - 1).get("账户余额（元）"))
                    .isEqualTo(sums.get(0).get("实收净额（元）"));
        }

        @Test
        void can_be_fetched_for_half_a_minute_and_not_at_the_public_address() {
            var url = merchant.call(BILL, of("trade", day(3))).json().getString("bill_download_url");
            var token = URI.create(url).getRawQuery();

            assertThat(AlipayMerchant.file(url).statusCode()).isEqualTo(200);
            assertThat(open("/simulator/alipay/bill?" + token).statusCode()).isEqualTo(404);
            TestDatabase.execute(
                    node.dbUrl(),
                    "update sim_alipay_bill set made_at = made_at - interval '31 seconds' where token = '"
                            + token.substring("token=".length()) + "'");
            assertThat(AlipayMerchant.file(url).statusCode()).isEqualTo(404);
        }

        @Test
        void of_a_day_on_which_nothing_happened_is_empty() {
            var answer = merchant.call(BILL, of("trade", day(1000))).json();

            assertThat(answer.getString("bill_file_code")).isEqualTo("EMPTY_DATA_WITH_BILL_FILE");
            var files = files(
                    AlipayMerchant.file(answer.getString("bill_download_url")).body());
            assertThat(files.values()).anySatisfy(f -> assertThat(f).contains("#交易合计：0笔，商家实收共0.00元"));
        }

        @Test
        void of_a_month_is_there_when_the_month_is_over() {
            var month = day(0).toString().substring(0, 7);
            var last = day(0).withDayOfMonth(1).minusDays(1).toString().substring(0, 7);

            assertThat(merchant.call(BILL, of("trade", month)).subCode()).isEqualTo("BILL_NOT_EXIST");
            assertThat(merchant.call(BILL, of("trade", last)).code()).isEqualTo("10000");
        }

        @Test
        void of_today_is_not_there_yet_and_nonsense_is_said_to_be() {
            assertThat(merchant.call(BILL, of("trade", day(0))).subCode()).isEqualTo("BILL_NOT_EXIST");
            assertThat(merchant.call(BILL, of("trade", "yesterday")).subCode()).isEqualTo("INVAILID_ARGUMENTS");
            assertThat(merchant.call(BILL, of("everything", day(1))).subCode()).isEqualTo("INVAILID_ARGUMENTS");
        }
    }
}
