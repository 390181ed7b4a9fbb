package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.View;
import io.cashdesk.order.Receipt;
import io.cashdesk.refund.RefundState;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Shop;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** How a payer's page looks, measured in a browser at the widths of phones and computers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PageLookIT {
    private static final List<Long> AMOUNTS = List.of(1L, 990L, 100_000_000L, 10_000_000_000L);
    /** States that differ in where amounts stand. */
    private static final List<String> SHOW_AMOUNTS = List.of(
            "choose-one", "choose-elsewhere", "code", "opening", "not-yet", "paid", "partly-refunded", "refunded");

    private static final List<Locale> LANGUAGES = List.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH);

    /** Half a CSS pixel: positions are rounded. */
    private static final double ROUNDED = 0.5;

    static RenderedPages pages;
    static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        pages = new RenderedPages();
        browser = new Browser(Screen.desktop());
    }

    @AfterAll
    static void close() {
        if (browser != null) browser.close();
        if (pages != null) pages.close();
    }

    /** Every state of the page, by the name of its picture. */
    private static Map<String, Supplier<ACheckoutPage>> states(boolean phone) {
        var states = new LinkedHashMap<String, Supplier<ACheckoutPage>>();
        for (var state : PageState.values()) {
            if (state != PageState.UNKNOWN) states.put(state.word(), () -> on(phone, ACheckoutPage.in(state)));
        }
        states.put(
                "choose-one",
                () -> on(phone, ACheckoutPage.in(PageState.CHOOSE)).by(List.of("wxpay")));
        states.put(
                "choose-none",
                () -> on(phone, ACheckoutPage.in(PageState.CHOOSE)).withoutWays());
        states.put(
                "code-alipay",
                () -> on(phone, ACheckoutPage.in(PageState.CODE))
                        .live()
                        .by("alipay", "https://qr.alipay.com/bax0012345678901234567890"));
        states.put(
                "choose-elsewhere",
                () -> on(phone, ACheckoutPage.in(PageState.CHOOSE))
                        .by(List.of("wxpay"))
                        .elsewhere("alipay"));
        states.put(
                "choose-problem",
                () -> on(phone, ACheckoutPage.in(PageState.CHOOSE)).afterProblem("provider-unreachable"));
        states.put(
                "expired-checking",
                () -> on(phone, ACheckoutPage.in(PageState.EXPIRED)).beingAskedAbout());
        return states;
    }

    private static ACheckoutPage on(boolean phone, ACheckoutPage page) {
        return phone ? page.on(Shop.IPHONE) : page;
    }

    private static boolean phone(int width) {
        return width < 640;
    }

    private static int height(int width) {
        return switch (width) {
            case 320 -> 568;
            case 360 -> 640;
            case 390 -> 844;
            case 768 -> 1024;
            case 1366 -> 768;
            default -> 900;
        };
    }

    private static void show(View view) {
        pages.show("", view);
        browser.open(pages.address());
        browser.find("main");
    }

    private static void show(ACheckoutPage page, Locale language) {
        show(page.page().view(language));
    }

    private static void textSize(int percent) {
        browser.driver().executeScript("document.documentElement.style.fontSize = arguments[0] + '%'", percent);
    }

    @SuppressWarnings("unchecked")
    private static List<String> faults(String script) {
        return (List<String>) browser.driver().executeScript(VISIBLE + script);
    }

    private static double number(String script, Object... arguments) {
        return ((Number) browser.driver().executeScript(script, arguments)).doubleValue();
    }

    private static final String VISIBLE = """
            const visible = (e) => e.checkVisibility({ visibilityProperty: true });
            const layer = document.querySelector("dialog[open]") ?? document.querySelector("main");
            """;

    /** Amounts that are not in one line, or not wholly inside of the page; pages that scroll sideways. */
    private static final String BROKEN_NUMBERS = """
            const faults = [];
            const texts = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
            for (let text; (text = texts.nextNode()); ) {
              if (!visible(text.parentElement) || text.parentElement.closest(".visually-hidden")) continue;
              for (const found of text.data.matchAll(/¥[0-9,]+[.][0-9]{2}/g)) {
                const range = document.createRange();
                range.setStart(text, found.index);
                range.setEnd(text, found.index + found[0].length);
                const boxes = [...range.getClientRects()];
                if (new Set(boxes.map((b) => Math.round(b.top))).size !== 1) faults.push("breaks: " + text.data);
                if (boxes.some((b) => b.left < 0 || b.right > innerWidth)) faults.push("cut: " + text.data);
              }
            }
            for (const figures of layer.querySelectorAll(".figures")) {
              const size = parseFloat(getComputedStyle(figures).fontSize);
              const range = document.createRange();
              range.selectNodeContents(figures);
              const box = range.getBoundingClientRect();
              const outer = figures.parentElement.getBoundingClientRect();
              if (figures.getBoundingClientRect().height > 1.3 * size) faults.push("breaks: " + figures.textContent);
              if (box.left < outer.left - 1 || box.right > outer.right + 1) faults.push("cut: " + figures.textContent);
              if (size < 20) faults.push("tiny: " + figures.textContent + " " + size);
            }
            if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push("page scrolls");
            if (layer.scrollWidth > layer.clientWidth) faults.push("popup scrolls");
            return faults;
            """;

    @ParameterizedTest
    @ValueSource(ints = {320, 360, 390, 768, 1440})
    void an_amount_is_in_one_line_at_every_width_and_at_twice_the_text_size(int width) {
        browser.become(width, height(width), false);
        for (var amount : AMOUNTS) {
            for (var language : LANGUAGES) {
                var states = states(phone(width));
                states.put(
                        "late-" + amount,
                        () -> on(
                                phone(width),
                                ACheckoutPage.in(PageState.LATE)
                                        .with(SomeMoney.of(SomeMoney.stray(Receipt.Kind.LATE, amount, 60)
                                                .returning(RefundState.PROCESSING)))));
                for (var state : states.entrySet()) {
                    if (!SHOW_AMOUNTS.contains(state.getKey())
                            && !state.getKey().startsWith("late-")) continue;
                    show(state.getValue().get().of(Money.fen(amount)), language);
                    for (var percent : List.of(100, 200)) {
                        textSize(percent);
                        assertThat(faults(BROKEN_NUMBERS))
                                .as("%s %s %s at %d px, %d %%", state.getKey(), amount, language, width, percent)
                                .isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void an_amount_that_has_room_keeps_its_full_size() {
        browser.become(1440, 900, false);
        show(ACheckoutPage.in(PageState.CHOOSE).of(Money.fen(123_456)), Locale.ENGLISH);

        assertThat(browser.find(".figures").getCssValue("font-size")).isEqualTo("56px");
    }

    @ParameterizedTest
    @CsvSource({
        "weixin://wxpay/bizpayurl?pr=k3x8Q2abZ, 360",
        "weixin://wxpay/bizpayurl?pr=k3x8Q2abZ, 390",
        "https://qr.alipay.com/bax0012345678901234567890, 390",
        "short, 768",
        "weixin://wxpay/bizpayurl?pr=k3x8Q2abZ, 1440",
        "https://pay.example.com/q/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 1440"
    })
    void the_code_is_232_pixels_wide_with_its_quiet_zone_besides(String content, int width) {
        for (var dark : List.of(false, true)) {
            browser.become(width, height(width), dark);
            show(on(phone(width), ACheckoutPage.in(PageState.CODE).by("wxpay", content)), Locale.ENGLISH);

            assertThat(codeWidth()).isBetween(231.5, 232.5);
            assertThat(quietZone()).as("in modules").isBetween(3.99, 4.01);
            assertThat(browser.attribute(".qr path", "fill")).isEqualTo("#fff");
        }
    }

    @Test
    void the_popup_covers_the_card_of_a_computer_exactly() {
        for (var page : List.of(
                ACheckoutPage.in(PageState.CODE),
                ACheckoutPage.in(PageState.CODE).live())) {
            browser.become(1440, 900, false);
            show(page, Locale.SIMPLIFIED_CHINESE);
            var card = places(".card");

            assertThat(places("dialog"))
                    .allSatisfy((place, value) -> assertThat(value)
                            .as(place)
                            .isBetween(
                                    card.get(place.replace("dialog", ".card")) - 2,
                                    card.get(place.replace("dialog", ".card")) + 2));
        }
    }

    @Test
    void on_the_narrowest_phone_the_code_with_its_quiet_zone_is_as_wide_as_the_page() {
        browser.become(320, 568, false);
        show(on(true, ACheckoutPage.in(PageState.CODE)), Locale.ENGLISH);

        assertThat(codeWidth()).isBetween(220.0, 232.0);
        assertThat(quietZone()).as("in modules").isBetween(3.99, 4.01);
    }

    private static double codeWidth() {
        return number("return document.querySelectorAll('.qr path')[1].getBoundingClientRect().width");
    }

    private static double quietZone() {
        return number("""
                const svg = document.querySelector(".qr svg");
                const all = svg.getBoundingClientRect();
                const code = svg.querySelectorAll("path")[1].getBoundingClientRect();
                const module = all.width / svg.viewBox.baseVal.width;
                return Math.min(code.left - all.left, all.right - code.right, code.top - all.top, all.bottom - code.bottom) / module;
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 390, 768, 1366, 1440})
    void the_popup_fits_without_scrolling_and_the_code_is_the_largest_thing_in_it(int width) {
        browser.become(width, height(width), false);
        for (var language : LANGUAGES) {
            for (var state : List.of(PageState.CODE, PageState.CODE_ENDED, PageState.ANY_CODE)) {
                var page = on(phone(width), ACheckoutPage.in(state));
                show(width == 360 ? page.live() : page, language); // the test mode's banner and link need 70 px more

                assertThat(faults("""
                        const faults = [];
                        if (layer.scrollHeight > layer.clientHeight) faults.push("scrolls: " + layer.scrollHeight);
                        const area = (e) => e.getBoundingClientRect().width * e.getBoundingClientRect().height;
                        const code = area(layer.querySelector(".qr"));
                        for (const other of layer.querySelectorAll(".figures, h2, .button, p, img")) {
                          if (area(other) > code / 2) faults.push("nearly as large as the code: " + other.outerHTML);
                        }
                        return faults;
                        """))
                        .as("%s %s at %d px", state, language, width)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_popup_names_the_wallet_and_the_code_s_own_life_and_its_red_has_contrast(boolean dark) {
        browser.become(1440, 900, dark);
        show(ACheckoutPage.in(PageState.CODE), Locale.SIMPLIFIED_CHINESE);
        var popup = browser.text("dialog").replace("\u200b", "");

        assertThat(popup).contains("微信支付", "请使用微信扫码支付", "二维码有效时间", "4:59").doesNotContain("订单剩余时间");
        assertThat(browser.driver().findElement(By.cssSelector(".print-row")).getAttribute("textContent"))
                .contains("订单剩余时间");
        assertThat(browser.attribute("dialog .popup-bar img", "src")).endsWith("wxpay.svg");
        var contrast = number("""
                const light = (colour) => {
                  const parts = colour.match(/[0-9.]+/g).slice(0, 3).map((c) => c / 255)
                    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05;
                };
                const style = (css) => getComputedStyle(document.querySelector(css));
                const both = [light(style("dialog .figures").color), light(style("dialog").backgroundColor)];
                return Math.max(...both) / Math.min(...both);
                """);
        assertThat(contrast).isGreaterThanOrEqualTo(4.5);
        if (!dark)
            assertThat(browser.find("dialog .figures").getCssValue("color")).contains("212, 56, 13");
    }

    private static final String WECHAT = Shop.IPHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";

    @ParameterizedTest
    @CsvSource({"320, ''", "390, phone", "390, wechat", "768, ''", "1440, ''"})
    void where_one_way_fits_one_primary_button_names_wallet_and_amount(int width, String client) {
        browser.become(width, height(width), false);
        var page = ACheckoutPage.in(PageState.CHOOSE).by(List.of("wxpay"));
        if (!client.isEmpty()) page = page.on(client.equals("wechat") ? WECHAT : Shop.IPHONE);
        show(page, Locale.SIMPLIFIED_CHINESE);

        assertThat(browser.driver().findElements(By.cssSelector("[data-provider]")))
                .hasSize(1);
        assertThat(browser.text("button.primary[data-provider=wxpay]")).isEqualTo("微信支付 ¥9.90");
        assertThat(browser.shows(".way")).isFalse();
        show(page, Locale.ENGLISH);
        assertThat(browser.text("button.primary[data-provider=wxpay]")).isEqualTo("Pay ¥9.90 with WeChat");
        if (width < 640) {
            for (var percent : List.of(100, 200)) {
                textSize(percent);
                assertThat(number("return innerHeight - document.querySelector('.pay').getBoundingClientRect().bottom"))
                        .as("from the lower edge of the window at %d %%", percent)
                        .isBetween(8.0, 24.0);
                assertThat(number("return document.querySelector('.bill .figures').getBoundingClientRect().bottom"))
                        .as("the amount is above the button")
                        .isLessThan(number("return document.querySelector('.pay').getBoundingClientRect().top"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1440})
    void several_ways_are_rows_of_at_least_56_pixels_below_a_visible_amount(int width) {
        browser.become(width, height(width), false);
        show(on(phone(width), ACheckoutPage.in(PageState.CHOOSE)), Locale.ENGLISH);

        assertThat(number("return Math.min(...[...document.querySelectorAll('.way')].map((w) => w.offsetHeight))"))
                .isGreaterThanOrEqualTo(56);
        assertThat(number("return document.querySelector('.bill .figures').getBoundingClientRect().top"))
                .isPositive();
        assertThat(
                        number(
                                "return innerHeight - Math.max(...[...document.querySelectorAll('.way')].map((w) => w.getBoundingClientRect().bottom))"))
                .as("all rows are in the first view")
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 1440})
    void every_state_has_the_link_to_the_other_language(int width) {
        browser.become(width, height(width), false);
        for (var state : states(phone(width)).entrySet()) {
            show(state.getValue().get(), Locale.SIMPLIFIED_CHINESE);
            assertThat(faults("return visible(layer.querySelector('a[hreflang=en]')) ? [] : ['no link']"))
                    .as(state.getKey())
                    .isEmpty();
        }
        show(UnknownPage.view(Locale.SIMPLIFIED_CHINESE));
        browser.find("a[hreflang=en]");
        show(UnavailablePage.view("tok", ACheckoutPage.NOW, Locale.SIMPLIFIED_CHINESE));
        browser.find("a[hreflang=en]");
    }

    private static Map<String, Double> places(String... selectors) {
        var places = new LinkedHashMap<String, Double>();
        for (var css : selectors) {
            for (var side : List.of("left", "top", "width", "height")) {
                places.put(
                        css + " " + side,
                        number(
                                "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]]",
                                css,
                                side));
            }
        }
        return places;
    }

    private static void assertSamePlaces(String change, Map<String, Double> before, Map<String, Double> after) {
        before.forEach((place, value) ->
                assertThat(after.get(place)).as("%s: %s", change, place).isBetween(value - ROUNDED, value + ROUNDED));
    }

    private static final String[] CARD = {".card", ".bill .amount", ".bill .shop", ".bill .subject"};

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 768, 1440})
    void card_and_amount_stay_where_they_are_from_choosing_to_paid(int width) {
        browser.become(width, height(width), false);
        for (var language : LANGUAGES) {
            var views = new LinkedHashMap<PageState, View>();
            for (var state : PageState.values()) {
                if (state == PageState.UNKNOWN) continue;
                views.put(
                        state, on(phone(width), ACheckoutPage.in(state)).page().view(language));
            }
            pages.show("", views.get(PageState.CODE))
                    .show("choose", views.get(PageState.CHOOSE))
                    .show("asked", views.get(PageState.NOT_YET));
            browser.open(pages.address() + "?choose");
            browser.find("[data-state=choose]");
            browser.driver().executeScript(COUNT_SHIFTS);
            var first = places(CARD);
            var heights = phone(width) ? new String[] {".bill .amount"} : CARD;

            swapTo("", "code");
            assertSamePlaces("choose to code", first, places(CARD));
            swapTo("?asked", "not-yet");
            assertThat(places(heights)).as("code to not-yet " + language).allSatisfy((p, v) -> near(first, p, v));
            pages.show("asked", views.get(PageState.PAID));
            swapTo("?asked", "paid");
            assertThat(places(heights)).as("not-yet to paid " + language).allSatisfy((p, v) -> near(first, p, v));
            pages.show("asked", views.get(PageState.OPENING));
            swapTo("?asked", "opening");
            assertThat(places(heights)).as("opening " + language).allSatisfy((p, v) -> near(first, p, v));
            for (var state : List.of(PageState.CHECKING, PageState.CANCELLED, PageState.EXPIRED, PageState.CLOSED)) {
                pages.show("asked", views.get(state));
                swapTo("?asked", state.word());
                assertThat(places(heights)).as(state + " " + language).allSatisfy((p, v) -> near(first, p, v));
            }
            assertThat(number("return window.shifts"))
                    .as("layout shift " + browser.driver().executeScript("return window.shifted"))
                    .isZero();
        }
    }

    private static void near(Map<String, Double> first, String place, double value) {
        assertThat(value).as(place).isBetween(first.get(place) - ROUNDED, first.get(place) + ROUNDED);
    }

    private static final String COUNT_SHIFTS = """
            window.shifts = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((e) => {
              window.shifts += e.value;
              window.shifted = e.sources.map((s) => [s.node?.outerHTML ?? s.node?.nodeName, JSON.stringify([s.previousRect, s.currentRect])]).join();
            }))
              .observe({ type: "layout-shift" });
            """;

    /** As a payer's press of a link does it: the script replaces the content of the page. */
    private static void swapTo(String query, String state) {
        browser.driver().executeScript("""
                const link = document.createElement("a");
                link.href = location.pathname + arguments[0];
                link.dataset.swap = "";
                document.querySelector("main").append(link);
                link.click();
                """, query);
        browser.waitFor("[data-state=" + state + "]", java.time.Duration.ofSeconds(5));
        browser.driver().executeAsyncScript("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 768, 1440})
    void an_ended_code_has_the_place_and_the_size_of_the_living_one(int width) {
        browser.become(width, height(width), false);
        for (var language : LANGUAGES) {
            var living =
                    on(phone(width), ACheckoutPage.in(PageState.CODE)).page().view(language);
            var ended = on(phone(width), ACheckoutPage.in(PageState.CODE_ENDED))
                    .page()
                    .view(language);
            pages.show("", living);
            browser.open(pages.address());
            browser.find("[data-state=code]");
            browser.driver().executeScript(COUNT_SHIFTS);
            String[] popup = {"dialog", "dialog .amount", ".qr svg", "#i-have-paid", "#another-way", "#close"};
            var before = places(popup);

            pages.show("", ended);
            swapTo("", "code-ended");

            assertSamePlaces(language + " code to ended code", before, places(popup));
            assertThat(number("return window.shifts"))
                    .as("layout shift " + browser.driver().executeScript("return window.shifted"))
                    .isZero();
            assertThat(browser.text("dialog"))
                    .contains(language.equals(Locale.ENGLISH) ? "This code has expired" : "二维码已过期")
                    .doesNotContain(language.equals(Locale.ENGLISH) ? "valid for" : "有效时间");
        }
    }

    /**
     * Lines of Chinese that end inside of a word, that is where the text has no chosen place, or leave one character
     * alone.
     */
    private static final String BAD_LINES = """
            const faults = [];
            const texts = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
            const ends = /[\\s\\u200b，。；：、！？”·）]/;
            for (let text; (text = texts.nextNode()); ) {
              const parent = text.parentElement;
              if (!visible(parent) || parent.closest(".shop, .subject, .figures, .visually-hidden, noscript")) continue;
              const lines = [];
              let top = null;
              for (let i = 0; i < text.data.length; i++) {
                const range = document.createRange();
                range.setStart(text, i);
                range.setEnd(text, i + 1);
                const box = [...range.getClientRects()].find((b) => b.width > 0);
                if (!box) {
                  if (lines.length) lines[lines.length - 1] += text.data[i];
                  continue;
                }
                if (top === null || Math.abs(box.top - top) > box.height / 2) lines.push("");
                top = box.top;
                lines[lines.length - 1] += text.data[i];
              }
              lines.slice(0, -1).forEach((line, i) => {
                if (!ends.test(line.at(-1)) && !"“（".includes(lines[i + 1][0])) faults.push("inside a word: " + lines.join(" | "));
              });
              if (lines.length > 1 && lines.at(-1).replace(/[\\s，。”]/g, "").length < 2) faults.push("alone: " + lines.join(" | "));
            }
            return faults;
            """;

    @ParameterizedTest
    @ValueSource(ints = {320, 360, 375, 390, 414, 768, 1440})
    void chinese_lines_end_at_chosen_places(int width) {
        browser.become(width, height(width), false);
        for (var state : states(phone(width)).entrySet()) {
            show(state.getValue().get(), Locale.SIMPLIFIED_CHINESE);
            assertThat(faults(BAD_LINES))
                    .as("%s at %d px", state.getKey(), width)
                    .isEmpty();
        }
        show(UnknownPage.view(Locale.SIMPLIFIED_CHINESE));
        assertThat(faults(BAD_LINES)).as("unknown").isEmpty();
        show(UnavailablePage.view("tok", ACheckoutPage.NOW, Locale.SIMPLIFIED_CHINESE));
        assertThat(faults(BAD_LINES)).as("unavailable").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390})
    void every_control_of_a_phone_is_44_pixels_high_and_wide(int width) {
        browser.become(width, height(width), false);
        for (var state : states(true).entrySet()) {
            var page = state.getValue().get().of("山房茶铺", "明前龙井 50 克，产自西湖龙井村，手工炒制，礼盒装", Money.fen(990));
            show(page, Locale.ENGLISH);
            assertThat(faults("""
                    return [...layer.querySelectorAll("a, button, summary")].filter(visible)
                      .map((e) => [e.getBoundingClientRect(), e.outerHTML])
                      .filter(([box]) => box.width && (box.height < 44 || box.width < 44))
                      .map(([box, html]) => `${box.width} x ${box.height}: ${html}`);
                    """)).as(state.getKey()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1440})
    void nothing_lies_over_a_control(int width) {
        browser.become(width, height(width), false);
        for (var state : states(phone(width)).entrySet()) {
            show(state.getValue().get(), Locale.SIMPLIFIED_CHINESE);
            assertThat(faults("""
                    const covered = (e) => {
                      e.scrollIntoView({ block: "center" });
                      const box = e.getBoundingClientRect();
                      return !e.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
                    };
                    return [...layer.querySelectorAll("a, button, summary")]
                      .filter((e) => visible(e) && e.offsetWidth && covered(e)).map((e) => e.outerHTML);
                    """)).as(state.getKey()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"CHOOSE", "CODE", "CODE_ENDED", "NOT_YET", "PAID"})
    void every_control_shows_that_it_has_the_focus(PageState state) {
        browser.become(1440, 900, true);
        show(ACheckoutPage.in(state), Locale.ENGLISH);
        var controls = (long)
                number(
                        VISIBLE
                                + "return [...layer.querySelectorAll('a[href], button')].filter(visible).filter((e) => e.offsetWidth).length");
        for (int i = 0; i < controls; i++) {
            browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
            assertThat(faults("""
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2 ? [] : [document.activeElement.outerHTML];
                    """)).isEmpty();
        }
        assertThat(controls).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"320, zh-CN, false", "390, en, true", "768, en, false", "1440, zh-CN, true"})
    void every_state_pleases_axe_in_both_themes_and_languages(int width, String language, boolean dark) {
        var locale = language.equals("en") ? Locale.ENGLISH : Locale.SIMPLIFIED_CHINESE;
        browser.become(width, height(width), dark);
        var name = "-" + width + "-" + language + (dark ? "-dark" : "-light");
        states(phone(width)).forEach((state, page) -> {
            show(page.get(), locale);
            look(state + name);
        });
        show(UnknownPage.view(locale));
        look("unknown" + name);
        show(UnavailablePage.view("tok", ACheckoutPage.NOW, locale));
        look("unavailable" + name);
    }

    private static void look(String name) {
        browser.picture("look-" + name);
        assertThat(new AxeBuilder().analyze(browser.driver()).getViolations())
                .extracting(Rule::getId)
                .as(name)
                .isEmpty();
    }
}
