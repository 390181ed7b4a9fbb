package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * For each test a merchant of its own, a real server of that merchant, and the management calls about its endpoints.
 */
abstract class WebhookShop {
    Shop shop;
    MerchantServer server;

    @BeforeEach
    void open() {
        shop = new Shop("hook-" + UUID.randomUUID().toString().substring(0, 8));
        server = new MerchantServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    static JsonObjectBuilder endpoint(MerchantServer server) {
        return Json.createObjectBuilder().add("url", server.url()).add("mode", "test");
    }

    String put(String name, JsonObjectBuilder endpoint) {
        var answer = shop.node.manage("PUT", "merchants/" + shop.pid + "/webhooks/" + name, endpoint);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().getString("secret");
    }

    Node.Answer manage(String method, String path, String body) {
        return shop.node.call(
                method, "/api/manage/merchants/" + shop.pid + "/webhooks/" + path, Node.MANAGE_TOKEN, body);
    }

    JsonObject get(String path) {
        var answer = manage("GET", path, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    JsonObject post(String path, String body) {
        var answer = manage("POST", path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    JsonObject state(String name) {
        return get(name).getJsonObject("webhook");
    }

    List<JsonObject> deliveries(String name, String filter) {
        return get(name + "/deliveries" + filter).getJsonArray("deliveries").getValuesAs(JsonObject.class);
    }

    JsonObject delivery(String name, String id) {
        return get(name + "/deliveries/" + id).getJsonObject("delivery");
    }

    /** Sends a test event; the id of its delivery. */
    String test(String name) {
        return post(name + "/test", null).getJsonObject("delivery").getString("id");
    }

    static JsonArray texts(String... texts) {
        return Json.createArrayBuilder(Arrays.asList(texts)).build();
    }

    static void eventually(String what, BooleanSupplier condition) {
        Eventually.within(Duration.ofSeconds(20), what, condition);
    }

    /** Deliveries to the endpoints whose names begin so are queued from now on, as after {@code Retry-After}. */
    void pause(String names) {
        pausedUntil("now() + interval '1 hour'", names);
    }

    /** They are delivered from now on. */
    void resume(String names) {
        pausedUntil("null", names);
    }

    private void pausedUntil(String time, String names) {
        TestDatabase.execute(shop.node.dbUrl(), """
                update webhook_endpoint
                set paused_until = %s
                where name like '%s%%' and merchant_id = (select id from merchant where pid = '%s')
                """.formatted(time, names, shop.pid));
    }

    MerchantServer endpointWithDelivery(String name) {
        var other = new MerchantServer();
        put(name, endpoint(other));
        test(name);
        return other;
    }

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
