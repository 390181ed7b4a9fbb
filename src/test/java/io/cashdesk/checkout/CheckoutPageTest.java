package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.order.QueryResult;
import io.cashdesk.page.Rendered;
import io.cashdesk.payment.QueryOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckoutPageTest {
    private static String html(ACheckoutPage page) {
        return Rendered.html(page.page().view(Locale.SIMPLIFIED_CHINESE));
    }

    private static final String IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Mobile/15E148";

    @ParameterizedTest
    @EnumSource(value = PageState.class, mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void every_state_has_its_page_in_both_languages(PageState state) {
        var pages = Stream.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH)
                .map(l -> Rendered.html(ACheckoutPage.in(state).page().view(l)))
                .toList();

        assertThat(pages)
                .allSatisfy(html -> assertThat(html)
                        .contains("data-state=\"" + state.word() + "\"")
                        .contains("class=\"test-mode\"")
                        .doesNotContain("th:"));
        assertThat(pages.get(0)).isNotEqualTo(pages.get(1));
    }

    @Test
    void a_link_that_opens_nothing_has_a_page_of_its_own() {
        assertThat(Rendered.html(UnknownPage.view(Locale.ENGLISH))).contains("data-state=\"unknown\"");
    }

    @Test
    void what_a_merchant_wrote_is_shown_and_never_run() {
        var html = html(ACheckoutPage.in(PageState.CHOOSE).of("<b>Shop</b>", "\"><script>1</script>", Money.fen(1)));

        assertThat(html).doesNotContain("<b>Shop").doesNotContain("<script>1");
    }

    @Test
    void live_money_has_no_banner_no_simulated_wallet_and_keeps_its_code_to_the_picture() {
        var html = html(ACheckoutPage.in(PageState.CODE).live());

        assertThat(html)
                .doesNotContain("test-mode")
                .doesNotContain("open-wallet")
                .doesNotContain("data-content");
    }

    @Test
    void a_code_that_opens_the_wallet_is_a_link_on_a_phone_and_not_on_a_desktop() {
        assertThat(html(alipay(IPHONE))).contains("href=\"https://qr.alipay.com/bax0\"");
        assertThat(html(alipay("Mozilla/5.0 (X11)"))).doesNotContain("open-app");
    }

    private static ACheckoutPage alipay(String browser) {
        return ACheckoutPage.in(PageState.CODE)
                .live()
                .by("alipay", "https://qr.alipay.com/bax0")
                .on(browser);
    }

    @Test
    void a_wallet_on_this_phone_is_opened_by_an_address_or_by_its_own_call() {
        var address = html(ACheckoutPage.in(PageState.OPENING).on(IPHONE));
        var call = html(ACheckoutPage.in(PageState.OPENING).live().on(IPHONE).opening(null, "{\"appId\":\"wx1\"}"));
        var grownOld = html(ACheckoutPage.in(PageState.OPENING).on(IPHONE).opening(null, null));

        assertThat(address)
                .contains("href=\"https://wallet.example/pay\"")
                .contains("data-open=\"https://wallet.example/pay\"")
                .doesNotContain("open-again");
        assertThat(call)
                .contains("id=\"launch-wallet\"")
                .contains("data-launch=\"{&quot;appId&quot;:&quot;wx1&quot;}\"");
        assertThat(grownOld).contains("id=\"open-again\"").doesNotContain("data-open");
    }

    @Test
    void in_test_mode_a_wallets_own_call_is_a_link_to_the_simulated_wallet_in_every_state() {
        for (var state : List.of(PageState.OPENING, PageState.CANCELLED, PageState.NOT_OPENED)) {
            assertThat(html(ACheckoutPage.in(state).on(IPHONE).opening(null, "{\"a\":1}")))
                    .contains(
                            "href=\"/simulator/wxpay/launch?parameters=%7B%22a%22%3A1%7D&amp;back=%2Fcheckout%2Ftok%2Fback\"")
                    .doesNotContain("launch-wallet");
        }
        assertThat(html(ACheckoutPage.in(PageState.NOT_YET))).contains("id=\"simulated-wallet\"");
        assertThat(html(ACheckoutPage.in(PageState.CHECKING))).contains("id=\"simulated-wallet\"");
        assertThat(html(ACheckoutPage.in(PageState.NOT_YET).live())).doesNotContain("/simulator/");
    }

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"NOT_YET", "CHECKING"})
    void a_page_about_a_query_names_its_time_and_not_that_of_the_page(PageState state) {
        assertThat(html(ACheckoutPage.in(state))).contains("查询时间 11:55:02（北京时间）");
        var failed = new QueryOrder.Last(ACheckoutPage.NOW, Optional.of(QueryResult.UNANSWERED));
        assertThat(html(ACheckoutPage.in(state).queried(failed))).contains("11:55:03（北京时间），支付渠道没有应答");
    }

    @Test
    void a_payer_without_any_attempt_reads_that_nothing_was_started_and_no_time() {
        assertThat(html(ACheckoutPage.in(PageState.NOT_YET).queried(null).withoutCode()))
                .contains("此订单尚未发起付款")
                .doesNotContain("查询时间")
                .doesNotContain("ask-again");
    }

    @Test
    void back_from_the_wallet_the_primary_button_opens_it_again() {
        var back = new PageQuery(PageState.Wish.BACK, false, Optional.empty());

        assertThat(html(ACheckoutPage.in(PageState.NOT_YET).at(back).withoutCode()))
                .containsOnlyOnce("button primary")
                .contains("class=\"button primary\" id=\"another-way\"");
        assertThat(html(ACheckoutPage.in(PageState.OPENING)))
                .doesNotContain("？")
                .contains("请在微信中完成支付");
    }

    @Test
    void what_cannot_work_here_is_not_offered_and_the_page_explains_what_to_do() {
        var html = html(ACheckoutPage.in(PageState.CHOOSE).withoutWays().elsewhere("alipay"));

        assertThat(html).contains("在浏览器打开").doesNotContain("data-provider=\"alipay\"");
    }

    @Test
    void a_desktop_offers_one_code_for_every_phone_and_a_phone_does_not() {
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE))).contains("id=\"any-wallet\"");
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).on(IPHONE))).doesNotContain("any-wallet");
    }

    @Test
    void an_order_past_its_deadline_does_not_claim_that_nothing_was_charged_while_providers_are_queried() {
        var html = html(ACheckoutPage.in(PageState.EXPIRED).beingAskedAbout());

        assertThat(html).doesNotContain("未扣款").contains("data-poll").contains("http-equiv=\"refresh\"");
    }

    @Test
    void without_a_shop_to_return_to_nothing_leads_back() {
        assertThat(html(ACheckoutPage.in(PageState.PAID).withoutShopToReturnTo()))
                .doesNotContain("back-to-shop")
                .doesNotContain("data-leave");
    }

    @Test
    void without_a_way_to_pay_the_page_explains_this_instead_of_offering_one() {
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).withoutWays()))
                .doesNotContain("<form")
                .contains("请联系商家");
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider-unreachable", "no-such-problem\"><script>"})
    void a_failed_try_is_explained_in_our_own_words(String slug) {
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).afterProblem(slug)))
                .contains("role=\"alert\"")
                .doesNotContain("no-such");
    }

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"CHOOSE", "CODE", "OPENING"})
    void a_payer_who_changes_too_often_keeps_the_code_and_reads_how_long_to_wait(PageState state) {
        var page = ACheckoutPage.in(state)
                .afterProblem("too-many-attempts", Duration.ofMillis(41_001))
                .page();

        assertThat(Rendered.html(page.view(Locale.SIMPLIFIED_CHINESE))).containsOnlyOnce("42 秒后可再次更换");
        assertThat(Rendered.html(page.view(Locale.ENGLISH)))
                .containsOnlyOnce("A moment, please.")
                .contains("again in 42 seconds")
                .contains("data-state=\"" + state.word() + "\"");
    }

    @Test
    void a_wait_of_one_second_is_written_in_the_singular() {
        var page = ACheckoutPage.in(PageState.CODE)
                .afterProblem("too-many-attempts", Duration.ofMillis(300))
                .page();

        assertThat(Rendered.html(page.view(Locale.ENGLISH))).contains("again in 1 second.");
        assertThat(Rendered.html(page.view(Locale.SIMPLIFIED_CHINESE))).contains("1 秒后可再次更换");
    }

    @Test
    void a_wait_of_more_than_a_minute_and_a_half_is_written_in_minutes() {
        var page = ACheckoutPage.in(PageState.CODE).afterProblem("too-many-attempts", Duration.ofSeconds(241));

        assertThat(html(page)).contains("5 分钟后可再次更换");
    }

    @Test
    void a_refusal_is_shown_in_the_payers_language_and_as_text() {
        var page = ACheckoutPage.in(PageState.CHOOSE)
                .afterRefusal(new LocalizedText("请换一张银行卡。", "Choose <another> bank card."))
                .page();

        assertThat(Rendered.html(page.view(Locale.SIMPLIFIED_CHINESE)))
                .contains("role=\"alert\"", "请换一张银行卡。")
                .doesNotContain("该支付渠道未能提供二维码");
        assertThat(Rendered.html(page.view(Locale.ENGLISH))).contains("Choose &lt;another&gt; bank card.");
    }

    @Test
    void a_refusal_without_a_stored_text_is_explained_in_general_words() {
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).afterProblem("provider-refused")))
                .contains("该支付渠道未能提供二维码");
    }

    @Test
    void time_left_is_written_in_whole_seconds_rounded_up() {
        assertThat(Formats.clock(Duration.ofMillis(299_001))).isEqualTo("5:00");
        assertThat(Formats.clock(Duration.ofSeconds(59))).isEqualTo("0:59");
        assertThat(Formats.clock(Duration.ofSeconds(3_899))).isEqualTo("1:04:59");
    }

    @Test
    void the_return_address_contains_the_order_number() {
        assertThat(Addresses.withNumber("https://shop.example/done", "T1").toString())
                .isEqualTo("https://shop.example/done?out_trade_no=T1");
        assertThat(Addresses.withNumber("https://shop.example/?a=b#c", "T|1").toString())
                .isEqualTo("https://shop.example/?a=b&out_trade_no=T%7C1#c");
    }

    @Test
    void the_first_view_with_everything_it_needs_stays_under_sixty_kilobytes() throws IOException {
        long size = html(ACheckoutPage.in(PageState.CODE)).getBytes(StandardCharsets.UTF_8).length;
        for (var asset :
                List.of("tokens.css", "checkout.css", "checkout.js", "wxpay.svg", "alipay.svg", "cashdesk.svg")) {
            size += Files.size(Path.of("webapp/assets", asset));
        }

        assertThat(size).isLessThan(60_000);
    }
}
