package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * App Store Server Notifications of version 2: what each says is fixed when it happens, and kept in
 * {@code sim_apple_notice}, whose key is the {@code notificationUUID} of all deliveries.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2decodedpayload">the
 *     content</a>
 */
@ApplicationScoped
class AppleNotices {
    static final String ONE_TIME_CHARGE = "ONE_TIME_CHARGE";
    static final String SUBSCRIBED = "SUBSCRIBED";
    static final String DID_RENEW = "DID_RENEW";
    static final String REFUND = "REFUND";
    static final String REVOKE = "REVOKE";
    static final String REFUND_REVERSED = "REFUND_REVERSED";
    static final String CONSUMPTION_REQUEST = "CONSUMPTION_REQUEST";
    static final String TEST = "TEST";

    /** The merchant has received it. */
    private static final int LOWEST = 200;

    private static final int HIGHEST = 206;

    @Inject
    SimulatorDatabase database;

    @Inject
    AppleApps apps;

    @Inject
    AccountStore accounts;

    @Inject
    AppleSigner signer;

    @Inject
    Notifier notifier;

    @Inject
    Clock clock;

    /**
     * A notification.
     *
     * @param kind its {@code notificationType}
     * @param subtype or an empty text
     * @param data {@code environment} and, unless it is a test, {@code transaction}, {@code renewal}, {@code status}
     *     and {@code consumptionRequestReason} as they were when it happened
     */
    record Notice(UUID id, UUID tradeId, UUID accountId, String kind, String subtype, JsonObject data, Instant at) {
        Environment environment() {
            return Environment.of(data.getString("environment")).orElseThrow();
        }
    }

    /**
     * Sends it as the purchase's faults allow; nothing if the merchant gave no address, or Apple knows nothing of it.
     */
    void announce(ApplePurchase purchase, String kind, String subtype) {
        var d = purchase.detail();
        if (!d.environment().atApple() || apps.notifyUrl(d.accountId()).isEmpty()) return;
        var app = AppleApp.of(accounts.get(d.accountId()));
        var now = clock.instant();
        var data = Json.createObjectBuilder()
                .add("environment", d.environment().text())
                .add("transaction", AppleObjects.transaction(purchase, app, now));
        if (d.subscription()) {
            data.add("renewal", AppleObjects.renewal(purchase, app, now))
                    .add("status", AppleObjects.subscriptionStatus(d, now));
        }
        if (kind.equals(CONSUMPTION_REQUEST)) data.add("consumptionRequestReason", "UNINTENDED_PURCHASE");
        send(purchase.trade(), kind, subtype, data.build(), now);
    }

    /** A notification that only tests the address; {@code carrier} is a trade that is no purchase. */
    void announceTest(Trade carrier, Environment environment) {
        var data = Json.createObjectBuilder()
                .add("environment", environment.text())
                .build();
        send(carrier, TEST, "", data, clock.instant());
    }

    private void send(Trade trade, String kind, String subtype, JsonObject data, Instant now) {
        var id = Ids.next();
        database.update(
                "insert into sim_apple_notice (id, trade_id, account_id, kind, subtype, data, at) values (?, ?, ?, ?, ?, ?, ?)",
                id,
                trade.id(),
                trade.accountId(),
                kind,
                subtype,
                data.toString(),
                now);
        notifier.announce(trade, id, kind);
    }

    NotificationMessage message(Account account, Trade trade, Notification notification) {
        var notice = get(notification.refundId());
        var first = notification.tries() == 1;
        var app = AppleApp.of(account);
        var bundle = first && trade.has(AppleFault.NOTIFY_OF_OTHER_APP) ? app.bundleId() + ".other" : app.bundleId();
        var signed = signed(notice, app, bundle, first && trade.has(AppleFault.NOTIFY_INNER_FORGED));
        return new NotificationMessage(
                        apps.notifyUrl(account.id()),
                        "application/json",
                        Map.of(),
                        body(notification.forged() ? AppleSigner.forged(signed) : signed),
                        (status, answer) -> acknowledges(status))
                .encrypting(readable(notice, app, bundle).toString(), Exchange.Verdict.SIGNED);
    }

    private static String body(String signedPayload) {
        return Json.createObjectBuilder()
                .add("signedPayload", signedPayload)
                .build()
                .toString();
    }

    /** Whether this HTTP status ends the deliveries. */
    static boolean acknowledges(int status) {
        return status >= LOWEST && status <= HIGHEST;
    }

    /** What was sent, as it is signed. */
    String signed(Notice notice, AppleApp app) {
        return signed(notice, app, app.bundleId(), false);
    }

    private String signed(Notice notice, AppleApp app, String bundle, boolean innerForged) {
        return signer.jws(content(notice, app, bundle, innerForged, true), notice.environment());
    }

    /** The content with the transaction itself in the place of its JWS, for the log. */
    private JsonObject readable(Notice notice, AppleApp app, String bundle) {
        return content(notice, app, bundle, false, false);
    }

    private JsonObject content(Notice notice, AppleApp app, String bundle, boolean innerForged, boolean signed) {
        var environment = notice.environment();
        var data = Json.createObjectBuilder();
        if (environment == Environment.PRODUCTION) data.add("appAppleId", app.appAppleId());
        data.add("bundleId", bundle).add("bundleVersion", "1").add("environment", environment.text());
        var transaction = notice.data().getJsonObject("transaction");
        var renewal = notice.data().getJsonObject("renewal");
        if (signed) {
            addSigned(data, "signedTransactionInfo", transaction, environment, innerForged);
            addSigned(data, "signedRenewalInfo", renewal, environment, false);
        } else {
            if (transaction != null) data.add("signedTransactionInfo", transaction);
            if (renewal != null) data.add("signedRenewalInfo", renewal);
        }
        for (var name : List.of("status", "consumptionRequestReason")) {
            if (notice.data().containsKey(name)) data.add(name, notice.data().get(name));
        }
        var content = Json.createObjectBuilder().add("notificationType", notice.kind());
        if (!notice.subtype().isEmpty()) content.add("subtype", notice.subtype());
        return content.add("notificationUUID", notice.id().toString())
                .add("data", data)
                .add("version", "2.0")
                .add("signedDate", notice.at().toEpochMilli())
                .build();
    }

    private void addSigned(
            JsonObjectBuilder data, String name, JsonObject content, Environment environment, boolean forged) {
        if (content == null) return;
        var jws = signer.jws(content, environment);
        data.add(name, forged ? AppleSigner.forged(jws) : jws);
    }

    private Notice get(UUID id) {
        return database.query("select * from sim_apple_notice where id = ?", AppleNotices::read, id)
                .get(0);
    }

    Optional<Notice> ofTrade(UUID trade) {
        return database.first(
                "select * from sim_apple_notice where trade_id = ? order by id", AppleNotices::read, trade);
    }

    /** Those of an app between two moments, oldest first. */
    List<Notice> between(UUID account, Instant from, Instant to, int atMost, long skipped) {
        return database.query(
                "select * from sim_apple_notice where account_id = ? and at >= ? and at < ? order by at, id limit ? offset ?",
                AppleNotices::read,
                account,
                from,
                to,
                atMost,
                skipped);
    }

    private static Notice read(ResultSet r) throws SQLException {
        try (var reader = Json.createReader(new StringReader(r.getString("data")))) {
            return new Notice(
                    r.getObject("id", UUID.class),
                    r.getObject("trade_id", UUID.class),
                    r.getObject("account_id", UUID.class),
                    r.getString("kind"),
                    r.getString("subtype"),
                    reader.readObject(),
                    SimulatorDatabase.instant(r, "at"));
        }
    }

    /** How its last delivery ended, in Apple's words; empty if there was none yet. */
    Optional<String> lastResult(Notice notice) {
        return database.first(
                "select status from sim_notice where refund_id = ? and tries > 0 order by id limit 1",
                r -> {
                    var status = r.getObject("status", Integer.class);
                    if (status == null) return "NO_RESPONSE";
                    return acknowledges(status) ? "SUCCESS" : "UNSUCCESSFUL_HTTP_RESPONSE_CODE";
                },
                notice.id());
    }
}
