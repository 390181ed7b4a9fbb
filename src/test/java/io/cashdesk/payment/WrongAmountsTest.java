package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongAmountsTest {
    @Test
    void counters_are_in_a_fixed_number_of_rows_that_only_the_master_key_tells() {
        for (int i = 0; i < 1_000; i++) {
            var counter = WrongAmounts.counter("key", 5, "T" + i, "203.0.113.7");

            assertThat(counter.slot()).isBetween(0, 65_535);
            assertThat(counter).isEqualTo(WrongAmounts.counter("key", 5, "T" + i, "203.0.113.7"));
            assertThat(counter.subject())
                    .isNotEqualTo(WrongAmounts.counter("key", 5, "T" + i, "203.0.113.8")
                            .subject())
                    .isNotEqualTo(WrongAmounts.counter("other", 5, "T" + i, "203.0.113.7")
                            .subject());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "990 | {1} | true", //
                "990 | {2} | false",
                "990 |     | true",
                "991 | {1} | false"
            })
    void a_client_pays_the_amount_and_the_goods_that_the_server_has_named(long fee, String goods, boolean same) {
        var order = AnOrder.of(ANewOrder.of(Money.fen(990)).buying("{1}")).unpaid();
        var wanted = ANewOrder.of(Money.fen(fee)).buying(goods).build();

        assertThat(WrongAmounts.asCreated(order, wanted)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"0, {1}, true", "990, {1}, true", "0, {2}, false", "990, {2}, false"})
    void a_client_need_not_name_an_amount_that_the_providers_store_decides(long fee, String goods, boolean same) {
        var order = AnOrder.of(ANewOrder.of(Money.fen(fee)).buying("{1}")).unpaid();
        var wanted = ANewOrder.of(Money.fen(0)).buying(goods).build();

        assertThat(WrongAmounts.asCreated(order, wanted)).isEqualTo(same);
    }

    @Test
    void a_client_names_no_goods_of_an_order_that_has_none() {
        var order = AnOrder.of(Money.fen(990)).unpaid();
        var wanted = ANewOrder.of(Money.fen(990)).buying("{1}").build();

        assertThat(WrongAmounts.asCreated(order, wanted)).isFalse();
    }

    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void are_refused_until_an_hour_after_the_first_of_them() {
        var five = new WrongAmounts.Count(5, NOON);

        assertThat(five.refusedFor(5, NOON)).as("the fifth itself").isEmpty();
        assertThat(five.nextRefusedFor(5, NOON.plusSeconds(3000))).contains(Duration.ofSeconds(601));
        assertThat(five.nextRefusedFor(5, NOON.plusMillis(3_599_999))).contains(Duration.ofSeconds(1));
        assertThat(new WrongAmounts.Count(4, NOON).nextRefusedFor(5, NOON)).isEmpty();
        assertThat(new WrongAmounts.Count(6, NOON).refusedFor(5, NOON)).contains(Duration.ofSeconds(3601));
    }

    @Test
    void count_if_they_came_after_the_order_and_within_the_hour() {
        var hourAgo = NOON.minus(Duration.ofHours(1));

        assertThat(WrongAmounts.since(Optional.empty(), NOON)).isEqualTo(hourAgo);
        assertThat(WrongAmounts.since(Optional.of(hourAgo.minusSeconds(1)), NOON))
                .isEqualTo(hourAgo);
        assertThat(WrongAmounts.since(Optional.of(NOON.minusSeconds(7)), NOON)).isEqualTo(NOON.minusSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002",
        "2001:db8:1:2::9, 20010db800010002",
        "2001:db8:1:3::9, 20010db800010003",
        "::ffff:203.0.113.7, ::ffff:203.0.113.7",
        "unknown, unknown",
        "not:an:address, not:an:address"
    })
    void a_caller_is_an_address_of_ipv4_or_a_network_of_ipv6(String address, String network) {
        assertThat(WrongAmounts.network(address)).isEqualTo(network);
    }
}
