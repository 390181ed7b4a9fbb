package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletResource;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Detail;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the page that plays the App Store shows: the products, a form to buy them, the purchases, and what Apple can
 * decide about each. All purchases of an app are listed under development alone, because elsewhere a stranger would see
 * those of others; otherwise those with the token that was pasted.
 */
@ApplicationScoped
class AppleStorePage {
    static final String PATH = AppleServer.PATH + "/store";

    /** Each has the messages {@code simulator.apple.do.<name>} and {@code simulator.apple.said.<name>}. */
    static final List<String> DECISIONS = List.of("renew", "refund", "half", "revoke", "reverse", "consumption");

    /** What the page can say of the operation before; each has the message {@code simulator.apple.said.<name>}. */
    static final Set<String> SAYS =
            Set.of("bought", "renew", "refund", "half", "revoke", "reverse", "consumption", "not-now");

    private static final int LISTED = 20;

    @Inject
    AccountStore accounts;

    @Inject
    AppleApps apps;

    @Inject
    ApplePurchases purchases;

    @Inject
    ApplePapers papers;

    @Inject
    AppleSales sales;

    @Inject
    TradeStore trades;

    @Inject
    Settings settings;

    /**
     * What the address says.
     *
     * @param app the bundle id, or an empty text
     * @param token {@code appAccountToken}, or an empty text
     * @param code of the purchase whose details are shown, or an empty text
     * @param said one of {@link #SAYS}; any other text says nothing
     */
    record Shown(String app, String token, String code, String said) {}

    static String address(Shown shown) {
        return PATH + "?app=" + encoded(shown.app()) + "&token=" + encoded(shown.token()) + "&code="
                + encoded(shown.code()) + "&said=" + encoded(shown.said());
    }

    String bundleId(ApplePurchase purchase) {
        return accounts.get(purchase.detail().accountId()).mchNo();
    }

    /** Carries out a decision; the purchase that the page shows then, or empty if it cannot be done now. */
    Optional<ApplePurchase> decide(ApplePurchase purchase, String decision) {
        if (!possible(purchase.detail()).contains(decision)) return Optional.empty();
        if (decision.equals("renew")) return Optional.of(sales.renew(purchase, true));
        var done = switch (decision) {
            case "refund" -> sales.refund(purchase, Revocation.ALL);
            case "half" -> sales.refund(purchase, Revocation.ALL / 2);
            case "revoke" -> sales.revoke(purchase);
            case "reverse" -> sales.reverse(purchase);
            default -> {
                sales.announce(purchase, AppleNotices.CONSUMPTION_REQUEST, "");
                yield true;
            }
        };
        return done ? Optional.of(purchase) : Optional.empty();
    }

    /** What can be decided about a purchase now. */
    static List<String> possible(Detail d) {
        var possible = new ArrayList<String>();
        if (d.subscription()) possible.add("renew");
        possible.addAll(d.revocation() == null ? List.of("refund", "half", "revoke") : List.of("reverse"));
        if (d.environment().atApple()) possible.add("consumption");
        return possible;
    }

    /** @param refused why a purchase was not made, or an empty text */
    Map<String, Object> model(Shown shown, String refused, Locale language) {
        var account = shown.app().isEmpty() ? Optional.<Account>empty() : apps.byBundleId(shown.app());
        var model = new LinkedHashMap<String, Object>();
        model.put("app", shown.app());
        model.put("known", account.isPresent());
        model.put("token", shown.token());
        model.put("said", SAYS.contains(shown.said()) ? shown.said() : "");
        model.put("refused", refused);
        model.put(
                "products",
                AppleProduct.ALL.stream().map(AppleStorePage::product).toList());
        model.put("environments", Environment.texts());
        model.put("all", settings.development());
        model.put(
                "detail",
                account.flatMap(a -> chosen(a, shown.code())).map(this::detail).orElse(null));
        model.put("purchases", account.map(a -> listed(a, shown)).orElse(List.of()));
        model.put("apps", settings.development() ? apps() : List.of());
        var here = new Shown(shown.app(), shown.token(), shown.code(), "");
        var other = Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
        model.put("otherLanguage", other);
        model.put("otherAddress", address(here) + "&lang=" + other);
        return model;
    }

    private static Map<String, String> product(AppleProduct product) {
        return Map.of("id", product.id(), "type", product.type(), "price", "¥" + Yuan.grouped(product.price() / 10));
    }

    private Optional<ApplePurchase> chosen(Account account, String code) {
        return trades.byCode(code)
                .filter(t -> t.accountId().equals(account.id()))
                .flatMap(purchases::of);
    }

    private List<Map<String, Object>> listed(Account account, Shown shown) {
        var allowed = settings.development()
                || AppleOrders.UUID.matcher(shown.token()).matches();
        if (!allowed) return List.of();
        return purchases.latest(account.id(), shown.token(), LISTED).stream()
                .map(p -> row(p, shown))
                .toList();
    }

    private static Map<String, Object> row(ApplePurchase p, Shown shown) {
        var d = p.detail();
        var row = new LinkedHashMap<String, Object>();
        row.put("code", p.trade().code());
        row.put("id", d.transactionId());
        row.put("what", p.trade().subject());
        row.put("price", price(d));
        row.put("environment", d.environment().text());
        row.put("state", state(d));
        row.put("dot", dot(d));
        row.put("renewal", d.renewal());
        row.put("open", address(new Shown(shown.app(), shown.token(), p.trade().code(), "")) + "#detail");
        row.put("decisions", possible(d));
        return row;
    }

    private Map<String, Object> detail(ApplePurchase p) {
        var d = p.detail();
        var detail = new LinkedHashMap<String, Object>();
        detail.put("id", d.transactionId());
        detail.put("original", d.renewal() ? d.originalId() : "");
        detail.put("token", d.token());
        detail.put("what", p.trade().subject());
        detail.put("price", price(d));
        detail.put("environment", d.environment().text());
        detail.put("state", state(d));
        detail.put("dot", dot(d));
        detail.put("percentage", d.revocation() == null ? "" : d.revocation().percentage() / 1000 + "%");
        detail.put("signed", papers.signedTransaction(p));
        detail.put("receipt", papers.receipt(p));
        detail.put("call", papers.call(p));
        detail.put("wallet", WalletResource.page(p.trade()));
        return detail;
    }

    private static String price(Detail d) {
        var amount = Yuan.grouped(d.price() / 10);
        return d.currency().equals("CNY") ? "¥" + amount : d.currency() + " " + amount;
    }

    /** Has the message {@code simulator.apple.state.<state>}. */
    private static String state(Detail d) {
        if (d.revocation() == null) return "PAID";
        if (d.revocation().type().equals(Revocation.FAMILY)) return "REVOKED";
        return d.revocation().whole() ? "REFUNDED" : "PARTLY_REFUNDED";
    }

    /** The state whose dot it has in the style sheet. */
    private static String dot(Detail d) {
        return state(d).equals("PAID") ? "SUCCESS" : state(d).equals("REVOKED") ? "CLOSED" : state(d);
    }

    private List<Map<String, String>> apps() {
        return apps.latest().stream()
                .map(a -> Map.of("app", a.mchNo(), "pid", a.pid()))
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
