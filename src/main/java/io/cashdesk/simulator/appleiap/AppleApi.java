package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.appleiap.AppleNotices.Notice;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The operations of the App Store Server API.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreserverapi">the document</a>
 */
@ApplicationScoped
class AppleApi {
    /** As Apple's pages have. */
    static final int PAGE = 20;

    @Inject
    ApplePurchases purchases;

    @Inject
    AppleConsumptions consumptions;

    @Inject
    AppleNotices notices;

    @Inject
    AppleApps apps;

    @Inject
    TradeOperations operations;

    @Inject
    TradeStore trades;

    @Inject
    Clock clock;

    Optional<JsonObject> transaction(AppleApp app, ApplePurchase purchase, AppleCalls.Signing signing) {
        return Optional.of(Json.createObjectBuilder()
                .add("signedTransactionInfo", signed(app, purchase, signing))
                .build());
    }

    private String signed(AppleApp app, ApplePurchase purchase, AppleCalls.Signing signing) {
        return signing.apply(AppleObjects.transaction(purchase, app, clock.instant()));
    }

    /**
     * The payer's purchases, a page at a time.
     *
     * @param revision where the page begins, as the page before said; empty: at the beginning
     * @param sort ASCENDING or DESCENDING; empty: ASCENDING
     */
    Optional<JsonObject> history(
            AppleApp app, ApplePurchase purchase, AppleCalls.Signing signing, String revision, String sort) {
        if (!List.of("", "ASCENDING", "DESCENDING").contains(sort)) throw AppleRefusal.page(4000021, "sort");
        var all = new ArrayList<>(purchases.ofPayer(purchase));
        if (sort.equals("DESCENDING")) Collections.reverse(all);
        return Optional.of(page(app, all, revision, signing)
                .add("bundleId", app.bundleId())
                .add("appAppleId", AppleObjects.adamId(app, purchase.detail().environment()))
                .add("environment", purchase.detail().environment().text())
                .build());
    }

    Optional<JsonObject> refunds(AppleApp app, ApplePurchase purchase, AppleCalls.Signing signing, String revision) {
        var taken = purchases.ofPayer(purchase).stream()
                .filter(p -> p.detail().revocation() != null)
                .toList();
        return Optional.of(page(app, taken, revision, signing).build());
    }

    private JsonObjectBuilder page(AppleApp app, List<ApplePurchase> all, String revision, AppleCalls.Signing signing) {
        if (!revision.matches("\\d{0,6}")) throw AppleRefusal.page(4000005, "revision");
        var from = revision.isEmpty() ? 0 : Math.min(Integer.parseInt(revision), all.size());
        var to = Math.min(from + PAGE, all.size());
        var list = Json.createArrayBuilder();
        all.subList(from, to).forEach(p -> list.add(signed(app, p, signing)));
        return Json.createObjectBuilder()
                .add("signedTransactions", list)
                .add("revision", Integer.toString(to))
                .add("hasMore", to < all.size());
    }

    /** The state of a subscription; of every other purchase an empty list. */
    Optional<JsonObject> subscriptions(AppleApp app, ApplePurchase purchase, AppleCalls.Signing signing) {
        var groups = Json.createArrayBuilder();
        if (purchase.detail().subscription()) {
            var all = purchases.ofSubscription(purchase);
            var last = all.get(all.size() - 1);
            var now = clock.instant();
            groups.add(Json.createObjectBuilder()
                    .add("subscriptionGroupIdentifier", AppleObjects.GROUP)
                    .add(
                            "lastTransactions",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add(
                                                    "originalTransactionId",
                                                    last.detail().originalId())
                                            .add("status", AppleObjects.subscriptionStatus(last.detail(), now))
                                            .add("signedTransactionInfo", signed(app, last, signing))
                                            .add(
                                                    "signedRenewalInfo",
                                                    signing.apply(AppleObjects.renewal(last, app, now))))));
        }
        var environment = purchase.detail().environment();
        var answer = Json.createObjectBuilder()
                .add("environment", environment.text())
                .add("bundleId", app.bundleId());
        if (environment == Environment.PRODUCTION) answer.add("appAppleId", app.appAppleId());
        return Optional.of(answer.add("data", groups).build());
    }

    /** @param version v1 or v2 */
    Optional<JsonObject> consumption(ApplePurchase purchase, String version, JsonObject body) {
        var shared = purchase.trade().has(AppleFault.PURCHASE_FAMILY_SHARED)
                || purchase.detail().ownership().equals("FAMILY_SHARED");
        if (shared) throw AppleRefusal.familyShared();
        consumptions.add(purchase.trade().id(), version, body);
        return Optional.empty();
    }

    /** Sends a test notification; it is carried by a trade that is no purchase. */
    JsonObject sendTest(AppleApp app, Environment environment) {
        if (apps.notifyUrl(app.account().id()).isEmpty()) throw AppleRefusal.noUrl();
        var now = clock.instant();
        var token = UUID.randomUUID() + "_" + now.toEpochMilli();
        operations.create(new NewTrade(
                app.account(),
                token,
                "apple-" + RandomText.letters(24),
                0,
                AppleNotices.TEST,
                "",
                "",
                "CLOSED",
                token,
                now));
        notices.announceTest(trades.find(app.account().id(), token).orElseThrow(), environment);
        return Json.createObjectBuilder().add("testNotificationToken", token).build();
    }

    JsonObject testResult(AppleApp app, Environment environment, String token) {
        return trades.find(app.account().id(), token)
                .flatMap(t -> notices.ofTrade(t.id()))
                .filter(n -> n.kind().equals(AppleNotices.TEST) && n.environment() == environment)
                .map(n -> sent(n, app).build())
                .orElseThrow(AppleRefusal::noTest);
    }

    private JsonObjectBuilder sent(Notice notice, AppleApp app) {
        var attempts = Json.createArrayBuilder();
        notices.lastResult(notice)
                .ifPresent(result -> attempts.add(Json.createObjectBuilder()
                        .add("attemptDate", notice.at().toEpochMilli())
                        .add("sendAttemptResult", result)));
        return Json.createObjectBuilder()
                .add("signedPayload", notices.signed(notice, app))
                .add("sendAttempts", attempts);
    }

    /** @param token where the page begins, as the page before said; empty: at the beginning */
    JsonObject notificationHistory(AppleApp app, Environment environment, JsonObject body, String token) {
        if (!token.matches("\\d{0,6}")) throw AppleRefusal.page(4000014, "pagination token");
        var from = millis(body, "startDate").orElseThrow(AppleRefusal::startDate);
        var to = millis(body, "endDate").orElseThrow(AppleRefusal::endDate);
        if (!from.isBefore(to)) throw AppleRefusal.endBeforeStart();
        var skipped = token.isEmpty() ? 0 : Integer.parseInt(token);
        var found = notices.between(app.account().id(), from, to, PAGE + 1, skipped);
        var list = Json.createArrayBuilder();
        found.stream()
                .limit(PAGE)
                .filter(n -> n.environment() == environment)
                .filter(wanted(body))
                .forEach(n -> list.add(sent(n, app)));
        var more = found.size() > PAGE;
        var answer = Json.createObjectBuilder().add("notificationHistory", list).add("hasMore", more);
        if (more) answer.add("paginationToken", Integer.toString(skipped + PAGE));
        return answer.build();
    }

    /** As {@code notificationType}, {@code notificationSubtype}, {@code transactionId} and {@code onlyFailures} say. */
    private Predicate<Notice> wanted(JsonObject body) {
        var kind = text(body, "notificationType");
        var subtype = text(body, "notificationSubtype");
        var transaction = text(body, "transactionId");
        var failures = body.get("onlyFailures") == JsonValue.TRUE;
        return n -> (kind.isEmpty() || kind.equals(n.kind()))
                && (subtype.isEmpty() || subtype.equals(n.subtype()))
                && (transaction.isEmpty() || transaction.equals(transactionOf(n)))
                && !(failures && notices.lastResult(n).filter("SUCCESS"::equals).isPresent());
    }

    private static String transactionOf(Notice notice) {
        var transaction = notice.data().getJsonObject("transaction");
        return transaction == null ? "" : transaction.getString("transactionId");
    }

    private static String text(JsonObject body, String name) {
        return body.get(name) instanceof JsonString text ? text.getString() : "";
    }

    private static Optional<Instant> millis(JsonObject body, String name) {
        if (!(body.get(name) instanceof JsonNumber number) || !number.isIntegral()) return Optional.empty();
        var millis = number.longValue();
        return millis < 0 || millis > 4_102_444_800_000L ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
