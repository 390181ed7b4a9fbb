package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.AccountStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;

/** What an app has in its hands after a purchase: the signed transaction, and the receipt of the app. */
@ApplicationScoped
class ApplePapers {
    @Inject
    AppleSigner signer;

    @Inject
    AppleReceipts receipts;

    @Inject
    AccountStore accounts;

    @Inject
    Clock clock;

    String signedTransaction(ApplePurchase purchase) {
        var app = AppleApp.of(accounts.get(purchase.detail().accountId()));
        return signer.jws(
                AppleObjects.transaction(purchase, app, clock.instant()),
                purchase.detail().environment());
    }

    String receipt(ApplePurchase purchase) {
        return receipts.of(purchase, AppleApp.of(accounts.get(purchase.detail().accountId())));
    }

    /** Adds them and the numbers of the purchase to an answer. */
    JsonObjectBuilder of(ApplePurchase purchase, JsonObjectBuilder answer) {
        return answer.add("transaction_id", purchase.detail().transactionId())
                .add("original_transaction_id", purchase.detail().originalId())
                .add("signedTransaction", signedTransaction(purchase))
                .add("receipt", receipt(purchase));
    }

    /** What the app posts to verifyReceipt after StoreKit 2; the number of its order is left to the app. */
    String call(ApplePurchase purchase) {
        return Json.createObjectBuilder()
                .add("out_trade_no", "…")
                .add("transaction_identifier", purchase.detail().transactionId())
                .add("transaction_receipt", signedTransaction(purchase))
                .build()
                .toString();
    }
}
