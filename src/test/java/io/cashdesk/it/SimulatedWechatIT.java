package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
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

/** The simulated WeChat Pay over raw HTTP, without a line of the adapter: as strict as its documents, and as forthcoming. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedWechatIT {
    static final HttpClient BROWSER =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final String PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Mobile/15E148";
    static final String IN_WECHAT = PHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";

    static Node node;
    static WechatMerchant merchant;
    static MerchantServer hears;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        merchant = WechatMerchant.of(node, "sim-wechat", node.merchant("sim-wechat", "test"));
        hears = new MerchantServer();
    }

    @AfterAll
    static void close() {
        hears.close();
    }

    static JsonObjectBuilder ids() {
        return Json.createObjectBuilder().add("appid", merchant.appId).add("mchid", merchant.mchId);
    }

    static JsonObjectBuilder partnersIds() {
        return Json.createObjectBuilder()
                .add("sp_appid", merchant.appId)
                .add("sp_mchid", merchant.mchId)
                .add("sub_mchid", merchant.subMchId);
    }

    static JsonObjectBuilder order(JsonObjectBuilder ids, String number) {
        return ids.add("description", "茶")
                .add("out_trade_no", number)
                .add("notify_url", hears.url())
                .add("attach", "table 5")
                .add("amount", Json.createObjectBuilder().add("total", 990).add("currency", "CNY"));
    }

    static JsonObjectBuilder payer(String name, String openid) {
        return Json.createObjectBuilder().add(name, openid);
    }

    static String openid(String appId) {
        return "o" + appId.substring(2) + "Somebody-_1";
    }

    static JsonObjectBuilder mobilePage() {
        return Json.createObjectBuilder()
                .add("payer_client_ip", "203.0.113.7")
                .add("h5_info", Json.createObjectBuilder().add("type", "Wap"));
    }

    /** A paid order, by number. */
    static String paid() {
        var number = ApiIT.number();
        assertThat(merchant.post("/v3/pay/transactions/native", order(ids(), number))
                        .status())
                .isEqualTo(200);
        pay(number);
        return number;
    }

    static JsonObject query(String number) {
        return merchant.get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant.mchId)
                .json();
    }

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

    static WechatMerchant.DeliveryResult told(String number, String event) {
        Eventually.within(Duration.ofSeconds(10), event, () -> find(number, event) != null);
        return find(number, event);
    }

    static WechatMerchant.DeliveryResult find(String number, String event) {
        return hears.heard().stream()
                .map(merchant::read)
                .filter(t -> t.event().equals(event)
                        && t.resource().getString("out_trade_no").equals(number))
                .findFirst()
                .orElse(null);
    }

    @Nested
    class A_prepay {
        @Test
        void for_a_page_inside_wechat_is_launched_signed_and_paid_by_its_payer() {
            var number = ApiIT.number();
            var openid = openid(merchant.appId);
            var prepay = merchant.post(
                            "/v3/pay/transactions/jsapi", order(ids(), number).add("payer", payer("openid", openid)))
                    .json()
                    .getString("prepay_id");

            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(launch(merchant.appId, prepay, "RSA").add("decline", true))
                    .satisfies(l -> assertThat(bridge("jsapi", l)).endsWith(":cancel"));
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("openid", "oSomebodyElse")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay + "0", "RSA")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.subAppId, prepay, "RSA")))
                    .endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("nonceStr", "changed")))
                    .endsWith(":fail");
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA").add("openid", openid)))
                    .isEqualTo("get_brand_wcpay_request:ok");

            var told = told(number, "TRANSACTION.SUCCESS").resource();
            assertThat(told.getString("trade_type")).isEqualTo("JSAPI");
            assertThat(told.getString("attach")).isEqualTo("table 5");
            assertThat(told.getJsonObject("payer").getString("openid")).isEqualTo(openid);
            assertThat(told.getJsonObject("amount").getInt("total")).isEqualTo(990);
            assertThat(query(number)).isEqualTo(told);
            assertThat(merchant.get("/v3/pay/transactions/id/" + told.getString("transaction_id") + "?mchid="
                                    + merchant.mchId)
                            .json())
                    .isEqualTo(told);
        }

        @Test
        void opens_the_cashier_for_two_hours() {
            var number = ApiIT.number();
            var prepay = merchant.post(
                            "/v3/pay/transactions/jsapi",
                            order(ids(), number).add("payer", payer("openid", openid(merchant.appId))))
                    .json()
                    .getString("prepay_id");

            age(number, Duration.ofHours(2).plusMinutes(1));

            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA"))).endsWith(":fail");
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
        }

        @Test
        void for_an_app_is_launched_with_the_bare_prepay_id_signed() {
            var number = ApiIT.number();
            var prepay = merchant.post("/v3/pay/transactions/app", order(ids(), number))
                    .json()
                    .getString("prepay_id");
            var time = Long.toString(Instant.now().getEpochSecond());
            var signed = merchant.sign(merchant.appId + "\n" + time + "\nn\n" + prepay + "\n");
            var launch = Json.createObjectBuilder()
                    .add("appid", merchant.appId)
                    .add("partnerid", merchant.mchId)
                    .add("prepayid", prepay)
                    .add("package", "Sign=WXPay")
                    .add("noncestr", "n")
                    .add("timestamp", time)
                    .add("sign", signed)
                    .build();

            assertThat(bridge("app", Json.createObjectBuilder(launch).add("partnerid", "1600000000")))
                    .endsWith(":fail");
            assertThat(bridge("app", Json.createObjectBuilder(launch))).endsWith(":ok");

            assertThat(told(number, "TRANSACTION.SUCCESS").resource().getString("trade_type"))
                    .isEqualTo("APP");
        }

        @Test
        void for_a_phones_browser_opens_from_a_page_outside_wechat_within_five_minutes() {
            var number = ApiIT.number();
            var url = h5(number);
            var shop = node.base() + "/checkout/x";
            var back = url + "&redirect_url=" + URLEncoder.encode(shop, StandardCharsets.UTF_8);
            var elsewhere = url + "&redirect_url=" + URLEncoder.encode("https://evil.example/", StandardCharsets.UTF_8);

            assertThat(url).startsWith(node.base() + "/simulator/wxpay/h5?prepay_id=");
            assertThat(browse(back, PHONE, null).body()).contains("商家参数格式有误");
            assertThat(browse(back, IN_WECHAT, shop).body()).contains("请在微信外打开订单");
            assertThat(browse(elsewhere, PHONE, shop).body()).contains("商家存在未配置的参数");
            var opened = browse(back, PHONE, shop);
            assertThat(opened.statusCode()).isEqualTo(303);
            var wallet = opened.headers().firstValue("Location").orElseThrow();
            assertThat(browse(wallet, PHONE, shop).body())
                    .contains("id=\"pay\"")
                    .doesNotContain("http-equiv");
            var code = wallet.substring(wallet.indexOf("code=") + 5);
            var pressed = form("/simulator/wallet/pay", "code=" + code);
            assertThat(pressed.statusCode()).isEqualTo(303);
            assertThat(browse(pressed.headers().firstValue("Location").orElseThrow(), PHONE, shop)
                            .body())
                    .contains("content=\"1;url=" + shop + "\"");

            assertThat(told(number, "TRANSACTION.SUCCESS").resource().getString("trade_type"))
                    .isEqualTo("MWEB");
        }

        @Test
        void for_a_phones_browser_is_refused_after_five_minutes() {
            var number = ApiIT.number();
            var url = h5(number);

            age(number, Duration.ofMinutes(6));

            assertThat(browse(url, PHONE, "https://shop.example/").body()).contains("支付请求已失效");
        }

        private String h5(String number) {
            return merchant.post("/v3/pay/transactions/h5", order(ids(), number).add("scene_info", mobilePage()))
                    .json()
                    .getString("h5_url");
        }

        @Test
        void repeated_gives_a_fresh_code_and_only_with_the_same_parameters() {
            var number = ApiIT.number();
            var first = merchant.post("/v3/pay/transactions/native", order(ids(), number))
                    .json()
                    .getString("code_url");
            var second = merchant.post("/v3/pay/transactions/native", order(ids(), number))
                    .json()
                    .getString("code_url");
            var changed = merchant.post(
                    "/v3/pay/transactions/native", order(ids(), number).add("goods_tag", "x"));
            var otherProduct = merchant.post("/v3/pay/transactions/app", order(ids(), number));

            assertThat(second).isNotEqualTo(first);
            var old = "/simulator/wallet?code=" + URLEncoder.encode(first, StandardCharsets.UTF_8);
            assertThat(browse(node.base() + old, PHONE, null).statusCode()).isEqualTo(404);
            assertThat(changed.code()).isEqualTo("INVALID_REQUEST");
            assertThat(changed.number()).isEqualTo("268498688");
            assertThat(otherProduct.status()).isEqualTo(403);
            assertThat(otherProduct.code()).isEqualTo("OUT_TRADE_NO_USED");
            pay(number);
            assertThat(merchant.post("/v3/pay/transactions/native", order(ids(), number))
                            .code())
                    .isEqualTo("ORDERPAID");
        }

        @Test
        void of_a_closed_order_is_refused() {
            var number = ApiIT.number();
            var close = "/v3/pay/transactions/out-trade-no/" + number + "/close";
            merchant.post("/v3/pay/transactions/native", order(ids(), number));

            for (int i = 0; i < 2; i++) {
                assertThat(merchant.post(close, Json.createObjectBuilder().add("mchid", merchant.mchId))
                                .status())
                        .isEqualTo(204);
            }

            assertThat(merchant.post("/v3/pay/transactions/native", order(ids(), number))
                            .code())
                    .isEqualTo("ORDER_CLOSED");
            assertThat(query(number).getString("trade_state")).isEqualTo("CLOSED");
        }

        @Test
        void is_refused_to_whom_it_does_not_belong() {
            var number = ApiIT.number();
            var foreign = payer("openid", openid("wxffffffffffffffff"));

            assertThat(merchant.post(
                                    "/v3/pay/transactions/jsapi",
                                    order(ids(), number).add("payer", foreign))
                            .json()
                            .getString("message"))
                    .isEqualTo("appid与openid不匹配");
            assertThat(merchant.post(
                                    "/v3/pay/transactions/native",
                                    order(ids(), number).add("appid", merchant.subAppId))
                            .code())
                    .isEqualTo("APPID_MCHID_NOT_MATCH");
            assertThat(merchant.post(
                                    "/v3/pay/transactions/native",
                                    order(ids(), number).add("mchid", "1600000000"))
                            .status())
                    .isEqualTo(401);
            var body = order(ids(), number).build().toString();
            var unsigned = merchant.send(
                    "POST", "/v3/pay/transactions/native", body, merchant.sign("something else"), Instant.now());
            assertThat(unsigned.status()).isEqualTo(401);
            assertThat(unsigned.json()
                            .getJsonObject("detail")
                            .getJsonObject("sign_information")
                            .getString("url"))
                    .isEqualTo("/v3/pay/transactions/native");
            assertThat(merchant.get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant.mchId)
                            .code())
                    .isEqualTo("ORDER_NOT_EXIST");
        }
    }

    static JsonObjectBuilder launch(String appId, String prepay, String type) {
        var time = Long.toString(Instant.now().getEpochSecond());
        var packed = "prepay_id=" + prepay;
        return Json.createObjectBuilder()
                .add("appId", appId)
                .add("timeStamp", time)
                .add("nonceStr", "n")
                .add("package", packed)
                .add("signType", type)
                .add("paySign", merchant.sign(appId + "\n" + time + "\nn\n" + packed + "\n"));
    }

    static String bridge(String which, JsonObjectBuilder parameters) {
        return node.call(
                        "POST",
                        "/simulator/wxpay/" + which,
                        null,
                        parameters.build().toString())
                .json()
                .getString("err_msg");
    }

    static HttpResponse<String> browse(String url, String agent, String referer) {
        var request = HttpRequest.newBuilder(node.base().resolve(url))
                .header("User-Agent", agent)
                .header("Accept-Language", "zh");
        if (referer != null) request.header("Referer", referer);
        return exchange(request.build());
    }

    static HttpResponse<String> form(String path, String body) {
        return exchange(HttpRequest.newBuilder(node.base().resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    static HttpResponse<String> exchange(HttpRequest request) {
        try {
            return BROWSER.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nested
    class A_service_provider {
        static final String PARTNER = "/v3/pay/partner/transactions/";

        String query(String number, String subMchid) {
            return PARTNER + "out-trade-no/" + number + "?sub_mchid=" + subMchid + "&sp_mchid=" + merchant.mchId;
        }

        @ParameterizedTest
        @CsvSource({"jsapi, prepay_id, JSAPI", "native, code_url, NATIVE", "h5, h5_url, MWEB", "app, prepay_id, APP"})
        void collects_with_every_product(String product, String answers, String tradeType) {
            var number = ApiIT.number();
            var body = order(partnersIds(), number);
            if (product.equals("jsapi")) body.add("payer", payer("sp_openid", openid(merchant.appId)));
            if (product.equals("h5")) body.add("scene_info", mobilePage());

            var prepay = merchant.post(PARTNER + product, body);
            pay(number);

            assertThat(prepay.json().getString(answers)).isNotEmpty();
            var told = told(number, "TRANSACTION.SUCCESS").resource();
            assertThat(told.getString("trade_type")).isEqualTo(tradeType);
            assertThat(told.getString("sp_mchid")).isEqualTo(merchant.mchId);
            assertThat(told.getString("sub_mchid")).isEqualTo(merchant.subMchId);
            assertThat(told.getJsonObject("payer").keySet()).containsExactly("sp_openid");
            assertThat(merchant.get(query(number, merchant.subMchId)).json()).isEqualTo(told);
            assertThat(merchant.get(PARTNER + "id/" + told.getString("transaction_id") + "?sp_mchid=" + merchant.mchId
                                    + "&sub_mchid=" + merchant.subMchId)
                            .json())
                    .isEqualTo(told);
        }

        @Test
        void collects_from_the_sub_merchants_own_payer_who_launches_there() {
            var number = ApiIT.number();
            var openid = openid(merchant.subAppId);
            var prepay = merchant.post(
                            PARTNER + "jsapi",
                            order(partnersIds().add("sub_appid", merchant.subAppId), number)
                                    .add("payer", payer("sub_openid", openid)))
                    .json()
                    .getString("prepay_id");

            assertThat(bridge("jsapi", launch(merchant.appId, prepay, "RSA"))).endsWith(":fail");
            assertThat(bridge("jsapi", launch(merchant.subAppId, prepay, "RSA").add("openid", openid)))
                    .endsWith(":ok");

            var payer = told(number, "TRANSACTION.SUCCESS").resource().getJsonObject("payer");
            assertThat(payer.getString("sub_openid")).isEqualTo(openid);
        }

        @Test
        void may_collect_only_for_his_own_sub_merchants() {
            var number = ApiIT.number();
            var none = order(partnersIds(), number).build();
            var missing = Json.createObjectBuilder(none).remove("sub_mchid");
            var himself = Json.createObjectBuilder(none).add("sub_mchid", merchant.mchId);
            var stranger = Json.createObjectBuilder(none).add("sub_mchid", "1700000000");

            assertThat(merchant.post(PARTNER + "native", missing).number()).isEqualTo("268443704");
            assertThat(merchant.post(PARTNER + "native", himself).number()).isEqualTo("268443705");
            var refused = merchant.post(PARTNER + "native", stranger);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("NO_AUTH");
        }

        @Test
        void closes_and_refunds_as_who_he_is() {
            var number = ApiIT.number();
            merchant.post(PARTNER + "native", order(partnersIds(), number));
            var ids = Json.createObjectBuilder().add("sp_mchid", merchant.mchId).add("sub_mchid", merchant.subMchId);
            var paid = ApiIT.number();
            merchant.post(PARTNER + "native", order(partnersIds(), paid));
            pay(paid);

            assertThat(merchant.get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant.mchId)
                            .number())
                    .isEqualTo("268447843");
            assertThat(merchant.post(PARTNER + "out-trade-no/" + number + "/close", ids)
                            .status())
                    .isEqualTo(204);
            assertThat(merchant.get(query(number, merchant.subMchId)).json().getString("trade_state"))
                    .isEqualTo("CLOSED");
            assertThat(refund(paid, paid + "-1", 90).code()).isEqualTo("PARAM_ERROR");
            var refund = merchant.post(
                    REFUNDS,
                    refundBody(paid, paid + "-1", 90)
                            .add("sub_mchid", merchant.subMchId)
                            .add("notify_url", hears.url()));
            assertThat(refund.status()).isEqualTo(200);
            assertThat(merchant.get(REFUNDS + "/" + paid + "-1").code()).isEqualTo("RESOURCE_NOT_EXISTS");
            assertThat(merchant.get(REFUNDS + "/" + paid + "-1?sub_mchid=" + merchant.subMchId)
                            .status())
                    .isEqualTo(200);
            assertThat(told(paid, "REFUND.SUCCESS").resource().getString("sub_mchid"))
                    .isEqualTo(merchant.subMchId);
        }
    }

    static final String REFUNDS = "/v3/refund/domestic/refunds";

    static JsonObjectBuilder refundBody(String number, String refundNo, long fen) {
        return Json.createObjectBuilder()
                .add("out_trade_no", number)
                .add("out_refund_no", refundNo)
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("refund", fen)
                                .add("total", 990)
                                .add("currency", "CNY"));
    }

    static WechatMerchant.Answer refund(String number, String refundNo, long fen) {
        return merchant.post(REFUNDS, refundBody(number, refundNo, fen).add("notify_url", hears.url()));
    }

    static String state(String refundNo) {
        return merchant.get(REFUNDS + "/" + refundNo).json().getString("status");
    }

    @Nested
    class A_refund {
        @Test
        void is_accepted_settled_and_told() {
            var number = paid();

            var accepted = refund(number, number + "-1", 90);

            assertThat(accepted.json().getString("status")).isEqualTo("PROCESSING");
            assertThat(accepted.json().containsKey("success_time")).isFalse();
            assertThat(query(number).getString("trade_state")).isEqualTo("REFUND");
            var told = told(number, "REFUND.SUCCESS").resource();
            assertThat(told.getString("refund_status")).isEqualTo("SUCCESS");
            assertThat(told.getString("mchid")).isEqualTo(merchant.mchId);
            assertThat(told.getJsonObject("amount").getInt("refund")).isEqualTo(90);
            assertThat(told.getJsonObject("amount").getInt("total")).isEqualTo(990);
            var asked = merchant.get(REFUNDS + "/" + number + "-1").json();
            assertThat(asked.getString("status")).isEqualTo("SUCCESS");
            assertThat(asked.getString("success_time")).isEqualTo(told.getString("success_time"));
            assertThat(asked.getString("refund_id")).isEqualTo(told.getString("refund_id"));
        }

        @Test
        void asked_for_again_is_the_same_one_and_with_other_content_none() {
            var number = paid();
            var first = refund(number, number + "-1", 90).json();

            assertThat(refund(number, number + "-1", 90).json().getString("refund_id"))
                    .isEqualTo(first.getString("refund_id"));
            assertThat(refund(number, number + "-1", 91).code()).isEqualTo("INVALID_REQUEST");
            assertThat(books(number).getJsonArray("refunds")).hasSize(1);
        }

        @Test
        void is_never_more_than_was_paid_even_with_many_at_once() {
            var number = paid();

            var asked = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> refund(number, number + "-" + i, 400).status()))
                    .toList();

            assertThat(asked.stream().map(CompletableFuture::join).filter(s -> s == 200))
                    .hasSize(2);
            assertThat(refund(number, number + "-last", 191).code()).isEqualTo("INVALID_REQUEST");
            assertThat(refund(number, number + "-last", 190).status()).isEqualTo(200);
        }

        @Test
        void can_be_had_fifty_times() {
            var number = paid();

            for (int i = 1; i <= 50; i++) {
                assertThat(refund(number, number + "-" + i, 1).status()).isEqualTo(200);
            }

            assertThat(refund(number, number + "-51", 1).code()).isEqualTo("INVALID_REQUEST");
        }

        @Test
        void is_refused_for_what_it_may_not_be() {
            var unpaid = ApiIT.number();
            merchant.post("/v3/pay/transactions/native", order(ids(), unpaid));
            var number = paid();
            var otherTotal = refundBody(number, number + "-1", 90)
                    .add(
                            "amount",
                            Json.createObjectBuilder()
                                    .add("refund", 90)
                                    .add("total", 1000)
                                    .add("currency", "CNY"));

            assertThat(refund(unpaid, unpaid + "-1", 90).status()).isEqualTo(404);
            assertThat(refund(unpaid, unpaid + "-1", 90).code()).isEqualTo("RESOURCE_NOT_EXISTS");
            assertThat(merchant.post(REFUNDS, otherTotal).code()).isEqualTo("INVALID_REQUEST");
            age(number, Duration.ofDays(366));
            assertThat(refund(number, number + "-1", 90).number()).isEqualTo("268447914");
            assertThat(merchant.get(REFUNDS + "/" + number + "-1").code()).isEqualTo("RESOURCE_NOT_EXISTS");
        }

        @Test
        void that_cannot_reach_the_payer_is_abnormal_until_somebody_looks_after_it() {
            var number = paid();
            dial(number, "REFUND_ABNORMAL");

            var refundId = refund(number, number + "-1", 90).json().getString("refund_id");

            assertThat(told(number, "REFUND.ABNORMAL").resource().getString("refund_status"))
                    .isEqualTo("ABNORMAL");
            assertThat(state(number + "-1")).isEqualTo("ABNORMAL");
            var elsewhere = merchant.post(
                    REFUNDS + "/" + refundId + "/apply-abnormal-refund",
                    Json.createObjectBuilder()
                            .add("out_refund_no", number + "-1")
                            .add("type", "MERCHANT_BANK_CARD"));
            assertThat(elsewhere.json().getString("status")).isEqualTo("PROCESSING");
            assertThat(told(number, "REFUND.SUCCESS")).isNotNull();
        }

        @Test
        void that_is_given_up_leaves_its_amount_to_be_refunded_again() {
            var number = paid();
            dial(number, "REFUND_CLOSED");

            refund(number, number + "-1", 990);

            assertThat(told(number, "REFUND.CLOSED").resource().containsKey("success_time"))
                    .isFalse();
            control("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[]}");
            assertThat(refund(number, number + "-2", 990).status()).isEqualTo(200);
        }

        @Test
        void can_be_accepted_without_an_answer_in_time() {
            var number = paid();
            dial(number, "REFUND_TIMES_OUT_AFTER_ACCEPTING");

            assertThatThrownBy(() -> refund(number, number + "-1", 90))
                    .hasRootCauseInstanceOf(HttpTimeoutException.class);

            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
            assertThat(books(number).getJsonArray("refunds")).hasSize(1);
        }

        @Test
        void can_be_refused_for_the_moment() {
            var number = paid();

            dial(number, "REFUND_NOT_ENOUGH");
            assertThat(refund(number, number + "-1", 90).code()).isEqualTo("NOT_ENOUGH");
            dial(number, "REFUND_FREQUENCY_LIMITED");
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(429);

            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
        }

        @Test
        void can_wait_for_a_test_to_say_what_becomes_of_it() {
            var number = paid();
            dial(number, "REFUND_SLOW");
            refund(number, number + "-1", 90);
            assertThat(state(number + "-1")).isEqualTo("PROCESSING");

            control("refund", "{\"out_refund_no\":\"" + number + "-1\",\"status\":\"SUCCESS\"}");

            assertThat(state(number + "-1")).isEqualTo("SUCCESS");
            assertThat(told(number, "REFUND.SUCCESS")).isNotNull();
        }
    }

    static JsonObject books(String number) {
        return control("books?out_trade_no=" + number, null).json();
    }

    @Nested
    class A_payment_at_the_till {
        String code(String tail) {
            return "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        }

        JsonObjectBuilder body(JsonObjectBuilder ids, String number, String code) {
            return ids.add("description", "茶")
                    .add("out_trade_no", number)
                    .add("payer", payer("auth_code", code))
                    .add("amount", Json.createObjectBuilder().add("total", 990))
                    .add(
                            "scene_info",
                            Json.createObjectBuilder()
                                    .add("device_id", "till1")
                                    .add(
                                            "store_info",
                                            Json.createObjectBuilder().add("out_id", "S1")));
        }

        WechatMerchant.Answer scan(String number, String code) {
            return merchant.post("/v3/pay/transactions/codepay", body(ids(), number, code));
        }

        WechatMerchant.Answer reverse(String number) {
            return merchant.post("/v3/pay/transactions/out-trade-no/" + number + "/reverse", ids());
        }

        @Test
        void is_paid_at_once_and_nobody_is_notified() {
            var number = ApiIT.number();

            var paid = scan(number, code("0001")).json();

            assertThat(paid.getString("trade_state")).isEqualTo("SUCCESS");
            assertThat(paid.getString("trade_type")).isEqualTo("MICROPAY");
            assertThat(paid.getJsonObject("scene_info").getString("device_id")).isEqualTo("till1");
            assertThat(query(number)).isEqualTo(paid);
            assertThat(books(number).getJsonArray("notifications")).isEmpty();
            assertThat(refund(number, number + "-1", 90).status()).isEqualTo(200);
        }

        @Test
        void waits_for_the_password_and_is_paid() {
            var number = ApiIT.number();

            assertThat(scan(number, code("0002")).json().getString("trade_state"))
                    .isEqualTo("USERPAYING");
            assertThat(query(number).getString("trade_state")).isEqualTo("USERPAYING");

            Eventually.within(
                    Duration.ofSeconds(8),
                    "paid",
                    () -> query(number).getString("trade_state").equals("SUCCESS"));
        }

        @Test
        void waits_for_the_password_and_fails() {
            var number = ApiIT.number();

            scan(number, code("0003"));

            Eventually.within(
                    Duration.ofSeconds(8),
                    "failed",
                    () -> query(number).getString("trade_state").equals("PAYERROR"));
        }

        @Test
        void that_is_not_decided_is_reversed_but_not_too_soon_and_never_closed() {
            var number = ApiIT.number();
            assertThat(scan(number, code("0007")).json().getString("trade_state"))
                    .isEqualTo("USERPAYING");
            var close = "/v3/pay/transactions/out-trade-no/" + number + "/close";
            assertThat(merchant.post(close, Json.createObjectBuilder().add("mchid", merchant.mchId))
                            .number())
                    .isEqualTo("268449641");
            TestDatabase.execute(
                    node.dbUrl(),
                    "update sim_trade set created_at = created_at + interval '10 s' where number = '" + number + "'");

            assertThat(reverse(number).code()).isEqualTo("INVALID_REQUEST");
            age(number, Duration.ofSeconds(20));
            dial(number, "REVERSE_ONCE_MORE");
            assertThat(reverse(number).code()).isEqualTo("USERPAYING");
            var reversed = reverse(number);

            assertThat(reversed.json().getString("out_trade_no")).isEqualTo(number);
            assertThat(query(number).getString("trade_state")).isEqualTo("REVOKED");
            assertThat(reverse(number).status()).isEqualTo(200);
        }

        @Test
        void that_was_paid_is_reversed_with_its_money_and_not_refunded_again() {
            var number = ApiIT.number();
            scan(number, code("0001"));
            age(number, Duration.ofSeconds(20));

            assertThat(reverse(number).status()).isEqualTo(200);

            assertThat(query(number).getString("trade_state")).isEqualTo("REVOKED");
            assertThat(refund(number, number + "-1", 90).code()).isEqualTo("RESOURCE_NOT_EXISTS");
        }

        @ParameterizedTest
        @CsvSource({"0004, 500, SYSTEM_ERROR, SUCCESS", "0006, 403, NOT_ENOUGH, PAYERROR"})
        void fails_in_answer_but_is_found_as_it_is(String tail, int status, String code, String state) {
            var number = ApiIT.number();

            var answer = scan(number, code(tail));

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(query(number).getString("trade_state")).isEqualTo(state);
        }

        @Test
        void takes_each_code_once_and_for_one_number() {
            var used = code("0001");
            var number = ApiIT.number();
            scan(number, used);
            var expired = ApiIT.number();

            assertThat(scan(ApiIT.number(), used).code()).isEqualTo("AUTH_CODE_INVALID");
            assertThat(scan(number, used).code()).isEqualTo("ORDERPAID");
            assertThat(scan(expired, code("0005")).code()).isEqualTo("AUTHCODEEXPIRE");
            assertThat(query(expired).getString("code")).isEqualTo("ORDER_NOT_EXIST");
            assertThat(scan(expired, code("0001")).code()).isEqualTo("OUT_TRADE_NO_USED");
        }

        @Test
        void is_made_and_reversed_by_a_service_provider() {
            var number = ApiIT.number();
            var path = "/v3/pay/partner/transactions/";
            var withoutApp = body(partnersIds(), number, code("0001")).build();

            assertThat(merchant.post(
                                    path + "codepay",
                                    Json.createObjectBuilder(withoutApp).remove("sp_appid"))
                            .code())
                    .isEqualTo("SYSTEM_ERROR");
            var paid = merchant.post(path + "codepay", body(partnersIds(), number, code("0001")))
                    .json();
            assertThat(paid.getString("sub_mchid")).isEqualTo(merchant.subMchId);
            age(number, Duration.ofSeconds(20));
            assertThat(merchant.post(path + "out-trade-no/" + number + "/reverse", partnersIds())
                            .json()
                            .getString("sub_mchid"))
                    .isEqualTo(merchant.subMchId);
        }
    }

    @Nested
    class A_login {
        String authorize(String changed) {
            var backTo = URLEncoder.encode(node.base() + "/checkout/wechat/callback", StandardCharsets.UTF_8);
            var query = "appid=" + merchant.appId + "&redirect_uri=" + backTo
                    + "&response_type=code&scope=snsapi_base&state=abc123";
            var at = changed.indexOf("=>");
            if (at >= 0) query = query.replace(changed.substring(0, at), changed.substring(at + 2));
            return "/simulator/wxpay/connect/oauth2/authorize?" + query;
        }

        String exchange(String code) {
            return "/sns/oauth2/access_token?appid=" + merchant.appId + "&secret=" + merchant.secret + "&code=" + code
                    + "&grant_type=authorization_code";
        }

        @Test
        void on_a_page_is_silent_and_its_code_good_once() {
            var sent = browse(authorize(""), IN_WECHAT, null)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();

            assertThat(sent).matches(node.base() + "/checkout/wechat/callback\\?code=\\w{32}&state=abc123");
            var code = sent.replaceFirst(".*code=(\\w+)&.*", "$1");
            assertThat(merchant.login(exchange(code)).getString("openid"))
                    .startsWith("o" + merchant.appId.substring(2));
            assertThat(merchant.login(exchange(code)).getInt("errcode")).isEqualTo(40163);
            assertThat(merchant.login(exchange("0" + code.substring(1, 31) + "-"))
                            .getInt("errcode"))
                    .isEqualTo(40029);
            assertThat(merchant.login(exchange(code).replace(merchant.secret, "wrong"))
                            .getInt("errcode"))
                    .isEqualTo(40125);
            assertThat(merchant.login(exchange("")).getInt("errcode")).isEqualTo(41008);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "response_type=code&scope=snsapi_base=>scope=snsapi_base&response_type=code",
                    "snsapi_base=>snsapi_login",
                    "state=abc123=>state=a-b",
                    "&state=abc123=>",
                    "localhost=>evil.example",
                })
        void on_a_page_is_refused(String changed) {
            assertThat(browse(authorize(changed), IN_WECHAT, null).statusCode()).isEqualTo(200);
            assertThat(browse(authorize(changed), IN_WECHAT, null).body()).contains("data-state=\"refused\"");
        }

        @Test
        void outside_wechat_is_refused() {
            assertThat(browse(authorize(""), PHONE, null).body()).contains("请在微信客户端打开链接");
        }

        @Test
        void that_asks_more_lets_the_payer_choose_and_refuse() {
            var asked = authorize("snsapi_base=>snsapi_userinfo");

            assertThat(browse(asked, IN_WECHAT, null).body()).contains("id=\"payer-SECOND\"");
            assertThat(browse(asked + "&choice=refuse", IN_WECHAT, null)
                            .headers()
                            .firstValue("Location")
                            .orElseThrow())
                    .endsWith("/callback?state=abc123");
            var second = browse(asked + "&choice=SECOND", IN_WECHAT, null)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            assertThat(merchant.login(exchange(second.replaceFirst(".*code=(\\w+)&.*", "$1")))
                            .getString("openid"))
                    .endsWith("SimulatedP2");
        }

        @Test
        void of_a_mini_program_comes_from_the_phone() {
            var issued =
                    control("login", "{\"app_id\":\"" + merchant.appId + "\"}").json();
            var target = "/sns/jscode2session?appid=" + merchant.appId + "&secret=" + merchant.secret + "&js_code="
                    + issued.getString("login_code") + "&grant_type=authorization_code";

            var session = merchant.login(target);

            assertThat(session.getString("openid")).isEqualTo(issued.getString("openid"));
            assertThat(session.getString("session_key")).isNotEmpty();
            assertThat(merchant.login(target).getInt("errcode")).isEqualTo(40163);
        }

        @Test
        void can_be_busy_and_can_be_a_snapshots() {
            var busy = control("login", "{\"app_id\":\"" + merchant.appId + "\",\"kind\":\"PAGE\",\"errcode\":-1}")
                    .json()
                    .getString("login_code");
            var snapshot = control(
                            "login", "{\"app_id\":\"" + merchant.appId + "\",\"kind\":\"PAGE\",\"snapshot\":true}")
                    .json()
                    .getString("login_code");

            assertThat(merchant.login(exchange(busy)).getInt("errcode")).isEqualTo(-1);
            assertThat(merchant.login(exchange(snapshot)).getInt("is_snapshotuser"))
                    .isEqualTo(1);
        }
    }

    @Nested
    class A_bill {
        String yesterday = Instant.now()
                .atOffset(ZoneOffset.ofHours(8))
                .toLocalDate()
                .minusDays(1)
                .toString();

        String text(String target) throws Exception {
            var offer = merchant.get(target);
            assertThat(offer.status()).as(offer.body()).isEqualTo(200);
            var url = offer.json().getString("download_url");
            var file = merchant.file(url.substring(url.indexOf("/v3/")));
            assertThat(file.headers().firstValue("Wechatpay-Signature")).isEmpty();
            var bytes = file.body();
            if (target.contains("GZIP")) {
                assertThat(file.headers().firstValue("Content-Type").orElse("")).isEqualTo("application/x-gzip");
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            }
            var hash =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
            assertThat(offer.json().getString("hash_value")).isEqualTo(hash);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Test
        void has_what_was_paid_and_what_went_back() throws Exception {
            var number = paid();
            refund(number, number + "-1", 90);
            told(number, "REFUND.SUCCESS");
            age(number, Duration.ofDays(1));

            var all = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=ALL&tar_type=GZIP");
            var success = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=SUCCESS");
            var refunds = text("/v3/bill/tradebill?bill_date=" + yesterday + "&bill_type=REFUND");
            var flows = text("/v3/bill/fundflowbill?bill_date=" + yesterday);

            assertThat(row(all, "交易状态", "SUCCESS", number))
                    .containsAllEntriesOf(Map.of("应结订单金额", "9.90", "手续费", "0.06", "交易类型", "NATIVE"));
            assertThat(row(all, "交易状态", "REFUND", number))
                    .containsAllEntriesOf(Map.of("退款金额", "0.90", "商户退款单号", number + "-1", "退款状态", "SUCCESS"));
            assertThat(row(success, "交易状态", "SUCCESS", number)).doesNotContainKey("退款金额");
            assertThat(row(refunds, "交易状态", "REFUND", number).get("退款成功时间")).startsWith(yesterday);
            assertThat(flows).contains("`收入,`9.90,").contains(number);
        }

        Map<String, String> row(String bill, String column, String value, String number) {
            var lines = List.of(bill.replace("\uFEFF", "").split("\r\n"));
            var names = lines.get(0).split(",");
            return lines.stream()
                    .skip(1)
                    .filter(l -> l.contains(number))
                    .map(l -> {
                        var values = l.split(",", -1);
                        var row = new TreeMap<String, String>();
                        for (int i = 0; i < names.length; i++) row.put(names[i], values[i].replaceFirst("^`", ""));
                        return row;
                    })
                    .filter(r -> r.get(column).equals(value))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(number + " is not in\n" + bill));
        }

        @Test
        void is_not_there_for_today_or_a_day_without_trade() {
            var today = Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate();

            assertThat(merchant.get("/v3/bill/tradebill?bill_date=" + today).code())
                    .isEqualTo("INVALID_REQUEST");
            assertThat(merchant.get("/v3/bill/tradebill?bill_date=" + today.minusDays(60))
                            .code())
                    .isEqualTo("NO_STATEMENT_EXIST");
            assertThat(merchant.get("/v3/bill/fundflowbill?bill_date=" + today.minusDays(60))
                            .code())
                    .isEqualTo("NO_STATEMENT_EXIST");
            assertThat(merchant.get("/v3/bill/tradebill?bill_date=yesterday").code())
                    .isEqualTo("PARAM_ERROR");
        }
    }

    @Nested
    class A_fault {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ANSWER_SYSTEM_ERROR",
                    "ANSWER_HTML",
                    "ANSWER_BADLY_SIGNED",
                    "ANSWER_STALE",
                    "ANSWER_OF_UNKNOWN_SERIAL"
                })
        void spoils_one_answer_and_not_what_was_done(String fault) {
            var number = ApiIT.number();
            dial(number, fault);
            var body = order(ids(), number).build().toString();

            var spoilt = merchant.unverified("POST", "/v3/pay/transactions/native", body);

            assertThat(merchant.believes(spoilt)).isFalse();
            assertThat(query(number).getString("trade_state")).isEqualTo("NOTPAY");
            assertThat(merchant.call("POST", "/v3/pay/transactions/native", body)
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void probes_the_merchant_before_the_real_notification() {
            try (var shop = new MerchantServer()) {
                var number = ApiIT.number();
                dial(number, "NOTIFY_PROBED_FIRST");
                merchant.post(
                        "/v3/pay/transactions/native", order(ids(), number).add("notify_url", shop.url()));

                pay(number);

                Eventually.within(
                        Duration.ofSeconds(5), "both", () -> shop.heard().size() == 2);
                assertThat(shop.heard()
                                .get(0)
                                .headers()
                                .firstValue("Wechatpay-Signature")
                                .orElse(""))
                        .startsWith("WECHATPAY/SIGNTEST/");
                assertThat(merchant.read(shop.heard().get(1)).resource().getString("out_trade_no"))
                        .isEqualTo(number);
            }
        }

        @Test
        void of_the_merchant_does_not_change_what_the_news_was() {
            try (var shop = new MerchantServer()) {
                var number = paid();
                dial(number, "REFUND_ABNORMAL");
                shop.answers(500, "");
                merchant.post(REFUNDS, refundBody(number, number + "-1", 90).add("notify_url", shop.url()));
                Eventually.within(
                        Duration.ofSeconds(8), "first", () -> !shop.heard().isEmpty());

                control("refund", "{\"out_refund_no\":\"" + number + "-1\",\"status\":\"SUCCESS\"}");
                var before = shop.heard().size();
                shop.answers(200, "");

                Eventually.within(
                        Duration.ofSeconds(8),
                        "both",
                        () -> shop.heard().stream()
                                        .skip(before)
                                        .map(h -> merchant.read(h).event())
                                        .distinct()
                                        .count()
                                == 2);
                assertThat(shop.heard())
                        .extracting(h -> merchant.read(h).event())
                        .containsOnly("REFUND.ABNORMAL", "REFUND.SUCCESS");
                assertThat(shop.heard())
                        .filteredOn(h -> merchant.read(h).event().equals("REFUND.ABNORMAL"))
                        .allMatch(h -> !merchant.read(h).resource().containsKey("success_time"));
            }
        }

        @Test
        void of_the_merchant_is_answered_with_the_same_news_again() {
            try (var shop = new MerchantServer()) {
                var number = paid();
                shop.answers(500, "{\"code\":\"FAIL\",\"message\":\"busy\"}");
                merchant.post(REFUNDS, refundBody(number, number + "-1", 90).add("notify_url", shop.url()));
                Eventually.within(
                        Duration.ofSeconds(8), "first", () -> !shop.heard().isEmpty());

                shop.answers(200, "");

                Eventually.within(
                        Duration.ofSeconds(8), "again", () -> shop.heard().size() > 1);
                var first = shop.heard().get(0);
                var last = shop.heard().get(shop.heard().size() - 1);
                assertThat(merchant.read(last).resource())
                        .isEqualTo(merchant.read(first).resource());
                assertThat(merchant.eventOf(last)).isEqualTo(merchant.eventOf(first));
                assertThat(last.headers().firstValue("Wechatpay-Nonce"))
                        .isNotEqualTo(first.headers().firstValue("Wechatpay-Nonce"));
            }
        }
    }

    @Nested
    class The_platforms_key {
        @Test
        void can_be_changed_to_the_certificates_and_back() {
            var own = WechatMerchant.of(node, "sim-wechat-keys", node.merchant("sim-wechat-keys", "test"));
            var target = "/v3/pay/transactions/out-trade-no/unknown1?mchid=" + own.mchId;
            var number = ApiIT.number();
            var body = ids().add("appid", own.appId).add("mchid", own.mchId);
            var order = order(body, number).build().toString();
            assertThat(own.get("/v3/certificates").status()).isEqualTo(404);

            control("signing", "{\"mch_id\":\"" + own.mchId + "\",\"with\":\"CERTIFICATE\"}");
            var under = own.callUnderCertificate("POST", "/v3/pay/transactions/native", order);
            control("signing", "{\"mch_id\":\"" + own.mchId + "\",\"with\":\"PUBLIC_KEY\"}");

            assertThat(under.json().getString("code_url")).startsWith("weixin://");
            assertThat(own.get(target).code()).isEqualTo("ORDER_NOT_EXIST");
            assertThat(own.call("POST", "/v3/pay/transactions/native", order).status())
                    .isEqualTo(200);
        }
    }
}
