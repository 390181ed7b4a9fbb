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
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What is known about an unpaid order beside its newest code: queries that run, and the payer's other screens. */
@ApplicationScoped
class UnpaidState {
    /** How long after a phone has opened the code another screen says so. */
    static final Duration ON_PHONE = Duration.ofMinutes(5);

    /** States that show the newest query, or say that one is awaited. */
    private static final Set<PageState> ABOUT_QUERY =
            EnumSet.of(PageState.NOT_YET, PageState.CANCELLED, PageState.NOT_OPENED);

    @Inject
    QueryOrder queryOrder;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    Settings settings;

    /** The newest query about this order, where the page shows it. */
    Optional<QueryOrder.Last> query(PayOrder order, PageState state, boolean checking) {
        return ABOUT_QUERY.contains(state) || checking ? queryOrder.last(order.key()) : Optional.empty();
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
            PageState state, PayOrder order, Optional<Attempt> latest, AssemblePage.Visit visit, Instant now) {
        var query = visit.query();
        return switch (state) {
            case NOT_YET, CANCELLED, NOT_OPENED -> {
                var awaited = query.since()
                        .filter(since -> queryOrder.awaited(order.key(), since, now))
                        .isPresent();
                yield awaited ? PageState.CHECKING : state;
            }
            case ANY_CODE -> onPhone(order.phoneOpenedAt(), query.chosen(), now) ? PageState.ON_PHONE : state;
            case CHOOSE -> {
                var looks = query.wish() == PageState.Wish.NOTHING
                        && !visit.client().phone();
                yield looks && opensElsewhere(order, latest, now) ? PageState.ON_PHONE : state;
            }
            default -> state;
        };
    }

    /** Whether a phone has opened the code since it was chosen here, and lately. */
    static boolean onPhone(Optional<Instant> openedAt, Instant chosen, Instant now) {
        return openedAt.filter(at -> at.isAfter(chosen) && now.isBefore(at.plus(ON_PHONE)))
                .isPresent();
    }

    /**
     * When the page must be loaded again although nothing changes, because what it shows ends before the order does.
     *
     * @param shown the attempt that the page shows, if it shows one
     * @param opensWallet whether that opens the wallet
     */
    static Optional<Instant> ends(
            PageState state,
            PayOrder order,
            Optional<Attempt> latest,
            Optional<Attempt> shown,
            boolean opensWallet,
            PageQuery query,
            Instant now) {
        if (state == PageState.ON_PHONE) {
            return query.wish() == PageState.Wish.ANY_CODE
                    ? order.phoneOpenedAt().map(at -> at.plus(ON_PHONE))
                    : latest.map(Attempt::expiresAt);
        }
        if (!opensWallet || !state.waits() || state == PageState.CHOOSE) return Optional.empty();
        return shown.map(attempt -> {
                    var usable = attempt.promptUsableUntil(AssemblePage.NEARLY_ENDED);
                    return now.isBefore(usable) ? usable : attempt.expiresAt();
                })
                .filter(now::isBefore);
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
