package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
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
import io.cashdesk.provider.AuditsRefunds;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.PayerRefunds.Decision;
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

/** A payer requests a refund at a provider, and the merchant, or the provider at its deadline, decides. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PayerRefundsTest {
    private static final Duration LEASE = Duration.ofSeconds(45);
    private static final Duration DAYS = Duration.ofDays(3);
    private static final String NO = "RF1";

    private final PayOrder order = AnOrder.of(fen(990)).in(Mode.LIVE).unpaid();
    private final Attempt attempt = AnAttempt.of(order).calling();
    private final Receipt receipt = AReceipt.through(attempt).of(fen(990));
    private final List<Refund> refunds = new ArrayList<>();
    private final List<PayerRefundRequest> requests = new ArrayList<>();
    private final List<PayOrderChanged> fired = new ArrayList<>();
    private final Auditing provider = new Auditing();
    private final PayerRefunds payers = new PayerRefunds();
    private final ApplyRefundReport apply = new ApplyRefundReport();
    private Instant now = AnOrder.NOON;
    private RefundPayment refunding;
    private boolean inTransaction;
    private boolean settling;

    /** Lets the merchant decide. */
    private static final class Auditing extends TinyProvider implements MakesRefunds, AuditsRefunds {
        private final List<String> decisions = new ArrayList<>();
        private Runnable answer = () -> {};
        private Function<RefundRequest, RefundReport> query = r -> new RefundReport.Absent(r.refundNo(), "{}");

        Auditing() {
            super("tiny", 1, client -> false);
        }

        @Override
        public int longestReason() {
            return 20;
        }

        @Override
        public void decide(
                AccountSettings account, AttemptRef attempt, String refundId, boolean accepted, String reason) {
            decisions.add(refundId + " " + accepted + " " + reason);
            answer.run();
        }

        @Override
        public boolean fitsRefund(String outRefundNo) {
            return true;
        }

        @Override
        public int mostRefunds(AccountSettings account) {
            return 50;
        }

        @Override
        public Period refundable() {
            return Period.ofYears(1);
        }

        @Override
        public RefundReport refund(AccountSettings account, RefundRequest request) {
            return new RefundReport.Processing(request.refundNo(), "", null, "{}");
        }

        @Override
        public RefundReport queryRefund(AccountSettings account, RefundRequest request) {
            return query.apply(request);
        }

        @Override
        public ProviderError explain(Call call, String providerCode, String words) {
            var text = new LocalizedText("无", "none");
            return providerCode.equals("NEVER")
                    ? new ProviderError(
                            providerCode, ProviderError.Fault.MERCHANT, ProviderError.Retry.NO, text, text, text)
                    : ProviderError.unknown(providerCode, words);
        }
    }

    {
        attempt.paid();
        order.paidBy(receipt, attempt, "", "", false, now);
        wire();
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
            public void record(OrderEvent event) {}

            @Override
            public boolean recorded(OrderKey key, String kind, String detail) {
                return false;
            }
        };
        var receipts = new Receipts() {
            @Override
            public Receipt locked(OrderKey key, UUID id) {
                return receipt;
            }

            @Override
            public List<Receipt> of(OrderKey key) {
                return List.of(receipt);
            }

            @Override
            public Optional<Receipt> byId(OrderKey key, UUID id) {
                return Optional.of(receipt);
            }
        };
        var attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }

            @Override
            public Attempt locked(AttemptKey key) {
                return attempt;
            }
        };
        var storedRefunds = new Refunds() {
            @Override
            void add(Refund refund) {
                assertThat(refunds).extracting(Refund::refundNo).doesNotContain(refund.refundNo());
                refunds.add(refund);
            }

            @Override
            Refund locked(RefundKey key) {
                return byKey(key).orElseThrow();
            }

            @Override
            public Optional<Refund> byKey(RefundKey key) {
                return refunds.stream().filter(r -> r.key().equals(key)).findFirst();
            }

            @Override
            UUID receiptOf(RefundKey key) {
                return receipt.id();
            }

            @Override
            public List<Refund> allOf(OrderKey key) {
                return List.copyOf(refunds);
            }

            @Override
            public List<Refund> of(OrderKey key) {
                return List.copyOf(refunds);
            }

            @Override
            Optional<Refund> byMerchantsNumber(UUID merchant, Mode mode, String no) {
                return refunds.stream().filter(r -> r.outRefundNo().equals(no)).findFirst();
            }

            @Override
            public Optional<RefundKey> byProvidersNumber(UUID merchant, String provider, String merchantNo, String no) {
                return refunds.stream()
                        .filter(r -> r.refundNo().equals(no))
                        .map(Refund::key)
                        .findFirst();
            }
        };
        var storedRequests = new PayerRefundRequests() {
            @Override
            void add(PayerRefundRequest request) {
                requests.add(request);
            }

            @Override
            PayerRefundRequest locked(PayerRefundKey key) {
                return byKey(key).orElseThrow();
            }

            @Override
            List<PayerRefundRequest> toDecide(OrderKey key) {
                return requests.stream().filter(r -> r.state().undecided()).toList();
            }

            @Override
            public Optional<PayerRefundRequest> byKey(PayerRefundKey key) {
                return requests.stream().filter(r -> r.key().equals(key)).findFirst();
            }

            @Override
            Optional<PayerRefundKey> byNumber(UUID merchant, String provider, String refundId) {
                return byNumber(merchant, order.mode(), refundId).map(PayerRefundRequest::key);
            }

            @Override
            public Optional<PayerRefundRequest> byNumber(UUID merchant, Mode mode, String refundId) {
                return requests.stream()
                        .filter(r -> r.mode() == mode && r.refundId().equals(refundId))
                        .findFirst();
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
        var calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings settings, Supplier<T> adapter) {
                if (inTransaction) throw new IllegalStateException("a transaction is open");
                return adapter.get();
            }

            @Override
            public Duration lease() {
                return LEASE;
            }
        };
        var providers = new Providers(List.of(provider)) {
            @Override
            public PaymentProvider named(String name) {
                return provider;
            }
        };
        var failures = new FailureLog() {
            @Override
            public void log(UUID of, String what, RuntimeException why) {}
        };
        apply.orders = orders;
        apply.attempts = attempts;
        apply.receipts = receipts;
        apply.refunds = storedRefunds;
        apply.payerRefunds = payers;
        apply.changes = new Fired<>(fired::add);
        apply.signals = new Signals();
        apply.transactions = transactions;
        apply.clock = clock;
        var store = new StoreRefund();
        store.orders = orders;
        store.attempts = attempts;
        store.receipts = receipts;
        store.refunds = storedRefunds;
        store.requests = storedRequests;
        store.accounts = accounts;
        store.calls = calls;
        store.begins = new Fired<>(begins -> {});
        store.providers = providers;
        store.transactions = transactions;
        store.signals = new Signals();
        store.clock = clock;
        var refundPayment = new RefundPayment();
        refundPayment.orders = orders;
        refundPayment.attempts = attempts;
        refundPayment.receipts = receipts;
        refundPayment.refunds = storedRefunds;
        refundPayment.store = store;
        refundPayment.transactions = transactions;
        refundPayment.applyRefundReport = apply;
        refundPayment.accounts = accounts;
        refundPayment.providers = providers;
        refundPayment.calls = calls;
        refundPayment.settings = new Settings(name -> name.equals("CASHDESK_BASE_URL") ? "https://pay.example" : null);
        payers.orders = orders;
        payers.attempts = attempts;
        payers.receipts = receipts;
        payers.refunds = storedRefunds;
        payers.requests = storedRequests;
        payers.store = store;
        payers.refundPayment = refundPayment;
        refunding = refundPayment;
        payers.applyRefundReport = apply;
        payers.accounts = accounts;
        payers.providers = providers;
        payers.calls = calls;
        payers.failures = failures;
        payers.transactions = transactions;
        payers.changes = new Fired<>(fired::add);
        payers.begins = new Fired<>(begins -> {
            if (settling) throw ProblemType.CALL_RUNNING.with(order.outTradeNo());
        });
        payers.clock = clock;
    }

    private void requested(long minor) {
        payers.requested(
                attempt.key(),
                new ParsedNotification.RefundRequested(
                        new ParsedNotification.PaymentNumbers(attempt.attemptNo(), ""),
                        NO,
                        fen(minor),
                        "不想要了",
                        now.plus(DAYS),
                        "{}"));
    }

    private PayerRefundRequest decide(Decision decision, String reason) {
        return payers.decide(order.merchantId(), Mode.LIVE, NO, new PayerRefunds.Wish(decision, reason, "Wang"));
    }

    private void isRefused(Decision decision, String reason, ProblemType type) {
        assertThatThrownBy(() -> decide(decision, reason))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(type));
    }

    private void answers(Kind kind, String code) {
        provider.answer = () -> {
            throw new ProviderFailure(kind, code, "words");
        };
    }

    /** As the job does when something is due. */
    private void later(Duration time) {
        now = now.plus(time);
        payers.resume(requests.get(0).key());
    }

    private static RefundReport done(Money amount) {
        return new RefundReport.Succeeded(NO, NO, amount, null, null, "{\"done\":true}");
    }

    private void reports(RefundReport report) {
        var ours = refunds.stream()
                .filter(r -> r.refundNo().equals(report.refundNo()))
                .findFirst();
        if (ours.isPresent()) apply.apply(ours.get().key(), report);
        else apply.applyUnknown(attempt.key(), report);
    }

    private PayerRefundState state() {
        return requests.get(0).state();
    }

    private List<String> reasons() {
        return order.openReasons().stream().map(OpenReason::text).toList();
    }

    private List<PayOrderChanged.Kind> kinds() {
        return fired.stream().map(PayOrderChanged::kind).toList();
    }

    @Nested
    class A_request {
        @Test
        void is_stored_once_notified_once_and_needs_a_person() {
            requested(300);
            requested(300);

            assertThat(requests).hasSize(1);
            assertThat(state()).isEqualTo(PayerRefundState.OPEN);
            assertThat(requests.get(0).deadline()).isEqualTo(now.plus(DAYS));
            assertThat(requests.get(0).nextAt()).contains(now.plus(DAYS));
            assertThat(kinds()).containsExactly(PayOrderChanged.Kind.REFUND_REQUESTED);
            assertThat(fired.get(0).details().getJsonObject("refund_request").getString("refund_id"))
                    .isEqualTo(NO);
            assertThat(reasons()).singleElement().asString().contains(NO, "3.00 CNY", "accept or refuse");
            assertThat(receipt.left()).isEqualTo(fen(990));
        }

        @Test
        void of_another_mode_or_number_is_not_found() {
            requested(300);
            assertThatThrownBy(() -> payers.decide(
                            order.merchantId(), Mode.TEST, NO, new PayerRefunds.Wish(Decision.ACCEPT, "", "Wang")))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.REFUND_REQUEST_NOT_FOUND));
        }
    }

    @Nested
    class Accepted {
        @Test
        void it_reserves_its_money_and_the_provider_has_the_decision() {
            requested(300);

            assertThat(decide(Decision.ACCEPT, "").state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(provider.decisions).containsExactly(NO + " true ");
            assertThat(receipt.left()).isEqualTo(fen(690));
            assertThat(refunds).singleElement().satisfies(refund -> {
                assertThat(refund.cause()).isEqualTo(RefundCause.EXTERNAL);
                assertThat(refund.state()).isEqualTo(RefundState.PROCESSING);
                assertThat(refund.refundNo()).isEqualTo(NO);
                assertThat(refund.refundId()).contains(NO);
            });
            assertThat(reasons()).isEmpty();
        }

        @Test
        void it_ends_with_the_report_of_its_refund() {
            requested(300);
            decide(Decision.ACCEPT, "");
            reports(done(fen(300)));

            assertThat(refunds.get(0).state()).isEqualTo(RefundState.SUCCEEDED);
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(kinds())
                    .containsExactly(
                            PayOrderChanged.Kind.REFUND_REQUESTED,
                            PayOrderChanged.Kind.REFUND_REQUEST_CLOSED,
                            PayOrderChanged.Kind.REFUNDED);
            assertThat(fired.get(1).details().getJsonObject("refund_request").getString("state"))
                    .isEqualTo("accepted");
        }

        @Test
        void a_repetition_changes_nothing_and_another_decision_is_refused() {
            requested(300);
            decide(Decision.ACCEPT, "");
            decide(Decision.ACCEPT, "");
            isRefused(Decision.REFUSE, "no", ProblemType.DECIDED_OTHERWISE);
            assertThat(provider.decisions).hasSize(1);
            assertThat(refunds).hasSize(1);
        }

        @Test
        void it_is_refused_here_if_more_is_wanted_than_is_left() {
            requested(990);
            receipt.reserve(fen(1));
            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_EXCEEDS);
            assertThat(state()).isEqualTo(PayerRefundState.OPEN);
            assertThat(provider.decisions).isEmpty();
        }

        @Test
        void it_waits_for_a_settlement_that_is_being_requested() {
            requested(300);
            settling = true;
            isRefused(Decision.ACCEPT, "", ProblemType.CALL_RUNNING);
            assertThat(refunds).isEmpty();
        }

        @Test
        void without_an_answer_the_same_decision_is_sent_again() {
            requested(300);
            answers(Kind.OUTCOME_UNKNOWN, "");
            assertThat(decide(Decision.ACCEPT, "").state()).isEqualTo(PayerRefundState.ACCEPTING);
            assertThat(receipt.left()).isEqualTo(fen(690));

            provider.answer = () -> {};
            later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(provider.decisions).containsExactly(NO + " true ", NO + " true ");
            assertThat(refunds).hasSize(1);
        }

        @Test
        void without_an_answer_the_report_of_its_refund_ends_it() {
            requested(300);
            answers(Kind.OUTCOME_UNKNOWN, "");
            decide(Decision.ACCEPT, "");
            reports(done(fen(300)));
            later(Duration.ofSeconds(10));

            assertThat(state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(provider.decisions).hasSize(1);
        }

        @Test
        void a_decision_that_the_provider_does_not_take_frees_the_money_and_can_be_made_again() {
            requested(300);
            answers(Kind.DECLINED, "NEVER");
            isRefused(Decision.ACCEPT, "", ProblemType.PROVIDER_REFUSED);
            assertThat(state()).isEqualTo(PayerRefundState.OPEN);
            assertThat(receipt.left()).isEqualTo(fen(990));
            assertThat(reasons()).singleElement().asString().contains("NEVER words");

            provider.answer = () -> {};
            assertThat(decide(Decision.ACCEPT, "").state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(receipt.left()).isEqualTo(fen(690));
            reports(done(fen(300)));
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(refunds).extracting(Refund::state).containsExactly(RefundState.CLOSED, RefundState.SUCCEEDED);
        }

        @Test
        void a_refund_that_is_reported_after_the_decision_was_not_taken_is_applied() {
            requested(300);
            answers(Kind.DECLINED, "NEVER");
            isRefused(Decision.ACCEPT, "", ProblemType.PROVIDER_REFUSED);
            reports(done(fen(300)));

            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(refunds).extracting(Refund::state).containsExactly(RefundState.CLOSED, RefundState.SUCCEEDED);
            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(reasons()).isEmpty();
            provider.answer = () -> {};
            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_REQUEST_ENDED);
            assertThat(order.refundFee()).isEqualTo(300);
        }

        @Test
        void a_refund_that_is_under_way_after_the_decision_was_not_taken_reserves_its_money() {
            requested(300);
            answers(Kind.DECLINED, "NEVER");
            isRefused(Decision.ACCEPT, "", ProblemType.PROVIDER_REFUSED);
            reports(new RefundReport.Processing(NO, NO, null, "{}"));

            assertThat(receipt.left()).isEqualTo(fen(690));
            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(requests.get(0).refund()).contains(refunds.get(1).key());
            reports(done(fen(300)));
            assertThat(order.refundFee()).isEqualTo(300);
        }

        @Test
        void a_request_whose_number_is_that_of_a_refund_of_the_order_is_not_accepted() {
            requested(300);
            answers(Kind.DECLINED, "NEVER");
            isRefused(Decision.ACCEPT, "", ProblemType.PROVIDER_REFUSED);
            apply.apply(
                    refunds.get(0).key(),
                    new RefundReport.Succeeded(refunds.get(0).refundNo(), NO, fen(300), null, null, "{}"));
            provider.answer = () -> {};

            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_REQUEST_ENDED);
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(receipt.left()).isEqualTo(fen(690));
        }

        @Test
        void after_a_decision_that_was_not_taken_a_refusal_is_repeated_too() {
            requested(300);
            answers(Kind.DECLINED, "NEVER");
            isRefused(Decision.ACCEPT, "", ProblemType.PROVIDER_REFUSED);
            answers(Kind.UNREACHABLE, "");
            decide(Decision.REFUSE, "no");
            provider.answer = () -> {};
            later(Duration.ofSeconds(10));

            assertThat(state()).isEqualTo(PayerRefundState.REFUSED);
            assertThat(provider.decisions).containsExactly(NO + " true ", NO + " false no", NO + " false no");
        }

        @Test
        void a_refusal_of_the_decision_that_comes_after_the_refund_has_succeeded_changes_nothing() {
            requested(300);
            provider.answer = () -> {
                reports(done(fen(300)));
                throw new ProviderFailure(Kind.DECLINED, "NEVER", "words");
            };

            assertThat(decide(Decision.ACCEPT, "").state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(reasons()).isEmpty();
        }

        @Test
        void while_the_provider_does_not_have_the_decision_its_money_stays_reserved() {
            requested(300);
            answers(Kind.OUTCOME_UNKNOWN, "");
            decide(Decision.ACCEPT, "");
            reports(new RefundReport.ToBeDecided(NO, NO, "{}"));

            assertThat(refunds).singleElement().extracting(Refund::state).isEqualTo(RefundState.PROCESSING);
            assertThat(receipt.left()).isEqualTo(fen(690));
        }

        @Test
        void a_refusal_of_a_repetition_proves_nothing() {
            requested(300);
            answers(Kind.OUTCOME_UNKNOWN, "");
            decide(Decision.ACCEPT, "");
            answers(Kind.DECLINED, "NEVER");
            later(Duration.ofSeconds(10));

            assertThat(state()).isEqualTo(PayerRefundState.ACCEPTED);
            assertThat(receipt.left()).isEqualTo(fen(690));
        }

        @Test
        void a_decision_that_never_arrives_needs_a_person_a_day_after_the_deadline() {
            requested(300);
            answers(Kind.UNREACHABLE, "");
            decide(Decision.ACCEPT, "");
            later(DAYS);
            assertThat(state()).isEqualTo(PayerRefundState.ACCEPTING);
            later(Duration.ofDays(1));
            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(reasons()).singleElement().asString().contains("may not have the decision");
        }
    }

    @Nested
    class Refused {
        @Test
        void its_reason_is_sent_and_no_money_is_reserved() {
            requested(300);
            assertThat(decide(Decision.REFUSE, "已经使用").state()).isEqualTo(PayerRefundState.REFUSED);
            assertThat(provider.decisions).containsExactly(NO + " false 已经使用");
            assertThat(refunds).isEmpty();
            assertThat(reasons()).isEmpty();
            isRefused(Decision.ACCEPT, "", ProblemType.DECIDED_OTHERWISE);
        }

        @Test
        void a_reason_that_is_missing_or_too_long_is_refused_by_name() {
            requested(300);
            isRefused(Decision.REFUSE, " ", ProblemType.FIELD);
            isRefused(Decision.REFUSE, "x".repeat(21), ProblemType.FIELD);
            assertThat(decide(Decision.REFUSE, "字".repeat(20)).state()).isEqualTo(PayerRefundState.REFUSED);
        }

        @Test
        void a_refund_that_is_reported_all_the_same_is_stored_and_needs_a_person() {
            requested(300);
            decide(Decision.REFUSE, "no");
            reports(done(fen(300)));

            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(reasons()).singleElement().asString().contains("was refused here");
        }
    }

    @Nested
    class Undecided {
        @Test
        void the_refund_that_the_provider_makes_at_its_deadline_is_a_refund_of_the_order() {
            requested(300);
            reports(done(fen(300)));

            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(refunds).singleElement().satisfies(r -> {
                assertThat(r.cause()).isEqualTo(RefundCause.EXTERNAL);
                assertThat(r.state()).isEqualTo(RefundState.SUCCEEDED);
            });
            assertThat(requests.get(0).refund()).contains(refunds.get(0).key());
            assertThat(reasons()).isEmpty();
        }

        @Test
        void at_its_deadline_the_provider_is_queried() {
            requested(300);
            provider.query = r -> new RefundReport.Succeeded(r.refundNo(), NO, fen(300), null, null, "{}");
            later(DAYS);

            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(reasons()).isEmpty();
        }

        @Test
        void at_its_deadline_without_an_answer_it_takes_no_decision_and_a_day_later_needs_a_person() {
            requested(300);
            provider.query = r -> {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "down");
            };
            later(DAYS.minusSeconds(1));
            assertThat(state()).isEqualTo(PayerRefundState.OPEN);
            now = now.plusSeconds(1);
            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_REQUEST_ENDED);
            later(Duration.ZERO);
            assertThat(state()).as("which holds the settlement back").isEqualTo(PayerRefundState.OPEN);
            assertThat(requests.get(0).nextAt()).contains(now.plusSeconds(10));
            later(Duration.ofSeconds(10));
            assertThat(requests.get(0).nextAt()).contains(now.plusSeconds(20));
            later(Duration.ofDays(1));

            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(kinds())
                    .containsExactly(PayOrderChanged.Kind.REFUND_REQUESTED, PayOrderChanged.Kind.REFUND_REQUEST_CLOSED);
            assertThat(reasons()).singleElement().asString().contains("was not decided before its deadline");
            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_REQUEST_ENDED);
            reports(done(fen(300)));
            assertThat(order.refundFee()).isEqualTo(300);
            assertThat(reasons()).isEmpty();
        }

        @Test
        void an_answer_after_its_deadline_that_was_late_is_applied() {
            requested(300);
            provider.query = r -> {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "down");
            };
            later(DAYS);
            provider.query = r -> new RefundReport.ToBeDecided(r.refundNo(), NO, "{}");
            later(Duration.ofSeconds(10));
            assertThat(state()).as("not accepted by it").isEqualTo(PayerRefundState.OPEN);
            assertThat(refunds).isEmpty();
            provider.query = r -> new RefundReport.Processing(r.refundNo(), NO, null, "{}");
            later(Duration.ofSeconds(20));

            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(receipt.left()).isEqualTo(fen(690));
            assertThat(reasons()).isEmpty();
        }

        @Test
        void without_a_deadline_it_is_queried_after_three_days() {
            payers.requested(
                    attempt.key(),
                    new ParsedNotification.RefundRequested(
                            new ParsedNotification.PaymentNumbers("", "2026"), NO, fen(300), "", null, "{}"));
            assertThat(requests.get(0).deadline()).isEqualTo(now.plus(DAYS));
            assertThat(requests.get(0).nextAt()).contains(now.plus(DAYS));
        }

        @Test
        void another_refund_of_the_order_is_refused_by_its_number_until_it_is_decided() {
            requested(300);
            assertThatThrownBy(this::refund).isInstanceOfSatisfying(Problem.class, p -> {
                assertThat(p.type()).isEqualTo(ProblemType.REFUND_REQUEST_OPEN);
                assertThat(p.getMessage()).contains(NO);
            });
            assertThat(receipt.left()).isEqualTo(fen(990));
            decide(Decision.REFUSE, "no");
            refund();

            assertThat(receipt.left()).isEqualTo(fen(690));
        }

        private void refund() {
            refunding.of(order, new RefundPayment.Wish(Optional.of("R2"), Optional.of(300L), "", null));
        }

        @Test
        void a_report_that_it_will_not_happen_ends_it() {
            requested(300);
            reports(new RefundReport.Closed(NO, NO, "{}"));
            assertThat(state()).isEqualTo(PayerRefundState.EXPIRED);
            assertThat(reasons()).isEmpty();
            assertThat(receipt.left()).isEqualTo(fen(990));
        }

        @Test
        void a_refund_of_more_than_is_left_needs_a_person() {
            requested(300);
            receipt.reserve(fen(900));
            reports(done(fen(300)));
            assertThat(refunds).isEmpty();
            assertThat(reasons()).singleElement().asString().contains("outside of this server");
            receipt.release(fen(900));
            isRefused(Decision.ACCEPT, "", ProblemType.REFUND_REQUEST_ENDED);
        }

        @Test
        void a_refund_of_no_request_was_made_in_the_console() {
            reports(done(fen(300)));
            assertThat(refunds).isEmpty();
            assertThat(reasons()).singleElement().asString().contains("console");
        }
    }
}
