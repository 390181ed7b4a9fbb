package io.cashdesk.checkout;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.payment.QueryOrder;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Payer.Screen;
import io.cashdesk.provider.PaymentPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is known about an unpaid order beside its newest code: queries that run, and the payer's other screens. */
@ApplicationScoped
class UnpaidState {
    /** A query that has left no result for so long was made by a node that died. */
    private static final Duration LONGEST_QUERY = Duration.ofSeconds(30);

    @Inject
    QueryOrder queryOrder;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    Settings settings;

    /** The newest query about this order, where the page shows it. */
    Optional<QueryOrder.Last> query(PayOrder order, PageState state, boolean checking) {
        return state == PageState.NOT_YET || checking ? queryOrder.last(order.key()) : Optional.empty();
    }

    /** Whether what this opens belongs to this kind of screen; a code can be shown on any. */
    static boolean fits(Attempt attempt, PaymentPrompt prompt, Client client) {
        if (!prompt.opensWallet()) return true;
        var screen = attempt.request().payer().screen();
        return client.phone() ? !screen.equals(Screen.PC.name()) : !opensOnPhone(screen);
    }

    private static boolean opensOnPhone(String screen) {
        return screen.equals(Screen.PHONE.name()) || screen.equals(Screen.APP.name());
    }

    /** The state, after what is known besides. */
    PageState refined(
            PageState state,
            PayOrder order,
            Optional<Attempt> latest,
            Optional<QueryOrder.Last> lastQuery,
            AssemblePage.Visit visit,
            Instant now) {
        var wish = visit.query().wish();
        return switch (state) {
            case NOT_YET -> visit.query().waits() && runs(lastQuery, now) ? PageState.CHECKING : state;
            case ANY_CODE -> {
                var opened =
                        wish == PageState.Wish.ANY_CODE && order.phoneOpenedAt().isPresent();
                yield opened ? PageState.ON_PHONE : state;
            }
            case CHOOSE -> {
                var looks = wish == PageState.Wish.NOTHING && !visit.client().phone();
                yield looks && opensElsewhere(order, latest, now) ? PageState.ON_PHONE : state;
            }
            default -> state;
        };
    }

    private static boolean runs(Optional<QueryOrder.Last> last, Instant now) {
        return last.filter(query -> query.result().isEmpty())
                .filter(query -> now.isBefore(query.at().plus(LONGEST_QUERY)))
                .isPresent();
    }

    private boolean opensElsewhere(PayOrder order, Optional<Attempt> latest, Instant now) {
        var backTo = Addresses.back(settings, order.checkoutToken());
        return latest.filter(a -> a.state() == AttemptState.SHOWN && now.isBefore(a.expiresAt()))
                .filter(a -> opensOnPhone(a.request().payer().screen()))
                .flatMap(a -> payByCheckout.prompt(a, backTo))
                .filter(PaymentPrompt::opensWallet)
                .isPresent();
    }
}
