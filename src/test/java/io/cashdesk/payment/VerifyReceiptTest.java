package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.ApplyPurchase;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call of verifyReceipt must have, and how it is answered; to a client's key, because it says less. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerifyReceiptTest {
    private static final String COINS = "{\"productid\":\"coins60\"}";

    private final UUID merchant = UUID.randomUUID();
    private final PayOrder order = AnOrder.of(
                    ANewOrder.of(fen(600)).numbered("A1").buying(COINS))
            .by(merchant)
            .unpaid();
    private final Attempt attempt = AnAttempt.of(order)
            .through(new Attempt.Target(UUID.randomUUID(), "shop", "com.example", "shop_h5"))
            .shown();
    private final PayOrder other = AnOrder.of(
                    ANewOrder.of(fen(600)).numbered("A2").buying(COINS))
            .by(merchant)
            .unpaid();
    private final List<SellsInStore.Proof> proofs = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private Supplier<Optional<Purchase>> verified = () -> Optional.of(purchase());
    private ApplyPurchase.Result result =
            new ApplyPurchase.Result(ApplyPurchase.Outcome.STORED, Optional.of(order.key()), true);
    private Receipt stored = AReceipt.through(attempt).numbered("4200").of(fen(600));
    private boolean tried = true;

    private final class Shop extends TinyProvider implements SellsInStore {
        Shop() {
            super("shop", 1, client -> false);
        }

        @Override
        public Optional<Purchase> verify(AccountSettings account, Proof proof) {
            proofs.add(proof);
            return verified.get();
        }

        @Override
        public boolean queriesStore(Proof proof) {
            return !proof.receipt().contains(".");
        }

        @Override
        public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
            throw new UnsupportedOperationException();
        }
    }

    private static Purchase purchase() {
        var goods = Json.createObjectBuilder().add("productid", "coins60").build();
        var paid = new ProviderReport.Paid(
                "",
                "com.example",
                "com.example",
                "4200",
                null,
                AnOrder.NOON,
                null,
                "",
                ProviderReport.WentBack.NOTHING,
                new ProviderReport.Details("", goods, null),
                "{}");
        return new Purchase(paid, "4200", false, "Sandbox");
    }

    private JsonObject verify(String body) {
        return verify(Optional.empty(), body);
    }

    private JsonObject verify(Optional<String> provider, String body) {
        var authority = new Authority(Mode.TEST, ApiKey.Kind.PUBLISHABLE, List.of(new Authority.Held("p", merchant)));
        try (var reader = Json.createReader(new StringReader(body))) {
            return wired().of(authority, provider, JsonBody.of(reader.readObject()), "192.0.2.7")
                    .toCompletableFuture()
                    .join();
        }
    }

    private VerifyReceipt wired() {
        var shop = new Shop();
        var account = new AccountSettings(
                UUID.randomUUID(),
                1,
                shop.name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://shop.example"));
        var verify = new VerifyReceipt();
        verify.providers = new Providers(List.of()) {
            @Override
            public List<PaymentProvider> all() {
                return List.of(new TinyProvider("tiny", 2, client -> false), shop);
            }

            @Override
            public PaymentProvider named(String name) {
                return shop;
            }
        };
        verify.orders = new PayOrders() {
            @Override
            public Optional<PayOrder> byNumber(UUID id, Mode mode, String number) {
                return Optional.of(order).filter(o -> o.outTradeNo().equals(number) && id.equals(merchant));
            }

            @Override
            public Optional<PayOrder> byKey(OrderKey key) {
                return Optional.of(key.equals(order.key()) ? order : other);
            }
        };
        verify.attempts = new Attempts() {
            @Override
            public Optional<AttemptKey> newestAt(OrderKey key, String provider) {
                return Optional.of(attempt.key()).filter(k -> tried && provider.equals("shop"));
            }

            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        verify.receipts = new Receipts() {
            @Override
            public Optional<Receipt> byTransaction(UUID of, String provider, String merchantNo, String transactionId) {
                return Optional.of(stored);
            }
        };
        verify.accounts = new Accounts() {
            @Override
            public AttemptAtProvider atProvider(Attempt of) {
                var ref = new AttemptRef(PayType.of("shop_h5"), of.attemptNo(), SubMerchant.NONE);
                return new AttemptAtProvider(of.key(), shop, account, ref);
            }
        };
        verify.storeCallLimit = new StoreCallLimit() {
            @Override
            void count(UUID id, Mode mode, String outTradeNo, String address, boolean client) {
                counted.add(outTradeNo + " " + address + " " + client);
            }
        };
        verify.calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings of, Supplier<T> adapter) {
                return adapter.get();
            }
        };
        verify.failures = new FailureLog() {
            @Override
            public void log(UUID of, String what, RuntimeException failure) {}
        };
        verify.applyPurchase = new ApplyPurchase() {
            @Override
            public Result posted(Attempt named, Mode mode, Purchase purchase) {
                return result;
            }
        };
        verify.queryPayment = new QueryPayment() {
            @Override
            CompletionStage<PayOrder> afterHandler(OrderKey key, Optional<Duration> atMost) {
                return CompletableFuture.completedFuture(key.equals(order.key()) ? order : other);
            }
        };
        return verify;
    }

    private static void refused(int code, String says, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.type().code()).isEqualTo(code))
                .hasMessageContaining(says);
    }

    /** What the app posts, with the number and the goods of the order's attempt. */
    private SellsInStore.Proof proof(String transactionId, String receipt) {
        var ordered = order.goods().map(g -> JsonBody.parseText("goods", g)).orElse(JsonValue.EMPTY_JSON_OBJECT);
        return new SellsInStore.Proof("A1", attempt.attemptNo(), ordered, transactionId, receipt);
    }

    @Test
    void a_purchase_that_pays_the_order_is_answered_with_the_order() {
        order.paidBy(AReceipt.through(attempt).of(fen(600)), attempt, "", null, false, AnOrder.NOON);

        assertThat(verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"4200\"}"))
                .hasToString("{\"code\":0,\"msg\":\"订单已支付\",\"has_paid\":true,\"orderPaid\":true,"
                        + "\"purchase\":\"paid\",\"out_trade_no\":\"A1\",\"status\":1}");
        assertThat(proofs).containsExactly(proof("4200", ""));
    }

    @Test
    void a_call_that_queries_the_store_is_counted() {
        verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"4200\"}");
        assertThat(counted).containsExactly("A1 192.0.2.7 true");

        verify("{\"out_trade_no\":\"A1\",\"transaction_receipt\":\"a.b.c\"}");
        assertThat(counted).as("a signature is verified here").hasSize(1);
    }

    @Test
    void the_provider_may_be_named() {
        verify(Optional.of("shop"), "{\"out_trade_no\":\"A1\",\"transaction_receipt\":\"e30=\"}");

        assertThat(proofs).containsExactly(proof("", "e30="));
        assertThat(wired().hasStore("shop")).isTrue();
        assertThat(wired().hasStore("tiny")).isFalse();
    }

    @Test
    void a_proof_is_required() {
        refused(1102, "transaction_receipt or transaction_identifier", () -> verify("{\"out_trade_no\":\"A1\"}"));
        assertThat(proofs).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction_receipt", "transaction_identifier"})
    void an_empty_or_strange_proof_is_refused_by_name(String field) {
        for (var value : List.of("\"\"", "\" \"", "7", "{}")) {
            refused(1102, field, () -> verify("{\"out_trade_no\":\"A1\",\"" + field + "\":" + value + "}"));
        }
    }

    @Test
    void an_unknown_field_and_an_unknown_order_are_refused() {
        refused(1101, "receipt", () -> verify("{\"out_trade_no\":\"A1\",\"receipt\":\"x\"}"));
        refused(2001, "A9", () -> verify("{\"out_trade_no\":\"A9\",\"transaction_identifier\":\"1\"}"));
        refused(1001, "out_trade_no", () -> verify("{\"transaction_identifier\":\"1\"}"));
    }

    @Test
    void an_order_that_was_never_to_be_paid_in_a_store_is_refused_with_what_to_do() {
        tried = false;

        refused(
                1016,
                "createPayment with provider shop",
                () -> verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}"));
    }

    @Test
    void a_receipt_without_news_is_answered_so_that_the_app_ends_it() {
        verified = Optional::empty;

        var answer = verify("{\"out_trade_no\":\"A1\",\"transaction_receipt\":\"e30=\"}");

        assertThat(answer.getInt("code")).isZero();
        assertThat(answer.getBoolean("has_paid")).isFalse();
        assertThat(answer.getString("purchase")).isEqualTo("none");
    }

    @Test
    void a_purchase_that_another_order_had_before_is_answered_unless_it_carries_the_number_of_that_order() {
        result = new ApplyPurchase.Result(ApplyPurchase.Outcome.STORED, Optional.of(other.key()), false);
        var again = verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}");
        assertThat(again.getInt("code")).isZero();
        assertThat(again.getBoolean("has_paid")).isFalse();
        assertThat(again.getString("out_trade_no")).isEqualTo("A1");
        assertThat(again.getString("purchase")).isEqualTo("other_order");
        assertThat(again.getString("msg")).contains("其他订单");

        result = new ApplyPurchase.Result(ApplyPurchase.Outcome.STORED, Optional.of(other.key()), true);
        for (var times = 0; times < 2; times++) {
            refused(
                    1016,
                    "belongs to another order",
                    () -> verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}"));
        }
    }

    @Test
    void a_second_purchase_of_a_paid_order_is_not_said_to_pay_it() {
        order.paidBy(AReceipt.through(attempt).numbered("4199").of(fen(600)), attempt, "", null, false, AnOrder.NOON);
        stored = AReceipt.through(attempt)
                .numbered("4200")
                .as(Receipt.Kind.DUPLICATE)
                .of(fen(600));

        var answer = verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"4200\"}");
        assertThat(answer.getString("purchase")).isEqualTo("held");
        assertThat(answer.getBoolean("has_paid")).isTrue();
        assertThat(answer.getString("msg")).contains("等待商家处理");

        stored.decided(Receipt.Decision.SETTLE);
        assertThat(verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"4200\"}")
                        .getString("purchase"))
                .isEqualTo("settled");
    }

    @Test
    void a_purchase_that_was_refunded_does_not_count_any_more() {
        order.paidBy(stored, attempt, "", null, false, AnOrder.NOON);
        order.refunded(fen(600), true);

        var answer = verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"4200\"}");

        assertThat(answer.getString("purchase")).isEqualTo("refunded");
        assertThat(answer.getBoolean("has_paid")).isFalse();
        assertThat(answer.getBoolean("orderPaid")).isFalse();
        assertThat(answer.getInt("status")).isEqualTo(3);
    }

    @Test
    void a_renewal_of_the_order_is_answered_with_the_renewal() {
        other.renews(order);
        result = new ApplyPurchase.Result(ApplyPurchase.Outcome.STORED, Optional.of(other.key()), true);

        assertThat(verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}")
                        .getString("out_trade_no"))
                .isEqualTo("A2");
    }

    @ParameterizedTest
    @EnumSource(
            value = ApplyPurchase.Outcome.class,
            names = {"OTHER_GOODS", "OF_ANOTHER", "REFUSED", "DOUBTFUL"})
    void what_does_not_pay_the_order_is_refused(ApplyPurchase.Outcome outcome) {
        var held = outcome == ApplyPurchase.Outcome.DOUBTFUL ? Optional.of(order.key()) : Optional.<OrderKey>empty();
        result = new ApplyPurchase.Result(outcome, held, true);

        refused(1016, "A1", () -> verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}"));
    }

    @Test
    void a_store_that_does_not_answer_is_the_providers_fault() {
        verified = () -> {
            throw new ProviderFailure(ProviderFailure.Kind.UNREACHABLE, "", "no route");
        };

        refused(3003, "shop", () -> verify("{\"out_trade_no\":\"A1\",\"transaction_identifier\":\"1\"}"));
    }
}
