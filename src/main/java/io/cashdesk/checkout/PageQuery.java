package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The query of a page's address: it chooses among true states.
 *
 * @param chosen when the payer chose the code for any phone; the beginning of time if the address does not say it
 * @param since since when the payer waits for the answer of a query; empty: the answer was there, or none is awaited
 * @param problem the slug of the problem that the address names
 * @param language the language that the address names, for browsers without cookies
 */
record PageQuery(
        PageState.Wish wish,
        Instant chosen,
        Optional<Instant> since,
        Optional<String> problem,
        Optional<String> language) {
    static final PageQuery NONE = of(PageState.Wish.NOTHING);

    private static final Pattern SLUG = Pattern.compile("[a-z-]{1,40}");
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

    static PageQuery of(PageState.Wish wish) {
        return new PageQuery(wish, Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PageQuery of(MultivaluedMap<String, String> given) {
        return new PageQuery(
                wish(given),
                moment(given.getFirst("any")),
                given.containsKey("wait") ? Optional.of(moment(given.getFirst("wait"))) : Optional.empty(),
                Optional.ofNullable(given.getFirst("problem"))
                        .filter(slug -> SLUG.matcher(slug).matches()),
                language(given.getFirst(Language.NAME)));
    }

    /** A language that pages have, or empty. */
    static Optional<String> language(String given) {
        return Optional.ofNullable(given).filter(name -> name.equals("en") || name.equals("zh"));
    }

    private static Instant moment(String millis) {
        return millis != null && MILLIS.matcher(millis).matches()
                ? Instant.ofEpochMilli(Long.parseLong(millis))
                : Instant.EPOCH;
    }

    private static PageState.Wish wish(MultivaluedMap<String, String> given) {
        for (var wish : PageState.Wish.values()) {
            if (wish != PageState.Wish.NOTHING && given.containsKey(wish.word())) return wish;
        }
        return PageState.Wish.NOTHING;
    }

    PageQuery chosenAt(Instant now) {
        return new PageQuery(wish, now, since, problem, language);
    }

    PageQuery in(Optional<String> otherLanguage) {
        return new PageQuery(wish, chosen, since, problem, otherLanguage);
    }

    PageQuery about(String slug) {
        return new PageQuery(wish, chosen, since, Optional.of(slug), language);
    }

    PageQuery waiting(Optional<Instant> forAnswerSince) {
        return new PageQuery(wish, chosen, forAnswerSince, problem, language);
    }

    /** As the query of an address, with its question mark; an empty text if it says nothing. */
    String text() {
        var text = new StringBuilder();
        if (wish != PageState.Wish.NOTHING) text.append('&').append(wish.word());
        if (wish == PageState.Wish.ANY_CODE && chosen.isAfter(Instant.EPOCH)) {
            text.append('=').append(chosen.toEpochMilli());
        }
        since.ifPresent(moment -> {
            text.append("&wait");
            if (moment.isAfter(Instant.EPOCH)) text.append('=').append(moment.toEpochMilli());
        });
        problem.ifPresent(slug -> text.append("&problem=").append(slug));
        language.ifPresent(
                name -> text.append('&').append(Language.NAME).append('=').append(name));
        return text.isEmpty() ? "" : "?" + text.substring(1);
    }
}
