package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that come twice under one Idempotency-Key are executed once. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotencyIT extends KeyedCalls {
    @Test
    void a_repeated_refund_is_made_once_and_answered_twice_byte_for_byte() {
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
    void a_refusal_for_the_order_is_stored_and_answered_again() {
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
    void ten_concurrent_calls_are_one_refund() {
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
    void a_providers_failure_is_not_stored_and_the_next_try_is_the_same_refund() {
        var number = shop.paid("wxpay");
        var key = key();
        shop.setFault(number, "REFUND_NOT_ENOUGH");

        var refused = call("refund", key, refund(number, 100));
        shop.simulator.clearFaults(number);
        var other = call("refund", key, refund(number, 101));
        var again = call("refund", key, refund(number, 100));

        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(json(other).getInt("code")).as("the key belongs to its call").isEqualTo(2018);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(replayed(again)).isFalse();
        assertThat(refunds(number)).isEqualTo(1);
    }

    @Test
    void a_crashed_node_holds_the_key_until_its_lease_ends_and_then_the_same_refund_continues() {
        var number = shop.paid("wxpay");
        var key = key();
        var first = call("refund", key, refund(number, 100));
        var crashed = """
                update idempotency_key
                set claim = seed, status = null, media_type = null, answer = null,
                    lease_until = now() + interval '%%s seconds'
                where key = '%s'
                """.formatted(key);

        execute(crashed.formatted("30")); // as if it had been killed between the refund and its answer
        var duringLease = call("refund", key, refund(number, 100));
        execute(crashed.formatted("-1"));
        var afterwards = call("refund", key, refund(number, 100));

        assertThat(duringLease.statusCode()).isEqualTo(409);
        assertThat(json(duringLease).getInt("code")).isEqualTo(2019);
        assertThat(duringLease.headers().firstValue("Retry-After")).isPresent();
        assertThat(afterwards.statusCode()).as(afterwards.body()).isEqualTo(200);
        assertThat(replayed(afterwards)).isFalse();
        assertThat(json(afterwards).getString("out_refund_no"))
                .isEqualTo(json(first).getString("out_refund_no"));
        assertThat(refunds(number)).isEqualTo(1);
    }

    @Test
    void a_query_is_executed_again_whatever_key_it_carries() {
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
    void a_merchants_key_is_made_once_and_answered_twice_and_the_stored_answer_is_encrypted() {
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
    void calls_in_the_envelope_are_executed_once_too_and_answered_with_http_200(String data) {
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
