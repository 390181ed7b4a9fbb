package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Contact;
import io.cashdesk.payment.QueryOrder;
import io.cashdesk.provider.Presentation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One payer's page, with everything that its template shows.
 *
 * @param state what it says
 * @param token the page's own address
 * @param test whether the order is in test mode
 * @param shop who is paid
 * @param bill what for
 * @param money what came for it, and what became of that
 * @param ways the providers to choose from
 * @param step what the payer does next: scan a code that is shown or has ended, or open the wallet
 * @param checking whether the deadline has passed and providers are still being queried
 * @param waiting what the payer wanted to know, and the last query about it
 * @param follows whether it may still change although the order takes no attempts
 * @param phone whether it is shown on a phone
 * @param browserOf the provider in whose wallet's browser it is shown, if it is in one
 * @param problem why the last attempt failed, or none was opened
 * @param refusal what to tell the payer, where a provider refused and the reason is in its dictionary
 * @param version of the order: when it changes, the page must be loaded again
 * @param now the server's time, which the page's clocks follow
 */
record CheckoutPage(
        PageState state,
        String token,
        boolean test,
        Shop shop,
        Bill bill,
        OrderMoney money,
        Ways ways,
        Optional<Step> step,
        boolean checking,
        Waiting waiting,
        boolean follows,
        boolean phone,
        Optional<Presentation> browserOf,
        Optional<Trouble> problem,
        Optional<LocalizedText> refusal,
        long version,
        Instant now) {

    /**
     * @param slug the slug of a problem
     * @param toWait how long the payer must wait before another try, if that is known; else zero
     */
    record Trouble(String slug, Duration toWait) {}

    /** @param returns whether the order has an address of the shop to go back to */
    record Shop(String name, Optional<String> logo, boolean themed, boolean returns, Contact contact) {}

    /**
     * @param refunded in fen
     * @param needsPerson whether the shop must check something about it
     */
    record Bill(Money total, long refunded, String subject, String number, Instant expiresAt, boolean needsPerson) {}

    /**
     * One provider to choose.
     *
     * @param provider its name in the API
     * @param secondDevice whether a phone shows a code that only another device can scan
     */
    record Choice(String provider, Presentation look, boolean secondDevice) {
        Choice(String provider, Presentation look) {
            this(provider, look, false);
        }
    }

    /**
     * @param here the providers that work in this browser, in the order of the page
     * @param elsewhere those that need another one
     */
    record Ways(List<Choice> here, List<Presentation> elsewhere) {
        static final Ways NONE = new Ways(List.of(), List.of());
    }

    /**
     * @param query of the page's address
     * @param last the newest query to a provider; empty if there was none, or the page does not show it
     * @param ends when what is shown ends, if that is before the order's deadline
     */
    record Waiting(PageQuery query, Optional<QueryOrder.Last> last, Optional<Instant> ends) {}

    /** What the payer does next. */
    sealed interface Step {}

    /**
     * @param wallet whose wallet scans it; empty: any phone, whose browser then opens this page
     * @param svg the drawing of {@code content}
     * @param ends until when the provider accepts it
     */
    record Scan(Optional<Choice> wallet, String content, String svg, Instant ends) implements Step {}

    /**
     * @param url where the wallet opens; empty where the provider does not accept it any more
     * @param launch what the wallet's own JavaScript call takes, likewise: JSON
     */
    record Open(Choice wallet, Optional<String> url, Optional<String> launch) implements Step {}

    View view(Locale language) {
        return new View("checkout/page", language, new CheckoutModel(this, language).values());
    }
}
