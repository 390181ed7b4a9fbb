package io.cashdesk.payment;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import java.util.Collection;
import java.util.Optional;

/** The codes that payers show to scanners: whose they are, and what scanners add to them. */
final class PaymentCodes {
    private static final String SHAPES = "WeChat: 18 digits from 10 to 15; Alipay: 16 to 24 digits from 25 to 30";

    private PaymentCodes() {}

    /** The code in {@code data}, without the spaces and line ends that scanners send along. */
    static Optional<PaymentCode> read(JsonBody data) {
        if (!data.has("auth_code")) return Optional.empty();
        var code = data.text("auth_code", 64).orElse("").replaceAll("[\\s\\p{Cntrl}]", "");
        if (code.isEmpty()) throw ProblemType.AUTH_CODE.with("a wallet", SHAPES);
        return Optional.of(new PaymentCode(code, data.text("store_id", 32).orElse("")));
    }

    /** Whose code it is; one that nobody knows is refused before anybody is called. */
    static PaymentProvider recognised(PaymentCode code, Collection<PaymentProvider> providers) {
        return providers.stream()
                .filter(p -> p instanceof PaymentProvider.ReadsPaymentCodes reader && reader.recognises(code.value()))
                .findFirst()
                .orElseThrow(() -> ProblemType.AUTH_CODE.with("a wallet", SHAPES));
    }

    /** Refuses a code of another wallet than the one that was named. */
    static void check(PaymentCode code, PaymentProvider provider) {
        if (!(provider instanceof PaymentProvider.ReadsPaymentCodes reader)) {
            throw ProblemType.NOT_SUPPORTED.with("auth_code at " + provider.name(), "it reads no payment codes");
        }
        if (!reader.recognises(code.value())) throw ProblemType.AUTH_CODE.with(provider.name(), SHAPES);
    }

    /** Refuses a code that came without its shop where this account demands one. */
    static void refuseWithoutStore(PaymentProvider provider, AccountSettings account) {
        if (((PaymentProvider.ReadsPaymentCodes) provider).needsStore(account)) throw ProblemType.STORE_ID.with();
    }
}
