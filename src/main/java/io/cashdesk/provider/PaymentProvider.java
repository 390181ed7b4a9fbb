package io.cashdesk.provider;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.Set;

/**
 * What every provider can be asked. An adapter translates between our words and one provider's wire, and nothing else: it
 * stores nothing and decides nothing. What not every provider can do is an interface of its own, and implementing it is how
 * an adapter says that it can.
 */
public interface PaymentProvider {
    ProviderName name();

    /** The products it offers, as the API names them: "wxpay_h5". */
    Set<String> payTypes();

    /** The product for a payer who comes like this; one that {@link #payTypes()} may not have (docs/api.md says how it is chosen). */
    String payType(Client client);

    /** Whether a payer can use this product where he is: no wallet opens inside another one. */
    default boolean worksIn(Client client, String payType) {
        return true;
    }

    /** The configuration node that this product uses: "h5". */
    default String node(String payType) {
        return payType.substring(payType.indexOf('_') + 1);
    }

    /** Every node that this provider's configuration may have, used already or not. */
    Set<String> nodes();

    /** The provider's own address, for accounts that name no gateway. */
    URI gateway();

    /** The keys of a node whose values are secret: taken out of everything that is said about a node. */
    Set<String> secrets();

    /**
     * Checks a node before it is saved: everything that can be known to be wrong without asking the provider.
     *
     * @throws IllegalArgumentException with a sentence that names the key and what it should be
     */
    void check(AccountSettings account);

    Identity identity(AccountSettings account);

    /** The shortest life this product gives a payment: an expiry nearer than this is not kept. */
    default Duration shortestLife(String payType) {
        return Duration.ofSeconds(1);
    }

    /** How far ahead a merchant's own deadline must be at least; more than {@link #shortestLife} where payers need longer. */
    default Duration leastNotice(String payType) {
        return shortestLife(payType);
    }

    /** Whether the wallet must know who pays before this product can be asked for. */
    default boolean needsOpenid(String payType) {
        return false;
    }

    /** What else than the pay type decides how a payment looks: calls with different variants want different things. */
    default String variant(AccountSettings account, String payType, Payer payer) {
        return "";
    }

    /** Whether a refusal with this code means that the number was used up there, so that only a new one can work (D7). */
    default boolean saysNumberIsSpent(String providerCode) {
        return false;
    }

    /** What a provider is asked to do. Some of its codes mean one thing here and another there. */
    enum Call {
        /** Open a payment that the payer finishes. */
        CREATE,
        /** Collect by a payment code that the payer shows. */
        CODE_PAY,
        QUERY,
        CLOSE,
        /** Take a payment by code back, whether it came or not. */
        REVERSE,
        REFUND,
        QUERY_REFUND,
        BILL,
        /** Ask who a payer is. */
        OPENID
    }

    /**
     * What one of its codes means as an answer to this call: whose fault, whether to ask again, and what to tell whom. A code
     * that nobody has written down is admitted as such and keeps the provider's words.
     *
     * @param words what the provider said beside the code, or an empty text
     */
    default ProviderError explain(Call call, String providerCode, String words) {
        return ProviderError.unknown(providerCode, words);
    }

    /** Whether a merchant's own number may be this provider's number (D7). */
    boolean fits(String outTradeNo);

    /**
     * Asks the provider to collect a payment. Blocks until it answers; never called inside a transaction.
     *
     * @throws ProviderFailure always of a kind that says whether asking again is safe
     */
    PaymentPrompt create(AccountSettings account, PaymentRequest request);

    /** The same prompt, with whatever in it grows old made new; without a call to the provider. */
    default PaymentPrompt again(AccountSettings account, String payType, PaymentPrompt prompt) {
        return prompt;
    }

    /**
     * Verifies a notification and only then reads it. Makes no network call.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if it is not the provider's, or not for this account
     */
    ParsedNotification read(AccountSettings account, RawNotification notification);

    /** What the provider wants to hear when we have the message safely. */
    Acknowledgement acknowledgement();

    /** What makes the provider repeat its message, or (not authentic) tells a forger no. */
    Acknowledgement refusal(boolean authentic, String reason);

    /** The same for this message, from a provider that speaks more than one language and wants to be answered in the same. */
    default Acknowledgement acknowledgement(RawNotification told) {
        return acknowledgement();
    }

    /** The same for this message. */
    default Acknowledgement refusal(RawNotification told, boolean authentic, String reason) {
        return refusal(authentic, reason);
    }

    /** Whether CloudPay's shape, which is made from WeChat Pay v3's answers, can be made from this account's. */
    default boolean answersForCloudPay(AccountSettings account) {
        return true;
    }

    /** A provider that can be asked about an attempt. */
    interface Queries {
        /** @throws ProviderFailure if no verified answer came; an unknown number is an answer, {@link ProviderReport.Absent} */
        ProviderReport query(AccountSettings account, AttemptRef attempt);
    }

    /** A provider that can be told to take no more money for an attempt. */
    interface Closes {
        /**
         * Closes the attempt at the provider (a payment code's is reversed) and says what is true afterwards: {@link
         * ProviderReport.Closed}, {@link ProviderReport.Paid} if the payer was faster, {@link ProviderReport.Unpaid} if it cannot
         * be closed right now, or {@link ProviderReport.Absent} if there is nothing to close (which proves nothing about later).
         */
        ProviderReport close(AccountSettings account, AttemptRef attempt);
    }

    /** A provider whose payers show a code to the merchant's scanner. */
    interface ReadsPaymentCodes {
        /** The product that {@link #collect} is: "wxpay_codepay". */
        String codePayType();

        /** Whether this account must name the shop in which the code was scanned. */
        default boolean needsStore(AccountSettings account) {
            return false;
        }

        /** Whether this is one of this wallet's codes, by its first digits and its length. */
        boolean recognises(String code);

        /**
         * Takes the money, once: {@link ProviderReport.Paid}, or {@link ProviderReport.Unpaid} while the payer types his password.
         * Never repeated with the same code, whatever came of it.
         *
         * @throws ProviderFailure DECLINED if the code or the payment is refused for good
         */
        ProviderReport collect(AccountSettings account, PaymentRequest request, PaymentCode code);
    }

    /** A provider that gives money back. */
    interface Refunds {
        /** Whether a merchant's own refund number may be this provider's number. */
        boolean fitsRefund(String outRefundNo);

        /** How many refunds one payment can have. */
        int mostRefunds();

        /** How long after the payment it can be given back. */
        Period refundable();

        /**
         * Asks for a refund. May be repeated with the same request: a provider that has it already says so and does nothing.
         *
         * @throws ProviderFailure OUTCOME_UNKNOWN if only {@link #queryRefund} can tell what came of it
         */
        RefundReport refund(AccountSettings account, RefundRequest request);

        /** What became of it. */
        RefundReport queryRefund(AccountSettings account, RefundRequest request);
    }

    /** A provider that writes down each day what it did. */
    interface Bills {
        /**
         * @param sub whose bill, or {@link SubMerchant#NONE}: everybody's
         * @param day a day that is over, in Beijing
         * @param type the provider's own word: "ALL", "SUCCESS", "REFUND"
         * @return the bill, word for word
         * @throws ProviderFailure DECLINED if there is none (yet)
         */
        String tradeBill(AccountSettings account, SubMerchant sub, LocalDate day, String type);
    }

    /** A provider that can say who a payer is, from a code that his wallet gave out. */
    interface KnowsPayers {
        /** The page of the wallet that sends the browser back with a code, without bothering the payer. */
        URI authorize(AccountSettings account, URI backTo, String state);

        /**
         * @param payType for which product: a mini-program's code and a page's code are asked about in different ways
         * @throws ProviderFailure DECLINED if the code is wrong, used or too old
         */
        Openid openid(AccountSettings account, String payType, String code);
    }
}
