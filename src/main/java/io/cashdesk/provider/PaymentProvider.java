package io.cashdesk.provider;

import jakarta.json.Json;
import jakarta.json.JsonException;
import java.io.StringReader;
import java.util.Map;
import java.util.Set;

/**
 * What every provider is to this software. An adapter translates between our words and one provider's wire, and nothing
 * else: it stores nothing and decides nothing. What a provider can do is an interface of its own ({@link Creates},
 * {@link Queries}, {@link Closes}, {@link Codes}, {@link MakesRefunds}, {@link Bills}, {@link Logins}, {@link Prices},
 * {@link Coins} and others); an adapter implements those that its provider offers, and none is required
 * (docs/adr/0010).
 */
public interface PaymentProvider {
    /** Equal in the API, in the address of its notifications and in the database; it never changes. */
    ProviderName name();

    /** What it is called and looks like. */
    Presentation presentation();

    /**
     * The same where the payer pays with one of its {@link #payMethods()}.
     *
     * @param payMethod one of them, or an empty text: any
     */
    default Presentation presentation(String payMethod) {
        return presentation();
    }

    /**
     * The wallets behind a provider that collects through several, as {@code provider_pay_method} names them: "wxpay".
     * Empty for a provider that is one wallet; a call that names one is refused then.
     */
    default Set<String> payMethods() {
        return Set.of();
    }

    /** Its products, and what holds for each. */
    Map<PayType, ProductRules> products();

    /**
     * The product for a payer who comes like this; one that {@link #products()} may not have (docs/api.md says how it
     * is chosen).
     */
    PayType payType(Client client);

    /**
     * Whether this product can be used where the payer is. That no wallet opens in the browser of another one need not
     * be said here: see {@link Presentation#ownBrowser()} and {@link #worksInBrowserOf}.
     */
    default boolean worksIn(Client client, PayType payType) {
        return true;
    }

    /** Whether it can be used in the browser of this wallet; any provider can be in its own and in ordinary ones. */
    default boolean worksInBrowserOf(ProviderName wallet) {
        return wallet.equals(name());
    }

    /** What a merchant can configure. */
    Configuration configuration();

    /**
     * Checks a node before it is saved: everything that can be known to be wrong without a call to the provider.
     *
     * @throws IllegalArgumentException with a sentence that names the key and what it should be
     */
    void check(AccountSettings account);

    /** Who we are to the provider in this account. */
    Identity identity(AccountSettings account);

    /**
     * Which version of the provider's interface this account uses, which decides what {@link PaymentPrompt#orderInfo()}
     * and evidence look like; 1 where there is only one.
     */
    default int apiVersion(AccountSettings account) {
        return 1;
    }

    /**
     * Whether a merchant's own order number may be this provider's number; otherwise one is generated: 32 digits and a
     * to f.
     */
    boolean fits(String outTradeNo);

    /**
     * The field of a call that says on whose behalf a service provider collects: {@code sub_mchid} or
     * {@code app_auth_token}. The provider does not receive the other one.
     */
    default String subMerchantField() {
        return "sub_mchid";
    }

    /**
     * Checks what a caller determines of a payment, before anything is stored or sent.
     *
     * @throws io.cashdesk.ground.problem.Problem OTHER_RESERVED for a key of {@code other} that we set ourselves, FIELD
     *     for a value that the provider cannot take
     */
    default void checkInput(AccountSettings account, CallerInput input) {
        // a provider without limits and keys of its own accepts everything
    }

    /**
     * Refuses a payer's device on which a product does not work although its platform has it.
     *
     * @throws io.cashdesk.ground.problem.Problem that says which devices can pay
     */
    default void checkDevice(AccountSettings account, Client client) {
        // most products work on every device of their platform
    }

    /** What a provider is called for. Some of its error codes mean one thing here and another there. */
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
        /** Who a payer is. */
        OPENID,
        /** A call about a user's coins ({@link Coins}). */
        COINS,
        /** Settle money that is kept ({@link Settles}). */
        SETTLE,
        /** Accept or refuse a refund that a payer has requested ({@link AuditsRefunds}). */
        DECIDE_REFUND
    }

    /**
     * What one of its error codes means as an answer to this call: who can solve it, whether repeating the call can
     * help, and the texts for payer and merchant. A code that is not in the adapter's dictionary is said to be unknown
     * and keeps the provider's words.
     *
     * @param words what the provider said beside the code, or an empty text
     */
    default ProviderError explain(Call call, String providerCode, String words) {
        return ProviderError.unknown(providerCode, words);
    }

    /**
     * Verifies a notification and only then reads it. Makes no network call. A provider whose notifications prove
     * nothing reads them as a {@link ParsedNotification.Hint}.
     *
     * @throws ProviderFailure NOT_AUTHENTIC if it is not the provider's, or not for this account
     */
    ParsedNotification read(AccountSettings account, RawNotification notification);

    /**
     * What the merchant's record shows of a message that {@link #read} has verified: the JSON object that was sent, or
     * the text as it came.
     */
    default OriginalData original(AccountSettings account, RawNotification notification) {
        var text = notification.text();
        try (var reader = Json.createReader(new StringReader(text))) {
            return new OriginalData(reader.readObject(), "", "");
        } catch (JsonException e) { // it is XML, or a form
            return new OriginalData(Json.createValue(text), "", "");
        }
    }

    /** What the provider expects as an answer to this message once it is stored. */
    Acknowledgement acknowledgement(AccountSettings account, RawNotification notification);

    /**
     * What makes the provider repeat this message, or (not authentic) refuses it.
     *
     * @param reason for the provider's log; without secrets
     */
    Acknowledgement refusal(AccountSettings account, RawNotification notification, boolean authentic, String reason);
}
