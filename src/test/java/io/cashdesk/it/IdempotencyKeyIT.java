package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Idempotency keys themselves: which are accepted, for which call, how long, and what is stored. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotencyKeyIT extends KeyedCalls {
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
    void a_validation_error_leaves_the_key_free() {
        var number = shop.paid("wxpay");
        var key = key();

        var malformed = call("refund", key, refund(number, 0));
        var corrected = call("refund", key, refund(number, 100));

        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(corrected.statusCode()).as(corrected.body()).isEqualTo(200);
        assertThat(replayed(corrected)).isFalse();
    }

    @Test
    void after_a_day_the_key_is_new_and_its_row_deleted() {
        var number = shop.paid("wxpay");
        var key = key();
        var forgotten = key();
        call("refund", key, refund(number, 100));
        call("refund", forgotten, refund(number, 50));
        execute("""
                update idempotency_key
                set created_at = now() - interval '25 hours'
                where key in ('%s', '%s')
                """.formatted(key, forgotten));

        var dayAfter = call("refund", key, refund(number, 100));
        execute("update recurring_tasks set execution_time = now() where task_name = 'delete-old-rows'");

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

        var first = call("createCheckout", key, checkout(number));
        var second = post("/api/pay/createCheckout", other.key, key, checkout(number));

        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(replayed(second)).isFalse();
        assertThat(json(second).getString("checkout_url"))
                .isNotEqualTo(json(first).getString("checkout_url"));
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
    void the_longest_key_is_accepted() {
        assertThat(call("createCheckout", key() + "~".repeat(219), checkout(Shop.number()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void neither_a_wrong_api_key_nor_a_malformed_body_uses_up_a_key() {
        var key = key();

        var unauthenticated = post("/api/pay/refund", "sk_test_unknown", key, "{}");
        var broken = call("refund", key, "{");

        assertThat(unauthenticated.statusCode()).isEqualTo(401);
        assertThat(json(broken).getInt("code")).isEqualTo(1103);
        assertThat(count("select count(*) from idempotency_key where key = ?", key))
                .isZero();
    }

    @Test
    void the_body_itself_and_secrets_are_not_stored() {
        var key = key();

        call("createCheckout", key, checkout("T" + "0123456789abcdef"));

        var row = TestDatabase.text(
                shop.node.dbUrl(), "select to_jsonb(k)::text from idempotency_key k where key = ?", key);
        assertThat(row).contains("body_hash").doesNotContain("subject", "茶", shop.key);
    }

    @Test
    void an_unauthenticated_caller_uses_up_no_key_of_the_management_api() {
        var key = key();

        var unauthenticated = post("/api/manage/merchants/once-it/keys", shop.key, key, "{\"mode\":\"test\"}");

        assertThat(unauthenticated.statusCode()).isEqualTo(401);
        assertThat(count("select count(*) from idempotency_key where key = ?", key))
                .isZero();
    }
}
