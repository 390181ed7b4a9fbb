package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * The ways to pay on the checkout page, and the start of the chosen one. All else about the payment was fixed by the
 * merchant's server.
 */
@ApplicationScoped
public class PayByCheckout {
    private static final Client CODE = new Client("h5", "", true, true, false, false);

    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    SealedSubMerchants subMerchants;

    @Inject
    SealedPrompts prompts;

    @Inject
    Settings settings;

    /** A way to pay in this browser: the provider and its product. */
    public record Way(PaymentProvider provider, PayType payType) {
        /** Whether this product must know who pays, before it can be started. */
        public boolean needsOpenid() {
            return provider.products().get(payType).needsOpenid();
        }

        /** Whether it is the code for another screen, because no product made for this browser is configured. */
        public boolean isCode() {
            return provider.payType(CODE).equals(payType);
        }
    }

    /**
     * @param here what works in this browser, in the order of the page
     * @param elsewhere providers that the merchant has and that cannot be used in this browser; those that no browser
     *     can use, because they collect in apps and mini-programs only, if there are no others
     */
    public record Ways(List<Way> here, List<PaymentProvider> elsewhere) {
        public Optional<Way> with(String provider) {
            return here.stream()
                    .filter(w -> w.provider().name().value().equals(provider))
                    .findFirst();
        }
    }

    public Ways waysFor(PayOrder order, Client client) {
        var usable = new Usable(order.merchantId(), order.mode(), subMerchants.of(order));
        var here = new ArrayList<Way>();
        var elsewhere = new ArrayList<PaymentProvider>();
        var neverHere = new ArrayList<PaymentProvider>();
        for (var provider : providers.all()) {
            var name = provider.name().value();
            if (!order.providers().isEmpty() && !order.providers().contains(name)) continue;
            if (!hasPages(provider)) {
                neverHere.add(provider);
                continue;
            }
            var product = product(usable, provider, client);
            if (product.isPresent()) here.add(new Way(provider, product.get()));
            else if (usable.any(provider)) elsewhere.add(provider);
        }
        if (here.isEmpty() && elsewhere.isEmpty()) { // a page without a word would leave the payer alone
            neverHere.stream().filter(usable::anywhere).forEach(elsewhere::add);
        }
        return new Ways(here, elsewhere);
    }

    /** Whether a checkout page can offer this provider, in one browser or another. */
    static boolean hasPages(PaymentProvider provider) {
        return provider instanceof Creates
                && provider.products().values().stream().anyMatch(ProductRules::onPages);
    }

    /** The product made for this browser if the merchant has it, else a code on the screen, if either works here. */
    private Optional<PayType> product(Usable usable, PaymentProvider provider, Client client) {
        return Stream.of(provider.payType(client), provider.payType(CODE))
                .filter(provider.products()::containsKey)
                .filter(payType -> providers.worksIn(client, provider, payType))
                .filter(payType -> usable.with(provider, payType))
                .findFirst();
    }

    /** Which of the merchant's nodes can collect for this sub-merchant; each one is opened at most once. */
    private final class Usable {
        private final UUID merchant;
        private final Mode mode;
        private final SubMerchant sub;
        private final Map<String, Boolean> byNode = new HashMap<>();

        Usable(UUID merchant, Mode mode, SubMerchant sub) {
            this.merchant = merchant;
            this.mode = mode;
            this.sub = sub;
        }

        boolean any(PaymentProvider provider) {
            return provider.products().entrySet().stream()
                    .filter(p -> p.getValue().onPages())
                    .anyMatch(p -> with(provider, p.getKey()));
        }

        /** Whether the merchant has any of its products, for instance that of a mini-program. */
        boolean anywhere(PaymentProvider provider) {
            return provider.products().keySet().stream()
                    .anyMatch(payType -> accounts.configured(merchant, mode, provider, payType));
        }

        boolean with(PaymentProvider provider, PayType payType) {
            var node = Configuration.nameOf(
                    provider.name(), provider.products().get(payType).node());
            return byNode.computeIfAbsent(node, n -> canCollect(provider, payType));
        }

        private boolean canCollect(PaymentProvider provider, PayType payType) {
            if (mode == Mode.TEST && sub.equals(SubMerchant.NONE)) {
                return accounts.configured(merchant, mode, provider, payType); // without opening a test account
            }
            return accounts.toPayThrough(merchant, mode, provider, payType)
                    .filter(account -> refusal(provider, account, mode, sub).isEmpty())
                    .isPresent();
        }
    }

    private static Optional<LocalizedText> refusal(
            PaymentProvider provider, AccountSettings account, Mode mode, SubMerchant sub) {
        return OnBehalf.refusal(provider, account, mode, OnBehalf.withTokenOf(account, sub));
    }

    /**
     * Why no provider could collect for this sub-merchant on a checkout page: the reason of one of them. A merchant
     * without any account is not refused here: one may be put until the payer comes.
     *
     * @param wanted the providers that the page may offer; empty: all
     */
    Optional<Problem> refusal(UUID merchant, Mode mode, List<String> wanted, SubMerchant sub) {
        if (mode == Mode.TEST && sub.equals(SubMerchant.NONE)) return Optional.empty();
        Problem reason = null;
        for (var provider : providers.all()) {
            var name = provider.name().value();
            if (!(provider instanceof Creates) || !(wanted.isEmpty() || wanted.contains(name))) continue;
            for (var product : provider.products().entrySet()) {
                if (!product.getValue().onPages()) continue;
                var account = accounts.toPayThrough(merchant, mode, provider, product.getKey());
                if (account.isEmpty()) continue;
                var refusal = refusal(provider, account.get(), mode, sub);
                if (refusal.isEmpty()) return Optional.empty();
                var node = Configuration.nameOf(name, product.getValue().node());
                reason = ProblemType.SUB_MERCHANT.with(node, refusal.get());
            }
        }
        return Optional.ofNullable(reason);
    }

    /**
     * Opens an attempt with this provider, or finds the one that still lives; completes with a problem if there is
     * none.
     *
     * @param openid who pays, or an empty text where the product does not need it
     * @param backTo where the wallet sends the browser afterwards
     */
    public CompletionStage<Attempt> start(
            PayOrder order, String providerName, Client client, String clientIp, String openid, URI backTo) {
        var way = waysFor(order, client).with(providerName);
        if (way.isEmpty()) {
            return CompletableFuture.failedFuture(ProblemType.PROVIDER_NOT_CONFIGURED.with(providerName));
        }
        var provider = way.get().provider();
        var payType = way.get().payType();
        var needsOpenid = way.get().needsOpenid();
        var account = accounts.toPayThrough(order.merchantId(), order.mode(), provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(providerName));
        if (openid.isEmpty() && needsOpenid) {
            return CompletableFuture.failedFuture(ProblemType.OPENID.with(payType, account.text("appId")));
        }
        var payer = new Payer(clientIp, needsOpenid ? openid : "", client.screen(), payMethod(order, provider));
        return openAttempt.of(
                order.key(),
                new CollectRequest(
                        provider,
                        account,
                        payType,
                        settings.codeLife(),
                        payer,
                        OnBehalf.of(provider, OnBehalf.withTokenOf(account, subMerchants.of(order))),
                        Optional.of(backTo),
                        JsonObject.EMPTY_JSON_OBJECT,
                        Optional.empty()));
    }

    /** Which of this provider's wallets the merchant named for the order; an empty text: any. */
    public static String payMethod(PayOrder order, PaymentProvider provider) {
        return order.payMethod().filter(provider.payMethods()::contains).orElse("");
    }

    /**
     * What the payer is shown or sent to, made new where it grows old; empty if nothing was shown yet.
     *
     * @param backTo where the wallet sends the browser afterwards, also if the attempt was opened elsewhere
     */
    public Optional<PaymentPrompt> prompt(Attempt attempt, URI backTo) {
        return prompts.of(attempt).map(prompt -> {
            if (!(providers.named(attempt.provider()) instanceof Creates creates)) return prompt;
            var account = accounts.of(attempt.merchantId(), attempt.accountId())
                    .orElseThrow()
                    .settings();
            return creates.refresh(account, PayType.of(attempt.payType()), prompt, Optional.of(backTo));
        });
    }
}
