package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.OneLanguage;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation, called with a wrong value in each of its fields: each message is wholly in one language. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LanguageIT {
    private static final JsonArray WRONG = array("""
            [7, -1, 1.5, "", "wrong_words", "无效", true, {}, {"a b": 1}, [], [1], null]""");

    private static final String PAY = "/api/pay/";
    private static final String MERCHANT = "/api/manage/merchants/language-it";

    static Shop shop;
    static String number;

    @BeforeAll
    static void open() {
        shop = new Shop("language-it");
        number = shop.paid("wxpay");
        shop.node.manage("PUT", "merchants/language-it/webhooks/mine", object("""
                {"url": "http://localhost:9/", "mode": "test"}"""));
    }

    private static JsonObjectBuilder object(String text) {
        return Json.createObjectBuilder(json(text));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static JsonArray array(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readArray();
        }
    }

    private static Node.Answer call(String method, String path, String body, String language) {
        var key = path.startsWith("/api/manage") ? Node.MANAGE_TOKEN : shop.key;
        var request = HttpRequest.newBuilder(shop.node.base().resolve(path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (language != null) request.header("Accept-Language", language);
        return Node.send(request.build());
    }

    /** Bodies with one wrong value, or with one field more, at every place of this body. */
    private static List<JsonObject> wrong(JsonObject right) {
        var bodies = new ArrayList<JsonObject>();
        bodies.add(Json.createObjectBuilder(right).add("not_a_field", 1).build());
        for (var name : right.keySet()) {
            bodies.add(Json.createObjectBuilder(right).remove(name).build());
            for (var value : WRONG)
                bodies.add(Json.createObjectBuilder(right).add(name, value).build());
            if (right.get(name) instanceof JsonObject nested) {
                for (var each : wrong(nested))
                    bodies.add(Json.createObjectBuilder(right).add(name, each).build());
            }
        }
        return bodies;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                PAY
                        + "createPayment | {'provider': 'wxpay', 'needQRcode': true, 'isPC': true, 'alipayAppPayToH5Pay': true,"
                        + " 'context': {'PLATFORM': 'h5', 'CLIENTUA': 'x', 'CLIENTIP': '203.0.113.7', 'APPID': 'x'},"
                        + " 'data': {'out_trade_no': 'LANG1', 'total_fee': 990, 'subject': 'Tea', 'type': 'goods', 'openid': 'o',"
                        + " 'auth_code': '123', 'store_id': 's', 'return_url': 'http://localhost/', 'custom': {'a': 1}, 'other': {'attach': 'x'},"
                        + " 'sub_mchid': '1', 'sub_appid': 'wx1', 'app_auth_token': 't', 'user_id': 'u', 'nickname': 'n', 'body': 'b',"
                        + " 'time_expire': 1, 'pid': 'language-it'}}",
                PAY + "createPayment | {'provider': 'alipay', 'context': {'PLATFORM': 'mp-alipay'},"
                        + " 'data': {'out_trade_no': 'LANG2', 'total_fee': 990, 'subject': 'Tea', 'type': 'goods', 'openid': '',"
                        + " 'other': {'seller_id': '1', 'body': 'x', 'out_trade_no': 'y'}}}",
                PAY
                        + "createPayment | {'data': {'out_trade_no': 'LANG3', 'total_fee': 990, 'subject': 'Tea', 'type': 'goods', 'auth_code': '99'}}",
                PAY
                        + "createCheckout | {'data': {'out_trade_no': 'LANG4', 'total_fee': 990, 'subject': 'Tea', 'type': 'goods',"
                        + " 'return_url': 'http://localhost/', 'custom': {'total_fee': 1}, 'time_expire': 1}, 'providers': ['wxpay']}",
                PAY
                        + "queryPayment | {'out_trade_no': 'LANG5', 'transaction_id': '1', 'await_notify': false, 'await_max_time': 1, 'pay_order_info': true, 'pid': 'x'}",
                PAY + "closePayment | {'out_trade_no': 'LANG6', 'pid': 'x'}",
                PAY
                        + "refund | {'out_trade_no': '@', 'out_refund_no': 'a b', 'refund_fee': 1000000, 'refund_desc': 'x', 'pid': 'language-it'}",
                PAY + "refund | {'out_trade_no': '@', 'refund_fee': 1000000}",
                PAY + "queryRefund | {'out_trade_no': '@', 'out_refund_no': 'X', 'pid': 'language-it'}",
                PAY + "getOpenid | {'provider': 'wxpay', 'code': 'x', 'platform': 'app-plus', 'pid': 'language-it'}",
                "/http/vk-pay | {'action': 'nothing', 'data': {'a': 1}}",
                "/http/vk-pay | {'action': 'createPayment', 'data': {'provider': 'wxpay', 'needQRcode': true,"
                        + " 'data': {'out_trade_no': 'LANG7', 'total_fee': 1, 'subject': 'x', 'type': 'goods', 'time_expire': 1}}}",
                "/http/vk-pay | {'action': 'code2SessionWeixin', 'data': {'code': 'x'}}",
                "/api/cloudPay/unifiedOrder | {'functionName': 'mine', 'envId': 'e', 'subMchId': '1', 'outTradeNo': 'LANG8', 'body': 'x',"
                        + " 'totalFee': 1, 'spbillCreateIp': '203.0.113.7', 'tradeType': 'JSAPI', 'openid': 'o', 'timeExpire': '20200101000000',"
                        + " 'detail': {'goodsDetail': [1]}, 'sceneInfo': {'storeInfo': {'name': 'x'}}, 'limitPay': 'x', 'attach': 'x'}",
                "/api/cloudPay/queryOrder | {'subMchId': '1', 'outTradeNo': 'LANG8', 'transactionId': '1'}",
                "/api/cloudPay/closeOrder | {'subMchId': '1', 'outTradeNo': 'LANG8'}",
                "/api/cloudPay/refund | {'functionName': 'mine', 'envId': 'e', 'subMchId': '1', 'outTradeNo': 'LANG8', 'outRefundNo': 'R',"
                        + " 'totalFee': 1, 'refundFee': 1}",
                "/api/cloudPay/queryRefund | {'subMchId': '1', 'outTradeNo': 'LANG8', 'offset': 1}",
                "/api/cloudPay/downloadBill | {'subMchId': '1', 'billDate': '2020', 'billType': 'x'}",
                "PUT " + MERCHANT
                        + " | {'name': 'Tea', 'return_urls': ['ftp://x'], 'origins': ['x'], 'late_payment': 'x', 'duplicate_payment': 'x',"
                        + " 'branding': {'accent': 'red', 'logo': 'x'}}",
                "PUT /api/manage/merchants/a%20b | {'name': 'Tea'}",
                "PUT " + MERCHANT
                        + "/providers | {'_id': 'x', 'wxpay': {'h5': {'appId': 'wx1', 'mchId': '1', 'v3Key': 'short', 'gateway': 'ftp://x'}},"
                        + " 'alipay': {'h5': {'appId': '1', 'privateKey': 'x', 'alipayPublicKey': 'y'}}, 'alipayAppPayToH5Pay': true, 'huawei': {}}",
                MERCHANT + "/keys | {'mode': 'x', 'kind': 'x', 'name': 'x'}",
                "/api/manage/keys | {'mode': 'test', 'kind': 'secret', 'name': 'x', 'pids': ['nothing here']}",
                "PUT " + MERCHANT
                        + "/webhooks/mine | {'url': 'x', 'secret': 'x', 'events': ['x'], 'types': ['x'], 'mode': 'live', 'format': 'x', 'env_id': 'x'}",
                "PUT " + MERCHANT + "/webhooks/a%20b | {'url': 'http://localhost:9/', 'mode': 'test'}",
                MERCHANT + "/webhooks/mine/rotate | {'secret': 'x', 'grace_seconds': -1}",
                MERCHANT + "/webhooks/mine/resend | {'from': 1, 'to': 2, 'acknowledged_too': true, 'after': 'x'}",
                MERCHANT + "/webhooks/nothing/test | {}",
                MERCHANT
                        + "/orders/@/decisions | {'mode': 'test', 'decision': 'settle', 'receipt': 'x', 'reasons': ['x'], 'note': 'x', 'by': 'x'}",
                "/simulator/dial | {'out_trade_no': 'x', 'faults': ['x']}",
                "/simulator/age | {'out_trade_no': 'x', 'seconds': 0}",
                "/simulator/refund | {'out_refund_no': 'x', 'status': 'x'}",
                "/simulator/signing | {'mch_id': 'x', 'with': 'x'}",
                "/simulator/login | {'app_id': 'x', 'kind': 'x', 'payer': 'x', 'snapshot': 1, 'errcode': 'x'}"
            })
    void a_wrong_value_is_refused_in_one_language(String call, String body) {
        var method = call.startsWith("PUT ") ? "PUT" : "POST";
        var path = call.replace("PUT ", "").replace("@", number);
        var right = json(body.replace('\'', '"').replace("@", number));
        var refused = 0;
        for (var wrong : wrong(right)) {
            refused += check(method, path, wrong.toString(), null) ? 1 : 0;
            check(method, path, wrong.toString(), "en-GB,zh;q=0.5");
        }

        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/webhooks/mine/deliveries?state=x",
                "/webhooks/mine/deliveries?from=x",
                "/webhooks/mine/deliveries?before=x",
                "/webhooks/mine/deliveries?limit=0",
                "/webhooks/mine/deliveries?nothing=1",
                "/webhooks/mine/deliveries/x",
                "/webhooks/nothing",
                "/needs-person?mode=x",
                "/needs-person?cursor=x",
                "/handlers/x/y",
                "/handlers/test/nothing",
                "/nothing"
            })
    void a_wrong_parameter_is_refused_in_one_language(String path) {
        for (var language : new String[] {null, "en"}) {
            var request = HttpRequest.newBuilder(shop.node.base().resolve(MERCHANT + path))
                    .header("Authorization", "Bearer " + Node.MANAGE_TOKEN);
            if (language != null) request.header("Accept-Language", language);
            var answer = Node.send(request.build());

            assertThat(answer.status()).isGreaterThanOrEqualTo(400);
            requireOneLanguage(path, answer.json(), language != null);
        }
    }

    /** Whether it was refused; if so, its texts are in the right language. */
    private static boolean check(String method, String path, String body, String language) {
        var answer = call(method, path, body, language);
        var what = method + " " + path + " " + body;
        assertThat(answer.status()).as(what).isNotEqualTo(500);
        var json = answer.json();
        if (path.startsWith("/api/cloudPay")) {
            var text = json.getString("errCodeDes", json.getString("returnMsg", ""));
            if (text.equals("OK")) return false;
            requireLanguage(what, text, language != null);
            return true;
        }
        if (json.getInt("code") <= 0) return false;
        requireOneLanguage(what, json, language != null);
        return true;
    }

    private static void requireOneLanguage(String what, JsonObject problem, boolean english) {
        requireLanguage(what, problem.getString("msg"), english);
        requireLanguage(what, problem.getString("detail"), true);
        requireLanguage(what, problem.getString("title"), true);
    }

    private static void requireLanguage(String what, String text, boolean english) {
        if (english) {
            assertThat(OneLanguage.chinese(text)).as(text + " for " + what).isEmpty();
        } else {
            assertThat(OneLanguage.english(text)).as(text + " for " + what).isEmpty();
            assertThat(text).as(what).matches("(?s).*\\p{IsHan}.*");
        }
    }

    @Test
    void a_body_that_cannot_be_read_is_refused_in_one_language() {
        for (var body : new String[] {
            "", "[]", "{", "{\"x1\": 1, \"x1\": 2}", "\"text\"", "{\"x1\": \"\\u0000\"}", "x".repeat(70_000)
        }) {
            for (var path : new String[] {"/api/pay/refund", "/http/vk-pay", "/api/cloudPay/refund"}) {
                check("POST", path, body, null);
                check("POST", path, body, "fr,en;q=0.8");
            }
            check("PUT", MERCHANT, body, null);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "en-GB,zh|q=0.5; true",
                "zh-CN,en; false",
                "*; false",
                "fr,en|q=0.8; true",
                "fr; false",
                "en|q=0; false"
            })
    void each_api_reads_accept_language_by_quality(String header, boolean english) {
        for (var path :
                new String[] {"/api/pay/closePayment", "/http/vk-pay", "/api/manage/keys", "/api/cloudPay/closeOrder"
                }) {
            var answer =
                    call("POST", path, "{\"foo\": 1}", header.replace('|', ';')).json();
            var text = answer.getString("msg", answer.getString("errCodeDes", ""));

            assertThat(text.codePoints().anyMatch(Character::isIdeographic))
                    .as(path + text)
                    .isEqualTo(!english);
        }
    }
}
