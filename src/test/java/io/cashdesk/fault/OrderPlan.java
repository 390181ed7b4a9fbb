package io.cashdesk.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * What happens to one order, drawn from the seed: what its payer and its merchant do, and what goes wrong on purpose.
 *
 * @param startsAt milliseconds after the storm began
 * @param second the provider that is tried after the first; the same one where the story has only one
 * @param faults what the simulator's dial does to it
 * @param refunds groups of refunds; those of one group are asked for at the same moment
 * @param watches whether the merchant asks until it is paid; otherwise only notifications and the sweeper find the money
 * @param draw decides what is left to decide while it is played
 */
record Plan(
        int index,
        String number,
        House house,
        long fen,
        Story story,
        String first,
        String second,
        TreeSet<String> faults,
        List<List<Wish>> refunds,
        boolean watches,
        long startsAt,
        long draw) {
    private static final List<String> PROVIDERS = List.of("wxpay", "alipay");

    private static final List<String> AT_PAYMENT = List.of(
            "NOTIFY_LATE",
            "NOTIFY_LOST",
            "NOTIFY_LOST",
            "NOTIFY_TWICE_AT_ONCE",
            "NOTIFY_FORGED",
            "NOTIFY_PROBED_FIRST",
            "ANSWER_TIMES_OUT_AFTER_ACCEPTING",
            "ANSWER_SYSTEM_ERROR",
            "ANSWER_HTML",
            "ANSWER_BADLY_SIGNED",
            "ANSWER_STALE",
            "ANSWER_OF_UNKNOWN_SERIAL",
            "REVERSE_ONCE_MORE");

    private static final List<String> AT_REFUND = List.of(
            "REFUND_ABNORMAL",
            "REFUND_CLOSED",
            "REFUND_SLOW",
            "REFUND_TIMES_OUT_AFTER_ACCEPTING",
            "REFUND_TIMES_OUT_AFTER_ACCEPTING",
            "REFUND_NOT_ENOUGH",
            "REFUND_FREQUENCY_LIMITED");

    /** How a merchant decided about money that he did not expect. */
    enum House {
        RETURNS("refund", "refund"),
        ACCEPTS("accept", "refund"),
        HOLDS("hold", "hold");

        final String late;
        final String duplicate;

        House(String late, String duplicate) {
            this.late = late;
            this.duplicate = duplicate;
        }
    }

    /** What payer and merchant do. */
    enum Story {
        PAYS,
        /** Two servers of the merchant ask for the same at the same moment. */
        ASKED_FOR_TWICE_AT_ONCE,
        /** The payer opens one wallet, then the other, and pays in both. */
        SWITCHES_AND_PAYS_BOTH,
        /** The same, at the same moment. */
        SWITCHES_WHILE_PAYING,
        PAYS_AT_THE_DEADLINE,
        PAYS_AFTER_CLOSE,
        PAYS_WHILE_CLOSING,
        PAYS_AT_THE_TILL,
        NEVER_PAYS,
        NEVER_PAYS_AND_IS_CLOSED
    }

    private static final Map<Story, Integer> WEIGHTS = new EnumMap<>(Map.of(
            Story.PAYS, 30,
            Story.ASKED_FOR_TWICE_AT_ONCE, 10,
            Story.SWITCHES_AND_PAYS_BOTH, 14,
            Story.SWITCHES_WHILE_PAYING, 8,
            Story.PAYS_AT_THE_DEADLINE, 12,
            Story.PAYS_AFTER_CLOSE, 7,
            Story.PAYS_WHILE_CLOSING, 6,
            Story.PAYS_AT_THE_TILL, 7,
            Story.NEVER_PAYS, 3,
            Story.NEVER_PAYS_AND_IS_CLOSED, 3));

    /**
     * A refund that the merchant wants.
     *
     * @param number his own number for it
     * @param fen how much, or 0 for everything that is left
     */
    record Wish(String number, long fen) {}

    /** The same seed, prefix and index give the same plan. */
    static Plan draw(long seed, String prefix, int index, long spread) {
        var random = new Random(seed * 31 + index);
        random.nextLong(); // neighbouring seeds begin alike
        var number = prefix + "n" + index;
        var fen = 2 + random.nextInt(50_000);
        var story = story(random);
        var first = story == Story.PAYS_AT_THE_DEADLINE // WeChat Pay keeps no order shorter than a minute
                ? "alipay"
                : PROVIDERS.get(random.nextInt(2));
        var switches = story == Story.SWITCHES_AND_PAYS_BOTH || story == Story.SWITCHES_WHILE_PAYING;
        var second = switches ? PROVIDERS.get(1 - PROVIDERS.indexOf(first)) : first;
        var faults = new TreeSet<String>();
        if (random.nextInt(100) < 55) faults.add(AT_PAYMENT.get(random.nextInt(AT_PAYMENT.size())));
        if (random.nextInt(100) < 20) faults.add(AT_PAYMENT.get(random.nextInt(AT_PAYMENT.size())));
        if (story == Story.PAYS_AT_THE_DEADLINE && random.nextInt(100) < 60) faults.add("NOTIFY_LOST");
        if (random.nextInt(100) < 2) faults.add("NOTIFY_WRONG_AMOUNT");
        if (random.nextInt(100) < 30) faults.add(AT_REFUND.get(random.nextInt(AT_REFUND.size())));
        return new Plan(
                index,
                number,
                House.values()[random.nextInt(House.values().length)],
                fen,
                story,
                first,
                second,
                faults,
                random.nextInt(100) < 45 ? refunds(random, number, fen) : List.of(),
                random.nextInt(100) < 25,
                (long) (random.nextDouble() * spread),
                random.nextLong());
    }

    private static Story story(Random random) {
        var left = random.nextInt(
                WEIGHTS.values().stream().mapToInt(Integer::intValue).sum());
        for (var entry : WEIGHTS.entrySet()) {
            left -= entry.getValue();
            if (left < 0) return entry.getKey();
        }
        throw new IllegalStateException("more drawn than there is");
    }

    private static List<List<Wish>> refunds(Random random, String number, long fen) {
        var part = 1 + (long) (random.nextDouble() * (fen - 1));
        var much = fen - fen / 3;
        var groups = new ArrayList<List<Wish>>();
        switch (random.nextInt(8)) {
            case 0 -> groups.add(List.of(new Wish(number + "-a", part)));
            case 1 -> groups.add(List.of(new Wish(number + "-a", 0)));
            case 2 -> groups.add(List.of(new Wish(number + "-a", much), new Wish(number + "-b", much)));
            case 3 -> groups.add(List.of(new Wish(number + "-a", part), new Wish(number + "-a", part)));
            case 4 -> {
                groups.add(List.of(new Wish(number + "-a", part)));
                groups.add(List.of(new Wish(number + "-b", 0)));
            }
            case 5 ->
                groups.add(List.of(
                        new Wish(number + "-a", (fen + 2) / 3),
                        new Wish(number + "-b", (fen + 2) / 3),
                        new Wish(number + "-c", (fen + 2) / 3)));
            case 6 -> groups.add(List.of(new Wish(number + "-a", 0), new Wish(number + "-b", 0)));
            default -> {
                groups.add(List.of(new Wish(number + "-a", part)));
                groups.add(List.of(new Wish(number + "-a", part + 1)));
                groups.add(List.of(new Wish(number + "-b", fen + 1)));
            }
        }
        return groups;
    }
}
