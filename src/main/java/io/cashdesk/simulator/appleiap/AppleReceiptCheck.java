package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.AppleReceipts.Receipt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code verifyReceipt}, which Apple has deprecated and still answers. Always HTTP 200; the status is in the body.
 *
 * @see <a href="https://developer.apple.com/documentation/appstorereceipts/verifyreceipt">the document</a>
 */
@ApplicationScoped
class AppleReceiptCheck {
    static final int NOT_POST = 21_000;
    static final int MALFORMED = 21_002;
    static final int NOT_AUTHENTIC = 21_003;
    static final int WRONG_PASSWORD = 21_004;
    static final int UNAVAILABLE = 21_005;
    static final int SANDBOX_AT_PRODUCTION = 21_007;
    static final int PRODUCTION_AT_SANDBOX = 21_008;
    static final int NO_ACCOUNT = 21_010;

    /** Apple's internal errors. */
    private static final int INTERNAL = 21_100;

    private static final List<Fault> ANSWERS = List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML);

    @Inject
    AppleReceipts receipts;

    @Inject
    AppleApps apps;

    @Inject
    ApplePurchases purchases;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    Clock clock;

    /** The receipt is refused. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status) {
            super(Integer.toString(status), null, false, false);
            this.status = status;
        }
    }

    CompletionStage<Response> answer(Environment environment, String body) {
        Receipt receipt;
        JsonObject asked;
        try {
            asked = asked(body);
            receipt = receipt(asked);
        } catch (Refused refused) {
            return CompletableFuture.completedFuture(status(refused.status));
        }
        var app = apps.byBundleId(receipt.bundleId()).map(AppleApp::of);
        if (app.isEmpty()) return CompletableFuture.completedFuture(status(NO_ACCOUNT));
        return answer(environment, asked, receipt, app.get());
    }

    private CompletionStage<Response> answer(Environment environment, JsonObject asked, Receipt receipt, AppleApp app) {
        var ids = receipt.transactionIds();
        var newest = purchases.byId(app.account().id(), ids.get(ids.size() - 1));
        var number = ids.get(ids.size() - 1);
        log.add(Exchange.of(app.account().id(), number, Exchange.Way.CALL, "POST /verifyReceipt")
                .body(withoutPassword(asked)));
        var late = newest.isPresent()
                && trades.takeFault(newest.get().trade(), CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var fault = newest.flatMap(p -> trades.takeFirst(trades.get(p.trade().id()), ANSWERS));
        var line = Exchange.of(app.account().id(), number, Exchange.Way.ANSWER, "");
        if (fault.filter(f -> f == CommonFault.ANSWER_HTML).isPresent()) {
            log.add(line.status(502).verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
            return FaultyAnswer.of(FaultyAnswer.proxyPage(), late);
        }
        JsonObject content;
        try {
            if (fault.isPresent()) throw new Refused(UNAVAILABLE);
            newest.flatMap(p -> purchases.takeStatus(p.trade().id())).ifPresent(status -> {
                throw new Refused(status);
            });
            content = verified(environment, asked, receipt, app);
        } catch (Refused refused) {
            content = refusal(refused.status);
        }
        log.add(line.status(200).late(late).body(content.toString()));
        return FaultyAnswer.of(json(content), late);
    }

    private static JsonObject asked(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            throw new Refused(MALFORMED);
        }
    }

    private Receipt receipt(JsonObject asked) {
        if (!(asked.get("receipt-data") instanceof JsonString data)) throw new Refused(MALFORMED);
        try {
            return receipts.read(data.getString());
        } catch (AppleReceipts.Unusable unusable) {
            throw new Refused(unusable.forged() ? NOT_AUTHENTIC : MALFORMED);
        }
    }

    private static String withoutPassword(JsonObject asked) {
        var shown = Json.createObjectBuilder(asked);
        if (asked.containsKey("password")) shown.add("password", "…");
        return shown.build().toString();
    }

    private JsonObject verified(Environment environment, JsonObject asked, Receipt receipt, AppleApp app) {
        if (receipt.environment() != environment) {
            throw new Refused(environment == Environment.PRODUCTION ? SANDBOX_AT_PRODUCTION : PRODUCTION_AT_SANDBOX);
        }
        var found = new ArrayList<ApplePurchase>();
        for (var id : receipt.transactionIds()) {
            purchases.byId(app.account().id(), id).ifPresent(found::add);
        }
        var subscriptions =
                found.stream().filter(p -> p.detail().subscription()).toList();
        checkPassword(asked, app, !subscriptions.isEmpty());
        var list = Json.createArrayBuilder();
        found.forEach(p -> list.add(AppleObjects.legacy(p)));
        var answer = Json.createObjectBuilder()
                .add("status", 0)
                .add("environment", environment.text())
                .add("receipt", content(environment, app, found, list));
        if (!subscriptions.isEmpty()) {
            addSubscriptions(answer, subscriptions, asked.get("exclude-old-transactions") == JsonValue.TRUE);
            answer.add("latest_receipt", asked.getString("receipt-data"));
        }
        return answer.build();
    }

    /** A password that is sent must be right; a receipt with a subscription needs one. */
    private static void checkPassword(JsonObject asked, AppleApp app, boolean needed) {
        var given = asked.get("password") instanceof JsonString text ? text.getString() : "";
        if (given.isEmpty() ? needed : !given.equals(app.password())) throw new Refused(WRONG_PASSWORD);
    }

    private JsonObjectBuilder content(
            Environment environment, AppleApp app, List<ApplePurchase> found, JsonArrayBuilder inApp) {
        var created = found.stream()
                .map(p -> p.detail().purchasedAt())
                .max(Comparator.naturalOrder())
                .orElseGet(clock::instant);
        var first = found.stream()
                .map(p -> p.detail().originalAt())
                .min(Comparator.naturalOrder())
                .orElse(created);
        var r = Json.createObjectBuilder()
                .add("receipt_type", environment == Environment.PRODUCTION ? "Production" : "ProductionSandbox")
                .add("adam_id", AppleObjects.adamId(app, environment))
                .add("app_item_id", AppleObjects.adamId(app, environment))
                .add("bundle_id", app.bundleId())
                .add("application_version", "1")
                .add("original_application_version", "1.0")
                .add("download_id", 0)
                .add("version_external_identifier", 0);
        AppleObjects.date(r, "receipt_creation_date", created);
        AppleObjects.date(r, "request_date", clock.instant());
        AppleObjects.date(r, "original_purchase_date", first);
        return r.add("in_app", inApp);
    }

    private void addSubscriptions(JsonObjectBuilder answer, List<ApplePurchase> subscriptions, boolean onlyLatest) {
        var byOriginal = new LinkedHashMap<String, List<ApplePurchase>>();
        for (var p : subscriptions) {
            byOriginal.computeIfAbsent(p.detail().originalId(), id -> purchases.ofSubscription(p));
        }
        var latest = Json.createArrayBuilder();
        var pending = Json.createArrayBuilder();
        for (var payments : byOriginal.values()) {
            var last = payments.get(payments.size() - 1);
            for (var p : onlyLatest ? List.of(last) : payments) latest.add(AppleObjects.legacy(p));
            var d = last.detail();
            pending.add(Json.createObjectBuilder()
                    .add("auto_renew_product_id", d.productId())
                    .add("product_id", d.productId())
                    .add("original_transaction_id", d.originalId())
                    .add("auto_renew_status", d.revocation() == null ? "1" : "0"));
        }
        answer.add("latest_receipt_info", latest).add("pending_renewal_info", pending);
    }

    private static JsonObject refusal(int status) {
        var content = Json.createObjectBuilder().add("status", status);
        if (status >= INTERNAL || status == UNAVAILABLE) content.add("is-retryable", true);
        return content.build();
    }

    static Response status(int status) {
        return json(refusal(status));
    }

    private static Response json(JsonObject content) {
        return Response.ok(content, MediaType.APPLICATION_JSON).build();
    }
}
