package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;

/** A provider whose payers show a payment code at a point of sale, which the merchant scans. */
public interface Codes {
    /** The product that {@link #collect} is. */
    PayType codeProduct();

    /**
     * What this wallet's codes look like, for the message that refuses another one: "WeChat: 18 digits from 10 to 15".
     */
    LocalizedText codeShape();

    /** Whether this is one of this wallet's codes, by its first digits and its length. */
    boolean recognises(String code);

    /** Whether this account must name the store in which the code was scanned. */
    default boolean needsStore(AccountSettings account) {
        return false;
    }

    /**
     * Takes the money, once: {@link ProviderReport.Paid}, or {@link ProviderReport.Unpaid} while the payer types the
     * password. Never repeated with the same code, whatever came of it.
     *
     * @throws ProviderFailure DECLINED if the code or the payment is refused for good
     */
    ProviderReport collect(AccountSettings account, PaymentRequest request, PaymentCode code);
}
