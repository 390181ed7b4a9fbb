package io.cashdesk.checkout;

import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.PayOrder;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The state that a payer's page shows. It follows from the stored order and the clock; the address only chooses among
 * true states.
 */
enum PageState {
    /** Which way to pay? */
    CHOOSE,
    /** Scan this. */
    CODE,
    /** Scan this with any phone: its browser decides the way to pay. */
    ANY_CODE,
    /** The payer is in the wallet, or about to open it. */
    OPENING,
    /** The payment goes on on the payer's phone, and this is another screen. */
    ON_PHONE,
    /** The wallet reported that its cashier was closed, and nothing has arrived. */
    CANCELLED,
    /** The wallet reported neither a payment nor that its cashier was closed, and nothing has arrived. */
    NOT_OPENED,
    /** A provider is being queried. */
    CHECKING,
    /** The code's time is over, the order's is not: a new code may follow. */
    CODE_ENDED,
    PAID,
    /** The deadline has passed. */
    EXPIRED,
    /** Closed before its deadline. */
    CLOSED,
    /** The payer says "I have paid" or is back from the wallet, and nothing has arrived. */
    NOT_YET,
    /** A person must decide about a payment first, for instance because its amount is not what was owed. */
    NEEDS_PERSON,
    /** The order ended unpaid, and money that came for it is returned, was returned, or was settled by the shop. */
    LATE,
    /** Paid, and another payment came too. */
    DOUBLE,
    /** Paid, and a refund is on its way. */
    REFUNDING,
    /** A refund could not reach the payer. */
    ABNORMAL,
    REFUNDED,
    PARTLY_REFUNDED,
    /** No such page. */
    UNKNOWN;

    /** As it stands in the page and in the names of its texts: "code-ended". */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the order may still change, so that the page should wait. */
    boolean waits() {
        return this == CHOOSE
                || this == CODE
                || this == ANY_CODE
                || this == OPENING
                || this == ON_PHONE
                || this == CANCELLED
                || this == NOT_OPENED
                || this == CHECKING
                || this == CODE_ENDED
                || this == NOT_YET;
    }

    /** What the payer wants to see while the order is unpaid; where an address names several, the first. */
    enum Wish {
        /** The ways to pay, whatever code there is. */
        CHOOSE("choose"),
        /** A code for any phone. */
        ANY_CODE("any"),
        /** Whether what was paid has arrived, back from the wallet. */
        BACK("back"),
        /** The same, after the wallet reported that its cashier was closed. */
        CANCELLED("cancelled"),
        /** The same, after the wallet reported anything else. */
        NOT_OPENED("not-opened"),
        /** Whether what was paid has arrived. */
        ASKED("asked"),
        /** The code, if there is one. */
        NOTHING("");

        private final String word;

        Wish(String word) {
            this.word = word;
        }

        /** The parameter of an address that says it. */
        String word() {
            return word;
        }
    }

    /**
     * What is known.
     *
     * @param status as merchants read it, -1 to 3
     * @param money what is known of the money that came
     * @param needsPerson whether a payment waits for the decision of a person
     * @param expiresAt the order's deadline
     * @param closedAt when it was closed, if it was
     * @param codeEnds the end of the newest code or address that is of use in this browser, if there is one
     * @param codeStands whether it can still be paid as far as we know, apart from its time
     * @param opensWallet whether it opens the wallet, instead of being scanned by one
     */
    record Facts(
            int status,
            Set<OrderMoney.Sign> money,
            boolean needsPerson,
            Instant expiresAt,
            Optional<Instant> closedAt,
            Optional<Instant> codeEnds,
            boolean codeStands,
            boolean opensWallet) {
        /** @param shown the newest attempt, if what it shows is of use in this browser */
        static Facts of(PayOrder order, OrderMoney money, Optional<Attempt> shown, boolean opensWallet) {
            return new Facts(
                    order.status(),
                    money.signs(),
                    order.needsPerson().isPresent(),
                    order.expiresAt(),
                    order.closedAt(),
                    shown.map(Attempt::expiresAt),
                    shown.filter(a -> a.state() == AttemptState.SHOWN).isPresent(),
                    opensWallet);
        }
    }

    static PageState of(Facts facts, Wish wish, Instant now) {
        if (facts.status() > 0) return paid(facts);
        var ended = facts.status() == -1 || !now.isBefore(facts.expiresAt());
        if (facts.needsPerson() || ended) {
            if (facts.money().contains(OrderMoney.Sign.ABNORMAL)) return ABNORMAL;
            if (facts.needsPerson() || facts.money().contains(OrderMoney.Sign.STRAY_HELD)) return NEEDS_PERSON;
            if (facts.money().contains(OrderMoney.Sign.STRAY)) return LATE;
        }
        if (facts.status() == -1) {
            var early =
                    facts.closedAt().filter(t -> t.isBefore(facts.expiresAt())).isPresent();
            return early ? CLOSED : EXPIRED;
        }
        if (ended) return EXPIRED;
        if (wish == Wish.CHOOSE) return CHOOSE;
        if (wish == Wish.ANY_CODE) return ANY_CODE;
        if (wish == Wish.ASKED || wish == Wish.BACK) return NOT_YET;
        if (facts.codeEnds().isEmpty()) return CHOOSE;
        if (facts.opensWallet()) {
            if (!facts.codeStands() || !now.isBefore(facts.codeEnds().get())) return CHOOSE;
            return wish == Wish.CANCELLED ? CANCELLED : wish == Wish.NOT_OPENED ? NOT_OPENED : OPENING;
        }
        if (!now.isBefore(facts.codeEnds().get())) return CODE_ENDED;
        return facts.codeStands() ? CODE : CHOOSE;
    }

    /** What is still open is named first; the rest is listed below it. */
    private static PageState paid(Facts facts) {
        var status = facts.status();
        var money = facts.money();
        if (money.contains(OrderMoney.Sign.ABNORMAL)) return ABNORMAL;
        if (money.contains(OrderMoney.Sign.REVERSED)) return facts.needsPerson() ? NEEDS_PERSON : REFUNDED;
        if (money.contains(OrderMoney.Sign.STRAY_HELD)) return status == 3 ? NEEDS_PERSON : DOUBLE;
        if (money.contains(OrderMoney.Sign.STRAY_RETURNING)) return status == 3 ? REFUNDING : DOUBLE;
        if (money.contains(OrderMoney.Sign.REFUNDING)) return REFUNDING;
        if (status == 3) return REFUNDED;
        if (status == 2) return PARTLY_REFUNDED;
        return money.contains(OrderMoney.Sign.STRAY) ? DOUBLE : PAID;
    }
}
