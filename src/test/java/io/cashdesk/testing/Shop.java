package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.UUID;

/** A merchant that sells tea, in test mode unless another is given, and the wallets of its payers. */
public final class Shop {
    public static final String IPHONE =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";

    public final Node node = Nodes.shared();
    public final Simulator simulator = new Simulator(node);
    public final String pid;
    public final String key;

    public Shop(String pid) {
        this(pid, "test");
    }

    public Shop(String pid, String mode) {
        this.pid = pid;
        this.key = node.merchant(pid, mode);
    }

    public static String number() {
        return "T" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    }

    public static JsonObjectBuilder order(String number) {
        return Json.createObjectBuilder()
                .add("out_trade_no", number)
                .add("total_fee", 990)
                .add("subject", "西湖龙井")
                .add("type", "goods");
    }

    public Node.Answer create(String provider, JsonValue context, JsonObjectBuilder data) {
        var body = Json.createObjectBuilder().add("data", data);
        if (provider != null) body.add("provider", provider);
        if (context != JsonValue.NULL) body.add("context", context);
        return node.pay("createPayment", key, body.build().toString());
    }

    public static JsonObject on(String platform, String userAgent) {
        return Json.createObjectBuilder()
                .add("PLATFORM", platform)
                .add("CLIENTUA", userAgent)
                .add("CLIENTIP", "203.0.113.7")
                .build();
    }

    /** An order of 9.90 yuan, paid with a QR code; its number. */
    public String paid(String provider) {
        var number = number();
        assertThat(node.createPayment(key, provider, number, 990).json().getInt("code"))
                .isZero();
        pay(number);
        untilPaid(number);
        return number;
    }

    public void pay(String number) {
        simulator.pay(number);
    }

    public void untilPaid(String number) {
        Eventually.within(
                Duration.ofSeconds(10), number + " is paid", () -> query(number).getBoolean("orderPaid", false));
    }

    public JsonObject query(String number) {
        return node.queryPayment(key, number, "");
    }

    public void setFault(String number, String fault) {
        simulator.setFault(number, fault);
    }

    public Node.Answer call(String call, String body) {
        return node.pay(call, key, body);
    }
}
