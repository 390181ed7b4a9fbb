package io.cashdesk.simulator;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** The refunds of one trade, as {@link SimulatedProvider#refunds} lists them, for the pages. */
record Refunds(List<Refund> all) {
    /** @param amount fen */
    record Refund(String number, long amount, String state, Instant at) {}

    static Refunds of(SimulatedProvider provider, Trade trade) {
        return new Refunds(provider.refunds(trade).stream().map(Refunds::read).toList());
    }

    private static Refund read(JsonObject refund) {
        return new Refund(
                refund.getString("out_refund_no"),
                refund.getJsonNumber("amount").longValue(),
                refund.getString("state"),
                Instant.parse(refund.getString("at")));
    }

    /** Fen that the payer has back. */
    long done() {
        return all.stream()
                .filter(r -> r.state().equals("SUCCESS"))
                .mapToLong(Refund::amount)
                .sum();
    }

    /** The state for the pages: the trade's, or REFUNDED or PARTLY_REFUNDED. */
    String stateOf(Trade trade) {
        if (!trade.state().equals("SUCCESS") || done() == 0) return trade.state();
        return done() >= trade.amount() ? "REFUNDED" : "PARTLY_REFUNDED";
    }
}
