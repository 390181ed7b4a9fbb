package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How many attempts of one order there can be, whoever asks for them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AttemptLimitIT {
    static Shop shop;

    private final String number = Shop.number();

    @BeforeAll
    static void open() {
        shop = new Shop("attempt-limit-it");
    }

    private long count(String condition) {
        return TestDatabase.number(
                shop.node.dbUrl(),
                "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?"
                        + condition,
                number);
    }

    private long payable() {
        return count(" and a.state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING', 'PAYABLE')");
    }

    /** Each has another request than every other. */
    private int create(int which) {
        return shop.create(
                        "wxpay",
                        Shop.on("h5", ""),
                        Shop.order(number)
                                .add("subject", "茶") // as createCheckout has it
                                .add("other", Json.createObjectBuilder().add("attach", "a" + which)))
                .json()
                .getInt("code");
    }

    private void choose(String page, String provider) {
        Node.send(HttpRequest.newBuilder(URI.create(page + "/pay"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("provider=" + provider))
                .build());
    }

    private String page(String page, String query) {
        return Node.send(HttpRequest.newBuilder(URI.create(page + query)).build())
                .body();
    }

    @Test
    void twenty_four_changes_of_the_wallet_open_at_most_six_orders_and_end_with_a_code() {
        var page = shop.node.createCheckout(shop.key, number);

        for (int i = 0; i < 24; i++) {
            choose(page, i % 2 == 0 ? "alipay" : "wxpay");
            assertThat(payable()).isBetween(1L, 3L);
        }

        assertThat(count("")).isLessThanOrEqualTo(6);
        assertThat(count(" and a.state = 'SHOWN'")).isEqualTo(1);
        assertThat(page(page, "")).contains("data-state=\"code\"");
    }

    @Test
    void several_tabs_at_once_have_the_same_limit() {
        var page = shop.node.createCheckout(shop.key, number);

        var tabs = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    choose(page, i % 2 == 0 ? "alipay" : "wxpay");
                    create(i);
                }))
                .toList();
        CompletableFuture.allOf(tabs.toArray(CompletableFuture[]::new)).join();

        assertThat(count("")).isLessThanOrEqualTo(6);
        assertThat(payable()).isLessThanOrEqualTo(3);
    }

    @Test
    void beyond_the_limit_the_code_stays_and_the_payer_reads_how_long_to_wait_and_then_it_works_again() {
        var page = shop.node.createCheckout(shop.key, number);
        assertThat(List.of(create(1), create(2), create(3))).containsOnly(0);
        for (int i = 4; i < 10; i++) if (create(i) != 0) break;

        assertThat(create(100)).isEqualTo(2021);

        assertThat(count("")).isLessThanOrEqualTo(6);
        assertThat(count(" and a.state = 'SHOWN'")).isEqualTo(1);
        assertThat(page(page, "?problem=too-many-attempts"))
                .contains("data-state=\"code\"")
                .contains("请稍候，支付方式更换过于频繁");
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update attempt set created_at = created_at - interval '1 hour',"
                        + " expires_at = case state when 'PAYABLE' then now() - interval '1 minute' else expires_at end"
                        + " where order_id = (select id from pay_order where out_trade_no = '" + number + "')");
        assertThat(create(100)).isZero();
        assertThat(page(page, "?problem=too-many-attempts")).doesNotContain("请稍候");
    }
}
