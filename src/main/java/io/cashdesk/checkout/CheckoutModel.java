package io.cashdesk.checkout;

import io.cashdesk.checkout.CheckoutPage.Choice;
import io.cashdesk.checkout.CheckoutPage.Open;
import io.cashdesk.checkout.CheckoutPage.Scan;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Contact;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The values that the template of a payer's page uses, in one language. */
final class CheckoutModel {
    /** How often a page without a script reloads. */
    static final int REFRESH_SECONDS = 5;

    /** Problems that have a text of their own; every other is "other". */
    private static final Set<String> PROBLEMS = Set.of(
            "call-running",
            "earlier-attempt-open",
            "openid",
            "outcome-unknown",
            "provider-busy",
            "provider-not-configured",
            "provider-unreachable",
            "too-many-attempts");

    /** States with no form that a reload would take away from the payer. */
    private static final Set<PageState> REFRESHES = EnumSet.of(
            PageState.CODE,
            PageState.ANY_CODE,
            PageState.ON_PHONE,
            PageState.CHECKING,
            PageState.NOT_YET,
            PageState.OPENING);

    /** How often a page without a script reloads while money is on its way, which may take days. */
    private static final int FOLLOWS_SECONDS = 30;

    /** States that have a heading and a sentence; the others show the ways to pay, or a code. */
    private static final Set<PageState> OUTCOMES = EnumSet.complementOf(
            EnumSet.of(PageState.CHOOSE, PageState.CODE, PageState.ANY_CODE, PageState.CODE_ENDED, PageState.UNKNOWN));

    /** States that show the order as a receipt does. */
    private static final Set<PageState> FACTS = EnumSet.of(
            PageState.PAID,
            PageState.REFUNDED,
            PageState.PARTLY_REFUNDED,
            PageState.NEEDS_PERSON,
            PageState.LATE,
            PageState.DOUBLE,
            PageState.REFUNDING,
            PageState.ABNORMAL);

    /** States of a paid order that do not say by themselves that the shop must check something. */
    private static final Set<PageState> NOTICED =
            EnumSet.of(PageState.PAID, PageState.PARTLY_REFUNDED, PageState.REFUNDED, PageState.REFUNDING);

    /** A longer subject is folded; in half-width characters. */
    private static final int SUBJECT_WIDTH = 36;

    private final CheckoutPage page;
    private final Locale language;
    private final MoneyModel money;
    private final Map<String, Object> values = new LinkedHashMap<>();

    CheckoutModel(CheckoutPage page, Locale language) {
        this.page = page;
        this.language = language;
        this.money = new MoneyModel(page, language);
    }

    Map<String, Object> values() {
        putPage();
        putShop();
        putBill();
        putMoney();
        putWays();
        putProblem();
        page.step().ifPresent(step -> {
            if (step instanceof Scan scan) putScan(scan);
            else putOpen((Open) step);
        });
        values.putAll(WaitingModel.of(page, language));
        return values;
    }

    private void putPage() {
        var base = "/checkout/" + page.token();
        var state = page.state();
        var amount = "¥" + Formats.grouped(page.bill().total());
        put("state", state.word());
        put("title", text("checkout." + titled() + ".title", amount, page.shop().name()));
        put("otherLanguage", Formats.otherLanguage(language));
        put("test", page.test());
        put("base", base);
        put("theme", page.shop().themed() ? base + "/theme.css" : null);
        put("waits", state.waits() || page.checking());
        put("polls", state.waits() || page.checking() || page.follows());
        put("checking", page.checking());
        put("refresh", refresh());
        put("version", page.version());
        put("now", page.now().toEpochMilli());
    }

    /** The state whose title it has; the texts of some states differ with what became of the money. */
    private String titled() {
        return page.state() == PageState.LATE || page.state() == PageState.DOUBLE
                ? money.variant()
                : page.state().word();
    }

    /** In seconds; null: the page does not load itself again. */
    private Integer refresh() {
        if (REFRESHES.contains(page.state()) || page.checking()) return REFRESH_SECONDS;
        return page.follows() ? FOLLOWS_SECONDS : null;
    }

    private void putMoney() {
        var name = page.shop().name();
        var variant = page.checking() ? "expired.checking" : money.variant();
        var total = "¥" + Formats.grouped(page.bill().total());
        var heading = text("checkout." + variant + ".heading", name, money.moved(), total);
        put("heading", heading);
        var hasSentence = OUTCOMES.contains(page.state());
        put("says", hasSentence ? text("checkout." + variant + ".text", name, money.moved(), total) : null);
        put("facts", FACTS.contains(page.state()));
        put("rows", money.order());
        put("times", money.showsTimes());
        put("blocks", money.blocks());
        put("receipt", page.money().payments().isEmpty() ? null : money.asText(heading));
        put("notice", page.bill().needsPerson() && NOTICED.contains(page.state()));
        var contact = money.needsContact() ? page.shop().contact() : Contact.NONE;
        put("urgent", money.needsAnswer());
        put("phoneNumber", contact.phone().orElse(null));
        put("dial", contact.phone().map(CheckoutModel::dial).orElse(null));
        put("email", contact.email().orElse(null));
        put("mail", contact.email().map(this::mail).orElse(null));
    }

    /** The number as a {@code tel:} address takes it (RFC 3966): without what stands between the digits. */
    private static String dial(String phone) {
        var digits = phone.replaceAll("[^0-9]", "");
        return "tel:" + (phone.stripLeading().startsWith("+") ? "+" : "") + digits;
    }

    /** A message whose subject is the order's number (RFC 6068). */
    private String mail(String address) {
        return "mailto:" + encoded(address).replace("%40", "@") + "?subject="
                + encoded(page.bill().number());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void putShop() {
        var name = page.shop().name();
        put("shop", name);
        put("initial", name.substring(0, name.offsetByCodePoints(0, 1)));
        put("logo", page.shop().logo().orElse(null));
        put("returns", page.shop().returns());
    }

    private void putBill() {
        var bill = page.bill();
        var grouped = Formats.grouped(bill.total());
        int point = grouped.indexOf('.');
        put("amount", "¥" + grouped);
        put("whole", grouped.substring(0, point));
        put("digits", Long.toString(bill.total().minor() / 100).length());
        put("decimals", grouped.substring(point));
        put("subject", bill.subject());
        put("longSubject", Formats.width(bill.subject()) > SUBJECT_WIDTH);
        put("number", bill.number());
        put("ends", bill.expiresAt().toEpochMilli());
        put("left", Formats.left(page.now(), bill.expiresAt()));
    }

    private void putWays() {
        var here = page.ways().here();
        put("ways", here.stream().map(this::way).toList());
        put(
                "elsewhere",
                page.ways().elsewhere().stream().map(p -> in(p.elsewhere())).toList());
        put("anyCode", !page.phone() && here.size() > 1);
        if (here.size() == 1) {
            var wallet = in(here.get(0).look().wallet());
            var amount = "¥" + Formats.grouped(page.bill().total());
            put("pay", text("checkout.pay", wallet, amount));
        }
        put("wallets", wallets());
    }

    private Map<String, String> way(Choice choice) {
        var onPhone = choice.secondDevice() ? "checkout.way.hint.second-device" : "checkout.way.hint.phone";
        var hint = page.phone() ? onPhone : "checkout.way.hint";
        return Map.of(
                "provider",
                choice.provider(),
                "mark",
                choice.look().mark(),
                "name",
                in(choice.look().name()),
                "hint",
                text(hint, in(choice.look().wallet())));
    }

    /** The wallets that can read the code for any phone, as a list in a sentence. */
    private String wallets() {
        var here = page.ways().here().stream().map(Choice::look);
        var all = Stream.concat(here, page.ways().elsewhere().stream())
                .map(p -> in(p.wallet()))
                .distinct();
        var list = all.collect(Collectors.joining(text("checkout.and")));
        return list.isEmpty() ? text("checkout.wallet") : list;
    }

    private void putProblem() {
        put(
                "problem",
                page.problem()
                        .map(p -> PROBLEMS.contains(p.slug()) ? p.slug() : "other")
                        .orElse(null));
        put("wait", page.problem().map(p -> wait(p.toWait())).orElse(""));
        put("refusal", page.refusal().map(this::in).orElse(null));
        put("browserOf", page.browserOf().map(p -> in(p.wallet())).orElseGet(() -> text("checkout.wallet")));
    }

    /** In whole seconds up to a minute and a half, then in whole minutes; rounded up. */
    private String wait(Duration time) {
        var seconds = time.plusMillis(999).toSeconds();
        if (seconds == 1) return text("checkout.wait.second");
        return seconds <= 90
                ? text("checkout.wait.seconds", seconds)
                : text("checkout.wait.minutes", (seconds + 59) / 60);
    }

    private void putScan(Scan scan) {
        var bill = page.bill();
        // A provider may accept a code a little longer than the order lives; the payer has the shorter of the two.
        var ends = scan.ends().isBefore(bill.expiresAt()) ? scan.ends() : bill.expiresAt();
        put("qr", scan.svg());
        put("codeEnds", ends.toEpochMilli());
        put("codeLeft", Formats.left(page.now(), ends));
        if (scan.wallet().isEmpty()) {
            put("wallet", text("checkout.way.any"));
            put("codeHeading", text("checkout.code.any"));
            put("codeLabel", text("checkout.qr.any"));
            put("codeHint", text("checkout.code.hint.any", wallets()));
            put("content", scan.content());
            return;
        }
        var choice = scan.wallet().get();
        var scanning = choice.look().scanning();
        putWallet(choice);
        put("codeHeading", text("checkout.code.with", in(choice.look().wallet())));
        put("codeLabel", in(scanning.label()));
        put("codeHint", in(page.phone() ? scanning.onThisPhone() : scanning.how()));
        if (page.test()) {
            put("content", scan.content());
        } else if (page.phone() && scanning.opensWallet(scan.content())) {
            put("open", scan.content());
        }
    }

    private void putOpen(Open step) {
        putWallet(step.wallet());
        put("open", step.url().orElse(null));
        put("launch", step.launch().orElse(null));
    }

    private void putWallet(Choice choice) {
        put("provider", choice.provider());
        put("mark", choice.look().mark());
        put("wallet", in(choice.look().name()));
        put("openLabel", in(choice.look().open()));
    }

    private void put(String name, Object value) {
        values.put(name, value);
    }

    private String text(String key, Object... arguments) {
        return Messages.text(language, key, arguments);
    }

    private String in(LocalizedText text) {
        return text.in(language);
    }
}
