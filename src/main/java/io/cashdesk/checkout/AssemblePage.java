package io.cashdesk.checkout;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.AttemptLimit;
import io.cashdesk.payment.PayByCheckout;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** Puts together what a payer's page shows: the order, its newest attempt, and the ways to pay in this browser. */
@ApplicationScoped
class AssemblePage {
    /** Width of a code without its border, in CSS pixels, where the screen is wide enough for it. */
    static final int CODE_PIXELS = 232;

    /** An address or a signature that the provider accepts for less than this is not handed out. */
    static final Duration NEARLY_ENDED = Duration.ofSeconds(10);

    @Inject
    Attempts attempts;

    @Inject
    AttemptLimit attemptLimit;

    @Inject
    Merchants merchants;

    @Inject
    ReadMoney readMoney;

    @Inject
    PayByCheckout payByCheckout;

    @Inject
    PayerLogin payerLogin;

    @Inject
    Providers providers;

    @Inject
    UnpaidState unpaidState;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * One request for a page.
     *
     * @param query what the payer wants to see
     */
    record Visit(HttpServletRequest request, Client client, PageQuery query) {}

    CheckoutPage of(PayOrder order, PayByCheckout.Ways ways, Visit visit) {
        var now = clock.instant();
        var latest = attempts.currentOf(order.key());
        var usable = latest.filter(a -> ways.with(a.provider())
                .filter(w -> w.payType().toString().equals(a.payType()))
                .isPresent());
        var backTo = Addresses.back(settings, order.checkoutToken());
        var prompt = usable.flatMap(
                a -> payByCheckout.prompt(a, backTo).filter(p -> UnpaidState.fits(a, p, visit.client())));
        var shown = usable.filter(a -> prompt.isPresent());
        var money = readMoney.of(order);
        var opensWallet = prompt.filter(PaymentPrompt::opensWallet).isPresent();
        var facts = PageState.Facts.of(order, money, shown, opensWallet);
        var plain = PageState.of(facts, visit.query().wish(), now);
        var checking = beingQueried(order, now);
        var lastQuery = unpaidState.query(order, plain, checking);
        var state = unpaidState.refined(plain, order, latest, visit, now);
        var ends = UnpaidState.ends(state, order, latest, shown, opensWallet, visit.query(), now)
                .filter(order.expiresAt()::isAfter);
        return new CheckoutPage(
                state,
                order.checkoutToken(),
                order.mode() == Mode.TEST,
                shop(order),
                bill(order),
                money,
                state.waits() ? offered(order, ways, visit.request()) : CheckoutPage.Ways.NONE,
                state.waits() ? step(order, state, shown, prompt, now) : Optional.empty(),
                checking,
                new CheckoutPage.Waiting(visit.query(), lastQuery, ends),
                !order.takesAttempts() && (order.needsPerson().isPresent() || money.follows()),
                visit.client().phone(),
                providers.browserOf(visit.client()).map(PaymentProvider::presentation),
                problem(order, state, visit, now),
                visit.query()
                        .problem()
                        .filter(ProblemType.PROVIDER_REFUSED.slug()::equals)
                        .flatMap(p -> latest.flatMap(this::refusal)),
                order.version(),
                now);
    }

    /** How long no other attempt may be opened is read from our own rows, and nothing is said once it is over. */
    private Optional<CheckoutPage.Trouble> problem(PayOrder order, PageState state, Visit visit, Instant now) {
        var tooMany = visit.query().problem().filter(ProblemType.TOO_MANY_ATTEMPTS.slug()::equals);
        if (tooMany.isEmpty()) {
            return state == PageState.CHOOSE
                    ? visit.query().problem().map(slug -> new CheckoutPage.Trouble(slug, Duration.ZERO))
                    : Optional.empty();
        }
        if (!state.waits()) return Optional.empty();
        var wait = attemptLimit.wait(attempts.allOf(order.key()), now);
        return wait.isZero() ? Optional.empty() : Optional.of(new CheckoutPage.Trouble(tooMany.get(), wait));
    }

    private CheckoutPage.Shop shop(PayOrder order) {
        var merchant = merchants.byId(order.merchantId());
        return new CheckoutPage.Shop(
                merchant.name(),
                merchant.logo(),
                merchant.accent().isPresent(),
                order.returnUrl().isPresent(),
                merchant.contact());
    }

    private CheckoutPage.Bill bill(PayOrder order) {
        return new CheckoutPage.Bill(
                order.total(),
                order.refundFee(),
                order.subject(),
                order.outTradeNo(),
                order.expiresAt(),
                order.needsPerson().isPresent());
    }

    /** A wallet that gave no openid cannot be used here. */
    private CheckoutPage.Ways offered(PayOrder order, PayByCheckout.Ways ways, HttpServletRequest request) {
        var here = new ArrayList<CheckoutPage.Choice>();
        var elsewhere = new ArrayList<Presentation>();
        ways.elsewhere().forEach(provider -> elsewhere.add(look(order, provider)));
        for (var way : ways.here()) {
            var openid = way.needsOpenid()
                    ? payerLogin.openid(request, order, way.payType()).orElse("")
                    : "not needed";
            var name = way.provider().name().value();
            var look = look(order, way.provider());
            if (openid.isEmpty()) elsewhere.add(look);
            else here.add(new CheckoutPage.Choice(name, look, needsSecondDevice(way, look)));
        }
        return new CheckoutPage.Ways(here, elsewhere);
    }

    /** A code for another screen that does not open the wallet: on a phone it can be shown, and not scanned. */
    private static boolean needsSecondDevice(PayByCheckout.Way way, Presentation look) {
        return way.isCode() && look.scanning().link().isEmpty();
    }

    private Optional<CheckoutPage.Step> step(
            PayOrder order, PageState state, Optional<Attempt> shown, Optional<PaymentPrompt> prompt, Instant now) {
        if (state == PageState.ANY_CODE) {
            var address = settings.baseUrl() + "/q/" + order.checkoutToken();
            return Optional.of(new CheckoutPage.Scan(
                    Optional.empty(), address, QrCode.svg(address, CODE_PIXELS), order.expiresAt()));
        }
        return shown.flatMap(attempt -> prompt.map(p -> step(attempt, p, now)));
    }

    private CheckoutPage.Step step(Attempt attempt, PaymentPrompt prompt, Instant now) {
        var choice = new CheckoutPage.Choice(attempt.provider(), look(attempt));
        if (prompt instanceof PaymentPrompt.ScanQrCode scan) {
            return new CheckoutPage.Scan(
                    Optional.of(choice), scan.content(), QrCode.svg(scan.content(), CODE_PIXELS), attempt.expiresAt());
        }
        var ended = attempt.promptEndsWithin(NEARLY_ENDED, now);
        var url = prompt instanceof PaymentPrompt.GoTo go && !ended ? Optional.of(go.url()) : Optional.<String>empty();
        var launch = prompt instanceof PaymentPrompt.CallWallet call && !ended
                ? Optional.of(call.orderInfo().toString())
                : Optional.<String>empty();
        return new CheckoutPage.Open(choice, url, launch);
    }

    private static Presentation look(PayOrder order, PaymentProvider provider) {
        return provider.presentation(PayByCheckout.payMethod(order, provider));
    }

    private Presentation look(Attempt attempt) {
        return providers
                .named(attempt.provider())
                .presentation(attempt.request().payer().payMethod());
    }

    /** The address says only that there was a refusal; which one, our own row says. */
    private Optional<LocalizedText> refusal(Attempt attempt) {
        var call = attempt.byPaymentCode() ? PaymentProvider.Call.CODE_PAY : PaymentProvider.Call.CREATE;
        var provider = providers.named(attempt.provider());
        return attempt.providerCode()
                .map(code -> provider.explain(call, code, "").payer());
    }

    /**
     * Past its deadline and not closed yet: a payment of the last second may still be on its way, also if an earlier
     * one could not pay the order.
     */
    private boolean beingQueried(PayOrder order, Instant now) {
        return order.takesAttempts()
                && !now.isBefore(order.expiresAt())
                && !attempts.thatMayBePaid(order.key()).isEmpty();
    }
}
