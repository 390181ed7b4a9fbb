package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * A change right after a request was parked, whose signal is lost: it is made by a statement of the test, as if another
 * node had made it. Versions are read again every five seconds.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LostSignalIT {
    /** The time until the next look at the versions, and some for a busy machine; much less than the longest wait. */
    private static final Duration NOTICED = Duration.ofSeconds(9);

    static Shop shop;

    private final String number = Shop.number();

    @BeforeAll
    static void open() {
        shop = new Shop("lost-signal-it");
    }

    private void change(String table, String changes) {
        var where = table.equals("pay_order")
                ? "out_trade_no = '" + number + "'"
                : "order_id = (select id from pay_order where out_trade_no = '" + number + "')";
        TestDatabase.execute(
                shop.node.dbUrl(), "update " + table + " set version = version + 1, " + changes + " where " + where);
    }

    private static int parked() {
        return shop.node.call("GET", "/health/ready", null, null).json().getInt("waiting");
    }

    /** How long the request takes that is parked when the change is made. */
    private static <T> T answered(Supplier<T> request, Runnable change) {
        var before = parked();
        var running = CompletableFuture.supplyAsync(request);
        Eventually.within(Duration.ofSeconds(10), "parked", () -> parked() > before);
        var begun = System.nanoTime();
        change.run();
        var answer = running.join();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(NOTICED);
        return answer;
    }

    @Test
    void is_noticed_by_the_payers_page() {
        var page = shop.node.createCheckout(shop.key, number);
        var query = HttpRequest.newBuilder(URI.create(page + "/queryPayment"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        var answer = answered(() -> Node.send(query), () -> change("pay_order", "nickname = 'changed'"));

        assertThat(answer.json().getInt("status")).isZero();
    }

    @Test
    void is_noticed_by_a_merchant_who_waits_for_the_handler() {
        shop.node.createPayment(shop.key, "wxpay", number, 990);
        shop.pay(number);
        shop.untilPaid(number);
        change("pay_order", "handler_expected = true, user_order_success = null");

        var answer = answered(
                () -> shop.node.queryPayment(shop.key, number, ",\"await_notify\":true,\"await_max_time\":40"),
                () -> change("pay_order", "user_order_success = true"));

        assertThat(answer.getBoolean("user_order_success")).isTrue();
    }

    @Test
    void is_noticed_by_a_second_caller_who_waits_for_the_first_ones_code() {
        shop.node.createPayment(shop.key, "wxpay", number, 990);
        change("attempt", "state = 'CALLING', claim = gen_random_uuid(), lease_until = now() + interval '1 minute'");

        var answer = answered(
                () -> shop.node.createPayment(shop.key, "wxpay", number, 990),
                () -> change("attempt", "state = 'SHOWN', claim = null, lease_until = null"));

        assertThat(answer.json().getInt("code")).as(answer.body()).isZero();
    }
}
