package io.cashdesk.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can go wrong on purpose, dialled per order. */
enum Fault {
    /** The notification comes some seconds after the payment. */
    NOTIFY_LATE,
    /** The notification never comes. */
    NOTIFY_LOST,
    /** The notification comes twice at the same moment. */
    NOTIFY_TWICE_AT_ONCE,
    /** Only a notification with a wrong signature comes. */
    NOTIFY_FORGED,
    /** The provider says, correctly signed, that another amount was paid. */
    NOTIFY_WRONG_AMOUNT,
    /** A probe comes first, with a signature that must not be believed. */
    NOTIFY_PROBED_FIRST,
    /** The order is accepted, but the answer comes after the caller gave up; once. */
    ANSWER_TIMES_OUT_AFTER_ACCEPTING,
    /** What was asked is done, but answered as a system error; once. */
    ANSWER_SYSTEM_ERROR,
    /** What was asked is done, but somebody on the way answers with a page of his own; once. */
    ANSWER_HTML,
    /** What was asked is done, but the answer's signature is of another text; once. */
    ANSWER_BADLY_SIGNED,
    /** What was asked is done, but the answer is signed for a moment ten minutes ago; once. */
    ANSWER_STALE,
    /** What was asked is done, but the answer names a key that nobody knows; once. */
    ANSWER_OF_UNKNOWN_SERIAL,
    /** A reverse has to be asked for again; once. */
    REVERSE_ONCE_MORE,
    /** Refunds of the order cannot reach the payer. */
    REFUND_ABNORMAL,
    /** Refunds of the order are accepted and given up later. */
    REFUND_CLOSED,
    /** Refunds of the order stay in work until somebody says what comes of them. */
    REFUND_SLOW,
    /** A refund is accepted, but the answer comes after the caller gave up; once. */
    REFUND_TIMES_OUT_AFTER_ACCEPTING,
    /** Refunds are refused, because the merchant's balance is too small. */
    REFUND_NOT_ENOUGH,
    /** A refund is refused, because there are too many at this moment; once. */
    REFUND_FREQUENCY_LIMITED,
    /** What was asked is done, but somebody on the way answers that it was refused, and signs nothing; once. */
    ANSWER_REFUSED_UNSIGNED,
    /** The answer was signed before its slashes were escaped; once. */
    ANSWER_SIGNED_UNESCAPED,
    /** Refunds are refused, because the product has none. */
    REFUND_NOT_ALLOWED;

    /** What can go wrong at Alipay alone. */
    private static final Set<Fault> ALIPAY =
            Set.of(ANSWER_REFUSED_UNSIGNED, ANSWER_SIGNED_UNESCAPED, REFUND_NOT_ALLOWED);

    /** What can go wrong at any provider; the others are WeChat Pay's. */
    private static final Set<Fault> ANYWHERE = Set.of(
            NOTIFY_LATE,
            NOTIFY_LOST,
            NOTIFY_TWICE_AT_ONCE,
            NOTIFY_FORGED,
            NOTIFY_WRONG_AMOUNT,
            ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            ANSWER_SYSTEM_ERROR,
            ANSWER_HTML,
            ANSWER_BADLY_SIGNED,
            REVERSE_ONCE_MORE,
            REFUND_CLOSED,
            REFUND_TIMES_OUT_AFTER_ACCEPTING,
            REFUND_NOT_ENOUGH);

    boolean happensAt(String provider) {
        if (ALIPAY.contains(this)) return provider.equals("alipay");
        return provider.equals("wxpay") || ANYWHERE.contains(this);
    }

    static Set<Fault> parse(String text) {
        var faults = EnumSet.noneOf(Fault.class);
        if (!text.isBlank()) Arrays.stream(text.split(",")).map(Fault::valueOf).forEach(faults::add);
        return faults;
    }

    static String text(Set<Fault> faults) {
        return faults.stream().map(Fault::name).collect(Collectors.joining(","));
    }
}
