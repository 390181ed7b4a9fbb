package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import java.util.Locale;

/**
 * What a provider's error code means, in our words.
 *
 * @param code the provider's code; where it has several spellings, the newest
 * @param fault who can do something about it
 * @param retry whether asking again can help, and how
 * @param cause what happened, in a few words, for lists and logs
 * @param payer for the payer: what to do next, without blame and without codes
 * @param merchant for the merchant: what was wrong, where, and what to do
 */
public record ProviderError(
        String code, Fault fault, Retry retry, LocalizedText cause, LocalizedText payer, LocalizedText merchant) {
    /** Who can do something about it. */
    public enum Fault {
        /** The payer: another card, another wallet, a password. */
        PAYER,
        /** The merchant: the request, the account, a contract with the provider. */
        MERCHANT,
        /** The provider or a bank. */
        PROVIDER,
        /** This software, or what stands between it and the provider. */
        CASHDESK;

        /** As the API writes it: "merchant". */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether asking again can help. */
    public enum Retry {
        /** Not unchanged: something must be put right first. */
        NO,
        /** The same request with the same numbers, later. */
        SAME_LATER,
        /** With a new order number. */
        NEW_NUMBER,
        /** With a new payment code, which needs a new order number too. */
        NEW_CODE,
        /** The outcome is not known: query before anything else. */
        ASK_FIRST;

        /** As the API writes it: "same_later". */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An error that no dictionary has: says so, keeps the provider's code and words, and claims nothing about the
     * outcome.
     *
     * @param words what the provider said, or an empty text
     */
    public static ProviderError unknown(String code, String words) {
        var said = (code + " " + words).strip();
        return new ProviderError(
                code,
                Fault.PROVIDER,
                Retry.ASK_FIRST,
                new LocalizedText("尚未收录的错误：" + said, "An error that is not in our dictionary: " + said),
                new LocalizedText("这次没有办成，请稍后再看，或联系商家。", "This did not work. Look again later, or contact the shop."),
                new LocalizedText(
                        "词典尚未收录这个错误，请以支付渠道的说明和文档为准；重试之前先查询。",
                        "Our dictionary does not have this error: go by the provider's words and documents, and query before you repeat the call."));
    }

    /** What it adds to a problem. Where the provider did not decline for good, nothing goes before a query. */
    public Problem.Refusal refusal(ProviderFailure failure) {
        var next = failure.kind() == ProviderFailure.Kind.DECLINED ? retry : Retry.ASK_FIRST;
        return new Problem.Refusal(failure.providerCode(), fault.word(), next.word(), payer);
    }
}
