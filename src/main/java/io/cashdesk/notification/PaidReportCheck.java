package io.cashdesk.notification;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ProviderReport;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** Whether a reported payment can be the attempt's. What cannot pays no order; an operator must decide about it. */
final class PaidReportCheck {
    /** By how much a provider's clock and ours may differ. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private PaidReportCheck() {}

    /**
     * Why money that arrived cannot pay the order (docs/api.md, "Money that needs a decision").
     *
     * @param why a sentence
     * @param wentBack whether the provider says that it has returned all of it; otherwise it is held
     * @param endsAttempt whether it was paid through this attempt, which so cannot be paid any more
     */
    record Doubt(String why, boolean wentBack, boolean endsAttempt) {}

    /**
     * Whether the payment is for the merchant and application of the attempt's account.
     *
     * @param us the merchant and application of the attempt's account at the provider
     */
    static boolean isToUs(Attempt attempt, Identity us, ProviderReport.Paid paid) {
        return us.merchantNo().equals(paid.merchantNo())
                && us.appId().equals(paid.appId())
                && (paid.subMerchantNo().isEmpty()
                        || paid.subMerchantNo().equals(attempt.request().sub().mchId()));
    }

    /**
     * Why a purchase in a provider's store cannot pay the order; empty if it can. Its age and its price do not matter:
     * an app may report it at any time, and the store's price list decides what it costs.
     */
    static Optional<Doubt> ofPurchase(PayOrder order, ProviderReport.Paid paid) {
        var why = new ArrayList<String>();
        if (!boughtAsOrdered(order, paid.details().goods())) {
            why.add("is of " + paid.details().goods() + ", where the order is of "
                    + order.goods().orElse("nothing that the store sells"));
        }
        if (paid.wentBack() != ProviderReport.WentBack.NOTHING) why.add(returned(paid.wentBack()));
        if (why.isEmpty()) return Optional.empty();
        return Optional.of(new Doubt(
                "the purchase " + paid.transactionId() + " " + String.join(", and it ", why) + closing(paid.wentBack()),
                paid.wentBack() == ProviderReport.WentBack.ALL,
                true));
    }

    /** What an operator does about a purchase that is held: only the store can return it. */
    static final String ONLY_THE_STORE =
            "; only the store can return it: have the payer request the money there, and its"
                    + " report of the return closes this, or settle it by other means";

    private static String closing(ProviderReport.WentBack wentBack) {
        return wentBack == ProviderReport.WentBack.ALL ? "" : ONLY_THE_STORE;
    }

    /** Whether the goods are those of the order. */
    static boolean boughtAsOrdered(PayOrder order, JsonObject bought) {
        return order.goods()
                .map(ordered -> JsonBody.parseText("goods", ordered).equals(bought))
                .orElse(false);
    }

    /** Whether it was paid before the attempt was made, so that it is for something else. */
    static boolean older(Attempt attempt, ProviderReport.Paid paid) {
        return paid.paidAt() != null
                && paid.paidAt().isBefore(attempt.createdAt().minus(CLOCK_DIFFERENCE));
    }

    private static String returned(ProviderReport.WentBack wentBack) {
        return wentBack == ProviderReport.WentBack.ALL
                ? "was returned at the provider, all of it"
                : "was returned at the provider, all or a part of it: look there how much";
    }

    /** Why a payment to us cannot pay the order; empty if it can. All that is doubtful about it is named. */
    static Optional<Doubt> doubt(PayOrder order, Attempt attempt, ProviderReport.Paid paid) {
        var older = older(attempt, paid);
        var reversed = attempt.byPaymentCode() && attempt.state() == AttemptState.CLOSED;
        var refunded = paid.wentBack() != ProviderReport.WentBack.NOTHING;
        if (!older && !reversed && !refunded) return Optional.empty();
        var why = new ArrayList<String>();
        if (older) why.add("is older than the attempt, so it is for something else");
        if (reversed) why.add("was reversed, and is reported as paid all the same");
        if (refunded) why.add(returned(paid.wentBack()));
        if (!paid.amount().equals(order.total())) why.add("is not the " + order.total() + " that is owed");
        return Optional.of(new Doubt(
                "the payment " + paid.transactionId() + " of " + paid.amount() + " " + String.join(", and it ", why),
                paid.wentBack() == ProviderReport.WentBack.ALL,
                refunded && !older && !reversed));
    }
}
