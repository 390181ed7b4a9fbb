package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.page.Rendered;
import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.Test;

class PreviewTest {
    @Test
    void preview() throws Exception {
        var dir = Files.createDirectories(Path.of("target/preview"));
        for (var lang : List.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH)) {
            var l = lang.getLanguage();
            var english = l.equals("en");
            for (var s : PageState.values()) {
                if (s == PageState.UNKNOWN) {
                    Files.writeString(dir.resolve("unknown-" + l + ".html"), Rendered.html(CheckoutPage.unknown(lang)));
                    continue;
                }
                var p = ACheckoutPage.in(s);
                if (english) p.of("Hillside Tea House", "Longjing green tea, spring harvest, 50 g tin with a wooden lid", Money.fen(128000));
                Files.writeString(dir.resolve(s.word() + "-" + l + ".html"), Rendered.html(p.page().view(lang)));
            }
            Files.writeString(dir.resolve("alipay-phone-" + l + ".html"), Rendered.html(ACheckoutPage.in(PageState.CODE).live().by("alipay", "https://qr.alipay.com/bax0123").on(new CheckoutPage.Browser(true, false)).page().view(lang)));
            Files.writeString(dir.resolve("problem-" + l + ".html"), Rendered.html(ACheckoutPage.in(PageState.CHOOSE).afterProblem("provider-unreachable").page().view(lang)));
            Files.writeString(dir.resolve("noway-" + l + ".html"), Rendered.html(ACheckoutPage.in(PageState.CHOOSE).withoutWays().page().view(lang)));
            Files.writeString(dir.resolve("checking-" + l + ".html"), Rendered.html(ACheckoutPage.in(PageState.EXPIRED).beingAskedAbout().page().view(lang)));
        }
    }
}
