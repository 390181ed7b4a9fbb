package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.MerchantView;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Origin;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Makes a merchant, or changes what the body names and nothing else. */
@ApplicationScoped
class PutMerchant {
    /** What a pid and the name of a webhook endpoint must be. */
    static final LocalizedText NAME =
            new LocalizedText("1 至 64 个字符，由数字、字母、_ 和 - 组成", "1 to 64 digits, letters, _ or -");

    private static final int LARGEST_LOGO = 32 * 1024;

    @Inject
    Merchants merchants;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    MerchantView of(String pid, JsonBody body) {
        body.only("name", "return_urls", "origins", "late_payment", "duplicate_payment", "branding", "contact");
        if (!pid.matches("[0-9A-Za-z_-]{1,64}")) {
            throw ProblemType.field("pid", NAME, LocalizedText.quoted(pid));
        }
        var known = merchants.byPid(pid);
        var merchant = known.orElseGet(() -> new Merchant(pid, body.requiredText("name", 64), clock.instant()));
        if (body.has("name")) merchant.rename(body.requiredText("name", 64).strip());
        body.texts("return_urls", 100, 512).ifPresent(urls -> {
            urls.forEach(PutMerchant::checkReturnUrl);
            merchant.returnOnlyTo(urls);
        });
        callableFrom(merchant, body);
        if (body.has("late_payment")) {
            merchant.onLatePayment(oneOf(body, "late_payment", Merchant.LatePayment.values()));
        }
        if (body.has("duplicate_payment")) {
            merchant.onDuplicatePayment(oneOf(body, "duplicate_payment", Merchant.DuplicatePayment.values()));
        }
        body.object("branding").ifPresent(b -> brand(merchant, b));
        merchant.reachedAt(PutContact.changed(merchant.contact(), body));
        if (known.isEmpty()) merchants.add(merchant);
        return MerchantView.of(merchant);
    }

    /** Unlike other fields, {@code null} is not the same as absent: it restores the origins of the return URLs. */
    private void callableFrom(Merchant merchant, JsonBody body) {
        if (body.json().get("origins") == JsonValue.NULL) merchant.callableFromReturnUrls();
        body.texts("origins", 100, 255)
                .ifPresent(texts ->
                        merchant.callableFrom(texts.stream().map(this::origin).toList()));
    }

    private Origin origin(String text) {
        return Origin.of(text)
                .filter(o -> settings.development() || !o.readableOnTheWay())
                .orElseThrow(() -> ProblemType.ORIGIN.with(LocalizedText.quoted(text)));
    }

    private static <E extends Enum<E>> E oneOf(JsonBody body, String name, E[] values) {
        var word = body.text(name, 16).orElse("");
        var words = Arrays.stream(values).map(MerchantJson::word).toList();
        if (!words.contains(word)) throw body.malformed(name, LocalizedText.oneOf(words));
        return values[words.indexOf(word)];
    }

    private static void checkReturnUrl(String url) {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null
                    && List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return;
            }
        } catch (URISyntaxException malformed) {
            // refused below
        }
        throw ProblemType.field(
                "return_urls",
                new LocalizedText("不带查询参数的 http(s) 地址", "http(s) addresses without a query"),
                LocalizedText.quoted(url));
    }

    private static void brand(Merchant merchant, JsonBody branding) {
        branding.only("accent", "logo");
        var accent =
                branding.text("accent", 7).map(a -> a.toLowerCase(Locale.ROOT)).orElse(null);
        if (accent != null && !accent.matches("#[0-9a-f]{6}")) {
            throw branding.malformed("accent", "颜色，例如 \"#1677ff\"", "a colour like \"#1677ff\"");
        }
        var logo = branding.text("logo", LARGEST_LOGO).orElse(null);
        if (logo != null && !logo.matches("data:image/(png|jpeg|webp|svg\\+xml);base64,[A-Za-z0-9+/=]+")) {
            throw branding.malformed(
                    "logo", "不超过 32 KiB 的图片的 base64 data URL", "a base64 data URL of an image of at most 32 KiB");
        }
        merchant.brand(accent, logo);
    }
}
