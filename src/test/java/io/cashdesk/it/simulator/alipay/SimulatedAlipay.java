package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * What the tests of the simulated Alipay share: one merchant, the calls of a merchant and of a payer's browser over raw
 * HTTP, without a line of our adapter.
 */
abstract class SimulatedAlipay {
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
    static Simulator simulator;
    static AlipayMerchant merchant;
    static MerchantServer receiver;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        if (merchant == null) merchant = AlipayMerchant.of(node, "sim-alipay", node.merchant("sim-alipay", "test"));
        receiver = new MerchantServer();
        receiver.answers(200, "success");
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

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

    static JsonObjectBuilder paymentCode(String number, String code) {
        return order(number).add("scene", "bar_code").add("auth_code", code);
    }

    static String code(String tail) {
        return "28" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
    }

    static Map<String, String> notifyUrl() {
        return Map.of("notify_url", receiver.url());
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

    /** A paid order of 9.90 yuan, whose payment has been notified; its number. */
    static String paid() {
        var number = Shop.number();
        assertThat(merchant.call(PRECREATE, order(number), notifyUrl()).code()).isEqualTo("10000");
        pay(number);
        notifications(number, 1);
        return number;
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

    static List<Map<String, String>> received(String number) {
        return receiver.received().stream()
                .map(MerchantServer.Received::body)
                .filter(b -> b.contains("out_trade_no=" + number + "&"))
                .map(merchant::read)
                .toList();
    }

    /** The notifications about this order, as soon as there are this many. */
    static List<Map<String, String>> notifications(String number, int times) {
        Eventually.within(
                Duration.ofSeconds(10),
                times + " notifications about " + number,
                () -> received(number).size() >= times);
        var received = received(number);
        assertThat(received).hasSize(times);
        return received;
    }

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

    static HttpResponse<String> openPage(String method, JsonObjectBuilder content, String returnUrl) {
        var more = Map.of("notify_url", receiver.url(), "return_url", returnUrl);
        return open("/simulator/alipay/gateway.do?" + merchant.orderText(method, content, more));
    }

    static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** The code of the wallet page to which this answer redirects. */
    static String walletCode(HttpResponse<String> answer) {
        return URI.create(location(answer)).getRawQuery();
    }

    /** The address to which a page redirects the browser. */
    static String redirectOf(HttpResponse<String> page) {
        var html = page.body();
        var mark = "content=\"1;url=";
        assertThat(html).contains(mark);
        var from = html.indexOf(mark) + mark.length();
        return html.substring(from, html.indexOf('"', from)).replace("&amp;", "&");
    }
}
