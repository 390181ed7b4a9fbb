package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.WechatMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * What the tests of the simulated WeChat Pay (API v3) share: one merchant, its calls and those of a payer's wallet and
 * browser over raw HTTP, without a line of our adapter.
 */
abstract class SimulatedWxpay {
    static final HttpClient BROWSER =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final String PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Mobile/15E148";
    static final String IN_WECHAT = PHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";

    static final String REFUNDS = "/v3/refund/domestic/refunds";

    static Node node;
    static Simulator simulator;
    static WechatMerchant merchant;
    static MerchantServer receiver;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        if (merchant == null) merchant = WechatMerchant.of(node, "sim-wechat", node.merchant("sim-wechat", "test"));
        receiver = new MerchantServer();
    }

    @AfterAll
    static void close() {
        receiver.close();
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
                .add("notify_url", receiver.url())
                .add("attach", "table 5")
                .add("amount", Json.createObjectBuilder().add("total", 990).add("currency", "CNY"));
    }

    static JsonObjectBuilder payer(String name, String openid) {
        return Json.createObjectBuilder().add(name, openid);
    }

    static String openid(String appId) {
        return "o" + appId.substring(2) + "Payer001-_1";
    }

    static JsonObjectBuilder mobilePage() {
        return Json.createObjectBuilder()
                .add("payer_client_ip", "203.0.113.7")
                .add("h5_info", Json.createObjectBuilder().add("type", "Wap"));
    }

    /** A paid order; its number. */
    static String paid() {
        var number = Shop.number();
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
        return simulator.call(call, body);
    }

    static void pay(String number) {
        simulator.pay(number);
    }

    static void setFault(String number, String fault) {
        simulator.setFault(number, fault);
    }

    static void age(String number, Duration by) {
        simulator.age(number, by);
    }

    static WechatMerchant.Notification notification(String number, String event) {
        Eventually.within(Duration.ofSeconds(10), event, () -> findNotification(number, event) != null);
        return findNotification(number, event);
    }

    static WechatMerchant.Notification findNotification(String number, String event) {
        return receiver.received().stream()
                .map(merchant::read)
                .filter(t -> t.event().equals(event)
                        && t.resource().getString("out_trade_no").equals(number))
                .findFirst()
                .orElse(null);
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
        return merchant.post(REFUNDS, refundBody(number, refundNo, fen).add("notify_url", receiver.url()));
    }

    static String state(String refundNo) {
        return merchant.get(REFUNDS + "/" + refundNo).json().getString("status");
    }

    static JsonObject records(String number) {
        return simulator.records(number);
    }
}
