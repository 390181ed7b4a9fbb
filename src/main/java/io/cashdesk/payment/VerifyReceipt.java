package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.notification.ApplyPurchase;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.view.OrderViews;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code verifyReceipt}: the app of a payer posts what it got from a provider's own store; the store is queried where
 * that is needed, and a genuine purchase pays its order. Simultaneous and repeated calls change nothing more
 * (docs/api.md, "verifyReceipt").
 */
@ApplicationScoped
public class VerifyReceipt {
    /** An app's receipt has all of its purchases; the whole body is limited to {@link JsonBody#RECEIPT_LIMIT}. */
    private static final int LONGEST_RECEIPT = JsonBody.RECEIPT_LIMIT;

    private static final int LONGEST_IDENTIFIER = 64;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    @Inject
    FailureLog failures;

    @Inject
    ApplyPurchase applyPurchase;

    @Inject
    QueryPayment queryPayment;

    @Inject
    StoreCallLimit storeCallLimit;

    @Inject
    OrderViews views;

    /** Whether this is the name of a provider that has a store of its own. */
    public boolean hasStore(String provider) {
        return stores().stream().anyMatch(p -> p.name().value().equals(provider));
    }

    /**
     * Completes with the answer.
     *
     * @param provider the provider that the call names; empty: the one of the order's newest attempt in a store
     * @param callerAddress whose calls that query the store are counted
     */
    public CompletionStage<JsonObject> of(
            Authority authority, Optional<String> provider, JsonBody body, String callerAddress) {
        body.only(
                "out_trade_no",
                "transaction_receipt",
                "transaction_identifier",
                "await_notify",
                "await_max_time",
                "pid");
        var atMost = queryPayment.waitsFor(body);
        var number = new OutTradeNo(body.json().get("out_trade_no") instanceof JsonString s ? s.getString() : null);
        var proof = proof(body, number.value());
        var merchant = authority.merchant(body.text("pid", 64).orElse(null));
        var order = orders.byNumber(merchant, authority.mode(), number.value())
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number.value()));
        var attempt = attempt(order, provider);
        var goods = order.goods().map(g -> JsonBody.parseText("goods", g)).orElse(JsonValue.EMPTY_JSON_OBJECT);
        var client = PaymentCall.isClient(authority);
        if (((SellsInStore) providers.named(attempt.provider())).queriesStore(proof)) {
            storeCallLimit.count(merchant, authority.mode(), order.outTradeNo(), callerAddress, client);
        }
        var purchase = verified(attempt, proof.of(attempt.attemptNo(), goods));
        if (purchase.isEmpty()) return answer(order.key(), atMost, now -> Said.NONE, client);
        var result = applyPurchase.posted(attempt, order.mode(), purchase.get());
        var here = result.order().flatMap(orders::byKey).filter(stored -> isOf(order, stored));
        refuse(order, result, here.isPresent(), purchase.get());
        return here.isPresent()
                ? answer(here.get().key(), atMost, now -> said(now, attempt, purchase.get()), client)
                : answer(order.key(), atMost, now -> Said.OTHER_ORDER, client);
    }

    private CompletionStage<JsonObject> answer(
            OrderKey order, Optional<Duration> atMost, Function<PayOrder, Said> said, boolean client) {
        return queryPayment.afterHandler(order, atMost).thenApply(now -> answer(now, said.apply(now), client));
    }

    /** Whether it is the order for which the purchase was posted, or a renewal of the subscription that it began. */
    private static boolean isOf(PayOrder named, PayOrder stored) {
        return stored.key().equals(named.key()) || stored.originalOutTradeNo().equals(Optional.of(named.outTradeNo()));
    }

    /** What is answered about the purchase: the field {@code purchase} (docs/api.md, "verifyReceipt"). */
    enum Said {
        PAID("订单已支付"),
        REFUNDED("该笔购买已由应用商店退款"),
        HELD("该笔购买已记录，等待商家处理"),
        SETTLED("该笔购买未用于支付订单，商家已处理"),
        OTHER_ORDER("该笔购买已属于其他订单"),
        NONE("该凭证中没有新的购买");

        private final String message;

        Said(String message) {
            this.message = message;
        }

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Said said(PayOrder order, Attempt attempt, Purchase purchase) {
        var receipt = receipts.byTransaction(
                        order.merchantId(), attempt.provider(), attempt.merchantNo(), purchase.transactionId())
                .orElseThrow();
        return said(order, receipt);
    }

    private static Said said(PayOrder order, Receipt receipt) {
        return switch (receipt.disposition()) {
            case COUNTED -> order.whollyRefunded() ? Said.REFUNDED : Said.PAID;
            case HELD -> Said.HELD;
            case RETURNING, RETURNED -> Said.REFUNDED;
            case SETTLED -> Said.SETTLED;
        };
    }

    private static SellsInStore.Proof proof(JsonBody body, String outTradeNo) {
        var receipt = text(body, "transaction_receipt", LONGEST_RECEIPT);
        var identifier = text(body, "transaction_identifier", LONGEST_IDENTIFIER);
        if (receipt.isEmpty() && identifier.isEmpty()) {
            throw ProblemType.field(
                    new LocalizedText(
                            "transaction_receipt 或 transaction_identifier",
                            "transaction_receipt or transaction_identifier"),
                    new LocalizedText("非空文本（至少提供一个）", "a non-empty text (at least one of the two)"),
                    LocalizedText.ABSENT);
        }
        return new SellsInStore.Proof(outTradeNo, identifier.orElse(""), receipt.orElse(""));
    }

    private static Optional<String> text(JsonBody body, String name, int longest) {
        return body.has(name) ? Optional.of(body.requiredText(name, longest)) : Optional.empty();
    }

    /** The order's newest attempt in a store; that it is closed does not matter, because the money may have moved. */
    private Attempt attempt(PayOrder order, Optional<String> provider) {
        var stores = stores().stream()
                .map(p -> p.name().value())
                .filter(name -> provider.isEmpty() || provider.get().equals(name))
                .toList();
        return stores.stream()
                .flatMap(name -> attempts.newestAt(order.key(), name).stream())
                .flatMap((AttemptKey key) -> attempts.byKey(key).stream())
                .max(Comparator.comparing(Attempt::n))
                .orElseThrow(() -> {
                    var names = String.join(", ", stores);
                    return ProblemType.PURCHASE_NOT_VERIFIED.with(
                            order.outTradeNo(),
                            new LocalizedText(
                                    "该订单没有在应用商店发起过支付，请先用 provider " + names + " 调用 createPayment",
                                    "it was never to be paid in a store; call createPayment with provider " + names
                                            + " first"));
                });
    }

    private List<PaymentProvider> stores() {
        return providers.all().stream().filter(SellsInStore.class::isInstance).toList();
    }

    private Optional<Purchase> verified(Attempt attempt, SellsInStore.Proof proof) {
        var there = accounts.atProvider(attempt);
        var store = (SellsInStore) there.provider();
        try {
            return calls.call(there.account(), () -> store.verify(there.account(), proof));
        } catch (ProviderFailure failure) {
            failures.log(attempt.accountId(), "purchase of attempt " + attempt.attemptNo(), failure);
            throw ProviderCalls.problem(there.provider(), PaymentProvider.Call.QUERY, failure);
        }
    }

    /**
     * Refuses a purchase that cannot pay the order for which it was posted; the same purchase each time, because that
     * depends on what is stored and not on which call has stored it. One whose store carries no number of an order may
     * have paid an earlier order of the app's; that is answered, so that the app ends it on the phone.
     *
     * @param here whether it is stored with that order, or with a renewal of it
     */
    private static void refuse(PayOrder order, ApplyPurchase.Result result, boolean here, Purchase purchase) {
        if (result.order().isPresent() && result.numbered() && !here) throw ofAnotherOrder(order);
        switch (result.outcome()) {
            case STORED -> {}
            case OF_ANOTHER -> throw ofAnotherOrder(order);
            case OTHER_GOODS ->
                throw refusal(
                        order,
                        "购买的商品是 " + goods(purchase) + "，订单的商品是 " + ordered(order),
                        "it is of " + goods(purchase) + ", and the order is of " + ordered(order));
            case DOUBTFUL ->
                throw refusal(
                        order,
                        "购买的商品（" + goods(purchase) + "）与订单（" + ordered(order) + "）不符，或已被商店退款；已记录，等待商家处理",
                        "it is of other goods (" + goods(purchase) + ") than its order (" + ordered(order)
                                + "), or the store has returned it; it is stored, and an operator must decide");
            case REFUSED, UNKNOWN -> throw refusal(order, "该笔购买属于其他应用", "it is of another application");
        }
    }

    private static Problem ofAnotherOrder(PayOrder order) {
        return refusal(order, "该笔购买属于其他订单", "it belongs to another order");
    }

    private static Problem refusal(PayOrder order, String zh, String en) {
        return ProblemType.PURCHASE_NOT_VERIFIED.with(order.outTradeNo(), new LocalizedText(zh, en));
    }

    private static String goods(Purchase purchase) {
        return purchase.paid().details().goods().toString();
    }

    private static String ordered(PayOrder order) {
        return order.goods().orElse("{}");
    }

    private JsonObject answer(PayOrder order, Said said, boolean client) {
        var paid = order.paid() && !order.whollyRefunded();
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", said == Said.PAID ? QueryPayment.message(order.status(), false) : said.message)
                .add("has_paid", paid)
                .add("orderPaid", paid)
                .add("purchase", said.code())
                .add("out_trade_no", order.outTradeNo())
                .add("status", order.status());
        order.userOrderSuccess().ifPresent(success -> answer.add("user_order_success", success));
        if (client) return answer.build();
        order.transactionId().ifPresent(id -> answer.add("transaction_id", id));
        return answer.add("pay_order", OrderPayload.of(views.of(order))).build();
    }
}
