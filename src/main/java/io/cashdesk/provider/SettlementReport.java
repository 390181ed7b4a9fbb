package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import java.time.Instant;

/** What a provider says of one settlement, in a notification or as an answer; always verified. */
public sealed interface SettlementReport {
    /** The number that the settlement carries at the provider; an empty text if the provider made it by itself. */
    String settlementNo();

    /** The provider's message, unchanged but without secrets: JSON. */
    String evidence();

    /**
     * The money was paid out to the merchant, or a part of it.
     *
     * @param settlementId the provider's own number, or an empty text
     * @param amount what was settled, or null where it does not say
     * @param fees what the provider names as its fees and commissions, in minor units of the amount, 0 where it names
     *     none; they are in the amount, or beside it
     * @param at the provider's moment, or null where it does not say
     */
    record Succeeded(String settlementNo, String settlementId, Money amount, long fees, Instant at, String evidence)
            implements SettlementReport {
        /** Without fees. */
        public Succeeded(String settlementNo, String settlementId, Money amount, Instant at, String evidence) {
            this(settlementNo, settlementId, amount, 0, at, evidence);
        }
    }

    /** Accepted and on its way. */
    record Processing(String settlementNo, String settlementId, String evidence) implements SettlementReport {}

    /**
     * It will not happen by this request.
     *
     * @param why in the provider's words
     */
    record Failed(String settlementNo, String why, String evidence) implements SettlementReport {}

    /** The provider knows no such settlement. */
    record Absent(String settlementNo, String evidence) implements SettlementReport {}
}
