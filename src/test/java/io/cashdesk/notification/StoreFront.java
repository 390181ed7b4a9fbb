package io.cashdesk.notification;

import static io.cashdesk.order.AnOrder.NOON;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signal.Signals;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** {@link ApplyPurchase} with records in memory, of one merchant in test mode who sells in the store "shop". */
final class StoreFront {
    static final String COINS = "{\"productid\":\"coins60\",\"quantity\":1}";
    static final String VIP = "{\"productid\":\"vip\",\"quantity\":1}";
    private static final String PROVIDER = "shop";
    private static final String BUNDLE = "com.example";

    final UUID merchantId = UUID.randomUUID();
    final Merchant merchant = new Merchant("p", "shop", NOON);
    final List<PayOrder> orders = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<Receipt> receipts = new ArrayList<>();
    final List<OrderEvent> events = new ArrayList<>();
    final List<PayOrderChanged.Kind> changes = new ArrayList<>();
    final List<String> refunded = new ArrayList<>();
    final List<Receipt> usageAsked = new ArrayList<>();

    /** What the work that runs has locked: purchases by their names, orders by their numbers. */
    final List<String> locks = new ArrayList<>();

    /** Numbers of purchases that another merchant has stored, and of attempts of other merchants. */
    final List<String> ofOthers = new ArrayList<>();

    final ApplyPurchase apply = new ApplyPurchase();

    private static final class Shop extends TinyProvider implements SellsInStore {
        Shop() {
            super(PROVIDER, 1, client -> false);
        }

        @Override
        public Identity identity(AccountSettings account) {
            return new Identity(BUNDLE, BUNDLE);
        }

        @Override
        public Optional<Purchase> verify(AccountSettings account, Proof proof) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
            throw new UnsupportedOperationException();
        }
    }

    StoreFront() {
        var inMemory = new Records();
        var stored = new Tried();
        var received = new Received();
        var clock = Clock.fixed(NOON, ZoneOffset.UTC);
        var account = new AccountSettings(
                UUID.randomUUID(),
                1,
                new Shop().name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://shop.example"));
        var accounts = new Accounts() {
            @Override
            public Optional<Opened> of(UUID merchantId, UUID id) {
                return Optional.of(new Opened(account, merchantId, Mode.TEST));
            }
        };
        var providers = new Providers(List.of()) {
            @Override
            public PaymentProvider named(String name) {
                return new Shop();
            }
        };
        var transactions = new Transactions() {
            @Override
            public <T> T inNew(Supplier<T> work) {
                return work.get();
            }

            @Override
            public void afterCommit(Runnable work) {}

            @Override
            public void advisoryLock(String name) {
                locks.add(name);
            }
        };
        var report = new ApplyReport();
        report.clock = clock;
        report.signals = new Signals();
        report.changes = new Heard<>(change -> changes.add(change.kind()));
        report.strays = new Heard<>(stray -> {});
        report.transactions = transactions;
        report.orders = inMemory;
        report.attempts = stored;
        report.receipts = received;
        report.accounts = accounts;
        report.providers = providers;
        report.merchants = new Merchants() {
            @Override
            public Merchant byId(UUID id) {
                return merchant;
            }
        };
        report.refundPayment = new Returns();
        report.countReceipt = new CountReceipt() {
            @Override
            public void of(PayOrder order, Attempt attempt, Receipt receipt) {
                order.paidBy(receipt, attempt, BUNDLE, null, receipt.notified(), NOON);
                StoreFront.this.changes.add(PayOrderChanged.Kind.PAID);
            }
        };
        apply.applyReport = report;
        apply.orders = inMemory;
        apply.attempts = stored;
        apply.receipts = received;
        apply.refunds = new Refunds() {
            @Override
            public Optional<RefundKey> byProvidersNumber(UUID merchant, String provider, String no, String refundNo) {
                return refunded.contains(refundNo)
                        ? Optional.of(new RefundKey(orders.get(0).key(), UUID.randomUUID()))
                        : Optional.empty();
            }
        };
        apply.returns = new Told(clock);
        apply.refundPayment = new Returns();
        apply.answerUsage = new AnswerUsage() {
            @Override
            void schedule(Receipt receipt) {
                usageAsked.add(receipt);
            }
        };
        apply.accounts = accounts;
        apply.providers = providers;
        apply.transactions = transactions;
        apply.signals = new Signals();
        apply.opened = new Heard<>(opened -> {});
        apply.clock = clock;
    }

    /** An order to be paid in the store, which does not say an amount. */
    Attempt order(String number, String goods) {
        return order(number, goods, Money.fen(0));
    }

    Attempt order(String number, String goods, Money total) {
        var order = AnOrder.of(ANewOrder.of(total).numbered(number).buying(goods))
                .by(merchantId)
                .unpaid();
        orders.add(order);
        var attempt = AnAttempt.of(order)
                .numbered("token-" + number)
                .through(new Attempt.Target(UUID.randomUUID(), PROVIDER, BUNDLE, "shop_h5"))
                .shown();
        attempts.add(attempt);
        return attempt;
    }

    PayOrder order(String number) {
        return orders.stream()
                .filter(o -> o.outTradeNo().equals(number))
                .findFirst()
                .orElseThrow();
    }

    Receipt receipt(String transactionId) {
        return receipts.stream()
                .filter(r -> r.transactionId().equals(transactionId))
                .findFirst()
                .orElseThrow();
    }

    ApplyPurchase.Result posted(Attempt named, Purchase purchase) {
        locks.clear();
        return apply.posted(named, Mode.TEST, purchase);
    }

    Optional<UUID> notified(ParsedNotification.OfPurchase content) {
        return apply.notified(
                new ApplyPurchase.Seller(merchantId, Mode.TEST, PROVIDER, BUNDLE), content, ApplyReport.Source.QUERY);
    }

    /** A purchase of goods, once; each method makes another one of it. */
    record Bought(
            String transactionId,
            String goods,
            String carries,
            Money price,
            String first,
            Instant at,
            ProviderReport.WentBack wentBack,
            String bundle) {
        static Bought of(String transactionId, String goods) {
            return new Bought(
                    transactionId, goods, "", Money.fen(600), null, NOON, ProviderReport.WentBack.NOTHING, BUNDLE);
        }

        Bought carrying(Attempt attempt) {
            return carrying(attempt.attemptNo());
        }

        Bought carrying(String number) {
            return new Bought(transactionId, goods, number, price, first, at, wentBack, bundle);
        }

        Bought priced(Money other) {
            return new Bought(transactionId, goods, carries, other, first, at, wentBack, bundle);
        }

        /** Of the subscription that began with this purchase. */
        Bought ofSubscription(String firstTransactionId) {
            return new Bought(transactionId, goods, carries, price, firstTransactionId, at, wentBack, bundle);
        }

        Bought at(Instant moment) {
            return new Bought(transactionId, goods, carries, price, first, moment, wentBack, bundle);
        }

        Bought returned(ProviderReport.WentBack how) {
            return new Bought(transactionId, goods, carries, price, first, at, how, bundle);
        }

        /** Which the store says to have returned at this moment, in the purchase itself. */
        Purchase returned(int thousandths, Instant moment) {
            var how =
                    thousandths >= Purchase.ALL ? ProviderReport.WentBack.ALL : ProviderReport.WentBack.AT_LEAST_A_PART;
            var before = returned(how).purchase();
            var back = new Purchase.Return(transactionId + "-" + moment.toEpochMilli(), thousandths, moment);
            return new Purchase(
                    before.paid(),
                    before.firstTransactionId(),
                    before.subscription(),
                    before.environment(),
                    Optional.of(back));
        }

        Bought in(String application) {
            return new Bought(transactionId, goods, carries, price, first, at, wentBack, application);
        }

        Purchase purchase() {
            var paid = new ProviderReport.Paid(
                    carries,
                    bundle,
                    bundle,
                    transactionId,
                    null,
                    at,
                    null,
                    "",
                    wentBack,
                    new ProviderReport.Details("", json(goods), price),
                    "{}");
            return new Purchase(paid, first == null ? transactionId : first, first != null, "Sandbox");
        }
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private final class Records extends PayOrders {
        @Override
        public void add(PayOrder order) {
            orders.add(order);
        }

        @Override
        public PayOrder locked(OrderKey key) {
            locks.add(key.id().toString());
            return orders.stream().filter(o -> o.key().equals(key)).findFirst().orElseThrow();
        }

        @Override
        public Optional<OrderKey> keyByNumber(UUID merchant, Mode mode, String number) {
            return orders.stream()
                    .filter(o -> o.outTradeNo().equals(number))
                    .findFirst()
                    .map(PayOrder::key);
        }

        @Override
        public void record(OrderEvent event) {
            events.add(event);
        }

        @Override
        public boolean recorded(OrderKey order, String kind, String detail) {
            return events.stream()
                    .anyMatch(e -> e.kind().equals(kind) && e.detail().equals(detail));
        }

        @Override
        public List<OrderEvent> events(OrderKey key, String kind) {
            return events.stream().filter(e -> e.kind().equals(kind)).toList();
        }
    }

    private final class Tried extends Attempts {
        @Override
        public void add(Attempt attempt) {
            attempts.add(attempt);
        }

        @Override
        public Attempt locked(AttemptKey key) {
            return attempts.stream()
                    .filter(a -> a.key().equals(key))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Optional<AttemptKey> byNumber(UUID merchant, String provider, String merchantNo, String number) {
            return attempts.stream()
                    .filter(a -> a.attemptNo().equals(number))
                    .findFirst()
                    .map(Attempt::key);
        }

        @Override
        public boolean isUsed(String provider, String merchantNo, String number) {
            return ofOthers.contains(number);
        }
    }

    private final class Received extends Receipts {
        @Override
        public void add(Receipt receipt) {
            receipts.add(receipt);
        }

        @Override
        public List<Receipt> of(OrderKey key) {
            return receipts.stream()
                    .filter(r -> r.attempt().order().equals(key))
                    .toList();
        }

        @Override
        public Receipt locked(OrderKey order, UUID id) {
            return receipts.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
        }

        @Override
        public Optional<Receipts.Key> keyByTransaction(UUID merchant, String provider, String merchantNo, String id) {
            return receipts.stream()
                    .filter(r -> r.transactionId().equals(id))
                    .findFirst()
                    .map(Received::key);
        }

        @Override
        public Optional<Receipts.Key> ofSubscription(UUID merchant, String provider, String merchantNo, String first) {
            return receipts.stream()
                    .filter(r -> first.equals(r.sale().orElseThrow().firstTransactionId()))
                    .min(Comparator.comparing(r -> r.disposition() != Receipt.Disposition.COUNTED))
                    .map(Received::key);
        }

        private static Receipts.Key key(Receipt receipt) {
            return new Receipts.Key(receipt.attempt().order(), receipt.id());
        }

        @Override
        public boolean isStored(String provider, String merchantNo, String id) {
            return ofOthers.contains(id);
        }
    }

    private static final class Told extends StoreReturns {
        private final List<StoreReturn> rows = new ArrayList<>();
        private final List<String> of = new ArrayList<>();

        Told(Clock clock) {
            this.clock = clock;
        }

        @Override
        void add(ApplyPurchase.Seller seller, Purchase purchase, Purchase.Return back) {
            of.add(purchase.transactionId());
            super.add(seller, purchase, back);
            if (rows.size() < of.size()) of.remove(of.size() - 1);
        }

        @Override
        void addReversal(ApplyPurchase.Seller seller, Purchase purchase, Instant at) {
            of.add(purchase.transactionId());
            super.addReversal(seller, purchase, at);
        }

        @Override
        void store(StoreReturn row) {
            rows.add(row);
        }

        @Override
        List<StoreReturn> of(ApplyPurchase.Seller seller, Purchase purchase) {
            return IntStream.range(0, rows.size())
                    .filter(i -> of.get(i).equals(purchase.transactionId()))
                    .mapToObj(rows::get)
                    .toList();
        }
    }

    /** Cannot refund; what the store has returned is entered at once. */
    private final class Returns extends RefundPayment {
        @Override
        public boolean ofStray(PayOrder order, Receipt receipt) {
            return false;
        }

        @Override
        public Optional<LocalizedText> besideRefund(PayOrder order, String provider) {
            return Optional.empty();
        }

        @Override
        public void byStore(PayOrder order, Receipt receipt, boolean all, RefundReport.Succeeded done) {
            refunded.add(done.refundNo());
            receipt.reserve(done.amount());
            receipt.refunded(done.amount());
            order.refunded(done.amount(), all);
        }
    }

    /** Passes every event on. */
    private record Heard<T>(Consumer<T> listener) implements Event<T> {
        @Override
        public void fire(T event) {
            listener.accept(event);
        }

        @Override
        public <U extends T> CompletionStage<U> fireAsync(U event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends T> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Event<T> select(Annotation... qualifiers) {
            return this;
        }

        @Override
        public <U extends T> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends T> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }
    }
}
