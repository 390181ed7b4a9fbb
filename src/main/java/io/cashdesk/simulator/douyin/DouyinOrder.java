package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Trade;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** An order at Douyin: a row of {@code sim_trade} and one of {@code sim_douyin_trade}. */
record DouyinOrder(Trade trade, Detail detail) {
    /** The ways to pay by their numbers at Douyin, in the order in which the cashier shows them. */
    static final Map<Integer, String> WALLETS = Map.of(10, "douyin", 1, "wxpay", 2, "alipay");

    private static final List<Integer> SHOWN = List.of(10, 1, 2);

    /**
     * @param orderToken opens the cashier in ecpay; otherwise empty
     * @param itemId of its one item in the general trade system; otherwise empty
     * @param way 1 WeChat, 2 Alipay, 10 Douyin; 0: the payer has not chosen
     * @param hiddenWays those that the merchant does not want
     * @param ended USER_CANCEL or TIME_OUT in the general trade system, once it ended unpaid; otherwise empty
     * @param endedAt when; null before
     */
    record Detail(
            UUID tradeId,
            DouyinDialect dialect,
            String orderToken,
            String itemId,
            String skuId,
            int way,
            List<Integer> hiddenWays,
            String cpExtra,
            String ended,
            Instant endedAt) {}

    boolean isOf(DouyinDialect dialect) {
        return detail.dialect() == dialect;
    }

    boolean paid() {
        return trade.state().equals("SUCCESS");
    }

    /** The ways among which the payer chooses. */
    List<Integer> ways() {
        return SHOWN.stream().filter(w -> !detail.hiddenWays().contains(w)).toList();
    }

    /** The way of a wallet's name. */
    static int way(String wallet) {
        return WALLETS.entrySet().stream()
                .filter(e -> e.getValue().equals(wallet))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Douyin's word for the state of an order. */
    String status() {
        return switch (trade.state()) {
            case "SUCCESS" -> "SUCCESS";
            case "PAYERROR" -> "FAIL";
            case "CLOSED" -> detail.ended().equals("USER_CANCEL") ? "FAIL" : "TIMEOUT";
            default -> isOf(DouyinDialect.ECPAY) ? "PROCESSING" : "PROCESS";
        };
    }

    /** The wallet's own number of the payment; empty before it. */
    String channelNumber() {
        return paid() ? "4200" + DouyinFormat.digitsOf(trade.id(), 24) : "";
    }

    /** What every message of the general trade system says of an item. */
    JsonObjectBuilder item(long amount) {
        return Json.createObjectBuilder().add("item_order_id", detail.itemId()).add("refund_amount", amount);
    }

    static Stream<Integer> numbers(String commas) {
        return Stream.of(commas.split(",")).filter(t -> !t.isEmpty()).map(Integer::valueOf);
    }
}
