package io.cashdesk.it.simulator.wxpay.v2;

import static io.cashdesk.testing.WechatV2Merchant.HMAC;
import static io.cashdesk.testing.WechatV2Merchant.MD5;
import static io.cashdesk.testing.WechatV2Merchant.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * What the tests of the simulated WeChat Pay API v2 share: one merchant, once for each signature method, that calls it
 * with the JDK alone.
 */
abstract class SimulatedWxpayV2 {
    static Node node;
    static Simulator simulator;
    static JsonObject account;
    static WechatV2Merchant md5;
    static WechatV2Merchant hmac;
    static MerchantServer receiver;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        if (account == null) account = WechatV2Merchant.newNode(node);
        md5 = new WechatV2Merchant(account, MD5);
        hmac = new WechatV2Merchant(account, HMAC);
        receiver = new MerchantServer();
        receiver.answers(200, "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>");
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    static SortedMap<String, String> order(String number, String... more) {
        var order = fields(
                "body", "西湖龙井 & 杯",
                "out_trade_no", number,
                "total_fee", "990",
                "spbill_create_ip", "203.0.113.7",
                "notify_url", receiver.url(),
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

    static void pay(String number) {
        simulator.pay(number);
    }

    static void setFault(String number, String fault) {
        simulator.setFault(number, fault);
    }

    static void age(String number, Duration by) {
        simulator.age(number, by);
    }

    static String paid(WechatV2Merchant merchant) {
        var number = Shop.number();
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
                receiver.url());
        refund.putAll(fields(more));
        return md5.call("/secapi/pay/refund", array(refund));
    }

    static SortedMap<String, String> notification(String text) {
        Eventually.within(
                Duration.ofSeconds(10),
                text,
                () -> receiver.received().stream().anyMatch(h -> h.body().contains(text)));
        var body = receiver.received().stream()
                .filter(h -> h.body().contains(text))
                .findFirst()
                .orElseThrow()
                .body();
        return WechatV2Merchant.read(body, "xml");
    }
}
