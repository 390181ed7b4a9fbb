package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ProviderReport.Details;
import io.cashdesk.provider.ProviderReport.Paid;
import io.cashdesk.provider.ProviderReport.WentBack;
import io.cashdesk.provider.Purchase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Verified transactions in our words. */
final class ApplePurchases {
    static final String FAMILY_SHARED = "FAMILY_SHARED";
    private static final String SUBSCRIPTION = "Auto-Renewable Subscription";

    /** {@code revocationPercentage} of a purchase whose whole price was returned. */
    static final int ALL = 100_000;

    private ApplePurchases() {}

    /** @throws NotVerified if it lacks what makes a purchase */
    static Purchase of(SignedData.Transaction transaction, AppleAccount account) {
        var values = transaction.values();
        var number = values.getTransactionId();
        var product = values.getProductId();
        if (number == null || number.isEmpty() || product == null) {
            throw new NotVerified(
                    "其中没有 transactionId 或 productId，不是一笔交易",
                    "it has no transactionId or no productId, so that it is no transaction");
        }
        var first = values.getOriginalTransactionId() == null ? number : values.getOriginalTransactionId();
        var subscription = SUBSCRIPTION.equals(values.getRawType());
        var quantity = values.getQuantity() == null ? 1 : values.getQuantity();
        var revoked = revoked(
                values.getRevocationDate(),
                values.getRevocationPercentage(),
                Boolean.TRUE.equals(values.getIsUpgraded()));
        var paid = new Paid(
                attemptNo(values.getAppAccountToken()),
                account.bundleId(),
                account.bundleId(),
                number(number, first, subscription),
                null,
                values.getPurchaseDate() == null ? null : Instant.ofEpochMilli(values.getPurchaseDate()),
                null,
                "",
                wentBack(revoked, values.getRevocationPercentage()),
                new Details("", AppleProducts.goods(product, quantity), price(values.getPrice(), values.getCurrency())),
                transaction.json().toString());
        return new Purchase(
                paid,
                subscription ? first : paid.transactionId(),
                subscription,
                values.getEnvironment().getValue(),
                returned(paid.transactionId(), revoked, values.getRevocationPercentage()));
    }

    /**
     * What a transaction says of its own return.
     *
     * @param revoked milliseconds, or null: nothing was returned
     * @param percentage in thousandths of a percent, or null: all
     */
    static Optional<Purchase.Return> returned(String transactionId, Long revoked, Integer percentage) {
        if (wentBack(revoked, percentage) == WentBack.NOTHING) return Optional.empty();
        var thousandths = percentage == null ? ALL : Math.min(percentage, ALL);
        return Optional.of(
                new Purchase.Return(transactionId + "-" + revoked, thousandths, Instant.ofEpochMilli(revoked)));
    }

    /**
     * The number under which a purchase is known. Restoring one that is no subscription costs nothing and gives it a
     * new number, so that the original one stands for it: a restored purchase pays no second order.
     */
    static String number(String transactionId, String originalTransactionId, boolean subscription) {
        return subscription || originalTransactionId.isEmpty() ? transactionId : originalTransactionId;
    }

    /** The number of the attempt from an appAccountToken, or an empty text. */
    static String attemptNo(UUID token) {
        return token == null ? "" : token.toString().toLowerCase(Locale.ROOT).replace("-", "");
    }

    /**
     * When a purchase was returned. A plan that the payer has replaced by a dearer one is cancelled too, and Apple
     * credits what is left of it: it was paid, and a refund of it is notified like every other.
     *
     * @param at milliseconds, or null: never
     * @param percentage in thousandths of a percent, or null if Apple does not say
     * @param upgraded whether the payer has replaced the plan
     */
    static Long revoked(Long at, Integer percentage, boolean upgraded) {
        return upgraded && percentage == null ? null : at;
    }

    /** @param percentage in thousandths of a percent, or null: all */
    static WentBack wentBack(Long revoked, Integer percentage) {
        if (revoked == null || (percentage != null && percentage <= 0)) return WentBack.NOTHING;
        return percentage == null || percentage >= ALL ? WentBack.ALL : WentBack.AT_LEAST_A_PART;
    }

    /**
     * In the currency's minor unit (ISO 4217), of which the yen has none and the dinar of Kuwait three digits.
     *
     * @param thousandths of the currency's unit
     * @return null if it is no whole number of the minor unit, or the currency is not known
     */
    private static Money price(Long thousandths, String currency) {
        if (thousandths == null || thousandths < 0 || currency == null) return null;
        try {
            var digits = Currency.getInstance(currency).getDefaultFractionDigits();
            if (digits < 0) return null; // gold, test codes
            var minor =
                    BigDecimal.valueOf(thousandths, 3).movePointRight(digits).longValueExact();
            return new Money(minor, currency);
        } catch (IllegalArgumentException | ArithmeticException notExact) {
            return null;
        }
    }
}
