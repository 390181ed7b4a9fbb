package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Detail;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Transactions as Apple writes them: inside a JWS with times in milliseconds, and in the answer of
 * {@code verifyReceipt}, where every value is a text.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreserverapi/jwstransactiondecodedpayload">the
 *     transaction</a>
 * @see <a href="https://developer.apple.com/documentation/appstorereceipts/responsebody">the answer of
 *     verifyReceipt</a>
 */
final class AppleObjects {
    static final String GROUP = "20600001";

    private static final String FAMILY_SHARED = "FAMILY_SHARED";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String GMT = "Etc/GMT";
    private static final String PACIFIC = "America/Los_Angeles";

    private AppleObjects() {}

    static boolean otherProduct(Trade trade) {
        return trade.has(AppleFault.PURCHASE_OF_OTHER_PRODUCT);
    }

    private static String product(ApplePurchase p) {
        var id = p.detail().productId();
        return otherProduct(p.trade()) ? AppleProduct.other(id) : id;
    }

    private static String type(ApplePurchase p) {
        return otherProduct(p.trade())
                ? AppleProduct.named(product(p)).orElseThrow().type()
                : p.detail().type();
    }

    private static String ownership(ApplePurchase p) {
        return p.trade().has(AppleFault.PURCHASE_FAMILY_SHARED)
                ? FAMILY_SHARED
                : p.detail().ownership();
    }

    /** One number for each purchase of a subscription. */
    private static String lineItem(Detail d) {
        return "1" + d.transactionId().substring(1);
    }

    /** @param signedAt when it is signed */
    static JsonObject transaction(ApplePurchase p, AppleApp app, Instant signedAt) {
        var d = p.detail();
        var t = Json.createObjectBuilder()
                .add("transactionId", d.transactionId())
                .add("originalTransactionId", d.originalId())
                .add("bundleId", app.bundleId())
                .add("productId", product(p))
                .add("purchaseDate", d.purchasedAt().toEpochMilli())
                .add("originalPurchaseDate", d.originalAt().toEpochMilli())
                .add("quantity", d.quantity())
                .add("type", type(p))
                .add("inAppOwnershipType", ownership(p))
                .add("signedDate", signedAt.toEpochMilli())
                .add("environment", d.environment().text())
                .add("storefront", "CHN")
                .add("storefrontId", "143465")
                .add("transactionReason", d.renewal() ? "RENEWAL" : "PURCHASE")
                .add("price", d.price())
                .add("currency", d.currency())
                .add("appTransactionId", appTransactionId(app));
        if (d.subscription()) {
            t.add("webOrderLineItemId", lineItem(d)).add("subscriptionGroupIdentifier", GROUP);
            t.add("expiresDate", d.expiresAt().toEpochMilli());
        }
        if (!d.token().isEmpty()) t.add("appAccountToken", d.token());
        var revocation = d.revocation();
        if (revocation != null) {
            t.add("revocationDate", revocation.at().toEpochMilli())
                    .add("revocationReason", revocation.reason())
                    .add("revocationType", revocation.type())
                    .add("revocationPercentage", revocation.percentage());
        }
        return t.build();
    }

    private static String appTransactionId(AppleApp app) {
        return "704" + app.appAppleId() + "00001";
    }

    /** What follows of a subscription. */
    static JsonObject renewal(ApplePurchase last, AppleApp app, Instant signedAt) {
        var d = last.detail();
        var r = Json.createObjectBuilder()
                .add("originalTransactionId", d.originalId())
                .add("autoRenewProductId", d.productId())
                .add("productId", d.productId())
                .add("autoRenewStatus", d.revocation() == null ? 1 : 0)
                .add("environment", d.environment().text())
                .add("signedDate", signedAt.toEpochMilli())
                .add("recentSubscriptionStartDate", d.originalAt().toEpochMilli())
                .add("renewalDate", d.expiresAt().toEpochMilli())
                .add("renewalPrice", d.price())
                .add("currency", d.currency())
                .add("appTransactionId", appTransactionId(app));
        if (!d.token().isEmpty()) r.add("appAccountToken", d.token());
        return r.build();
    }

    /** 1 active, 2 expired, 5 revoked. */
    static int subscriptionStatus(Detail last, Instant now) {
        if (last.revocation() != null) return 5;
        return last.expiresAt().isAfter(now) ? 1 : 2;
    }

    /** An element of {@code in_app} and of {@code latest_receipt_info}. */
    static JsonObject legacy(ApplePurchase p) {
        var d = p.detail();
        var t = Json.createObjectBuilder()
                .add("quantity", Long.toString(d.quantity()))
                .add("product_id", product(p))
                .add("transaction_id", d.transactionId())
                .add("original_transaction_id", d.originalId());
        date(t, "purchase_date", d.purchasedAt());
        date(t, "original_purchase_date", d.originalAt());
        t.add("is_trial_period", "false").add("in_app_ownership_type", ownership(p));
        if (d.subscription()) {
            date(t, "expires_date", d.expiresAt());
            t.add("web_order_line_item_id", lineItem(d)).add("is_in_intro_offer_period", "false");
            t.add("subscription_group_identifier", GROUP);
        }
        if (!d.token().isEmpty()) t.add("app_account_token", d.token());
        if (d.revocation() != null) {
            date(t, "cancellation_date", d.revocation().at());
            t.add("cancellation_reason", Integer.toString(d.revocation().reason()));
        }
        return t.build();
    }

    /** A moment under three names: as a text of Greenwich, in milliseconds, and as a text of California. */
    static void date(JsonObjectBuilder object, String name, Instant at) {
        object.add(name, text(at, GMT))
                .add(name + "_ms", Long.toString(at.toEpochMilli()))
                .add(name + "_pst", text(at, PACIFIC));
    }

    private static String text(Instant at, String zone) {
        return DATE.format(at.atZone(ZoneId.of(zone))) + " " + zone;
    }

    /** The number of the app in the store; Apple's sandbox has none. */
    static long adamId(AppleApp app, Environment environment) {
        return environment == Environment.PRODUCTION ? app.appAppleId() : 0;
    }
}
