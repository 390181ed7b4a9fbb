package io.cashdesk.checkout;

import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.merchant.Contact;
import io.cashdesk.payment.QueryOrder;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.alipay.AlipayLook;
import io.cashdesk.provider.vkspay.VkspayLook;
import io.cashdesk.provider.wxpay.WxpayLook;
import io.cashdesk.refund.RefundState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A page of a shop that sells tea for 9.90 yuan, in any state. */
final class ACheckoutPage {
    static final Instant NOW = Instant.parse("2026-11-21T03:55:03Z");

    private PageState state = PageState.CHOOSE;
    private boolean test = true;
    private String shop = "山房茶铺";
    private String subject = "明前龙井 50 克";
    private Money total = Money.fen(990);
    private long refunded;
    private List<CheckoutPage.Choice> ways = List.of(choice("wxpay"), choice("alipay"));
    private String provider = "wxpay";
    private String content = "weixin://wxpay/bizpayurl?pr=k3x8Q2abZ";
    private Optional<CheckoutPage.Trouble> problem = Optional.empty();
    private Optional<LocalizedText> refusal = Optional.empty();
    private boolean checking;
    private PageQuery query = PageQuery.NONE;
    private Optional<QueryOrder.Last> last = Optional.of(new QueryOrder.Last(NOW.minusSeconds(1), Optional.empty()));
    private Optional<Instant> ends = Optional.empty();
    private boolean follows;
    private boolean needsPerson;
    private OrderMoney money;
    private Contact contact = Contact.NONE;
    private boolean returns = true;
    private List<Presentation> elsewhere = List.of();
    private String url = "https://wallet.example/pay";
    private String launch;
    private boolean withCode = true;
    private Client client = Client.browser("");

    /** @param provider of vkspay with the wallet behind it: "vkspay alipay" */
    static Presentation look(String provider) {
        if (provider.startsWith("vkspay")) {
            return VkspayLook.of(provider.substring("vkspay".length()).strip());
        }
        return provider.equals("wxpay") ? WxpayLook.WXPAY : AlipayLook.ALIPAY;
    }

    private static CheckoutPage.Choice choice(String provider) {
        return new CheckoutPage.Choice(provider, look(provider));
    }

    static ACheckoutPage in(PageState state) {
        var page = new ACheckoutPage();
        page.state = state;
        if (state == PageState.REFUNDED) page.refunded = 990;
        if (state == PageState.PARTLY_REFUNDED) page.refunded = 100;
        if (state == PageState.NEEDS_PERSON) page.with(SomeMoney.of(SomeMoney.differing(900)));
        if (state == PageState.LATE) page.with(SomeMoney.of(SomeMoney.late().returning(RefundState.PROCESSING)));
        if (state == PageState.DOUBLE) {
            page.with(SomeMoney.of(SomeMoney.own(), SomeMoney.duplicate().returning(RefundState.PROCESSING)));
        }
        if (state == PageState.REFUNDING) {
            page.with(SomeMoney.of(SomeMoney.own().refund(100, RefundState.PROCESSING)));
        }
        if (state == PageState.ABNORMAL) page.with(SomeMoney.of(SomeMoney.own().refund(100, RefundState.ABNORMAL)));
        return page;
    }

    ACheckoutPage live() {
        test = false;
        return this;
    }

    ACheckoutPage by(String provider, String content) {
        this.provider = provider;
        this.content = content;
        return this;
    }

    ACheckoutPage of(String shop, String subject, Money total) {
        this.shop = shop;
        this.subject = subject;
        this.total = total;
        return this;
    }

    ACheckoutPage on(String userAgent) {
        this.client = Client.browser(userAgent);
        return this;
    }

    ACheckoutPage afterProblem(String slug) {
        return afterProblem(slug, Duration.ZERO);
    }

    ACheckoutPage afterProblem(String slug, Duration wait) {
        problem = Optional.of(new CheckoutPage.Trouble(slug, wait));
        return this;
    }

    ACheckoutPage afterRefusal(LocalizedText toPayer) {
        problem = Optional.of(new CheckoutPage.Trouble("provider-refused", Duration.ZERO));
        refusal = Optional.of(toPayer);
        return this;
    }

    ACheckoutPage beingAskedAbout() {
        checking = true;
        return this;
    }

    ACheckoutPage at(PageQuery query) {
        this.query = query;
        return this;
    }

    ACheckoutPage queried(QueryOrder.Last last) {
        this.last = Optional.ofNullable(last);
        return this;
    }

    ACheckoutPage ending(Instant ends) {
        this.ends = Optional.of(ends);
        return this;
    }

    ACheckoutPage withoutCode() {
        withCode = false;
        return this;
    }

    ACheckoutPage with(OrderMoney money) {
        this.money = money;
        this.follows = money.follows();
        return this;
    }

    ACheckoutPage needingPerson() {
        needsPerson = true;
        follows = true;
        return this;
    }

    ACheckoutPage reachedAt(String phone, String email) {
        contact = new Contact(Optional.ofNullable(phone), Optional.ofNullable(email));
        return this;
    }

    /** WeChat alone, which shows a code for another device. */
    ACheckoutPage withASecondDevice() {
        ways = List.of(new CheckoutPage.Choice("wxpay", look("wxpay"), true));
        return this;
    }

    /** The providers that work in this browser. */
    ACheckoutPage by(List<String> providers) {
        ways = providers.stream().map(ACheckoutPage::choice).toList();
        return this;
    }

    ACheckoutPage of(Money total) {
        this.total = total;
        if (state == PageState.REFUNDED) refunded = total.minor();
        return this;
    }

    ACheckoutPage withoutWays() {
        ways = List.of();
        return this;
    }

    ACheckoutPage elsewhere(String... providers) {
        elsewhere = Stream.of(providers).map(ACheckoutPage::look).toList();
        return this;
    }

    ACheckoutPage opening(String url, String launch) {
        this.url = url;
        this.launch = launch;
        return this;
    }

    private Optional<CheckoutPage.Step> step() {
        if (!withCode || !state.waits() || state == PageState.CHOOSE || state == PageState.ON_PHONE)
            return Optional.empty();
        if (Set.of(PageState.OPENING, PageState.CANCELLED, PageState.NOT_OPENED).contains(state)) {
            return Optional.of(
                    new CheckoutPage.Open(choice(provider), Optional.ofNullable(url), Optional.ofNullable(launch)));
        }
        var any = state == PageState.ANY_CODE;
        return Optional.of(new CheckoutPage.Scan(
                any ? Optional.empty() : Optional.of(choice(provider)),
                content,
                QrCode.svg(content, AssemblePage.CODE_PIXELS),
                NOW.plusSeconds(state == PageState.CODE || any ? 299 : -1)));
    }

    ACheckoutPage withoutShopToReturnTo() {
        returns = false;
        return this;
    }

    CheckoutPage page() {
        var paid = state == PageState.PAID || refunded > 0;
        return new CheckoutPage(
                state,
                "tok",
                test,
                new CheckoutPage.Shop(shop, Optional.empty(), false, returns, contact),
                new CheckoutPage.Bill(
                        total, refunded, subject, "T20261121035503-0001", NOW.plusSeconds(1759), needsPerson),
                money != null ? money : paid ? SomeMoney.of(SomeMoney.own()) : OrderMoney.NONE,
                new CheckoutPage.Ways(ways, elsewhere),
                step(),
                checking,
                new CheckoutPage.Waiting(query, last, ends),
                follows,
                client.phone(),
                Stream.of("wxpay", "alipay")
                        .map(ACheckoutPage::look)
                        .filter(look -> look.ownBrowser().test(client))
                        .findFirst(),
                problem,
                refusal,
                7,
                NOW);
    }
}
