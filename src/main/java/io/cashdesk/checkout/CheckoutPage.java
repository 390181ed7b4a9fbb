package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Client;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One payer's page, with everything that its template shows.
 *
 * @param state what it says
 * @param token the page's own address
 * @param test whether the money is not real
 * @param shop who is paid
 * @param bill what for
 * @param ways the providers to choose from
 * @param step what the payer does next: scan a code that is shown or has ended, or open the wallet
 * @param checking whether the deadline has passed and providers are still being asked
 * @param client what the payer looks at it with
 * @param problem why the last try did not work: the slug of a problem
 * @param refusal what to tell the payer, where a provider refused and we know what that means
 * @param now the server's time, which the page's clocks follow
 */
record CheckoutPage(
        PageState state,
        String token,
        boolean test,
        Shop shop,
        Bill bill,
        Ways ways,
        Optional<Step> step,
        boolean checking,
        Client client,
        Optional<String> problem,
        Optional<LocalizedText> refusal,
        Instant now) {
    /** What can go wrong when a code is asked for and deserves words of its own; everything else is "other". */
    private static final Set<String> PROBLEMS = Set.of(
            "call-running",
            "earlier-attempt-open",
            "openid",
            "outcome-unknown",
            "provider-busy",
            "provider-not-configured",
            "provider-unreachable");

    /** Where nothing but news can change what is shown. */
    private static final Set<PageState> REFRESHES =
            EnumSet.of(PageState.CODE, PageState.ANY_CODE, PageState.NOT_YET, PageState.OPENING);

    /** How often a page without a script asks again. */
    private static final int REFRESH_SECONDS = 5;

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    /** @param returns whether there is a shop to go back to */
    record Shop(String name, Optional<String> logo, boolean themed, boolean returns) {}

    record Bill(
            Money total,
            long refunded,
            String subject,
            String number,
            Instant expiresAt,
            Optional<Instant> paidAt,
            Optional<String> payType) {}

    /**
     * @param here the providers that work in this browser, in the order of the page
     * @param elsewhere those that need another one
     */
    record Ways(List<String> here, List<String> elsewhere) {
        static final Ways NONE = new Ways(List.of(), List.of());
    }

    /** What the payer does next. */
    sealed interface Step {}

    /**
     * @param provider whose wallet scans it, or "any"
     * @param svg the drawing of {@code content}
     */
    record Scan(String provider, String content, String svg, Instant ends) implements Step {}

    /**
     * @param url where the wallet opens, as long as the provider honours it
     * @param launch what the wallet's own call takes, likewise: JSON
     */
    record Open(String provider, Optional<String> url, Optional<String> launch) implements Step {}

    /** The page of a link that opens nothing. */
    static View unknown(Locale language) {
        var model = new LinkedHashMap<String, Object>();
        model.put("state", PageState.UNKNOWN.word());
        model.put("title", Messages.text(language, "checkout.unknown.heading"));
        model.put("otherLanguage", other(language));
        return new View("checkout/unknown", language, model);
    }

    /**
     * The page of a moment in which nothing can be read; it looks again by itself.
     *
     * @param token the page's own address, whose order is not known now
     */
    static View unavailable(String token, Instant now, Locale language) {
        var model = new LinkedHashMap<String, Object>();
        var base = "/checkout/" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        model.put("state", "unavailable");
        model.put("title", Messages.text(language, "checkout.unavailable.heading"));
        model.put("base", base);
        model.put("refresh", REFRESH_SECONDS + ";url=" + base);
        model.put("now", now.toEpochMilli());
        model.put("again", now.plusSeconds(REFRESH_SECONDS).toEpochMilli());
        return new View("checkout/unavailable", language, model);
    }

    View view(Locale language) {
        var model = new LinkedHashMap<String, Object>();
        var base = "/checkout/" + token;
        var amount = "¥" + grouped(bill.total());
        model.put("state", state.word());
        model.put("title", Messages.text(language, "checkout." + state.word() + ".title", amount, shop.name()));
        model.put("otherLanguage", other(language));
        model.put("test", test);
        model.put("base", base);
        model.put("theme", shop.themed() ? base + "/theme.css" : null);
        model.put("waits", state.waits() || checking);
        model.put("checking", checking);
        // A form that somebody is about to use is not pulled away; only states that nothing but news can change
        // refresh.
        model.put("refresh", REFRESHES.contains(state) || checking ? REFRESH_SECONDS : null);
        model.put("now", now.toEpochMilli());
        model.put("asked", clock(now));
        model.put("shop", shop.name());
        model.put("initial", shop.name().substring(0, shop.name().offsetByCodePoints(0, 1)));
        model.put("logo", shop.logo().orElse(null));
        model.put("returns", shop.returns());
        model.put("ways", ways.here());
        model.put("elsewhere", ways.elsewhere());
        model.put("phone", client.phone());
        model.put("anyCode", !client.phone() && ways.here().size() > 1);
        model.put(
                "problem", problem.map(p -> PROBLEMS.contains(p) ? p : "other").orElse(null));
        model.put("refusal", refusal.map(t -> t.in(language)).orElse(null));
        putBill(model, language);
        step.ifPresent(s -> {
            if (s instanceof Scan scan) putCode(model, scan);
            else putOpen(model, (Open) s);
        });
        return new View("checkout/page", language, model);
    }

    private void putBill(Map<String, Object> model, Locale language) {
        var grouped = grouped(bill.total());
        int point = grouped.indexOf('.');
        model.put("amount", "¥" + grouped);
        model.put("whole", grouped.substring(0, point));
        model.put("decimals", grouped.substring(point));
        model.put("subject", bill.subject());
        model.put("longSubject", width(bill.subject()) > 36);
        model.put("number", bill.number());
        model.put("ends", bill.expiresAt().toEpochMilli());
        model.put("left", left(bill.expiresAt()));
        bill.paidAt().ifPresent(t -> {
            model.put("paidAt", moment(t, language));
            model.put("paidAtIso", t.toString());
        });
        bill.payType().ifPresent(t -> model.put("paidWith", t.startsWith("alipay") ? "alipay" : "wxpay"));
        if (bill.refunded() > 0) model.put("refunded", "¥" + grouped(Money.fen(bill.refunded())));
    }

    private void putCode(Map<String, Object> model, Scan c) {
        model.put("provider", c.provider());
        model.put("qr", c.svg());
        // A provider may keep a code a little longer than the order lives; the payer has as long as both.
        var ends = c.ends().isBefore(bill.expiresAt()) ? c.ends() : bill.expiresAt();
        model.put("codeEnds", ends.toEpochMilli());
        model.put("codeLeft", left(ends));
        if (state == PageState.ANY_CODE) {
            model.put("content", c.content());
        } else if (test) {
            model.put("content", c.content());
            model.put("wallet", "/simulator/wallet?code=" + URLEncoder.encode(c.content(), StandardCharsets.UTF_8));
        } else if (client.phone() && c.content().startsWith("https://qr.alipay.com/")) {
            model.put("open", c.content());
        }
    }

    private static void putOpen(Map<String, Object> model, Open o) {
        model.put("provider", o.provider());
        model.put("open", o.url().orElse(null));
        model.put("launch", o.launch().orElse(null));
    }

    private String left(Instant end) {
        var left = Duration.between(now, end);
        return left.isNegative() ? "0:00" : clock(left);
    }

    /** "4:59", "1:04:59"; the script writes it in the same way. */
    static String clock(Duration left) {
        var seconds = left.plusMillis(999).toSeconds();
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String clock(Instant at) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).format(at.atZone(BEIJING));
    }

    private static String moment(Instant at, Locale language) {
        var pattern = Messages.text(language, "checkout.moment");
        return DateTimeFormatter.ofPattern(pattern, language).format(at.atZone(BEIJING));
    }

    private static String grouped(Money money) {
        return String.format(Locale.ROOT, "%,d.%02d", money.minor() / 100, money.minor() % 100);
    }

    /** How much room a line takes, in half-width characters. */
    private static int width(String text) {
        return text.codePoints().map(c -> c > 0x2e80 ? 2 : 1).sum();
    }

    private static String other(Locale language) {
        return Locale.ENGLISH.getLanguage().equals(language.getLanguage()) ? "zh" : "en";
    }
}
