package io.cashdesk.bench;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of {@link QuickBench} as a Markdown table for {@code docs/performance.md}. */
final class QuickBenchResult {
    private static final String HEAD = """
            | work | few orders | of its limit | 20,000 waiting | of its limit | 20,000 / few | p50 | p99 | failed |
            |---|---|---|---|---|---|---|---|---|
            """;

    private QuickBenchResult() {}

    /** @param limits by the name of the work; the same for few and many orders, measured with few */
    static String table(Map<String, Rate> few, Map<String, Rate> waiting, Map<String, Limit> limits) {
        var text = new StringBuilder(HEAD);
        var ofThese = new LinkedHashSet<Limit>();
        few.forEach((work, rate) -> {
            var limit = limits.get(work);
            text.append(line(work, rate, waiting.get(work), limit));
            if (limit != null) ofThese.add(limit);
        });
        var described = ofThese.stream()
                .map(limit -> String.format(Locale.ROOT, "%,.0f %s", limit.perSecond(), limit.name()))
                .collect(Collectors.joining(", "));
        return text + "\nLimits, measured with few orders: " + described + ".\n";
    }

    private static String line(String work, Rate few, Rate waiting, Limit limit) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f/s | %s | %,.0f/s | %s | %.2f | %d / %d ms | %d / %d ms | %d |%n",
                work,
                few.perSecond(),
                ratio(few, limit),
                waiting.perSecond(),
                ratio(waiting, limit),
                waiting.perSecond() / few.perSecond(),
                few.p50(),
                waiting.p50(),
                few.p99(),
                waiting.p99(),
                few.failed() + waiting.failed());
    }

    private static String ratio(Rate rate, Limit limit) {
        if (limit == null) return "";
        if (Double.isNaN(limit.perSecond())) return "not measured";
        return String.format(Locale.ROOT, "%.3f", rate.perSecond() / limit.perSecond());
    }
}
