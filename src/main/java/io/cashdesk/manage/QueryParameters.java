package io.cashdesk.manage;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The query parameters of a list, read as strictly as a body: what is unknown is refused by name. */
final class QueryParameters {
    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 500;

    private final MultivaluedMap<String, String> given;

    private QueryParameters(MultivaluedMap<String, String> given) {
        this.given = given;
    }

    static QueryParameters of(MultivaluedMap<String, String> given, Set<String> known) {
        for (var name : given.keySet()) {
            if (!known.contains(name)) {
                throw ProblemType.UNKNOWN_FIELD.with(name, String.join(", ", new TreeSet<>(known)));
            }
        }
        return new QueryParameters(given);
    }

    /**
     * A parameter, if it is there.
     *
     * @param wanted what it must be, for the problem's message
     * @param reading throws an {@link IllegalArgumentException} if it is not
     */
    <T> Optional<T> read(String name, LocalizedText wanted, Function<String, T> reading) {
        var text = given.getFirst(name);
        if (text == null) return Optional.empty();
        try {
            return Optional.of(reading.apply(text));
        } catch (IllegalArgumentException unreadable) {
            throw ProblemType.field(name, wanted, LocalizedText.quoted(text));
        }
    }

    /** How many the answer may have at most: 1 to 500, 50 if it is absent. */
    int limit() {
        return read("limit", new LocalizedText("1 至 " + LARGEST_PAGE, "1 to " + LARGEST_PAGE), t ->
                        (int) whole(t, LARGEST_PAGE))
                .orElse(PAGE);
    }

    /** @throws IllegalArgumentException if it is no number from 1 to this */
    static long whole(String text, long largest) {
        var number = Long.parseLong(text);
        if (number < 1 || number > largest) throw new IllegalArgumentException(text);
        return number;
    }
}
