package io.cashdesk.merchant;

import java.util.List;
import java.util.Optional;

/**
 * A merchant as an operator reads it, at one moment.
 *
 * @param pid the merchant, as the API names it
 * @param returnUrls the addresses below which a payer may be sent back
 * @param origins the origins whose pages may call with a publishable key
 * @param accent the colour of the checkout page's buttons, "#rrggbb"
 * @param contact what payers read where a person is needed
 */
public record MerchantView(
        String pid,
        String name,
        List<String> returnUrls,
        List<String> origins,
        Merchant.LatePayment latePayment,
        Merchant.DuplicatePayment duplicatePayment,
        Optional<String> accent,
        Contact contact) {
    public MerchantView {
        returnUrls = List.copyOf(returnUrls);
        origins = List.copyOf(origins);
    }

    public static MerchantView of(Merchant merchant) {
        return new MerchantView(
                merchant.pid(),
                merchant.name(),
                merchant.returnUrls(),
                merchant.origins(),
                merchant.latePayment(),
                merchant.duplicatePayment(),
                merchant.accent(),
                merchant.contact());
    }
}
