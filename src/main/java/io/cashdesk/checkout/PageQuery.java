package io.cashdesk.checkout;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The query of a page's address: it chooses among true states.
 *
 * @param waits whether a query to a provider was started and not answered before the address was made
 * @param problem the slug of the problem that the address names
 */
record PageQuery(PageState.Wish wish, boolean waits, Optional<String> problem) {
    static final PageQuery NONE = new PageQuery(PageState.Wish.NOTHING, false, Optional.empty());

    private static final Pattern SLUG = Pattern.compile("[a-z-]{1,40}");

    static PageQuery of(MultivaluedMap<String, String> given) {
        return new PageQuery(
                wish(given),
                given.containsKey("wait"),
                Optional.ofNullable(given.getFirst("problem"))
                        .filter(slug -> SLUG.matcher(slug).matches()));
    }

    private static PageState.Wish wish(MultivaluedMap<String, String> given) {
        if (given.containsKey("choose")) return PageState.Wish.CHOOSE;
        if (given.containsKey("any")) {
            return "again".equals(given.getFirst("any")) ? PageState.Wish.ANY_CODE_AGAIN : PageState.Wish.ANY_CODE;
        }
        if (given.containsKey("back")) return PageState.Wish.BACK;
        if (given.containsKey("asked")) return PageState.Wish.ASKED;
        if (given.containsKey("cancelled")) return PageState.Wish.CANCELLED;
        if (given.containsKey("not-opened")) return PageState.Wish.NOT_OPENED;
        return PageState.Wish.NOTHING;
    }

    /** The same as the query of an address, with this behind it; begins with a question mark. */
    String with(String more) {
        var text = new StringBuilder();
        switch (wish) {
            case NOTHING -> {}
            case CHOOSE -> text.append("&choose");
            case ANY_CODE -> text.append("&any");
            case ANY_CODE_AGAIN -> text.append("&any=again");
            case ASKED -> text.append("&asked");
            case BACK -> text.append("&back");
            case CANCELLED -> text.append("&cancelled");
            case NOT_OPENED -> text.append("&not-opened");
        }
        if (waits) text.append("&wait");
        problem.ifPresent(slug -> text.append("&problem=").append(slug));
        return "?" + text.append('&').append(more).substring(1);
    }
}
