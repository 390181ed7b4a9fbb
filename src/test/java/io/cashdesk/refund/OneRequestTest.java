package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
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
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.testing.Fired;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A refund at a provider without refund numbers: its request leaves this server at most once, whatever fails, and what
 * no query shows a person decides.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OneRequestTest {
    private static final Duration LEASE = Duration.ofSeconds(45);

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Attempt attempt = AnAttempt.of(order).calling();
    private final Receipt receipt = AReceipt.through(attempt).of(fen(990));
    private final List<Refund> stored = new ArrayList<>();
    private final List<PayOrderChanged> fired = new ArrayList<>();
    private final List<OrderEvent> events = new ArrayList<>();
    private final Numberless provider = new Numberless();
    private Instant now = AnOrder.NOON;
    private boolean busy;

    {
        attempt.paid();
        order.paidBy(receipt, attempt, "", "", false, now);
    }

    private final RefundPayment refunding = wired();

    /** A provider that pays each request out, because it cannot recognise a repetition. */
    private static final class Numberless extends TinyProvider implements MakesRefunds {
        private final List<String> requests = new ArrayList<>();
        private int queries;
        private Function<RefundRequest, RefundReport> answer = Numberless::done;
        private Function<RefundRequest, RefundReport> query =
                request -> new RefundReport.Undecided(request.refundNo(), "{}");

        Numberless() {
            super("tiny", 1, client -> false);
        }

        static RefundReport done(RefundRequest request) {
            return new RefundReport.Succeeded(request.refundNo(), "", null, null, null, "{}");
        }

        @Override
        public boolean fitsRefund(String outRefundNo) {
            return true;
        }

        @Override
        public int mostRefunds(AccountSettings account) {
            return 1;
        }

        @Override
        public boolean repeatable(AccountSettings account) {
            return false;
        }

        @Override
        public Period refundable() {
            return Period.ofYears(1);
        }

        @Override
        public RefundReport refund(AccountSettings account, RefundRequest request) {
            requests.add(request.refundNo());
            return answer.apply(request);
        }

        @Override
        public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
            queries++;
            return query.apply(request);
        }

        @Override
        public ProviderError explain(Call call, String providerCode, String words) {
            var text = new LocalizedText("无", "none");
            return providerCode.equals("NOT_ENOUGH")
                    ? new ProviderError(
                            providerCode,
                            ProviderError.Fault.MERCHANT,
                            ProviderError.Retry.SAME_LATER,
                            text,
                            text,
                            text)
                    : ProviderError.unknown(providerCode, words);
        }
    }

    /** Runs each transaction at once; the store is a list. */
    private RefundPayment wired() {
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
                return work.get();
            }

            @Override
            public void runInNew(Runnable work) {
                work.run();
            }

            @Override
            public void runInCurrentOrNew(Runnable work) {
                work.run();
            }

            @Override
            public void afterCommit(Runnable work) {}
        };
        var orders = new PayOrders() {
            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }

            @Override
            public Optional<PayOrder> byKey(OrderKey key) {
                return Optional.of(order);
            }

            @Override
            public void record(OrderEvent event) {
                events.add(event);
            }
        };
        var receipts = new Receipts() {
            @Override
            public Receipt locked(OrderKey key, UUID id) {
                return receipt;
            }

            @Override
            public Optional<Receipt> byId(OrderKey key, UUID id) {
                return Optional.of(receipt);
            }

            @Override
            public List<Receipt> of(OrderKey key) {
                return List.of(receipt);
            }
        };
        var attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }
        };
        var refunds = new Refunds() {
            @Override
            void add(Refund refund) {
                stored.add(refund);
            }

            @Override
            Refund locked(RefundKey key) {
                return byKey(key).orElseThrow();
            }

            @Override
            public Optional<Refund> byKey(RefundKey key) {
                return stored.stream().filter(r -> r.key().equals(key)).findFirst();
            }

            @Override
            UUID receiptOf(RefundKey key) {
                return receipt.id();
            }

            @Override
            public List<Refund> allOf(OrderKey key) {
                return List.copyOf(stored);
            }

            @Override
            Optional<Refund> byMerchantsNumber(UUID merchant, Mode mode, String no) {
                return stored.stream().filter(r -> r.outRefundNo().equals(no)).findFirst();
            }
        };
        var account = new AccountSettings(
                UUID.randomUUID(),
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
        var calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings settings, Supplier<T> adapter) {
                if (busy) throw ProblemType.PROVIDER_BUSY.with("tiny");
                return adapter.get();
            }

            @Override
            public Duration lease() {
                return LEASE;
            }
        };
        var providers = new Providers(List.of(provider)) {
            @Override
            public io.cashdesk.provider.PaymentProvider named(String name) {
                return provider;
            }
        };
        var apply = new ApplyRefundReport();
        apply.orders = orders;
        apply.attempts = attempts;
        apply.receipts = receipts;
        apply.refunds = refunds;
        apply.changes = new Fired<>(fired::add);
        apply.signals = new Signals();
        apply.transactions = transactions;
        apply.clock = clock;
        var store = new StoreRefund();
        store.orders = orders;
        store.attempts = attempts;
        store.receipts = receipts;
        store.refunds = refunds;
        store.requests = new PayerRefundRequests() {
            @Override
            List<PayerRefundRequest> toDecide(OrderKey key) {
                return List.of();
            }
        };
        store.providers = providers;
        store.accounts = accounts;
        store.calls = calls;
        store.transactions = transactions;
        store.begins = new Fired<>(begins -> {});
        store.signals = new Signals();
        store.clock = clock;
        var wired = new RefundPayment();
        wired.orders = orders;
        wired.attempts = attempts;
        wired.receipts = receipts;
        wired.refunds = refunds;
        wired.store = store;
        wired.applyRefundReport = apply;
        wired.accounts = accounts;
        wired.providers = providers;
        wired.calls = calls;
        wired.failures = new FailureLog() {
            @Override
            public void log(UUID of, String what, RuntimeException why) {}
        };
        wired.transactions = transactions;
        wired.settings = new Settings(name -> name.equals("CASHDESK_BASE_URL") ? "https://pay.example" : null);
        wired.changes = new Fired<>(fired::add);
        wired.signals = new Signals();
        wired.clock = clock;
        return wired;
    }

    private Refund request(String number) {
        return refunding.of(order, new RefundPayment.Wish(Optional.of(number), Optional.empty(), "", null));
    }

    private void answers(Kind kind, String code) {
        provider.answer = request -> {
            throw new ProviderFailure(kind, code, "words");
        };
    }

    /** As the sweeper does when the refund is due again. */
    private void later(Duration time) {
        now = now.plus(time);
        refunding.resume(stored.get(0).key());
    }

    private void shows(Function<RefundRequest, RefundReport> query) {
        provider.query = query;
    }

    private List<String> open() {
        return order.openReasons().stream().map(OpenReason::text).toList();
    }

    private void refusedLater(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.REFUND_LATER));
    }

    @Nested
    class A_request_without_an_answer {
        @ParameterizedTest
        @EnumSource(
                value = Kind.class,
                names = {"OUTCOME_UNKNOWN", "NOT_AUTHENTIC"})
        void is_never_sent_again_and_needs_a_person_at_once_where_no_query_shows_it(Kind kind) {
            answers(kind, "");

            var refund = request("R1");
            assertThat(refund.state()).isEqualTo(RefundState.UNKNOWN);
            later(Duration.ofSeconds(5));
            request("R1");
            later(Duration.ofHours(30));

            assertThat(provider.requests).containsExactly("R1");
            assertThat(refund.state()).isEqualTo(RefundState.UNKNOWN);
            assertThat(receipt.left()).isEqualTo(fen(0));
            assertThat(open())
                    .filteredOn(r -> r.contains("does not show"))
                    .singleElement()
                    .asString()
                    .contains("refund R1 ", "look in the provider's console");
            refusedLater(() -> request("R2"));
        }

        @Test
        void needs_a_person_after_the_first_query_and_not_a_day_later() {
            answers(Kind.OUTCOME_UNKNOWN, "");
            request("R1");

            later(Duration.ofSeconds(5));

            assertThat(open()).hasSize(1);
            assertThat(stored.get(0).needsDecision()).isTrue();
        }

        @Test
        void is_not_sent_again_where_the_provider_says_that_it_has_none_and_a_person_is_required_ten_minutes_later() {
            answers(Kind.OUTCOME_UNKNOWN, "");
            shows(request -> new RefundReport.Absent(request.refundNo(), "{}"));
            request("R1");

            later(Duration.ofMinutes(5));
            assertThat(open()).isEmpty();
            request("R1");
            later(Duration.ofMinutes(6));

            assertThat(provider.requests).containsExactly("R1");
            assertThat(open()).singleElement().asString().contains("refund R1 ", "console");
        }

        @Test
        void has_succeeded_if_the_query_shows_it() {
            answers(Kind.OUTCOME_UNKNOWN, "");
            shows(Numberless::done);
            request("R1");

            later(Duration.ofSeconds(5));

            assertThat(provider.requests).hasSize(1);
            assertThat(stored.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
            assertThat(order.refundFee()).isEqualTo(990);
            assertThat(open()).isEmpty();
        }

        @Test
        void stays_open_while_the_query_is_not_answered() {
            answers(Kind.OUTCOME_UNKNOWN, "");
            shows(request -> {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "no connection");
            });
            request("R1");

            later(Duration.ofSeconds(5));

            assertThat(provider.requests).hasSize(1);
            assertThat(stored.get(0).state()).isEqualTo(RefundState.UNKNOWN);
            assertThat(open()).isEmpty();
        }
    }

    @Nested
    class A_node_that_died {
        @Test
        void during_the_call_leaves_a_refund_that_is_not_sent_again() {
            provider.answer = request -> {
                throw new ThreadDeath();
            };
            assertThatThrownBy(() -> request("R1")).isInstanceOf(ThreadDeath.class);
            provider.answer = Numberless::done;

            later(LEASE.plusSeconds(1));
            request("R1");

            assertThat(provider.requests).containsExactly("R1");
            assertThat(stored.get(0).state()).isEqualTo(RefundState.UNKNOWN);
            assertThat(open()).hasSize(1);
        }

        @Test
        void during_the_call_is_followed_by_the_merchants_repetition_which_sends_nothing() {
            provider.answer = request -> {
                throw new ThreadDeath();
            };
            assertThatThrownBy(() -> request("R1")).isInstanceOf(ThreadDeath.class);
            provider.answer = Numberless::done;
            now = now.plus(LEASE).plusSeconds(1);

            request("R1");

            assertThat(provider.requests).containsExactly("R1");
            assertThat(stored.get(0).needsDecision()).isTrue();
        }
    }

    @Nested
    class Two_requests_at_once {
        @Test
        void send_one() {
            provider.answer = request -> {
                assertThatThrownBy(() -> request("R1"))
                        .isInstanceOfSatisfying(
                                Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.CALL_RUNNING));
                refunding.resume(stored.get(0).key());
                return Numberless.done(request);
            };

            request("R1");

            assertThat(provider.requests).containsExactly("R1");
            assertThat(provider.queries).isZero();
            assertThat(order.refundFee()).isEqualTo(990);
        }

        @Test
        void of_which_the_slower_one_lost_its_lease_send_one() {
            provider.answer = request -> {
                later(LEASE.plusSeconds(1)); // another node takes it over while the first still waits
                throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time");
            };

            request("R1");
            later(Duration.ofHours(1));

            assertThat(provider.requests).containsExactly("R1");
            assertThat(stored.get(0).needsDecision()).isTrue();
        }
    }

    @Nested
    class What_was_certainly_not_sent {
        @Test
        void may_be_sent_by_the_merchants_repetition_without_a_query() {
            answers(Kind.UNREACHABLE, "");
            assertThatThrownBy(() -> request("R1")).isInstanceOf(Problem.class);
            provider.answer = Numberless::done;

            request("R1");

            assertThat(provider.requests).hasSize(2);
            assertThat(provider.queries).isZero();
            assertThat(stored.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
        }

        @Test
        void may_be_sent_when_there_is_capacity() {
            busy = true;
            assertThatThrownBy(() -> request("R1")).isInstanceOf(Problem.class);
            busy = false;

            request("R1");

            assertThat(provider.requests).hasSize(1);
            assertThat(stored.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
        }

        @Test
        void or_was_refused_for_a_reason_that_passes_may_be_sent_again() {
            answers(Kind.DECLINED, "NOT_ENOUGH");
            assertThatThrownBy(() -> request("R1")).isInstanceOf(Problem.class);
            assertThat(receipt.left()).isEqualTo(fen(990));
            provider.answer = Numberless::done;

            request("R1");

            assertThat(provider.requests).hasSize(2);
            assertThat(order.refundFee()).isEqualTo(990);
        }

        @Test
        void but_was_refused_with_an_unknown_code_counts_as_sent() {
            answers(Kind.DECLINED, "BRAND_NEW");
            request("R1");
            provider.answer = Numberless::done;

            later(Duration.ofMinutes(1));

            assertThat(provider.requests).hasSize(1);
            assertThat(stored.get(0).needsDecision()).isTrue();
        }
    }

    @Nested
    class One_refund_is_all_that_a_payment_can_have {
        @Test
        void even_if_it_was_of_a_part() {
            refunding.of(order, new RefundPayment.Wish(Optional.of("R1"), Optional.of(100L), "", null));

            assertThatThrownBy(() ->
                            refunding.of(order, new RefundPayment.Wish(Optional.of("R2"), Optional.of(100L), "", null)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.REFUND_TOO_MANY));

            assertThat(provider.requests).containsExactly("R1");
        }
    }

    @Nested
    class A_person_decides {
        private void unknown() {
            answers(Kind.OUTCOME_UNKNOWN, "");
            request("R1");
            later(Duration.ofSeconds(5));
        }

        private void decide(RefundPayment.Finding finding) {
            refunding.decide(order, stored.get(0), finding, List.of(), "{\"decided\":{\"by\":\"Li\"}}");
        }

        @Test
        void that_the_payer_has_the_money() {
            unknown();

            decide(RefundPayment.Finding.REFUNDED);

            assertThat(stored.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
            assertThat(stored.get(0).evidence()).get().asString().contains("\"by\":\"Li\"");
            assertThat(order.refundFee()).isEqualTo(990);
            assertThat(order.refundNum()).isEqualTo(1);
            assertThat(open()).isEmpty();
            assertThat(fired).extracting(PayOrderChanged::kind).containsExactly(PayOrderChanged.Kind.REFUNDED);
        }

        @Test
        void that_it_did_not_happen_and_the_merchant_may_refund_under_a_new_number() {
            unknown();

            decide(RefundPayment.Finding.NOT_REFUNDED);

            assertThat(stored.get(0).state()).isEqualTo(RefundState.CLOSED);
            assertThat(receipt.left()).isEqualTo(fen(990));
            assertThat(open()).isEmpty();
            assertThat(fired).extracting(PayOrderChanged::kind).containsExactly(PayOrderChanged.Kind.REFUND_FAILED);
            provider.answer = Numberless::done;
            request("R2");
            assertThat(provider.requests).containsExactly("R1", "R2");
            assertThat(order.refundFee()).isEqualTo(990);
        }

        @Test
        void once() {
            unknown();
            decide(RefundPayment.Finding.REFUNDED);
            decide(RefundPayment.Finding.REFUNDED);
            decide(RefundPayment.Finding.NOT_REFUNDED);

            assertThat(order.refundFee()).isEqualTo(990);
            assertThat(order.refundNum()).isEqualTo(1);
            assertThat(stored.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
            assertThat(stored.get(0).needsDecision()).isFalse();
        }

        @Test
        void about_one_refund_and_not_about_another_whose_number_begins_so() {
            unknown();
            order.requirePerson("refund R10 may have been sent");
            order.requirePerson("something else");

            decide(RefundPayment.Finding.REFUNDED);

            assertThat(open()).containsExactly("refund R10 may have been sent", "something else");
        }
    }

    @Nested
    class Money_that_is_returned_by_itself {
        private final Refund refund =
                ARefund.from(order, receipt).because(RefundCause.LATE).of(fen(990));

        {
            receipt.reserve(fen(990));
            refund.waiting(null, now);
            stored.add(refund);
        }

        @Test
        void is_requested_once() {
            answers(Kind.OUTCOME_UNKNOWN, "");

            later(Duration.ofSeconds(1));
            later(Duration.ofMinutes(1));
            later(Duration.ofHours(1));

            assertThat(provider.requests).hasSize(1);
            assertThat(refund.state()).isEqualTo(RefundState.UNKNOWN);
            assertThat(order.openReasons())
                    .singleElement()
                    .satisfies(reason -> assertThat(reason.receipt()).contains(receipt.id()));
        }

        @Test
        void is_sent_again_while_nothing_arrives_there() {
            answers(Kind.UNREACHABLE, "");
            later(Duration.ofSeconds(1));
            later(Duration.ofMinutes(1));
            provider.answer = Numberless::done;

            later(Duration.ofMinutes(1));

            assertThat(provider.requests).hasSize(3);
            assertThat(provider.queries).isZero();
            assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
        }

        @Test
        void is_not_sent_again_after_a_node_died_with_the_call() {
            refund.requested(Lease.take(now, LEASE));

            later(LEASE.plusSeconds(1));

            assertThat(provider.requests).isEmpty();
            assertThat(refund.needsDecision()).isTrue();
        }
    }
}
