package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.checkout.OrderMoney.Handling;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.order.QueryResult;
import io.cashdesk.order.Receipt;
import io.cashdesk.page.Rendered;
import io.cashdesk.payment.QueryOrder;
import io.cashdesk.refund.RefundState;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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
                        .doesNotContain(" th:"));
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

    @ParameterizedTest
    @CsvSource({
        "vkspay, vkspay.svg, Scan with WeChat or Alipay to pay, 微信或支付宝",
        "vkspay wxpay, wxpay.svg, Scan with WeChat to pay, 微信",
        "vkspay alipay, alipay.svg, Scan with Alipay to pay, 支付宝"
    })
    void a_code_of_a_gateway_names_the_wallets_that_scan_it_and_has_their_mark(
            String provider, String mark, String english, String chinese) {
        var page = ACheckoutPage.in(PageState.CODE)
                .live()
                .by(provider, "https://pay.example.com/c/1")
                .page();

        assertThat(Rendered.html(page.view(Locale.ENGLISH))).contains("assets/" + mark, english);
        assertThat(Rendered.html(page.view(Locale.SIMPLIFIED_CHINESE)).replace("\u200b", ""))
                .contains("assets/" + mark, "请使用" + chinese + "扫码支付");
    }

    @Test
    void a_page_has_one_primary_button() {
        var pages = Stream.of(
                alipay(IPHONE),
                alipay("Mozilla/5.0 (X11)"),
                ACheckoutPage.in(PageState.CODE_ENDED),
                ACheckoutPage.in(PageState.CHOOSE).by(List.of("wxpay")),
                ACheckoutPage.in(PageState.OPENING).on(IPHONE),
                ACheckoutPage.in(PageState.CANCELLED).on(IPHONE),
                ACheckoutPage.in(PageState.NOT_OPENED).on(IPHONE),
                ACheckoutPage.in(PageState.NOT_YET),
                ACheckoutPage.in(PageState.PAID));

        assertThat(pages).allSatisfy(page -> assertThat(html(page)).containsOnlyOnce("button primary"));
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

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"CANCELLED", "NOT_OPENED"})
    void what_a_wallet_reported_is_no_proof_that_nothing_was_charged(PageState state) {
        var page = ACheckoutPage.in(state).on(IPHONE);

        assertThat(html(page))
                .contains("尚未收到付款", "查询时间 11:55:02（北京时间）", "id=\"i-have-paid\"", "id=\"another-way\"")
                .doesNotContain("未扣款");
        assertThat(Rendered.html(page.page().view(Locale.ENGLISH)))
                .contains("No payment has arrived yet")
                .doesNotContain("charged");
    }

    @Test
    void a_page_that_opens_a_wallet_is_loaded_again_when_its_address_ends() {
        var soon = ACheckoutPage.NOW.plusSeconds(60);

        assertThat(html(ACheckoutPage.in(PageState.OPENING).ending(soon)))
                .contains("data-ends=\"" + soon.toEpochMilli() + "\"");
        assertThat(html(ACheckoutPage.in(PageState.OPENING)))
                .contains("data-ends=\"" + ACheckoutPage.NOW.plusSeconds(1759).toEpochMilli() + "\"");
    }

    @Test
    void forms_keep_the_language_of_the_address() {
        var english = PageQuery.NONE.in(Optional.of("en"));

        assertThat(html(ACheckoutPage.in(PageState.CODE).at(english))).contains("action=\"/checkout/tok/ask?lang=en\"");
        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).at(english)))
                .contains("action=\"/checkout/tok/pay?lang=en\"");
        assertThat(html(ACheckoutPage.in(PageState.CODE))).contains("action=\"/checkout/tok/ask\"");
    }

    @Test
    void a_page_with_a_code_has_one_link_to_the_shop_by_that_name() {
        assertThat(html(ACheckoutPage.in(PageState.CODE))).containsOnlyOnce("id=\"to-shop\"");
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
        var back = PageQuery.of(PageState.Wish.BACK);

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
    void names_the_amount_that_its_sentence_is_about() {
        var returned = SomeMoney.duplicate().returning(RefundState.SUCCEEDED);
        var held = SomeMoney.stray(Receipt.Kind.DUPLICATE, 500, 120);

        var html = html(ACheckoutPage.in(PageState.DOUBLE).with(SomeMoney.of(SomeMoney.own(), returned, held)));

        assertThat(html).contains("另外收到 ¥5.00，由").doesNotContain("另外收到 ¥14.90");
    }

    @Test
    void says_before_the_choice_that_a_phone_only_shows_a_code() {
        var html = html(ACheckoutPage.in(PageState.CHOOSE).on(IPHONE).withASecondDevice());

        assertThat(html).contains("需在另一台设备上打开后用微信扫码").doesNotContain("打开微信付款");
    }

    @Test
    void names_the_time_zone_of_each_time() {
        var refunded = SomeMoney.own().refund(990, RefundState.SUCCEEDED);

        var html = html(ACheckoutPage.in(PageState.REFUNDED).with(SomeMoney.of(refunded)));

        assertThat(html.split("以上均为北京时间", -1))
                .as("on the page and in the copied text")
                .hasSizeGreaterThan(2);
    }

    @Test
    void says_of_a_settled_reversal_that_nothing_is_open() {
        var html = html(ACheckoutPage.in(PageState.REFUNDED)
                .with(SomeMoney.of(SomeMoney.own().is(Handling.REVERSED))));

        assertThat(html).contains("该笔付款已被撤销").doesNotContain("需要核对此订单");
    }

    private static final List<String> NOTHING_CHARGED = List.of("未扣款", "Nothing was charged");

    private static Stream<OrderMoney> allMoney() {
        var strays = Stream.of(Receipt.Kind.values())
                .filter(kind -> kind != Receipt.Kind.ORDER)
                .flatMap(kind -> Stream.concat(
                        Stream.of(Handling.HELD, Handling.REVERSED, Handling.SETTLED)
                                .map(handling ->
                                        SomeMoney.stray(kind, 123_456, 5).is(handling)),
                        Stream.of(RefundState.values())
                                .filter(state -> state != RefundState.FAILED)
                                .map(state -> SomeMoney.stray(kind, 123_456, 5).returning(state))));
        return strays.map(SomeMoney::of);
    }

    @ParameterizedTest
    @MethodSource("allMoney")
    void every_payment_is_told_with_amount_time_wallet_and_number_in_both_languages(OrderMoney money) {
        var signs = money.signs();
        var state = PageState.of(
                new PageState.Facts(
                        -1, signs, false, ACheckoutPage.NOW, Optional.empty(), Optional.empty(), false, false),
                PageState.Wish.NOTHING,
                ACheckoutPage.NOW);
        var page = ACheckoutPage.in(state).with(money).page();

        for (var language : List.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH)) {
            assertThat(Rendered.html(page.view(language)))
                    .contains("¥1,234.56", "datetime=\"2026-11-21T03:55:08Z\"", "202611212200145")
                    .contains(language.equals(Locale.ENGLISH) ? "Alipay" : "支付宝")
                    .doesNotContain(NOTHING_CHARGED);
        }
    }

    @Test
    void a_second_payment_and_a_partial_refund_are_told_one_after_the_other_with_sums() {
        var money = SomeMoney.of(
                SomeMoney.own().refund(300, RefundState.PROCESSING),
                SomeMoney.duplicate().returning(RefundState.SUCCEEDED));

        var text = text(ACheckoutPage.in(PageState.REFUNDING).with(money).page(), Locale.ENGLISH);

        assertThat(text)
                .containsSubsequence(
                        "A refund is on its way",
                        "¥3.00 goes back to the account",
                        "21 Nov 2026, 11:55:03",
                        "4200002026112100000001",
                        "Refund of ¥3.00 On its way since 21 Nov 2026, 11:55:13",
                        "Received after the order was paid",
                        "Received ¥9.90",
                        "21 Nov 2026, 11:56:03",
                        "2026112122001460",
                        "Refund of ¥9.90 Refunded 21 Nov 2026, 11:56:23",
                        "In all",
                        "Received from you ¥19.80",
                        "For this order ¥6.90",
                        "Returned to you ¥9.90",
                        "On its way to you ¥3.00");
    }

    /** What is seen of a page, without its tags. */
    private static String text(CheckoutPage page, Locale language) {
        return Rendered.html(page.view(language))
                .replaceAll("(?s)<pre.*?</pre>", " ")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }

    @Test
    void a_page_follows_money_that_is_on_its_way_and_stops_when_it_has_arrived() {
        var going = SomeMoney.late().returning(RefundState.WAITING);
        var arrived = SomeMoney.late().returning(RefundState.SUCCEEDED);

        assertThat(html(ACheckoutPage.in(PageState.LATE).with(SomeMoney.of(going))))
                .contains("data-poll", "您的付款正在退回", "http-equiv=\"refresh\" content=\"30\"");
        assertThat(html(ACheckoutPage.in(PageState.LATE).with(SomeMoney.of(arrived))))
                .doesNotContain("data-poll")
                .doesNotContain("http-equiv")
                .contains("您的付款已退回");
    }

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"NEEDS_PERSON", "ABNORMAL", "LATE", "DOUBLE"})
    void where_a_person_is_needed_the_shop_can_be_called_and_written_to(PageState state) {
        var html = html(ACheckoutPage.in(state).reachedAt("+86 (10) 8888-6666", "help+pay@shop.example"));

        assertThat(html)
                .contains("href=\"tel:+861088886666\"", ">+86 (10) 8888-6666<")
                .contains(
                        "href=\"mailto:help%2Bpay@shop.example?subject=T20261121035503-0001\"",
                        ">help+pay@shop.example<")
                .contains("请提供订单号 T20261121035503-0001");
    }

    @Test
    void the_shops_contact_is_shown_where_there_is_no_way_to_pay_and_not_while_there_is_one() {
        var page = ACheckoutPage.in(PageState.CHOOSE).reachedAt("110", null);

        assertThat(html(page)).doesNotContain("tel:110");
        assertThat(html(page.withoutWays())).contains("tel:110").doesNotContain("mailto:");
        assertThat(html(ACheckoutPage.in(PageState.PAID).reachedAt("110", null)))
                .doesNotContain("tel:110");
        assertThat(html(ACheckoutPage.in(PageState.PAID).needingPerson().reachedAt("110", null)))
                .contains("tel:110", "需要核对此订单");
    }

    @Test
    void a_paid_page_is_a_receipt_that_can_be_copied_and_printed() {
        var page = ACheckoutPage.in(PageState.PAID).live().page();

        assertThat(page.view(Locale.ENGLISH).model().get("receipt")).isEqualTo("""
                山房茶铺
                Paid
                Amount: ¥9.90
                For: 明前龙井 50 克
                Time (Beijing): 21 Nov 2026, 11:55:03
                Paid with: WeChat Pay
                Order number: T20261121035503-0001
                Transaction number (WeChat Pay): 4200002026112100000001""");
        assertThat(Rendered.html(page.view(Locale.ENGLISH)))
                .contains("data-print", "data-copy=\"4200002026112100000001\"", "data-copy=\"T20261121035503-0001\"");
    }

    @ParameterizedTest
    @EnumSource(
            value = PageState.class,
            names = {"CHOOSE", "CODE", "ANY_CODE", "CODE_ENDED", "OPENING", "NOT_YET"})
    void a_quiet_link_leads_back_to_the_shop_before_paying(PageState state) {
        assertThat(html(ACheckoutPage.in(state))).contains("id=\"to-shop\"", "href=\"/checkout/tok/return\"");
        assertThat(html(ACheckoutPage.in(state).withoutShopToReturnTo())).doesNotContain("/return");
    }

    @Test
    void an_order_that_may_still_be_paid_after_its_end_claims_only_that_nothing_has_arrived() {
        for (var whyNone : List.of(OrderMoney.WhyNone.MAY_COME, OrderMoney.WhyNone.REVERSED)) {
            for (var state : List.of(PageState.CLOSED, PageState.EXPIRED)) {
                var page = ACheckoutPage.in(state).with(new OrderMoney(List.of(), whyNone));

                assertThat(html(page)).doesNotContain(NOTHING_CHARGED);
            }
        }
        assertThat(html(ACheckoutPage.in(PageState.CLOSED))).contains("未扣款");
    }

    @Test
    void a_payer_who_may_pay_again_reads_what_became_of_the_first_payment() {
        var money = SomeMoney.of(SomeMoney.differing(900).returning(RefundState.SUCCEEDED));

        assertThat(html(ACheckoutPage.in(PageState.CHOOSE).with(money)))
                .contains("id=\"any-wallet\"", "收到的付款与应付金额 ¥9.90 不符", "¥9.00", "已退款");
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
