package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.SignedData.text;

import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ParsedNotification.Bought;
import io.cashdesk.provider.ParsedNotification.ChargedAgain;
import io.cashdesk.provider.ParsedNotification.Content;
import io.cashdesk.provider.ParsedNotification.Other;
import io.cashdesk.provider.ParsedNotification.TakenBack;
import io.cashdesk.provider.ParsedNotification.UsageAsked;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.Set;

/**
 * App Store Server Notifications of version 2. What is about no purchase, or about a purchase that does not count here,
 * is kept and acknowledged.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreservernotifications/notificationtype">types</a>
 */
final class AppleNotifications {
    private static final Set<String> PURCHASES = Set.of("ONE_TIME_CHARGE", "SUBSCRIBED", "DID_RENEW", "OFFER_REDEEMED");
    private static final Set<String> RETURNS = Set.of("REFUND", "REVOKE");

    /** A payer who chooses a dearer plan in the settings of the device pays for it at once. */
    private static final String PLAN_CHANGED = "DID_CHANGE_RENEWAL_PREF";

    private static final String UPGRADE = "UPGRADE";
    private static final String REVERSED = "REFUND_REVERSED";
    private static final String CONSUMPTION = "CONSUMPTION_REQUEST";

    private AppleNotifications() {}

    /** @throws ProviderFailure NOT_AUTHENTIC if it is not Apple's, or not about this app */
    static ParsedNotification read(AppleAccount account, SignedData signed, RawNotification raw) {
        try {
            var message = signed.notification(payload(raw));
            var values = message.values();
            var type = values.getRawNotificationType();
            var id = values.getNotificationUUID();
            if (type == null || id == null || id.isEmpty()) {
                throw notAuthentic("it has no notificationType or no notificationUUID");
            }
            var kind = values.getRawSubtype() == null ? type : type + "." + values.getRawSubtype();
            return new ParsedNotification(id, kind, content(account, signed, message, type, id));
        } catch (NotVerified e) {
            throw notAuthentic(e.why().en());
        }
    }

    private static Content content(
            AppleAccount account, SignedData signed, SignedData.Message message, String type, String id) {
        var data = message.values().getData();
        if (data == null || data.getSignedTransactionInfo() == null) return new Other();
        var transaction = signed.transaction(data.getSignedTransactionInfo());
        var values = transaction.values();
        if (values.getEnvironment() != message.environment()) {
            throw notAuthentic("its parts name different environments");
        }
        if (!account.environments().contains(message.environment())) return new Other();
        if (ApplePurchases.FAMILY_SHARED.equals(values.getRawInAppOwnershipType())) return new Other();
        if (isCharge(type, message.values().getRawSubtype()))
            return new Bought(ApplePurchases.of(transaction, account));
        if (RETURNS.contains(type)) return takenBack(ApplePurchases.of(transaction, account), transaction, id);
        if (type.equals(REVERSED)) {
            var at = message.values().getSignedDate();
            return new ChargedAgain(
                    ApplePurchases.of(transaction, account), at == null ? null : Instant.ofEpochMilli(at));
        }
        if (type.equals(CONSUMPTION)) return new UsageAsked(ApplePurchases.of(transaction, account));
        return new Other();
    }

    private static boolean isCharge(String type, String subtype) {
        return PURCHASES.contains(type) || (type.equals(PLAN_CHANGED) && UPGRADE.equals(subtype));
    }

    private static Content takenBack(Purchase purchase, SignedData.Transaction transaction, String id) {
        var values = transaction.values();
        var percentage = values.getRevocationPercentage();
        var thousandths = percentage == null ? ApplePurchases.ALL : Math.min(percentage, ApplePurchases.ALL);
        if (thousandths <= 0) return new Other(); // nothing was returned
        var at = values.getRevocationDate();
        return new TakenBack(
                purchase,
                at == null ? id : purchase.transactionId() + "-" + at,
                thousandths,
                at == null ? null : Instant.ofEpochMilli(at));
    }

    private static String payload(RawNotification raw) {
        var body = object(raw);
        if (body.get("signedPayload") instanceof JsonString payload) return payload.getString();
        throw notAuthentic(
                body.containsKey("notification_type")
                        ? "it is of version 1; choose version 2 in App Store Connect"
                        : "it has no signedPayload");
    }

    private static JsonObject object(RawNotification raw) {
        return SignedData.object(raw.text()).orElseThrow(() -> notAuthentic("it is no JSON object"));
    }

    private static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    /** The notification with what is signed inside of it, decoded. */
    static OriginalData original(RawNotification raw) {
        var message = SignedData.content(payload(raw));
        if (!(message.get("data") instanceof JsonObject data)) return new OriginalData(message, "", "");
        var decoded = Json.createObjectBuilder(data);
        for (var name : Set.of("signedTransactionInfo", "signedRenewalInfo")) {
            var signed = text(data, name);
            if (!signed.isEmpty()) decoded.add(name, SignedData.content(signed));
        }
        return new OriginalData(
                Json.createObjectBuilder(message).add("data", decoded).build(), "", "");
    }
}
