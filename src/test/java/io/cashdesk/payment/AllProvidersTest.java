package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.provider.alipay.AlipayLook;
import io.cashdesk.provider.vkspay.VkspayLook;
import io.cashdesk.provider.wxpay.WxpayLook;
import io.cashdesk.provider.wxpayvirtual.VirtualLook;
import jakarta.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkout page offers, in each browser, to a merchant who has all six providers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AllProvidersTest {
    /** The browsers of payers. */
    enum Browser {
        PC("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"),
        PHONE("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148"),
        WECHAT("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.42"),
        ALIPAY("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Mobile Safari/537.36 AlipayClient/10.5.0"),
        DOUYIN(
                "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Mobile Safari/537.36 aweme/28.0.0 ToutiaoMicroApp/3.0");

        private final String userAgent;

        Browser(String userAgent) {
            this.userAgent = userAgent;
        }

        private Client client() {
            return Client.browser(userAgent);
        }
    }

    /** Collects inside of an app only, as Douyin and Apple do. */
    private static final class InAppOnly extends TinyProvider implements Creates {
        private final PayType inApp;
        private final String node;

        InAppOnly(String name, String product, int position) {
            super(name, position, client -> false);
            this.inApp = PayType.of(name + "_" + product);
            this.node = product;
        }

        @Override
        public Map<PayType, ProductRules> products() {
            return Map.of(inApp, ProductRules.of(node).notOnPages());
        }

        @Override
        public PayType payType(Client client) {
            return inApp;
        }

        @Override
        public Created create(AccountSettings account, PaymentRequest request) {
            throw new IllegalStateException("nothing is created here");
        }
    }

    private static final List<PaymentProvider> SIX = List.of(
            WxpayLook.provider(),
            AlipayLook.provider(),
            VkspayLook.provider(),
            VirtualLook.provider(),
            new InAppOnly("douyin", "mp-toutiao", 80),
            new InAppOnly("appleiap", "app-plus", 90));

    private static final Set<String> NEVER_ON_PAGES = Set.of("wxpay-virtual", "douyin", "appleiap");

    private final Set<String> configured =
            SIX.stream().map(p -> p.name().value()).collect(Collectors.toSet());

    private PayByCheckout.Ways ways(Browser browser, String... wanted) {
        return ways((provider, payType) -> configured.contains(provider.name().value()), browser, wanted);
    }

    private static PayByCheckout.Ways ways(
            BiPredicate<PaymentProvider, PayType> configured, Browser browser, String... wanted) {
        var page = new PayByCheckout();
        page.providers = new Providers(SIX);
        page.subMerchants = new SealedSubMerchants();
        page.accounts = new Accounts() {
            @Override
            public boolean configured(UUID merchant, Mode mode, PaymentProvider provider, PayType payType) {
                return configured.test(provider, payType);
            }
        };
        var order = AnOrder.of(ANewOrder.of(fen(990)).limitedTo(wanted)).unpaid();
        return page.waysFor(order, browser.client());
    }

    private static List<String> here(PayByCheckout.Ways ways) {
        return ways.here().stream().map(w -> w.provider().name().value()).toList();
    }

    private static List<String> elsewhere(PayByCheckout.Ways ways) {
        return ways.elsewhere().stream().map(p -> p.name().value()).toList();
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void a_provider_without_a_web_way_is_never_on_the_page_of_one_who_has_others(Browser browser) {
        var ways = ways(browser);

        assertThat(here(ways)).isNotEmpty().doesNotContainAnyElementsOf(NEVER_ON_PAGES);
        assertThat(elsewhere(ways)).doesNotContainAnyElementsOf(NEVER_ON_PAGES);
        var both = new ArrayList<>(here(ways));
        both.addAll(elsewhere(ways));
        assertThat(both).containsExactlyInAnyOrder("wxpay", "alipay", "vkspay");
    }

    @ParameterizedTest
    @CsvSource({
        "PC, wxpay_h5 alipay_h5 vkspay_h5",
        "PHONE, wxpay_mweb alipay_",
        "WECHAT, wxpay_h5-weixin",
        "ALIPAY, alipay_"
    })
    void each_browser_has_what_works_in_it(Browser browser, String types) {
        var offered =
                ways(browser).here().stream().map(w -> w.payType().toString()).toList();

        for (var type : types.split(" "))
            assertThat(offered).anySatisfy(t -> assertThat(t).startsWith(type));
        if (browser == Browser.WECHAT) assertThat(here(ways(browser))).doesNotContain("alipay");
        if (browser == Browser.ALIPAY) assertThat(here(ways(browser))).doesNotContain("wxpay");
    }

    @Test
    void douyins_browser_is_a_phones() {
        assertThat(ways(Browser.DOUYIN).here().stream().map(w -> w.payType().toString()))
                .containsExactlyElementsOf(ways(Browser.PHONE).here().stream()
                        .map(w -> w.payType().toString())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void where_nothing_else_is_configured_the_page_says_where_to_pay(Browser browser) {
        for (var name : NEVER_ON_PAGES) {
            configured.clear();
            configured.add(name);
            var ways = ways(browser);

            assertThat(here(ways)).isEmpty();
            assertThat(elsewhere(ways)).containsExactly(name);
            assertThat(ways.elsewhere().get(0).presentation().elsewhere().in(Locale.ENGLISH))
                    .isNotBlank();
        }
        configured.clear();
        assertThat(elsewhere(ways(browser))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Browser.class)
    void a_list_of_both_kinds_offers_the_one_that_works_on_pages(Browser browser) {
        var ways = ways(browser, "douyin", "wxpay", "appleiap");
        var both = Stream.concat(here(ways).stream(), elsewhere(ways).stream()).toList();
        assertThat(both).containsExactly("wxpay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"douyin", "appleiap", "wxpay-virtual", "douyin appleiap wxpay-virtual"})
    void createCheckout_refuses_by_name_what_no_browser_can_use(String names) {
        var wanted = names.split(" ");
        assertThatThrownBy(() -> choose(wanted)).isInstanceOfSatisfying(Problem.class, p -> {
            assertThat(p.type()).isEqualTo(ProblemType.NOT_SUPPORTED);
            assertThat(p.message(Locale.ENGLISH))
                    .contains(String.join(", ", wanted))
                    .contains("createPayment")
                    .contains("alipay")
                    .contains("wxpay");
            assertThat(p.message(Locale.SIMPLIFIED_CHINESE)).contains("小程序");
        });
    }

    @Test
    void createCheckout_takes_lists_of_both_kinds() {
        assertThat(choose("douyin", "wxpay").providers()).containsExactly("douyin", "wxpay");
        assertThat(choose().providers()).isEmpty();
    }

    private static Wallets.Choice choose(String... wanted) {
        var create = new CreateCheckout();
        create.providers = new Providers(SIX);
        var data = Json.createObjectBuilder();
        if (wanted.length > 0) data.add("providers", Json.createArrayBuilder(List.of(wanted)));
        return create.choice(JsonBody.of(data.build()));
    }

    @Test
    void shops_that_speak_epay_can_name_no_wallet_without_a_web_way() {
        var wallets = new Wallets();
        wallets.providers = new Providers(SIX);
        assertThat(wallets.names()).contains("wxpay", "alipay").doesNotContainAnyElementsOf(NEVER_ON_PAGES);
    }
}
