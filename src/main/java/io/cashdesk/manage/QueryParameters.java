package io.cashdesk.manage;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** The query parameters of a list, read as strictly as a body: what is unknown is refused by name. */
final class QueryParameters {
    /** The word of a filter that leaves nothing out. */
    static final String ALL = "all";

    private static final long MICROS = 1_000_000;

    private static final long LAST_MICROS =
            Instant.parse("9999-12-31T00:00:00Z").getEpochSecond() * MICROS;

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

    /** The parameter {@code mode}; live, if it is absent. */
    Mode mode() {
        return read("mode", ManageResource.MODE, word -> switch (word) {
                    case "test" -> Mode.TEST;
                    case "live" -> Mode.LIVE;
                    default -> throw new IllegalArgumentException(word);
                })
                .orElse(Mode.LIVE);
    }

    /**
     * The same word.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static String known(String word, List<String> words) {
        if (!words.contains(word)) throw new IllegalArgumentException(word);
        return word;
    }

    /** A place in a list that is sorted by time: after this row. */
    record Place(Instant at, UUID id) {}

    /** The place that the parameter {@code cursor} names. */
    Optional<Place> cursor() {
        return read(
                "cursor", new LocalizedText("上一次应答中的 next", "the next of an earlier answer"), QueryParameters::place);
    }

    /** The cursor that names this place, to the microsecond, as it is stored. */
    static String cursor(Instant at, UUID id) {
        return at.getEpochSecond() * MICROS + at.getNano() / 1_000 + "." + id;
    }

    private static Place place(String cursor) {
        var dot = cursor.indexOf('.');
        if (dot < 0) throw new IllegalArgumentException(cursor);
        var micros = whole(cursor.substring(0, dot), LAST_MICROS);
        return new Place(
                Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1_000),
                UUID.fromString(cursor.substring(dot + 1)));
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
