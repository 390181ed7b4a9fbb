package io.cashdesk.settlement;

import static io.cashdesk.ground.money.Money.fen;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.ReceiptChanged;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.Settles;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.PayerRefundRequests;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One order of 9.90 yuan at a provider that keeps the money, without a database: transactions run at once. */
final class ASettlingShop {
    static final Duration LEASE = Duration.ofSeconds(45);

    final PayOrder order = AnOrder.of(fen(990)).in(Mode.LIVE).unpaid();
    final Attempt attempt = AnAttempt.of(order).calling();
    final Receipt receipt = AReceipt.through(attempt).of(fen(990));
    final Receipt stray = AReceipt.through(attempt)
            .numbered("4201")
            .as(Receipt.Kind.DUPLICATE)
            .of(fen(990));
    final List<Settlement> stored = new ArrayList<>();
    final List<OrderEvent> events = new ArrayList<>();
    final Keeping provider = new Keeping();
    final SettlePayment settling = new SettlePayment();
    final HeldMoney held = new HeldMoney();
    Instant now = AnOrder.NOON;
    boolean busy;
    boolean requested;
    boolean inTransaction;
    PaymentProvider named = provider;

    /** Keeps the money until it is settled. */
    static final class Keeping extends TinyProvider implements Settles {
        final List<SettlementRequest> settled = new ArrayList<>();
        final List<SettlementRequest> queried = new ArrayList<>();
        List<SettlementReport.Succeeded> made = List.of();
        OptionalInt days = OptionalInt.of(7);
        Function<SettlementRequest, SettlementReport> answer = Keeping::done;
        Function<SettlementRequest, SettlementReport> query = r -> new SettlementReport.Absent(r.settlementNo(), "{}");

        Keeping() {
            super("tiny", 1, client -> false);
        }

        static SettlementReport done(SettlementRequest request) {
            return new SettlementReport.Succeeded(
                    request.settlementNo(), "S1", request.amount(), null, "{\"done\":true}");
        }

        @Override
        public OptionalInt settleAfterDays(AccountSettings account) {
            return days;
        }

        @Override
        public SettlementReport settle(AccountSettings account, SettlementRequest request) {
            settled.add(request);
            return answer.apply(request);
        }

        @Override
        public SettlementReport querySettlement(AccountSettings account, SettlementRequest request) {
            queried.add(request);
            return query.apply(request);
        }

        @Override
        public List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings account, SettlementRequest request) {
            return made;
        }

        @Override
        public ProviderError explain(Call call, String providerCode, String words) {
            var retry = switch (providerCode) {
                case "NEVER" -> ProviderError.Retry.NO;
                case "LATER" -> ProviderError.Retry.SAME_LATER;
                default -> ProviderError.Retry.ASK_FIRST;
            };
            var text = new LocalizedText("无", "none");
            return new ProviderError(providerCode, ProviderError.Fault.MERCHANT, retry, text, text, text);
        }
    }

    ASettlingShop() {
        wire();
    }

    /** The payment begins to count. */
    ASettlingShop paid() {
        attempt.paid();
        order.paidBy(receipt, attempt, "", "", false, now);
        held.on(new PayOrderChanged(order, PayOrderChanged.Kind.PAID));
        return this;
    }

    /** Another payment arrives, which does not pay the order. */
    void duplicate() {
        held.on(new ReceiptChanged(order, stray));
    }

    void decided(Receipt.Decision decision) {
        stray.decided(decision);
        held.on(new ReceiptChanged(order, stray));
    }

    Settlement settlement() {
        return stored.get(0);
    }

    /** As the job does when the settlement is due. */
    void later(Duration time) {
        now = now.plus(time);
        settling.resume(settlement().key());
    }

    void answers(ProviderFailure.Kind kind, String code) {
        provider.answer = request -> {
            throw new ProviderFailure(kind, code, "words");
        };
    }

    /** A refund is requested, and has no end yet. */
    void refunding(long minor) {
        receipt.reserve(fen(minor));
    }

    /** The refund has succeeded. */
    void refunded(long minor) {
        receipt.refunded(fen(minor));
        order.refunded(fen(minor), false);
        held.on(new PayOrderChanged(order, PayOrderChanged.Kind.REFUNDED));
    }

    List<String> reasons() {
        return order.openReasons().stream().map(OpenReason::text).toList();
    }

    List<String> eventKinds() {
        return events.stream().map(OrderEvent::kind).toList();
    }

    private void wire() {
        var clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        var transactions = new Transactions() {
            @Override
            public <T> T inNew(Supplier<T> work) {
                inTransaction = true;
                try {
                    return work.get();
                } finally {
                    inTransaction = false;
                }
            }

            @Override
            public void runInNew(Runnable work) {
                inNew(() -> {
                    work.run();
                    return null;
                });
            }
        };
        var orders = new PayOrders() {
            @Override
            public Optional<OrderKey> keyByNumber(UUID merchant, Mode mode, String number) {
                return number.equals(order.outTradeNo()) ? Optional.of(order.key()) : Optional.empty();
            }

            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }

            @Override
            public void record(OrderEvent event) {
                events.add(event);
            }
        };
        var receipts = new Receipts() {
            @Override
            public Receipt locked(OrderKey key, UUID id) {
                return byId(key, id).orElseThrow();
            }

            @Override
            public Optional<Receipt> byId(OrderKey key, UUID id) {
                return Stream.of(receipt, stray).filter(r -> r.id().equals(id)).findFirst();
            }
        };
        var attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        var settlements = new Settlements() {
            @Override
            void add(Settlement settlement) {
                stored.add(settlement);
            }

            @Override
            Settlement locked(SettlementKey key) {
                return byKey(key).orElseThrow();
            }

            @Override
            public Optional<Settlement> byKey(SettlementKey key) {
                return stored.stream().filter(s -> s.key().equals(key)).findFirst();
            }

            @Override
            List<SettlementKey> of(OrderKey key) {
                return stored.stream().map(Settlement::key).toList();
            }

            @Override
            UUID receiptOf(SettlementKey key) {
                return locked(key).receiptId();
            }
        };
        var account = new AccountSettings(
                attempt.accountId(),
                1,
                provider.name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://tiny.example"));
        var accounts = new Accounts() {
            @Override
            public Optional<Opened> of(UUID merchantId, UUID id) {
                return Optional.of(new Opened(account, merchantId, Mode.LIVE));
            }

            @Override
            public AttemptAtProvider atProvider(Attempt of) {
                return new AttemptAtProvider(
                        of.key(),
                        provider,
                        account,
                        new AttemptRef(PayType.of("tiny_h5"), of.attemptNo(), SubMerchant.NONE));
            }
        };
        var providers = new Providers(List.of(provider)) {
            @Override
            public PaymentProvider named(String name) {
                return named;
            }
        };
        settling.orders = orders;
        settling.attempts = attempts;
        settling.receipts = receipts;
        settling.settlements = settlements;
        settling.refundRequests = new PayerRefundRequests() {
            @Override
            public boolean undecided(OrderKey key) {
                return requested;
            }
        };
        settling.accounts = accounts;
        settling.providers = providers;
        settling.calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings settings, Supplier<T> adapter) {
                if (inTransaction) throw new IllegalStateException("a transaction is open");
                if (busy) throw ProblemType.PROVIDER_BUSY.with("tiny");
                return adapter.get();
            }

            @Override
            public Duration lease() {
                return LEASE;
            }
        };
        settling.failures = new FailureLog() {
            @Override
            public void log(UUID of, String what, RuntimeException why) {}
        };
        settling.transactions = transactions;
        settling.settings = new Settings(name -> name.equals("CASHDESK_BASE_URL") ? "https://pay.example" : null);
        settling.clock = clock;
        held.settlements = settlements;
        held.settlePayment = settling;
        held.orders = orders;
        held.receipts = receipts;
        held.accounts = accounts;
        held.providers = providers;
        held.clock = clock;
    }
}
