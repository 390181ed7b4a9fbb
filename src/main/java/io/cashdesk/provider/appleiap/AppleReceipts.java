package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.SignedData.shown;
import static io.cashdesk.provider.appleiap.SignedData.text;

import com.apple.itunes.storekit.model.Environment;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport.Details;
import io.cashdesk.provider.ProviderReport.Paid;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore.Proof;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Receipts of apps that buy with StoreKit 1, which only Apple can read (verifyReceipt). A receipt has all purchases of
 * the app that still matter; every value in it is a text.
 *
 * @see <a href="https://developer.apple.com/documentation/appstorereceipts/status">status codes</a>
 */
final class AppleReceipts {
    private static final String VALID = "0";
    private static final String OF_SANDBOX = "21007";
    private static final String OF_PRODUCTION = "21008";
    private static final String MALFORMED = "21002";
    private static final String FORGED = "21003";
    private static final String WRONG_PASSWORD = "21004";
    private static final String EXPIRED = "21006";
    private static final String NO_ACCOUNT = "21010";

    /** Internal errors; {@code is-retryable} says whether repeating the call can help. */
    private static final Pattern INTERNAL = Pattern.compile("211\\d\\d");

    /** Before the repetition after {@link #MALFORMED}. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private static final Pattern BASE64 = Pattern.compile("[0-9A-Za-z+/\\r\\n]+={0,2}\\s*");
    private static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private final AppleAccount account;
    private final AppleHttp http;
    private final Clock clock;

    AppleReceipts(AppleAccount account, AppleHttp http, Clock clock) {
        this.account = account;
        this.http = http;
        this.clock = clock;
    }

    /**
     * The purchase in a receipt.
     *
     * @param number of the purchase, or an empty text: the only one that can be meant
     * @param proof which order it is to pay, if there is no number
     * @return empty if it is not in the receipt, and the receipt is old
     * @throws NotVerified if the receipt proves nothing here
     * @throws ProviderFailure if no usable answer came
     */
    Optional<Purchase> purchase(String receipt, String number, Proof proof) {
        if (!BASE64.matcher(receipt).matches()) {
            throw new NotVerified(
                    "transaction_receipt 应为 Base64 的 App 收据，或 StoreKit 2 交易的 jwsRepresentation",
                    "transaction_receipt must be the app's receipt in Base64, or the jwsRepresentation of a StoreKit 2"
                            + " transaction");
        }
        try {
            return inReceipt(receipt.replaceAll("\\s", ""), number, proof);
        } catch (NotVerified e) {
            throw e.answered();
        }
    }

    private Optional<Purchase> inReceipt(String receipt, String number, Proof proof) {
        var answer = valid(receipt);
        var content = answer.json().get("receipt") instanceof JsonObject object ? object : null;
        if (content == null) throw AppleHttp.unusable("an answer of verifyReceipt without a receipt");
        var bundle = text(content, "bundle_id");
        if (!bundle.equals(account.bundleId())) throw SignedData.otherBundle(bundle, account);
        // of a purchase in both, the second list has the newer state: whether it was cancelled
        var all = Stream.concat(entries(answer.json(), "latest_receipt_info"), entries(content, "in_app"))
                .toList();
        var found = number.isEmpty()
                ? only(all, proof)
                : all.stream()
                        .filter(e -> text(e, "transaction_id").equals(number))
                        .findFirst();
        if (found.isEmpty()) return missing(content, number);
        return Optional.of(purchase(found.get(), all, answer.environment()));
    }

    /**
     * The purchase that a receipt without a number is about: the one that carries the order's token; otherwise the one
     * of the order's goods, rather without the token of another order; otherwise the only one.
     *
     * @throws NotVerified if there are several
     */
    private static Optional<JsonObject> only(List<JsonObject> all, Proof proof) {
        var bought = all.stream().filter(AppleReceipts::bought).toList();
        Predicate<JsonObject> ours =
                e -> !proof.attemptNo().isEmpty() && attemptNo(e).equals(proof.attemptNo());
        Predicate<JsonObject> ordered = e -> goods(e).equals(proof.goods());
        Predicate<JsonObject> free = e -> attemptNo(e).isEmpty();
        var meant = Stream.of(ours, ordered.and(free), ordered, (Predicate<JsonObject>) e -> true)
                .map(of -> bought.stream().filter(of).toList())
                .filter(list -> !list.isEmpty())
                .findFirst()
                .orElse(List.of());
        var numbers = meant.stream().map(e -> known(e, all)).distinct().count();
        if (numbers <= 1) return meant.stream().findFirst();
        throw new NotVerified(
                "收据中有 " + numbers + " 笔购买可能属于该订单，请同时传 transaction_identifier（StoreKit 返回的交易号）",
                "the receipt has " + numbers + " purchases that could be meant: send transaction_identifier too, the"
                        + " transaction's id from StoreKit");
    }

    private record Answer(JsonObject json, Environment environment) {}

    /** Production is queried first, as Apple wants it, because the same app is bought from in both environments. */
    private Answer valid(String receipt) {
        var until = http.deadline();
        var environment = account.environments().get(0);
        var json = post(receipt, environment, until);
        var status = status(json);
        if (status.equals(OF_SANDBOX) || status.equals(OF_PRODUCTION)) {
            environment = status.equals(OF_SANDBOX) ? Environment.SANDBOX : Environment.PRODUCTION;
            if (!account.environments().contains(environment)) throw otherEnvironment(environment);
            json = post(receipt, environment, until);
            status = status(json);
        }
        if (status.equals(MALFORMED)) { // or Apple's servers are not available for the moment
            until.pause(PAUSE);
            json = post(receipt, environment, until);
            status = status(json);
        }
        if (!status.equals(VALID)) throw refused(status, json);
        var name = text(json, "environment");
        if (!name.isEmpty() && !name.equals(environment.getValue())) {
            throw new NotVerified(
                    "收据的环境为 " + shown(name) + "，而不是 " + environment.getValue(),
                    "the receipt's environment is " + shown(name) + " and not " + environment.getValue());
        }
        return new Answer(json, environment);
    }

    private JsonObject post(String receipt, Environment environment, Deadline until) {
        var body = Json.createObjectBuilder().add("receipt-data", receipt);
        if (!account.password().isEmpty()) body.add("password", account.password());
        // all of them: the purchase may be an older payment of a subscription
        body.add("exclude-old-transactions", false);
        var reply = http.exchange(
                "POST",
                account.receipts(environment) + "/verifyReceipt",
                Map.of("Accept", "application/json"),
                body.build().toString().getBytes(StandardCharsets.UTF_8),
                until);
        if (reply.status() != 200) throw AppleHttp.unusable("HTTP " + reply.status());
        return SignedData.object(reply.body())
                .orElseThrow(() -> AppleHttp.unusable("an answer that is no JSON object"));
    }

    private static String status(JsonObject json) {
        return JsonBody.wholeNumber(json.getOrDefault("status", JsonValue.NULL))
                .map(String::valueOf)
                .orElseThrow(() -> AppleHttp.unusable("an answer of verifyReceipt without a status"));
    }

    static NotVerified otherEnvironment(Environment environment) {
        return environment == Environment.SANDBOX
                ? new NotVerified(
                        "来自苹果沙盒，而节点的 acceptSandbox 为 false，只接受正式环境的购买",
                        "it comes from Apple's sandbox, and with acceptSandbox false only purchases in production count")
                : new NotVerified(
                        "来自苹果正式环境，而节点的 sandbox 为 true，只接受沙盒中的购买；App 上架后请将 sandbox 设为 false",
                        "it comes from production, and with sandbox true only purchases in Apple's sandbox count; set sandbox"
                                + " to false once the app is released");
    }

    private static RuntimeException refused(String status, JsonObject json) {
        var words = "status " + status;
        return switch (status) {
            case FORGED ->
                new NotVerified(
                        "收据不是苹果签发的（21003），可能被修改或伪造", "the receipt is not authentic (21003): it was changed or forged");
            case MALFORMED ->
                new NotVerified(
                        "苹果无法读取收据（21002，已重试一次）：请在 App 中重新读取收据，并完整地传来",
                        "Apple cannot read the receipt (21002, also when repeated): read it in the app again and send all"
                                + " of it");
            case WRONG_PASSWORD -> new ProviderFailure(Kind.DECLINED, status, words); // the merchant has to correct it
            case EXPIRED ->
                new NotVerified(
                        "订阅已过期，且收据为 iOS 6 的旧格式（21006），请传 App 收据",
                        "the subscription has expired, and the receipt has the old form of iOS 6 (21006): send the app's"
                                + " receipt");
            case NO_ACCOUNT ->
                new NotVerified(
                        "苹果找不到购买者的账户，或账户已删除（21010）",
                        "Apple does not find the account of the payer, or it was deleted (21010)");
            default -> {
                if (INTERNAL.matcher(status).matches() && !isRetryable(json)) {
                    yield new NotVerified(
                            "苹果无法验证这份收据（" + status + "），且表示重试无效",
                            "Apple cannot verify this receipt (" + status
                                    + "), and says that repeating it does not help");
                }
                yield new ProviderFailure(Kind.OUTCOME_UNKNOWN, status, words);
            }
        };
    }

    private static boolean isRetryable(JsonObject json) {
        return Stream.of("is-retryable", "is_retryable").map(json::get).anyMatch(AppleReceipts::isTrue);
    }

    private static boolean isTrue(JsonValue value) {
        if (value instanceof JsonString text) return text.getString().matches("1|true");
        return value == JsonValue.TRUE
                || (value instanceof JsonNumber number && number.toString().equals("1"));
    }

    /** The purchase is not there: an error while the receipt is young, because the app may have sent an older one. */
    private Optional<Purchase> missing(JsonObject content, String number) {
        var created = millis(content, "receipt_creation_date_ms");
        if (created.isPresent()
                && Instant.ofEpochMilli(created.get()).isBefore(clock.instant().minus(account.receiptExpiresIn()))) {
            return Optional.empty();
        }
        throw number.isEmpty()
                ? new NotVerified("收据中没有任何购买记录", "the receipt has no purchase")
                : new NotVerified(
                        "收据中没有交易 " + shown(number) + "；请在交易完成后重新读取收据再传",
                        "the receipt does not have the transaction " + shown(number)
                                + "; read the receipt again after the purchase and send that one");
    }

    private Purchase purchase(JsonObject entry, List<JsonObject> all, Environment environment) {
        if (text(entry, "in_app_ownership_type").equals(ApplePurchases.FAMILY_SHARED)) throw familyShared();
        var product = text(entry, "product_id");
        var number = text(entry, "transaction_id");
        if (product.isEmpty() || number.isEmpty()) throw AppleHttp.unusable("a purchase without its number or product");
        var subscription = isSubscription(entry);
        var original = text(entry, "original_transaction_id");
        var known = known(entry, all);
        var restored = !subscription && !known.equals(number);
        var revoked = ApplePurchases.revoked(
                millis(entry, "cancellation_date_ms").orElse(null),
                null,
                text(entry, "is_upgraded").equals("true"));
        var paid = new Paid(
                attemptNo(entry),
                account.bundleId(),
                account.bundleId(),
                known,
                null,
                millis(entry, restored ? "original_purchase_date_ms" : "purchase_date_ms")
                        .map(Instant::ofEpochMilli)
                        .orElse(null),
                null,
                "",
                ApplePurchases.wentBack(revoked, null),
                new Details("", goods(entry), null),
                entry.toString());
        return new Purchase(
                paid,
                subscription && !original.isEmpty() ? original : known,
                subscription,
                environment.getValue(),
                ApplePurchases.returned(known, revoked, null));
    }

    private static boolean isSubscription(JsonObject entry) {
        return millis(entry, "expires_date_ms").isPresent();
    }

    private static JsonObject goods(JsonObject entry) {
        var quantity = text(entry, "quantity");
        return AppleProducts.goods(
                text(entry, "product_id"), quantity.matches("\\d{1,9}") ? Long.parseLong(quantity) : 1);
    }

    /** From the token that the app gave the purchase; empty if it gave none of ours. */
    private static String attemptNo(JsonObject entry) {
        var token = text(entry, "app_account_token");
        return UUID.matcher(token).matches() ? ApplePurchases.attemptNo(java.util.UUID.fromString(token)) : "";
    }

    /** The number under which a purchase is known, however often it was restored. */
    private static String known(JsonObject entry, List<JsonObject> all) {
        var number = text(entry, "transaction_id");
        return isSubscription(entry)
                ? numberOfPeriod(entry, all, number)
                : ApplePurchases.number(number, text(entry, "original_transaction_id"), false);
    }

    /**
     * Restoring a subscription repeats each of its payments under a new number; {@code web_order_line_item_id} is the
     * same, and the first number of it stands for the payment.
     */
    private static String numberOfPeriod(JsonObject entry, List<JsonObject> all, String number) {
        var period = text(entry, "web_order_line_item_id");
        if (period.isEmpty()) return number;
        return all.stream()
                .filter(e -> text(e, "web_order_line_item_id").equals(period))
                .map(e -> text(e, "transaction_id"))
                .filter(n -> n.matches("\\d{1,64}"))
                .min(Comparator.comparing(BigInteger::new))
                .orElse(number);
    }

    static NotVerified familyShared() {
        return new NotVerified(
                "这是家人共享的购买（FAMILY_SHARED），付款的是其他家庭成员，不能用于支付订单",
                "it is shared by a member of the payer's family (FAMILY_SHARED), who has paid for it; it does not pay an order");
    }

    private static boolean bought(JsonObject entry) {
        return !text(entry, "in_app_ownership_type").equals(ApplePurchases.FAMILY_SHARED);
    }

    private static Stream<JsonObject> entries(JsonObject json, String name) {
        if (!(json.get(name) instanceof jakarta.json.JsonArray list)) return Stream.empty();
        return list.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    private static Optional<Long> millis(JsonObject json, String name) {
        var text = text(json, name);
        return text.matches("\\d{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
