package io.cashdesk.checkout;

import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.order.QueryResult;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a payer's page that belong to waiting: for a query, for another screen, for the wallet.
 *
 * <ul>
 *   <li>{@code askedAt}: a sentence with the time of the last query, or that it was not answered; null without one
 *   <li>{@code back}: whether the payer came back from the wallet
 *   <li>{@code app}: the name of that wallet as it stands in a sentence
 *   <li>{@code opens}: whether there is a wallet to open again
 *   <li>{@code simulated}: the simulator's wallet for this attempt, in test mode
 *   <li>{@code recheck}: when the page is loaded again, in milliseconds; null where the states say it
 *   <li>{@code languageLink}: the same page in the other language
 *   <li>{@code lang}: {@code lang=en} if this page's address names the language, for its forms; else null
 * </ul>
 */
final class WaitingModel {
    /** How soon a page looks again whether a query has ended. */
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private WaitingModel() {}

    static Map<String, Object> of(CheckoutPage page, Locale language) {
        var values = new LinkedHashMap<String, Object>();
        var waiting = page.waiting();
        values.put("askedAt", askedAt(page, language));
        values.put("back", waiting.query().wish() == PageState.Wish.BACK);
        page.step().ifPresent(step -> {
            if (step instanceof CheckoutPage.Open open) {
                values.put("app", open.wallet().look().wallet().in(language));
            }
        });
        values.put(
                "opens", page.step().filter(CheckoutPage.Open.class::isInstance).isPresent());
        values.put(
                "simulated",
                page.test() ? page.step().map(step -> simulated(page, step)).orElse(null) : null);
        var again = page.state() == PageState.CHECKING ? Optional.of(page.now().plus(RECHECK)) : waiting.ends();
        values.put("recheck", again.map(Instant::toEpochMilli).orElse(null));
        values.put(
                "languageLink",
                waiting.query().in(Optional.of(Formats.otherLanguage(language))).text());
        values.put(
                "lang",
                waiting.query()
                        .language()
                        .map(name -> Language.NAME + "=" + name)
                        .orElse(null));
        return values;
    }

    private static String askedAt(CheckoutPage page, Locale language) {
        return page.waiting()
                .last()
                .map(last -> {
                    var unanswered =
                            last.result().filter(QueryResult.UNANSWERED::equals).isPresent();
                    return Messages.text(
                            language,
                            unanswered ? "checkout.asked-unanswered" : "checkout.asked-at",
                            Formats.clock(last.at()));
                })
                .orElse(null);
    }

    /** Null for the code that any phone reads, which is the address of a page and no wallet's. */
    private static String simulated(CheckoutPage page, CheckoutPage.Step step) {
        if (step instanceof CheckoutPage.Scan scan) {
            return scan.wallet().isEmpty() ? null : "/simulator/wallet?code=" + encoded(scan.content());
        }
        var open = (CheckoutPage.Open) step;
        return open.url()
                .or(() -> open.launch()
                        .map(parameters -> "/simulator/" + open.wallet().provider() + "/launch?parameters="
                                + encoded(parameters) + "&back=" + encoded("/checkout/" + page.token() + "/back")))
                .orElse(null);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
