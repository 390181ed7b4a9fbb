package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that come twice under one Idempotency-Key, from outside. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotencyIT {
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

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static HttpResponse<String> post(String path, String bearer, String key, String body) {
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

    private static HttpResponse<String> call(String call, String key, String body) {
        return post("/api/pay/" + call, shop.key, key, body);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    private static boolean replayed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotent-Replayed").orElse("").equals("true");
    }

    private static String refund(String number, long fen) {
        return "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":" + fen + "}";
    }

    private static String create(String number) {
        return "{\"provider\":\"wxpay\",\"needQRcode\":\"image\",\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"}}";
    }

    private static String checkout(String number) {
        return "{\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"goods\"}}";
    }

    private static long count(String sql, Object... parameters) {
        return TestDatabase.number(shop.node.dbUrl(), sql, parameters);
    }

    private static long refunds(String number) {
        return count(
                "select count(*) from refund r join pay_order o on o.id = r.order_id where o.out_trade_no = ?", number);
    }

    private static void execute(String sql) {
        TestDatabase.execute(shop.node.dbUrl(), sql);
    }

    @Test
    void a_repeated_refund_is_given_once_and_answered_twice_byte_for_byte() {
        var number = shop.paid("wxpay");
        var key = key();

        var first = call("refund", key, refund(number, 100));
        var second = call("refund", key, refund(number, 100));
        var unkeyed = shop.call("refund", refund(number, 100));

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(replayed(first)).isFalse();
        assertThat(replayed(second)).isTrue();
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(unkeyed.status()).isEqualTo(200);
        assertThat(refunds(number)).isEqualTo(2);
    }

    @Test
    void payments_checkouts_and_closings_are_answered_twice_byte_for_byte() {
        var number = Shop.number();
        for (var made : new String[][] {
            {"createCheckout", checkout(number)},
            {"createPayment", create(number)},
            {"closePayment", "{\"out_trade_no\":\"" + number + "\"}"}
        }) {
            var key = key();

            var first = call(made[0], key, made[1]);
            var second = call(made[0], key, made[1]);

            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(replayed(second)).as(made[0]).isTrue();
            assertThat(second.body()).isEqualTo(first.body());
        }
    }

    @Test
    void a_decision_against_the_caller_stands() {
        var number = shop.paid("wxpay");
        var key = key();

        var first = call("refund", key, refund(number, 991));
        var second = call("refund", key, refund(number, 991));

        assertThat(first.statusCode()).isEqualTo(422);
        assertThat(json(first).getInt("code")).isEqualTo(2015);
        assertThat(replayed(second)).isTrue();
        assertThat(second.statusCode()).isEqualTo(422);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Test
    void ten_at_once_are_one_refund() {
        var number = shop.paid("wxpay");
        var key = key();

        var answers = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> call("refund", key, refund(number, 50))))
                .limit(10)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(refunds(number)).isEqualTo(1);
        assertThat(answers)
                .allMatch(a -> a.statusCode() == 200 || json(a).getInt("code") == 2019)
                .filteredOn(a -> a.statusCode() == 200)
                .isNotEmpty()
                .extracting(HttpResponse::body)
                .containsOnly(call("refund", key, refund(number, 50)).body());
        assertThat(answers.stream().filter(a -> a.statusCode() == 409))
                .allMatch(a -> a.headers().firstValue("Retry-After").isPresent());
        assertThat(answers.stream().filter(a -> a.statusCode() == 200 && !replayed(a)))
                .hasSize(1);
    }

    @Test
    void the_same_key_for_another_body_or_call_is_refused() {
        var number = shop.paid("wxpay");
        var key = key();
        call("refund", key, refund(number, 100));

        var otherBody = call("refund", key, refund(number, 101));
        var otherCall = call("closePayment", key, refund(number, 100));

        assertThat(otherBody.statusCode()).isEqualTo(422);
        assertThat(json(otherBody).getInt("code")).isEqualTo(2018);
        assertThat(json(otherBody).getString("detail")).contains("another body");
        assertThat(json(otherCall).getInt("code")).isEqualTo(2018);
        assertThat(json(otherCall).getString("detail")).contains("another call (refund)");
        assertThat(refunds(number)).isEqualTo(1);
    }

    @Test
    void a_mistake_leaves_the_key_free() {
        var number = shop.paid("wxpay");
        var key = key();

        var mistake = call("refund", key, refund(number, 0));
        var meant = call("refund", key, refund(number, 100));

        assertThat(mistake.statusCode()).isEqualTo(400);
        assertThat(meant.statusCode()).as(meant.body()).isEqualTo(200);
        assertThat(replayed(meant)).isFalse();
    }

    @Test
    void a_providers_failure_is_not_kept_and_the_next_try_is_the_same_refund() {
        var number = shop.paid("wxpay");
        var key = key();
        shop.dial(number, "REFUND_NOT_ENOUGH");

        var refused = call("refund", key, refund(number, 100));
        shop.node.simulator("dial", "{\"out_trade_no\":\"" + number + "\",\"faults\":[]}");
        var other = call("refund", key, refund(number, 101));
        var again = call("refund", key, refund(number, 100));

        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(json(other).getInt("code")).as("the key stands for its call").isEqualTo(2018);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(replayed(again)).isFalse();
        assertThat(refunds(number)).isEqualTo(1);
    }

    @Test
    void a_node_that_died_holds_the_key_until_its_lease_ends_and_then_the_same_refund_goes_on() {
        var number = shop.paid("wxpay");
        var key = key();
        var first = call("refund", key, refund(number, 100));
        var died = "update idempotency_key set claim = seed, status = null, media_type = null, answer = null,"
                + " lease_until = now() + interval '%s seconds' where key = '" + key + "'";

        execute(died.formatted("30")); // as if it had been killed between the refund and its answer
        var meanwhile = call("refund", key, refund(number, 100));
        execute(died.formatted("-1"));
        var afterwards = call("refund", key, refund(number, 100));

        assertThat(meanwhile.statusCode()).isEqualTo(409);
        assertThat(json(meanwhile).getInt("code")).isEqualTo(2019);
        assertThat(meanwhile.headers().firstValue("Retry-After")).isPresent();
        assertThat(afterwards.statusCode()).as(afterwards.body()).isEqualTo(200);
        assertThat(replayed(afterwards)).isFalse();
        assertThat(json(afterwards).getString("out_refund_no"))
                .isEqualTo(json(first).getString("out_refund_no"));
        assertThat(refunds(number)).isEqualTo(1);
    }

    @Test
    void after_a_day_the_key_is_new_and_its_row_deleted() {
        var number = shop.paid("wxpay");
        var key = key();
        var forgotten = key();
        call("refund", key, refund(number, 100));
        call("refund", forgotten, refund(number, 50));
        execute("update idempotency_key set created_at = now() - interval '25 hours' where key in ('" + key + "', '"
                + forgotten + "')");

        var dayAfter = call("refund", key, refund(number, 100));
        execute("update recurring_tasks set execution_time = now() where task_name = 'forget-idempotency-keys'");

        assertThat(dayAfter.statusCode()).isEqualTo(200);
        assertThat(replayed(dayAfter)).isFalse();
        assertThat(refunds(number)).isEqualTo(3);
        Eventually.within(
                Duration.ofSeconds(15),
                "the old row is deleted",
                () -> count("select count(*) from idempotency_key where key = ?", forgotten) == 0);
        assertThat(count("select count(*) from idempotency_key where key = ?", key))
                .isEqualTo(1);
    }

    @Test
    void a_key_belongs_to_one_merchant() {
        var number = Shop.number();
        var key = key();

        var ours = call("createCheckout", key, checkout(number));
        var theirs = post("/api/pay/createCheckout", other.key, key, checkout(number));

        assertThat(theirs.statusCode()).isEqualTo(200);
        assertThat(replayed(theirs)).isFalse();
        assertThat(json(theirs).getString("checkout_url"))
                .isNotEqualTo(json(ours).getString("checkout_url"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", " ", "", "LONG"})
    void a_key_that_is_not_1_to_255_visible_ascii_characters_is_refused(String key) {
        var number = Shop.number();

        var answer = call("createCheckout", key.equals("LONG") ? "k".repeat(256) : key, checkout(number));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).getInt("code")).isEqualTo(1116);
        assertThat(count("select count(*) from pay_order where out_trade_no = ?", number))
                .isZero();
    }

    @Test
    void the_longest_key_is_taken() {
        assertThat(call("createCheckout", key() + "~".repeat(219), checkout(Shop.number()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_question_is_asked_afresh_whatever_key_it_carries() {
        var number = Shop.number();
        var key = key();
        shop.node.createPayment(shop.key, "wxpay", number, 990);
        var before = call("queryPayment", key, "{\"out_trade_no\":\"" + number + "\"}");

        shop.pay(number);
        shop.untilPaid(number);
        var after = call("queryPayment", key, "{\"out_trade_no\":\"" + number + "\"}");

        assertThat(json(before).getBoolean("orderPaid")).isFalse();
        assertThat(json(after).getBoolean("orderPaid")).isTrue();
    }

    @Test
    void neither_a_wrong_key_nor_a_broken_body_takes_one() {
        var key = key();

        var stranger = post("/api/pay/refund", "sk_test_nobody", key, "{}");
        var broken = call("refund", key, "{");

        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(json(broken).getInt("code")).isEqualTo(1103);
        assertThat(count("select count(*) from idempotency_key where key = ?", key))
                .isZero();
    }

    @Test
    void the_body_itself_and_secrets_are_not_kept() {
        var key = key();

        call("createCheckout", key, checkout("T" + "0123456789abcdef"));

        var row = TestDatabase.text(
                shop.node.dbUrl(), "select to_jsonb(k)::text from idempotency_key k where key = ?", key);
        assertThat(row).contains("body_hash").doesNotContain("subject", "茶", shop.key);
    }

    private static HttpResponse<String> manage(String path, String key, String body) {
        return post("/api/manage/" + path, Node.MANAGE_TOKEN, key, body);
    }

    @Test
    void a_merchants_key_is_made_once_and_told_twice_and_its_answer_is_sealed() {
        var key = key();
        var made = "select count(*) from api_key where name = '" + key + "'";

        var first = manage("merchants/once-it/keys", key, "{\"mode\":\"test\",\"name\":\"" + key + "\"}");
        var second = manage("merchants/once-it/keys", key, "{\"mode\":\"test\",\"name\":\"" + key + "\"}");
        var other = manage("merchants/once-it/keys", key, "{\"mode\":\"live\",\"name\":\"" + key + "\"}");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(replayed(second)).isTrue();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(count(made)).isEqualTo(1);
        assertThat(json(other).getInt("code")).isEqualTo(2018);
        var row = TestDatabase.text(
                shop.node.dbUrl(), "select to_jsonb(k)::text from idempotency_key k where key = ?", key);
        assertThat(row)
                .contains("manage/merchants/once-it/keys")
                .doesNotContain(json(first).getString("key"));
    }

    @Test
    void a_secret_is_rotated_once_and_calls_without_a_body_have_keys_too() {
        shop.node.manage(
                "PUT",
                "merchants/once-it/webhooks/once",
                Json.createObjectBuilder()
                        .add("url", "https://shop.example/hook")
                        .add("mode", "test"));
        var rotate = key();
        var disable = key();

        var first = manage("merchants/once-it/webhooks/once/rotate", rotate, "{}");
        var second = manage("merchants/once-it/webhooks/once/rotate", rotate, "{}");
        var off = manage("merchants/once-it/webhooks/once/disable", disable, "");
        var on = manage("merchants/once-it/webhooks/once/enable", disable, "");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(json(second).getString("secret")).isEqualTo(json(first).getString("secret"));
        assertThat(off.statusCode()).as(off.body()).isEqualTo(200);
        assertThat(json(on).getString("detail")).contains("another call");
    }

    @Test
    void a_stranger_takes_no_key_of_the_management_api() {
        var key = key();

        var stranger = post("/api/manage/merchants/once-it/keys", shop.key, key, "{\"mode\":\"test\"}");

        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(count("select count(*) from idempotency_key where key = ?", key))
                .isZero();
    }

    private static HttpResponse<String> envelope(String key, String data) {
        return post("/http/vk-pay", shop.key, key, "{\"action\":\"pay/refund\",\"data\":" + data + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"out_trade_no\":\"%s\",\"refund_fee\":\"100\",\"out_refund_no\":\"\"}",
                "{\"out_trade_no\":\"%s\",\"refund_fee\":\"100\",\"pid\":\"\"}",
                "{\"out_trade_no\":\"%s\",\"refund_fee\":\"100\",\"pid\":null}"
            })
    void in_the_envelope_too_with_http_200(String data) {
        var number = shop.paid("wxpay");
        var key = key();

        var first = envelope(key, data.formatted(number));
        var second = envelope(key, data.formatted(number));
        var differs = envelope(key, refund(number, 1));
        var bad = envelope("two words", data.formatted(number));

        assertThat(json(first).getInt("code")).as(first.body()).isZero();
        assertThat(replayed(second)).isTrue();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(differs.statusCode()).isEqualTo(200);
        assertThat(json(differs).getInt("code")).isEqualTo(2018);
        assertThat(json(bad).getInt("code")).isEqualTo(1116);
        assertThat(refunds(number)).isEqualTo(1);
    }
}
