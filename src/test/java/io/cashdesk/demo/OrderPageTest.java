package io.cashdesk.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderPageTest {
    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    private static String state(boolean paid, ShopOrders.Refund... refunds) {
        var order = new ShopOrders.ShopOrder("D1", Item.TEA, 990, NOW, paid ? Optional.of(NOW) : Optional.empty());
        return OrderPage.state(order, Optional.empty(), List.of(), List.of(refunds));
    }

    private static ShopOrders.Refund refund(long fee, String cause, String state) {
        return new ShopOrders.Refund("D1-R1", fee, cause, state, "", NOW, Optional.empty());
    }

    @Test
    void only_refunds_of_the_payment_that_succeeded_change_the_state() {
        assertThat(state(true)).isEqualTo("paid");
        assertThat(state(true, refund(990, "merchant", "processing"))).isEqualTo("paid");
        assertThat(state(true, refund(990, "merchant", "failed"))).isEqualTo("paid");
        assertThat(state(true, refund(990, "duplicate", "success"))).isEqualTo("paid");
        assertThat(state(true, refund(989, "merchant", "success"))).isEqualTo("partly-refunded");
        assertThat(state(true, refund(400, "merchant", "success"), refund(590, "merchant", "success")))
                .isEqualTo("refunded");
    }

    @Test
    void an_unpaid_order_is_closed_by_its_webhook_or_by_the_answer_of_queryPayment() {
        var order = new ShopOrders.ShopOrder("D1", Item.TEA, 990, NOW, Optional.empty());
        var closed = new ShopOrders.ReceivedWebhook("msg", true, "payment.closed", "", "{}", NOW, 1);
        var forged = new ShopOrders.ReceivedWebhook("msg", false, "payment.closed", "", "{}", NOW, 1);
        var answer = new PublicApi.ApiResponse(
                200, Json.createObjectBuilder().add("status", -1).build());

        assertThat(OrderPage.state(order, Optional.empty(), List.of(closed), List.of()))
                .isEqualTo("closed");
        assertThat(OrderPage.state(order, Optional.empty(), List.of(forged), List.of()))
                .isEqualTo("unpaid");
        assertThat(OrderPage.state(order, Optional.of(answer), List.of(), List.of()))
                .isEqualTo("closed");
    }

    @ParameterizedTest
    @CsvSource({"3.50, 350", "3.5, 350", "3, 300", "' 0.01 ', 1", "123456789.99, 12345678999"})
    void yuan_become_fen(String yuan, long fen) {
        assertThat(OrderPage.fen(yuan)).contains(fen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0.00", "-1", "1.001", "1e3", "¥1", "1,000", "1234567890"})
    void other_texts_are_no_amount(String yuan) {
        assertThat(OrderPage.fen(yuan)).isEmpty();
    }
}
