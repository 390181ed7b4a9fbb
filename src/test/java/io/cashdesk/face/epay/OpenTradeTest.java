package io.cashdesk.face.epay;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.http.PublicHttpClient;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.AnEpayAccess;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.CreateCheckout;
import io.cashdesk.payment.PromptForDevice;
import io.cashdesk.payment.Wallets;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenTradeTest {
    private static final String PAGE = "https://cashdesk.example/checkout/t";

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();

    /** @param prompt what the provider's call comes to */
    private OpenTrade.Next opened(Supplier<CompletionStage<PromptForDevice.Shown>> prompt) {
        var openTrade = new OpenTrade();
        openTrade.createCheckout = new CreateCheckout() {
            @Override
            public PayOrder open(Authority authority, JsonBody data, Terms terms) {
                return order;
            }

            @Override
            public String address(PayOrder of) {
                return PAGE;
            }
        };
        openTrade.promptForDevice = new PromptForDevice() {
            @Override
            public CompletionStage<Shown> of(PayOrder of, boolean phone, String clientIp) {
                return prompt.get();
            }
        };
        openTrade.wallets = new Wallets() {
            @Override
            public SortedSet<String> names() {
                return new TreeSet<>(List.of("wxpay"));
            }
        };
        openTrade.outgoing = new PublicHttpClient() {
            @Override
            public Optional<LocalizedText> refusal(String url) {
                return Optional.empty();
            }
        };
        var merchant = new Merchant("tea", "Tea", AnOrder.NOON);
        var held = List.of(new Authority.Held("tea", merchant.id()));
        var shop = new Shop(
                AnEpayAccess.of(merchant.id(), 1001, null),
                merchant,
                new Authority(Mode.TEST, ApiKey.Kind.SECRET, held));
        var parameters = Parameters.of(
                "type=wxpay&out_trade_no=T1&name=tea&money=9.90&clientip=203.0.113.7"
                        + "&notify_url=https://shop.example/n",
                new byte[0],
                null);
        return openTrade
                .forServer(shop, parameters, 1, false)
                .toCompletableFuture()
                .join();
    }

    private static Supplier<CompletionStage<PromptForDevice.Shown>> failing(Problem problem) {
        return () -> CompletableFuture.failedFuture(problem);
    }

    @Test
    void what_the_device_shows_is_answered() {
        var code = new PromptForDevice.Shown(Optional.of("weixin://code"), Optional.empty());

        assertThat(opened(() -> CompletableFuture.completedFuture(code)))
                .isEqualTo(new OpenTrade.Next(order, OpenTrade.Next.Form.QRCODE, "weixin://code"));
    }

    @Test
    void an_order_whose_provider_refuses_or_does_not_answer_goes_on_at_our_page() {
        var page = new OpenTrade.Next(order, OpenTrade.Next.Form.PAYURL, PAGE);
        var refused = ProblemType.PROVIDER_NOT_CONFIGURED.with("wxpay");

        assertThat(opened(failing(refused))).isEqualTo(page);
        assertThat(opened(failing(ProblemType.CALL_RUNNING.with("T1")))).isEqualTo(page);
        assertThat(opened(() -> {
                    throw refused;
                }))
                .isEqualTo(page);
        assertThat(opened(() -> CompletableFuture.completedFuture(PromptForDevice.Shown.NOTHING)))
                .isEqualTo(page);
    }

    @Test
    void an_order_that_was_paid_or_closed_meanwhile_is_refused() {
        assertThatThrownBy(() -> opened(failing(ProblemType.ORDER_PAID.with("T1", 1))))
                .hasRootCauseInstanceOf(Problem.class);
        assertThatThrownBy(() -> opened(failing(ProblemType.ORDER_CLOSED.with("T1"))))
                .hasRootCauseInstanceOf(Problem.class);
    }
}
