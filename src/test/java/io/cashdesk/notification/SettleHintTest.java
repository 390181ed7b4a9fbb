package io.cashdesk.notification;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.FailureLog;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.SettleHint.Outcome;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettleHintTest {
    private static final ProviderReport UNPAID = new ProviderReport.Unpaid("T1234567", false, "{}");
    private static final ProviderReport PAID = new ProviderReport.Paid(
            "T1234567", "m", "", "2026", Money.fen(990), null, null, "", ProviderReport.WentBack.NOTHING, "{}");
    private static final ApplyReport.Source MESSAGE =
            ApplyReport.Source.notification(new OriginalData(JsonValue.EMPTY_JSON_OBJECT, "", ""));

    private final PayOrder order =
            AnOrder.of(ANewOrder.of(Money.fen(990)).numbered("T1234567")).unpaid();
    private final Attempt attempt = AnAttempt.of(order).shown();
    private final List<ApplyReport.Source> sources = new ArrayList<>();
    private boolean mayQuery = true;
    private boolean queriedSoonAgain;

    private SettleHint answered(ProviderReport report) {
        var settle = new SettleHint();
        settle.clock = Clock.fixed(NOON, ZoneOffset.UTC);
        settle.failures = new FailureLog() {
            @Override
            public void log(UUID account, String what, RuntimeException why) {}
        };
        settle.transactions = new Transactions() {
            @Override
            public <T> T inNew(Supplier<T> work) {
                return work.get();
            }
        };
        settle.orders = new PayOrders() {
            @Override
            public Optional<PayOrder> byKey(OrderKey key) {
                return Optional.of(order);
            }

            @Override
            public PayOrder locked(OrderKey key) {
                return order;
            }
        };
        settle.attempts = new Attempts() {
            @Override
            public Optional<AttemptKey> byNumber(UUID merchant, String provider, String merchantNo, String no) {
                return Optional.of(attempt.key()).filter(key -> no.equals(attempt.attemptNo()));
            }

            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return Optional.of(attempt);
            }

            @Override
            public Attempt locked(AttemptKey key) {
                return attempt;
            }
        };
        settle.queryAttempt = new QueryAttempt() {
            @Override
            public boolean claim(Attempt claimed, Duration atMostEvery) {
                return mayQuery;
            }

            @Override
            Optional<ProviderReport> ofClaimed(Attempt claimed, ApplyReport.Source source) {
                sources.add(source);
                return Optional.of(report);
            }

            @Override
            void soonAgain(Attempt queried) {
                queriedSoonAgain = true;
            }
        };
        return settle;
    }

    private Outcome outcome(ProviderReport report, ParsedNotification parsed, ApplyReport.Source source) {
        var account = new Accounts.Opened(settings(), order.merchantId(), Mode.TEST);
        return answered(report)
                .of(
                        new TinyProvider("tiny", 1, client -> false),
                        account,
                        (ParsedNotification.Hint) parsed.content(),
                        source);
    }

    private static AccountSettings settings() {
        var node = Json.createObjectBuilder().add("mchId", "m").build();
        return new AccountSettings(
                UUID.randomUUID(), 1, new ProviderName("tiny"), "h5", node, URI.create("https://tiny.example"));
    }

    private static ParsedNotification ofPayment() {
        return ParsedNotification.hintOfPayment("key", "TRADE_SUCCESS", "T1234567", "2026");
    }

    @Test
    void of_a_payment_is_settled_once_the_provider_reports_it() {
        assertThat(outcome(PAID, ofPayment(), MESSAGE)).isEqualTo(Outcome.SETTLED);
        assertThat(sources).as("so that its receipt is a notified one").containsExactly(MESSAGE);
        assertThat(attempt.providerNo()).contains("2026");
        assertThat(queriedSoonAgain).isFalse();
    }

    @Test
    void of_a_payment_that_the_provider_does_not_report_yet_is_repeated_and_queried_soon() {
        assertThat(outcome(UNPAID, ofPayment(), MESSAGE)).isEqualTo(Outcome.LATER);
        assertThat(outcome(new ProviderReport.Absent("T1234567", "{}"), ofPayment(), MESSAGE))
                .isEqualTo(Outcome.LATER);
        assertThat(queriedSoonAgain).isTrue();
    }

    @Test
    void of_something_else_is_settled_by_any_answer() {
        assertThat(outcome(UNPAID, ParsedNotification.hint("key", "TRADE_CLOSED", "T1234567"), MESSAGE))
                .isEqualTo(Outcome.SETTLED);
    }

    @Test
    void from_anyone_changes_no_number_and_no_source() {
        var anyones = ParsedNotification.hintOfPayment("", "event", "T1234567", "2026");

        assertThat(outcome(PAID, anyones, ApplyReport.Source.QUERY)).isEqualTo(Outcome.SETTLED);
        assertThat(attempt.providerNo()).isEmpty();
        assertThat(sources).containsExactly(ApplyReport.Source.QUERY);
    }

    @Test
    void about_an_attempt_that_was_just_queried_comes_too_early() {
        mayQuery = false;

        assertThat(outcome(PAID, ofPayment(), MESSAGE)).isEqualTo(Outcome.LATER);
        assertThat(outcome(PAID, ParsedNotification.hint("", "TRADE_SUCCESS", "other"), MESSAGE))
                .isEqualTo(Outcome.UNKNOWN);
        attempt.paid();
        assertThat(outcome(PAID, ofPayment(), MESSAGE)).isEqualTo(Outcome.SETTLED);
        assertThat(sources).isEmpty();
    }
}
