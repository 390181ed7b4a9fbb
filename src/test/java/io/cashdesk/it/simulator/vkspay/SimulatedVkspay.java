package io.cashdesk.it.simulator.vkspay;

import static io.cashdesk.testing.VkspayMerchant.fields;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.VkspayMerchant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the tests of the simulated VksPay share: one merchant that calls it over raw HTTP, without our adapter. */
abstract class SimulatedVkspay {
    static Node node;
    static Simulator simulator;
    static VkspayMerchant merchant;
    static MerchantServer receiver;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        if (merchant == null) merchant = VkspayMerchant.open(node);
        receiver = new MerchantServer();
        receiver.answers(200, "success");
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    /** An order of 1 yuan with the fields of both epay versions. */
    static Map<String, String> order(String number, String... more) {
        var order = fields(
                "type", "alipay",
                "out_trade_no", number,
                "notify_url", receiver.url(),
                "return_url", "https://merchant.example/return?shop=1",
                "name", "西湖龙井 & 杯",
                "money", "1.00",
                "param", "table 5",
                "clientip", "203.0.113.7");
        order.putAll(fields(more));
        order.values().removeIf(String::isEmpty);
        return order;
    }

    /** The GET notifications about this order, as soon as there are this many. */
    static List<Map<String, String>> notifications(String number, int times) {
        Eventually.within(
                Duration.ofSeconds(10),
                times + " notifications about " + number,
                () -> received(number).size() >= times);
        return received(number);
    }

    static List<Map<String, String>> received(String number) {
        return receiver.received().stream()
                .map(MerchantServer.Received::target)
                .filter(t -> t.startsWith("GET ") && t.contains("out_trade_no=" + number + "&"))
                .map(t -> VkspayMerchant.decoded(t.substring(t.indexOf('?') + 1)))
                .toList();
    }
}
