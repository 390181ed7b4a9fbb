package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** The codes that payers show to scanners: whose they are, and what scanners add to them. */
final class PaymentCodes {
    private static final LocalizedText A_WALLET = new LocalizedText("钱包", "a wallet");

    private PaymentCodes() {}

    /**
     * The code in {@code data}, without the spaces and line ends that scanners send along.
     *
     * @param providers whose codes there may be
     */
    static Optional<PaymentCode> read(JsonBody data, Collection<PaymentProvider> providers) {
        if (!data.has("auth_code")) return Optional.empty();
        var code = data.text("auth_code", 64).orElse("").replaceAll("[\\s\\p{Cntrl}]", "");
        if (code.isEmpty()) throw ProblemType.AUTH_CODE.with(A_WALLET, shapes(providers));
        return Optional.of(new PaymentCode(code, data.text("store_id", 32).orElse("")));
    }

    /** The provider whose code it is; a code of an unknown shape is refused before any provider is called. */
    static PaymentProvider recognised(PaymentCode code, Collection<PaymentProvider> providers) {
        return providers.stream()
                .filter(p -> p instanceof Codes codes && codes.recognises(code.value()))
                .findFirst()
                .orElseThrow(() -> ProblemType.AUTH_CODE.with(A_WALLET, shapes(providers)));
    }

    private static LocalizedText shapes(Collection<PaymentProvider> providers) {
        var shapes = providers.stream()
                .filter(Codes.class::isInstance)
                .map(p -> ((Codes) p).codeShape())
                .toList();
        return new LocalizedText(
                shapes.stream().map(LocalizedText::zh).collect(Collectors.joining("；")),
                shapes.stream().map(LocalizedText::en).collect(Collectors.joining("; ")));
    }

    /** Refuses a code of another wallet than the one that was named. */
    static void check(PaymentCode code, PaymentProvider provider, Collection<PaymentProvider> providers) {
        if (!(provider instanceof Codes codes)) {
            throw ProblemType.notSupported(
                    new LocalizedText(provider.name() + " 的 auth_code", "auth_code at " + provider.name()),
                    new LocalizedText("该渠道没有付款码支付", "it reads no payment codes"));
        }
        if (!codes.recognises(code.value())) throw ProblemType.AUTH_CODE.with(provider.name(), shapes(providers));
    }

    /** Refuses a code that came without its shop where this account demands one. */
    static void refuseWithoutStore(PaymentProvider provider, AccountSettings account) {
        if (((Codes) provider).needsStore(account)) throw ProblemType.STORE_ID.with();
    }
}
