package io.cashdesk.settlement;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.notification.SettlementReported;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.RefundBegins;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettlePaymentTest {
    private static final Duration WEEK = Duration.ofDays(7);

    private final ASettlingShop shop = new ASettlingShop();

    private Settlement now() {
        return shop.settling.now(shop.order.merchantId(), Mode.LIVE, shop.order.outTradeNo(), "Wang");
    }

    private void isRefused(ProblemType type) {
        assertThatThrownBy(this::now)
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(type));
    }

    private SettlementState state() {
        return shop.settlement().state();
    }

    @Nested
    class A_payment_that_begins_to_count {
        @Test
        void waits_as_many_days_as_the_account_says() {
            shop.paid();

            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.settlement().amount()).isEqualTo(fen(990));
            assertThat(shop.settlement().dueAt()).contains(AnOrder.NOON.plus(WEEK));
            assertThat(shop.settlement().nextAt()).contains(AnOrder.NOON.plus(WEEK));
            assertThat(shop.settlement().settlementNo()).matches("[0-9a-f]{32}");
        }

        @Test
        void waits_for_a_person_where_no_days_are_configured() {
            shop.provider.days = OptionalInt.empty();
            shop.paid();

            assertThat(shop.settlement().dueAt()).isEmpty();
            assertThat(shop.settlement().nextAt()).isEmpty();
        }

        @Test
        void is_not_kept_by_other_providers() {
            shop.named = new TinyProvider("tiny", 1, client -> false);
            shop.paid();

            assertThat(shop.stored).isEmpty();
            isRefused(ProblemType.NOT_SUPPORTED);
        }
    }

    @Nested
    class On_the_day {
        @Test
        void it_is_requested_once_without_a_transaction_and_settled() {
            shop.paid();
            shop.later(WEEK);

            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.settlement().settledBy()).contains(Settlement.By.SCHEDULE);
            assertThat(shop.settlement().settledAmount()).contains(990L);
            assertThat(shop.settlement().nextAt()).isEmpty();
            assertThat(shop.provider.settled).hasSize(1);
            assertThat(shop.provider.settled.get(0).transactionId()).isEqualTo("4200");
            assertThat(shop.provider.settled.get(0).notifyUrl())
                    .hasToString("https://pay.example/notify/wxpay/" + shop.attempt.accountId());
        }

        @Test
        void it_follows_the_accounts_present_settings() {
            shop.paid();
            shop.provider.days = OptionalInt.of(30);
            shop.later(WEEK);
            assertThat(shop.settlement().dueAt()).contains(AnOrder.NOON.plus(Duration.ofDays(30)));
            assertThat(shop.provider.settled).isEmpty();

            shop.provider.days = OptionalInt.empty();
            shop.later(Duration.ofDays(30));
            assertThat(shop.settlement().dueAt()).isEmpty();
            assertThat(shop.settlement().nextAt()).isEmpty();
            assertThat(shop.provider.settled).isEmpty();
        }

        @Test
        void it_waits_for_a_refund_and_settles_what_is_left() {
            shop.paid();
            shop.refunding(100);
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.provider.settled).isEmpty();
            assertThat(shop.settlement().nextAt()).contains(shop.now.plus(Duration.ofMinutes(5)));

            shop.refunded(100);
            shop.later(Duration.ofMinutes(5));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.provider.settled)
                    .extracting(SettlementRequest::amount)
                    .containsExactly(fen(890));
        }

        @Test
        void it_waits_for_the_decision_about_a_payers_request() {
            shop.paid();
            shop.requested = true;
            shop.later(WEEK);
            assertThat(shop.provider.settled).isEmpty();

            shop.requested = false;
            shop.later(Duration.ofMinutes(5));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void it_is_not_needed_once_all_was_refunded() {
            shop.paid();
            shop.refunding(990);
            shop.refunded(990);

            assertThat(state()).isEqualTo(SettlementState.NOT_NEEDED);
            assertThat(shop.settlement().nextAt()).isEmpty();
            isRefused(ProblemType.SETTLEMENT_OF_NOTHING);
        }
    }

    @Nested
    class A_request_without_an_answer {
        @ParameterizedTest
        @EnumSource(
                value = Kind.class,
                names = {"OUTCOME_UNKNOWN", "NOT_AUTHENTIC"})
        void is_queried_before_the_same_is_sent_again(Kind kind) {
            shop.paid();
            shop.answers(kind, "");
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.UNKNOWN);

            shop.provider.answer = ASettlingShop.Keeping::done;
            shop.later(Duration.ofSeconds(10));
            assertThat(shop.provider.queried).hasSize(1);
            assertThat(shop.provider.settled).hasSize(2);
            assertThat(shop.provider.settled.get(1)).isEqualTo(shop.provider.settled.get(0));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void is_not_sent_again_when_the_query_finds_it() {
            shop.paid();
            shop.answers(Kind.OUTCOME_UNKNOWN, "");
            shop.later(WEEK);
            shop.provider.query = ASettlingShop.Keeping::done;
            shop.later(Duration.ofSeconds(10));

            assertThat(shop.provider.settled).hasSize(1);
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void keeps_its_amount_until_the_first_request_would_be_found() {
            shop.paid();
            shop.answers(Kind.OUTCOME_UNKNOWN, "");
            shop.later(WEEK);
            shop.refunding(90);
            shop.refunded(90);
            shop.provider.answer = ASettlingShop.Keeping::done;

            shop.later(Duration.ofMinutes(1));
            assertThat(state()).isEqualTo(SettlementState.UNKNOWN);
            assertThat(shop.provider.settled).hasSize(1);

            shop.later(Duration.ofMinutes(10));
            assertThat(shop.provider.settled.get(1).amount()).isEqualTo(fen(900));
            assertThat(shop.provider.settled.get(1).settlementNo())
                    .isEqualTo(shop.provider.settled.get(0).settlementNo());
        }

        @Test
        void of_a_node_that_ended_is_queried_first_too() {
            shop.paid();
            shop.settlement().requested(Lease.take(shop.now, ASettlingShop.LEASE), fen(990), shop.now);
            shop.later(Duration.ofSeconds(44));
            assertThat(shop.provider.queried).isEmpty();

            shop.later(Duration.ofSeconds(2));
            assertThat(shop.provider.queried).hasSize(1);
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void needs_a_person_once_after_a_day_and_no_longer_once_it_succeeds() {
            shop.paid();
            shop.answers(Kind.OUTCOME_UNKNOWN, "");
            shop.later(WEEK);
            shop.later(Duration.ofHours(25));
            shop.later(Duration.ofHours(25));
            assertThat(shop.reasons()).hasSize(1);
            assertThat(shop.reasons().get(0)).contains("tried in vain", "console");

            shop.provider.query = ASettlingShop.Keeping::done;
            shop.later(Duration.ofHours(1));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.reasons()).isEmpty();
        }
    }

    @Nested
    class A_request_that_was_not_sent {
        @Test
        void waits_longer_and_longer_and_is_not_queried() {
            shop.paid();
            shop.answers(Kind.UNREACHABLE, "");
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.settlement().nextAt()).contains(shop.now.plusSeconds(10));
            shop.later(Duration.ofSeconds(10));
            assertThat(shop.settlement().nextAt()).contains(shop.now.plusSeconds(20));
            for (int i = 0; i < 12; i++) shop.later(Duration.ofHours(1));
            assertThat(shop.settlement().nextAt()).contains(shop.now.plusSeconds(3_600));
            assertThat(shop.provider.queried).isEmpty();
        }

        @Test
        void because_the_account_is_busy_is_sent_later() {
            shop.paid();
            shop.busy = true;
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.WAITING);

            shop.busy = false;
            shop.later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }
    }

    @Nested
    class A_refusal {
        @Test
        void for_good_fails_and_needs_a_person() {
            shop.paid();
            shop.answers(Kind.DECLINED, "NEVER");
            shop.later(WEEK);

            assertThat(state()).isEqualTo(SettlementState.FAILED);
            assertThat(shop.settlement().failure()).contains("NEVER words");
            assertThat(shop.reasons()).singleElement().asString().contains("NEVER words", "settle the order again");
        }

        @Test
        void by_schedule_is_tried_again_every_day_for_a_month_with_one_reason() {
            shop.paid();
            shop.answers(Kind.DECLINED, "NEVER");
            shop.later(WEEK);
            assertThat(shop.settlement().nextAt()).contains(shop.now.plus(Duration.ofDays(1)));
            for (int i = 0; i < 3; i++) shop.later(Duration.ofDays(1));
            assertThat(shop.provider.settled).hasSize(4);
            assertThat(shop.reasons()).hasSize(1);

            shop.later(Duration.ofDays(27));
            assertThat(shop.settlement().nextAt()).isEmpty();

            shop.provider.answer = ASettlingShop.Keeping::done;
            shop.settlement().dueAgain(shop.now); // as after a change of the account
            shop.later(Duration.ZERO);
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.reasons()).isEmpty();
        }

        @Test
        void where_only_a_person_settles_is_not_tried_again() {
            shop.provider.days = OptionalInt.empty();
            shop.paid();
            shop.answers(Kind.DECLINED, "NEVER");
            now();
            assertThat(state()).isEqualTo(SettlementState.FAILED);
            assertThat(shop.settlement().nextAt()).isEmpty();
        }

        @Test
        void that_passes_is_repeated() {
            shop.paid();
            shop.answers(Kind.DECLINED, "LATER");
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.reasons()).isEmpty();
        }

        @Test
        void that_no_dictionary_has_is_final_once_the_query_has_proved_that_nothing_is_there() {
            shop.paid();
            shop.answers(Kind.DECLINED, "WHATEVER");
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.UNKNOWN);
            shop.later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(SettlementState.UNKNOWN);
            shop.later(Duration.ofMinutes(10));
            assertThat(state()).isEqualTo(SettlementState.FAILED);
        }

        @Test
        void of_a_repetition_proves_nothing_at_first() {
            shop.paid();
            shop.answers(Kind.OUTCOME_UNKNOWN, "");
            shop.later(WEEK);
            shop.answers(Kind.DECLINED, "NEVER");
            shop.later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(SettlementState.UNKNOWN);
        }

        @Test
        void is_tried_again_by_a_person_under_the_same_number() {
            shop.paid();
            shop.answers(Kind.DECLINED, "NEVER");
            shop.later(WEEK);
            shop.provider.answer = ASettlingShop.Keeping::done;

            assertThat(now().state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.settlement().settledBy()).contains(Settlement.By.PERSON);
            assertThat(shop.provider.settled.get(1).settlementNo())
                    .isEqualTo(shop.provider.settled.get(0).settlementNo());
            assertThat(shop.reasons()).isEmpty();
        }

        @Test
        void that_is_reported_later_takes_the_number_with_it() {
            shop.paid();
            shop.provider.answer = r -> new SettlementReport.Processing(r.settlementNo(), "S1", "{}");
            shop.later(WEEK);
            assertThat(state()).isEqualTo(SettlementState.PROCESSING);
            shop.provider.query = r -> new SettlementReport.Failed(r.settlementNo(), "frozen", "{}");
            shop.later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(SettlementState.FAILED);
            assertThat(shop.reasons()).singleElement().asString().contains("frozen");

            shop.provider.answer = ASettlingShop.Keeping::done;
            now();
            assertThat(shop.provider.settled.get(1).settlementNo())
                    .isNotEqualTo(shop.provider.settled.get(0).settlementNo());
        }
    }

    @Nested
    class A_payment_that_does_not_pay_the_order {
        private Settlement other() {
            return shop.stored.get(1);
        }

        private void otherIsDue() {
            shop.now = shop.now.plus(WEEK);
            shop.settling.resume(other().key());
        }

        @Test
        void is_listed_and_waits_for_the_decision() {
            shop.paid();
            shop.duplicate();
            assertThat(other().state()).isEqualTo(SettlementState.WAITING);
            assertThat(other().failure()).isPresent();
            assertThat(other().dueAt()).isEmpty();

            otherIsDue();
            assertThat(shop.provider.settled).isEmpty();
        }

        @Test
        void is_settled_once_it_is_decided_that_it_stays() {
            shop.paid();
            shop.duplicate();
            shop.decided(Receipt.Decision.SETTLE);
            assertThat(other().dueAt()).contains(other().paidAt().plus(WEEK));
            assertThat(other().failure()).isEmpty();

            otherIsDue();
            assertThat(other().state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.provider.settled)
                    .singleElement()
                    .satisfies(sent -> assertThat(sent.transactionId()).isEqualTo("4201"));
        }

        @Test
        void is_not_needed_once_it_was_refunded() {
            shop.paid();
            shop.duplicate();
            shop.decided(Receipt.Decision.RETURN);
            otherIsDue();
            assertThat(other().state()).isEqualTo(SettlementState.WAITING);

            shop.stray.reserve(shop.stray.amount());
            shop.stray.refunded(shop.stray.amount());
            shop.refunded(0);
            assertThat(other().state()).isEqualTo(SettlementState.NOT_NEEDED);
            assertThat(state()).isEqualTo(SettlementState.WAITING);
        }

        @Test
        void is_settled_by_a_person_after_the_payment_of_the_order() {
            shop.provider.days = OptionalInt.empty();
            shop.paid();
            shop.duplicate();
            shop.decided(Receipt.Decision.SETTLE);
            now();
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(other().state()).isEqualTo(SettlementState.WAITING);
            now();
            assertThat(other().state()).isEqualTo(SettlementState.SETTLED);
        }
    }

    @Nested
    class What_the_provider_has_settled_without_us {
        @Test
        void is_found_before_the_request_which_is_not_sent() {
            shop.paid();
            shop.provider.made = List.of(new SettlementReport.Succeeded("", "S7", fen(990), null, "{}"));
            shop.later(WEEK);

            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.settlement().settledBy()).contains(Settlement.By.PROVIDER);
            assertThat(shop.provider.settled).isEmpty();
        }

        @Test
        void in_part_leaves_the_rest_to_be_requested() {
            shop.paid();
            shop.provider.made = List.of(new SettlementReport.Succeeded("", "S7", fen(100), null, "{}"));
            shop.later(WEEK);

            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.provider.settled)
                    .extracting(SettlementRequest::amount)
                    .containsExactly(fen(890));
        }
    }

    @Nested
    class A_person {
        @Test
        void settles_before_the_day_and_a_repetition_does_nothing() {
            shop.paid();

            assertThat(now().state()).isEqualTo(SettlementState.SETTLED);
            assertThat(now().state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.provider.settled).hasSize(1);
            assertThat(shop.settlement().askedBy()).contains("Wang");
        }

        @Test
        void settles_where_no_day_is_configured_and_the_job_goes_on_with_it() {
            shop.provider.days = OptionalInt.empty();
            shop.paid();
            shop.busy = true;
            assertThat(now().state()).isEqualTo(SettlementState.WAITING);

            shop.busy = false;
            shop.later(Duration.ofSeconds(10));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void is_told_why_it_cannot_be_settled() {
            isRefused(ProblemType.ORDER_UNPAID);
            shop.paid();
            shop.refunding(1);
            isRefused(ProblemType.SETTLEMENT_REFUNDING);
            shop.receipt.release(fen(1));
            shop.requested = true;
            isRefused(ProblemType.SETTLEMENT_REFUNDING);
            shop.requested = false;
            shop.later(WEEK);
            isRefused(ProblemType.SETTLED_BEFORE);
        }

        @Test
        void makes_no_second_request_while_one_is_under_way() {
            shop.paid();
            shop.answers(Kind.OUTCOME_UNKNOWN, "");
            now();
            now();
            assertThat(shop.provider.settled).hasSize(1);
        }
    }

    @Nested
    class A_notification {
        private void reports(SettlementReport report) {
            shop.held.on(new SettlementReported(shop.attempt.key(), report));
        }

        @Test
        void of_a_settlement_that_the_provider_made_by_itself_settles_without_a_request() {
            shop.paid();
            reports(new SettlementReport.Succeeded("", "S9", fen(980), 10, AnOrder.NOON, "{}"));

            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.settlement().settledBy()).contains(Settlement.By.PROVIDER);
            assertThat(shop.settlement().settledAmount()).contains(980L);
            assertThat(shop.settlement().nextAt()).isEmpty();
            isRefused(ProblemType.SETTLED_BEFORE);
        }

        @Test
        void settles_what_has_failed_and_closes_the_reason() {
            shop.paid();
            shop.answers(Kind.DECLINED, "NEVER");
            shop.later(WEEK);
            reports(new SettlementReport.Succeeded("", "S9", fen(990), null, "{}"));

            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.reasons()).isEmpty();
        }

        @Test
        void that_comes_twice_changes_nothing() {
            shop.paid();
            shop.later(WEEK);
            var before = shop.events.size();
            reports(new SettlementReport.Succeeded(shop.settlement().settlementNo(), "S1", null, null, "{}"));
            assertThat(shop.events).hasSize(before);
        }

        @Test
        void of_another_settlement_that_failed_changes_nothing() {
            shop.paid();
            reports(new SettlementReport.Failed("other", "why", "{}"));
            assertThat(state()).isEqualTo(SettlementState.WAITING);
        }

        @Test
        void of_a_part_that_was_settled_in_the_console_leaves_the_rest_unsettled_and_needs_a_person() {
            shop.paid();
            var part = new SettlementReport.Succeeded("console-1", "S8", fen(100), AnOrder.NOON, "{}");
            reports(part);
            reports(part);

            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.settlement().amount()).isEqualTo(fen(890));
            assertThat(shop.reasons()).singleElement().asString().contains("S8", "1.00", "9.90");
            assertThat(shop.eventKinds()).containsOnlyOnce("settlement.part");

            reports(new SettlementReport.Succeeded("console-2", "S9", fen(890), AnOrder.NOON, "{}"));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
            assertThat(shop.reasons()).isEmpty();
        }

        @Test
        void of_another_settlement_without_an_amount_needs_a_person() {
            shop.paid();
            reports(new SettlementReport.Succeeded("", "S9", null, null, "{}"));

            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.settlement().amount()).isEqualTo(fen(990));
            assertThat(shop.reasons()).hasSize(1);
        }

        @Test
        void of_more_than_was_paid_needs_a_person() {
            shop.paid();
            reports(new SettlementReport.Succeeded("", "S9", fen(991), null, "{}"));
            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.reasons()).hasSize(1);
        }

        @Test
        void of_all_that_was_paid_before_a_refund_settles_what_is_left() {
            shop.paid();
            shop.refunding(100);
            shop.refunded(100);
            reports(new SettlementReport.Succeeded("", "S9", fen(990), null, "{}"));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }

        @Test
        void that_our_settlement_has_brought_less_leaves_the_rest_for_another_request() {
            shop.paid();
            shop.provider.answer = r -> new SettlementReport.Succeeded(r.settlementNo(), "S1", fen(900), null, "{}");
            shop.later(WEEK);

            assertThat(state()).isEqualTo(SettlementState.FAILED);
            assertThat(shop.settlement().amount()).isEqualTo(fen(90));
            assertThat(shop.settlement().settlementNo())
                    .isNotEqualTo(shop.provider.settled.get(0).settlementNo());
            assertThat(shop.reasons()).hasSize(1);
        }

        @Test
        void of_a_payment_that_does_not_count_is_kept_as_evidence() {
            shop.paid();
            var other = new AttemptKey(shop.order.key(), UUID.randomUUID());
            shop.held.on(new SettlementReported(other, new SettlementReport.Succeeded("", "S9", null, null, "{}")));
            assertThat(state()).isEqualTo(SettlementState.WAITING);
            assertThat(shop.eventKinds()).contains("settlement.other");
        }
    }

    @Nested
    class A_refund_that_begins {
        @Test
        void waits_for_the_answer_to_a_settlement_that_is_being_requested() {
            shop.paid();
            shop.settlement().requested(Lease.take(shop.now, ASettlingShop.LEASE), fen(990), shop.now);

            assertThatThrownBy(() -> shop.held.on(new RefundBegins(shop.order, shop.receipt)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.CALL_RUNNING));
            shop.held.on(new RefundBegins(
                    shop.order, AReceipt.through(shop.attempt).numbered("4201").of(fen(990))));
        }

        @Test
        void is_possible_before_and_after() {
            shop.paid();
            shop.held.on(new RefundBegins(shop.order, shop.receipt));
            shop.later(WEEK);
            shop.held.on(new RefundBegins(shop.order, shop.receipt));
            assertThat(state()).isEqualTo(SettlementState.SETTLED);
        }
    }
}
