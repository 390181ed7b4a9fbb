package io.cashdesk.it;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/** Calls with an Idempotency-Key, by two merchants. */
abstract class KeyedCalls {
    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    static Shop shop;
    static Shop other;

    @BeforeAll
    static void open() {
        shop = new Shop("once-it");
        other = new Shop("once-it-too");
    }

    static String key() {
        return UUID.randomUUID().toString();
    }

    static HttpResponse<String> post(String path, String bearer, String key, String body) {
        var request = HttpRequest.newBuilder(shop.node.base().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpResponse<String> call(String call, String key, String body) {
        return post("/api/pay/" + call, shop.key, key, body);
    }

    static JsonObject json(HttpResponse<String> answer) {
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    static boolean replayed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotent-Replayed").orElse("").equals("true");
    }

    static String refund(String number, long fen) {
        return "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":" + fen + "}";
    }

    static String create(String number) {
        return "{\"provider\":\"wxpay\",\"needQRcode\":\"image\",\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"}}";
    }

    static String checkout(String number) {
        return "{\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"}}";
    }

    static long count(String sql, Object... parameters) {
        return TestDatabase.number(shop.node.dbUrl(), sql, parameters);
    }

    static long refunds(String number) {
        return count(
                "select count(*) from refund r join pay_order o on o.id = r.order_id where o.out_trade_no = ?", number);
    }

    static void execute(String sql) {
        TestDatabase.execute(shop.node.dbUrl(), sql);
    }

    static HttpResponse<String> manage(String path, String key, String body) {
        return post("/api/manage/" + path, Node.MANAGE_TOKEN, key, body);
    }
}
