package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.UUID;

/** A merchant in test mode who sells tea, and the payers' wallets on the other side. */
final class Shop {
    static final String IPHONE =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";

    final Node node = Nodes.shared();
    final String pid;
    final String key;

    Shop(String pid) {
        this(pid, "test");
    }

    Shop(String pid, String mode) {
        this.pid = pid;
        this.key = node.merchant(pid, mode);
    }

    static String number() {
        return "T" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    static JsonObjectBuilder order(String number) {
        return Json.createObjectBuilder()
                .add("out_trade_no", number)
                .add("total_fee", 990)
                .add("subject", "西湖龙井")
                .add("type", "goods");
    }

    Node.Answer create(String provider, JsonValue context, JsonObjectBuilder data) {
        var body = Json.createObjectBuilder().add("data", data);
        if (provider != null) body.add("provider", provider);
        if (context != JsonValue.NULL) body.add("context", context);
        return node.pay("createPayment", key, body.build().toString());
    }

    static JsonObject on(String platform, String userAgent) {
        return Json.createObjectBuilder()
                .add("PLATFORM", platform)
                .add("CLIENTUA", userAgent)
                .add("CLIENTIP", "203.0.113.7")
                .build();
    }

    /** An order of 9.90 yuan, paid by scanning. */
    String paid(String provider) {
        var number = number();
        assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                .isZero();
        pay(number);
        untilPaid(number);
        return number;
    }

    void pay(String number) {
        assertThat(node.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}")
                        .json()
                        .getBoolean("paid"))
                .isTrue();
    }

    void untilPaid(String number) {
        Eventually.within(
                Duration.ofSeconds(10), number + " is paid", () -> query(number).getBoolean("orderPaid"));
    }

    JsonObject query(String number) {
        return node.queryPayment(key, number, "");
    }

    void dial(String number, String fault) {
        var answer = node.simulator("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[\"" + fault + "\"]}");
        assertThat(answer.status()).isEqualTo(200);
    }

    Node.Answer call(String call, String body) {
        return node.pay(call, key, body);
    }
}
