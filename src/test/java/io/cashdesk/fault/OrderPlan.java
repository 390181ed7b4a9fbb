package io.cashdesk.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happens to one order, drawn from the seed: what its payer and its merchant do, and which faults it has.
 *
 * @param startsAt milliseconds after the round began
 * @param second the provider that is tried after the first; the same one if the scenario has only one
 * @param faults faults of the simulator
 * @param refunds groups of refunds; those of one group are requested at once
 * @param polls whether the merchant queries until it is paid; otherwise only notifications and the sweeper find the
 *     payment
 * @param draw seed of what is decided during the round
 */
record OrderPlan(
        int index,
        String number,
        Policy policy,
        long fen,
        Scenario scenario,
        String first,
        String second,
        TreeSet<String> faults,
        List<List<PlannedRefund>> refunds,
        boolean polls,
        long startsAt,
        long draw) {
    /** Drawn evenly, so that of six orders one goes to VksPay and one to Douyin. */
    private static final List<String> PROVIDERS =
            List.of("wxpay", "wxpay", "alipay", "alipay", "vkspay", SimulatedProviders.DOUYIN);

    /** Coins of a mini-program, and goods in an app: nothing can be switched, closed, or paid by a code. */
    private static final Set<Scenario> VIRTUALLY =
            Set.of(Scenario.PAYS, Scenario.REQUESTED_TWICE_AT_ONCE, Scenario.NEVER_PAYS);

    private static final List<String> DIFFERENT = PROVIDERS.stream().distinct().toList();

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

    /**
     * A refund is accepted, its answer and notification are lost; the next query does not find it, and the call that
     * follows is refused.
     */
    private static final Set<String> REPETITION_REFUSED =
            Set.of("NOTIFY_LOST", "REFUND_TIMES_OUT_AFTER_ACCEPTING", "REFUND_FOUND_LATE", "REFUND_REPETITION_LIMITED");

    private static final List<Set<String>> AT_REFUND = List.of(
            Set.of("REFUND_ABNORMAL"),
            Set.of("REFUND_CLOSED"),
            Set.of("REFUND_SLOW"),
            Set.of("REFUND_TIMES_OUT_AFTER_ACCEPTING"),
            REPETITION_REFUSED,
            REPETITION_REFUSED,
            REPETITION_REFUSED,
            Set.of("REFUND_NOT_ENOUGH"),
            Set.of("REFUND_FREQUENCY_LIMITED"),
            Set.of("REFUND_FREQUENCY_LIMITED"));

    /** What a merchant decided about unexpected money. */
    enum Policy {
        RETURNS("refund", "refund", "vkspay", "ecpay"),
        ACCEPTS("accept", "refund", "epay-v1", "trade"),
        HOLDS("hold", "hold", "epay-v2", "ecpay");

        final String late;
        final String duplicate;

        /** Of the merchant's node at VksPay. */
        final String dialect;

        /** Of the merchant's node at Douyin. */
        final String douyin;

        Policy(String late, String duplicate, String dialect, String douyin) {
            this.late = late;
            this.duplicate = duplicate;
            this.dialect = dialect;
            this.douyin = douyin;
        }
    }

    /** What payer and merchant do. */
    enum Scenario {
        PAYS,
        /** Two servers of the merchant send the same request at once. */
        REQUESTED_TWICE_AT_ONCE,
        /** The payer opens one wallet, then the other, and pays in both. */
        SWITCHES_AND_PAYS_BOTH,
        /** The same, at once. */
        SWITCHES_WHILE_PAYING,
        PAYS_AT_THE_DEADLINE,
        PAYS_AFTER_CLOSE,
        PAYS_WHILE_CLOSING,
        PAYS_BY_PAYMENT_CODE,
        NEVER_PAYS,
        NEVER_PAYS_AND_IS_CLOSED
    }

    private static final Map<Scenario, Integer> WEIGHTS = new EnumMap<>(Map.of(
            Scenario.PAYS, 30,
            Scenario.REQUESTED_TWICE_AT_ONCE, 10,
            Scenario.SWITCHES_AND_PAYS_BOTH, 14,
            Scenario.SWITCHES_WHILE_PAYING, 8,
            Scenario.PAYS_AT_THE_DEADLINE, 12,
            Scenario.PAYS_AFTER_CLOSE, 7,
            Scenario.PAYS_WHILE_CLOSING, 6,
            Scenario.PAYS_BY_PAYMENT_CODE, 7,
            Scenario.NEVER_PAYS, 3,
            Scenario.NEVER_PAYS_AND_IS_CLOSED, 3));

    /**
     * A refund that the merchant wants.
     *
     * @param number the merchant's number of the refund
     * @param fen the amount, or 0 for everything that is left
     */
    record PlannedRefund(String number, long fen) {}

    /** The same seed, prefix and index give the same plan. */
    static OrderPlan draw(long seed, String prefix, int index, long spread) {
        var random = new Random(seed * 31 + index);
        random.nextLong(); // the first numbers of neighbouring seeds are alike
        var number = prefix + "n" + index;
        var fen = 2 + random.nextInt(50_000);
        var scenario = scenario(random);
        var first = switch (scenario) {
            case PAYS_AT_THE_DEADLINE ->
                "alipay"; // WeChat Pay and Douyin keep no order shorter than minutes, VksPay has no expiry
            case PAYS_BY_PAYMENT_CODE -> DIFFERENT.get(random.nextInt(2)); // WeChat Pay or Alipay
            default -> PROVIDERS.get(random.nextInt(PROVIDERS.size()));
        };
        if (VIRTUALLY.contains(scenario)) {
            var drawn = random.nextInt(100);
            if (drawn < 20) first = SimulatedProviders.VIRTUAL;
            else if (drawn < 35) first = SimulatedProviders.APPLE;
        }
        var switches = scenario == Scenario.SWITCHES_AND_PAYS_BOTH || scenario == Scenario.SWITCHES_WHILE_PAYING;
        var second =
                switches ? DIFFERENT.get((DIFFERENT.indexOf(first) + 1 + random.nextInt(2)) % DIFFERENT.size()) : first;
        var faults = new TreeSet<String>();
        if (random.nextInt(100) < 55) faults.add(AT_PAYMENT.get(random.nextInt(AT_PAYMENT.size())));
        if (random.nextInt(100) < 20) faults.add(AT_PAYMENT.get(random.nextInt(AT_PAYMENT.size())));
        if (scenario == Scenario.PAYS_AT_THE_DEADLINE && random.nextInt(100) < 60) faults.add("NOTIFY_LOST");
        if (random.nextInt(100) < 2) faults.add("NOTIFY_WRONG_AMOUNT");
        if (random.nextInt(100) < 40) faults.addAll(AT_REFUND.get(random.nextInt(AT_REFUND.size())));
        var policy = Policy.values()[random.nextInt(Policy.values().length)];
        if (first.equals(SimulatedProviders.APPLE))
            faults.remove("NOTIFY_WRONG_AMOUNT"); // a price there is information
        if (first.equals("vkspay") || second.equals("vkspay")) faults.removeAll(notPlayed(policy));
        return new OrderPlan(
                index,
                number,
                policy,
                fen,
                scenario,
                first,
                second,
                faults,
                random.nextInt(100) < 45 ? refunds(random, number, fen) : List.of(),
                random.nextInt(100) < 25,
                (long) (random.nextDouble() * spread),
                random.nextLong());
    }

    /** VksPay's own interface reports no amount, and its refunds and those of epay have no way to fail later. */
    private static Set<String> notPlayed(Policy policy) {
        return policy.dialect.equals("vkspay")
                ? Set.of("REFUND_CLOSED", "NOTIFY_WRONG_AMOUNT")
                : Set.of("REFUND_CLOSED");
    }

    private static Scenario scenario(Random random) {
        var left = random.nextInt(
                WEIGHTS.values().stream().mapToInt(Integer::intValue).sum());
        for (var entry : WEIGHTS.entrySet()) {
            left -= entry.getValue();
            if (left < 0) return entry.getKey();
        }
        throw new IllegalStateException("more drawn than there is");
    }

    private static List<List<PlannedRefund>> refunds(Random random, String number, long fen) {
        var part = 1 + (long) (random.nextDouble() * (fen - 1));
        var much = fen - fen / 3;
        var groups = new ArrayList<List<PlannedRefund>>();
        switch (random.nextInt(8)) {
            case 0 -> groups.add(List.of(new PlannedRefund(number + "-a", part)));
            case 1 -> groups.add(List.of(new PlannedRefund(number + "-a", 0)));
            case 2 ->
                groups.add(List.of(new PlannedRefund(number + "-a", much), new PlannedRefund(number + "-b", much)));
            case 3 ->
                groups.add(List.of(new PlannedRefund(number + "-a", part), new PlannedRefund(number + "-a", part)));
            case 4 -> {
                groups.add(List.of(new PlannedRefund(number + "-a", part)));
                groups.add(List.of(new PlannedRefund(number + "-b", 0)));
            }
            case 5 ->
                groups.add(List.of(
                        new PlannedRefund(number + "-a", (fen + 2) / 3),
                        new PlannedRefund(number + "-b", (fen + 2) / 3),
                        new PlannedRefund(number + "-c", (fen + 2) / 3)));
            case 6 -> groups.add(List.of(new PlannedRefund(number + "-a", 0), new PlannedRefund(number + "-b", 0)));
            default -> {
                groups.add(List.of(new PlannedRefund(number + "-a", part)));
                groups.add(List.of(new PlannedRefund(number + "-a", part + 1)));
                groups.add(List.of(new PlannedRefund(number + "-b", fen + 1)));
            }
        }
        return groups;
    }
}
