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
    /** The order is accepted, but the answer comes after the caller gave up; once. */
    ANSWER_TIMES_OUT_AFTER_ACCEPTING;

    static Set<Fault> parse(String text) {
        var faults = EnumSet.noneOf(Fault.class);
        if (!text.isBlank()) Arrays.stream(text.split(",")).map(Fault::valueOf).forEach(faults::add);
        return faults;
    }

    static String text(Set<Fault> faults) {
        return faults.stream().map(Fault::name).collect(Collectors.joining(","));
    }
}
