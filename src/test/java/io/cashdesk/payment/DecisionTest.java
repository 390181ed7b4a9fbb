package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DecisionTest {
    private static final TinyProvider PROVIDER = new TinyProvider("tiny", 1, client -> false);
    private static final CollectRequest REQUEST = request(Optional.empty());
    private static final CollectRequest BY_CODE = request(Optional.of(new PaymentCode("134567890123456789", "")));

    /** After the lease of an attempt that began at noon, and while the attempt lives. */
    private static final Instant LATER = NOON.plusSeconds(60);

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();

    private static CollectRequest request(Optional<PaymentCode> code) {
        var account = new AccountSettings(
                new UUID(0, 1),
                1,
                PROVIDER.name(),
                "h5",
                JsonObject.EMPTY_JSON_OBJECT,
                URI.create("https://tiny.example"));
        return new CollectRequest(
                PROVIDER,
                account,
                new PayType(PROVIDER.name(), "h5"),
                Duration.ofMinutes(5),
                new Payer("192.0.2.1", "", Payer.Screen.CODE),
                SubMerchant.NONE,
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT,
                code);
    }

    /** An attempt of the order that asks for the same as {@link #REQUEST}. */
    private AnAttempt same() {
        return AnAttempt.of(order).withKey(REQUEST.key());
    }

    private Decision after(Attempt live, Instant now) {
        return Decision.of(order, order.expiresAt(), Optional.empty(), List.of(live), Duration.ZERO, REQUEST, now);
    }

    @Test
    void without_a_live_attempt_a_new_one_is_opened() {
        assertThat(Decision.of(order, order.expiresAt(), Optional.empty(), List.of(), Duration.ZERO, REQUEST, NOON))
                .isInstanceOf(Decision.OpenNew.class);
    }

    @Test
    void while_a_call_runs_every_other_caller_waits() {
        var calling = same().calling();

        assertThat(after(calling, NOON.plusSeconds(44))).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void an_abandoned_call_is_made_again() {
        var calling = same().calling();

        assertThat(after(calling, NOON.plusSeconds(45))).isEqualTo(new Decision.CallAgain(calling));
    }

    @Test
    void an_attempt_with_an_unknown_outcome_is_called_again_until_its_end_and_closed_from_then_on() {
        var unknown = same().calling();
        unknown.unknown("no answer", NOON);

        assertThat(after(unknown, NOON.plusSeconds(299))).isEqualTo(new Decision.CallAgain(unknown));
        assertThat(after(unknown, NOON.plusSeconds(300))).isEqualTo(new Decision.CloseFirst(unknown));
    }

    @Test
    void an_attempt_for_another_request_is_closed_first() {
        var other = AnAttempt.of(order).withKey("another provider").shown();

        assertThat(after(other, LATER)).isEqualTo(new Decision.CloseFirst(other));
    }

    @Test
    void an_attempt_whose_closing_was_abandoned_is_closed_first() {
        var closing = same().shown();
        closing.closing(Lease.take(NOON, Duration.ofSeconds(45)));

        assertThat(after(closing, LATER)).isEqualTo(new Decision.CloseFirst(closing));
    }

    @Nested
    class An_order_with_too_many_attempts {
        private static final Duration WAIT = Duration.ofMillis(20_500);

        private Decision decide(Attempt... attempts) {
            return Decision.of(order, order.expiresAt(), Optional.empty(), List.of(attempts), WAIT, REQUEST, LATER);
        }

        @Test
        void opens_no_other_and_says_when_it_may() {
            assertThatThrownBy(this::decide).isInstanceOfSatisfying(Problem.class, p -> {
                assertThat(p.type()).isEqualTo(ProblemType.TOO_MANY_ATTEMPTS);
                assertThat(p.retryAfter()).contains(Duration.ofSeconds(21));
            });
        }

        @Test
        void closes_no_code_for_another_wallet() {
            var other = AnAttempt.of(order).withKey("another provider").shown();

            assertThatThrownBy(() -> decide(other)).satisfies(e -> isProblem(e, ProblemType.TOO_MANY_ATTEMPTS));
        }

        @Test
        void still_answers_with_a_code_that_lives() {
            var shown = same().shown();

            assertThat(decide(shown)).isEqualTo(new Decision.Answer(shown));
        }

        @Test
        void still_goes_back_to_a_code_that_could_not_be_closed() {
            var payable = payable();
            var other = AnAttempt.of(order).withKey("another provider").shown();

            assertThat(decide(other, payable)).isEqualTo(new Decision.CloseFirst(other));
            assertThat(decide(payable)).isEqualTo(new Decision.ShowAgain(payable));
        }
    }

    @Nested
    class An_attempt_that_could_not_be_closed {
        private Decision decide(Attempt payable, Instant now) {
            return Decision.of(
                    order, order.expiresAt(), Optional.empty(), List.of(payable), Duration.ZERO, REQUEST, now);
        }

        @Test
        void is_shown_again_for_the_same_request_while_its_code_is_worth_showing() {
            var payable = payable();

            assertThat(decide(payable, NOON.plusSeconds(239))).isEqualTo(new Decision.ShowAgain(payable));
            assertThat(decide(payable, NOON.plusSeconds(240))).isInstanceOf(Decision.OpenNew.class);
        }

        @Test
        void is_not_shown_again_for_another_request() {
            var other = AnAttempt.of(order).withKey("another provider").shown();
            other.closing(Lease.take(NOON, Duration.ofSeconds(45)));
            other.payableUntilItsEnd(NOON);

            assertThat(decide(other, LATER)).isInstanceOf(Decision.OpenNew.class);
        }

        @Test
        void is_not_shown_again_if_it_has_nothing_to_show() {
            var unanswered = same().calling();
            unanswered.payableUntilItsEnd(NOON);

            assertThat(decide(unanswered, LATER)).isInstanceOf(Decision.OpenNew.class);
        }
    }

    private Attempt payable() {
        var attempt = same().shown();
        attempt.closing(Lease.take(NOON, Duration.ofSeconds(45)));
        attempt.payableUntilItsEnd(NOON);
        return attempt;
    }

    @Nested
    class A_shown_attempt {
        @Test
        void is_the_answer_while_a_fifth_of_its_life_is_left() {
            var shown = same().shown();

            assertThat(after(shown, NOON.plusSeconds(239))).isEqualTo(new Decision.Answer(shown));
            assertThat(after(shown, NOON.plusSeconds(240))).isEqualTo(new Decision.CloseFirst(shown));
        }

        @Test
        void is_the_answer_to_its_end_if_a_new_one_could_not_live_longer() {
            var shown = same().payableUntil(order.expiresAt()).shown();
            var shortlyBefore = order.expiresAt().minusSeconds(1);

            assertThat(after(shown, shortlyBefore)).isEqualTo(new Decision.Answer(shown));
        }

        @Test
        void is_called_again_half_a_minute_before_its_prompt_ends() {
            var attempt = same().calling();
            attempt.shown("{}", NOON.plusSeconds(120), NOON);

            assertThat(after(attempt, NOON.plusSeconds(89))).isEqualTo(new Decision.Answer(attempt));
            assertThat(after(attempt, NOON.plusSeconds(90))).isEqualTo(new Decision.CallAgain(attempt));
        }
    }

    @Nested
    class An_order_whose_deadline_was_moved {
        /** The code is payable for 300 s from noon. */
        private Decision until(Instant deadline, Attempt attempt, Instant now) {
            return Decision.of(order, deadline, Optional.empty(), List.of(attempt), Duration.ZERO, REQUEST, now);
        }

        @Test
        void keeps_a_code_of_a_minute_when_it_is_moved_by_a_second() {
            var shown = same().payableUntil(NOON.plusSeconds(60)).shown();

            assertThat(until(NOON.plusSeconds(61), shown, NOON.plusSeconds(1))).isEqualTo(new Decision.Answer(shown));
            assertThat(until(NOON.plusSeconds(107), shown, NOON.plusSeconds(47)))
                    .as("13 s are more than a fifth of its minute")
                    .isEqualTo(new Decision.Answer(shown));
            assertThat(until(NOON.plusSeconds(108), shown, NOON.plusSeconds(48)))
                    .isEqualTo(new Decision.CloseFirst(shown));
        }

        @Test
        void keeps_a_long_code_until_its_last_minute() {
            var shown = same().payableUntil(NOON.plusSeconds(3600)).shown();

            assertThat(until(NOON.plusSeconds(7200), shown, NOON.plusSeconds(3539)))
                    .isEqualTo(new Decision.Answer(shown));
            assertThat(until(NOON.plusSeconds(7200), shown, NOON.plusSeconds(3540)))
                    .isEqualTo(new Decision.CloseFirst(shown));
        }

        @Test
        void takes_no_payment_if_the_new_deadline_has_passed_in_the_meantime() {
            assertThatThrownBy(() -> until(LATER, same().shown(), LATER))
                    .satisfies(e -> isProblem(e, ProblemType.ORDER_CLOSED));
        }

        @Test
        void keeps_its_code_if_it_was_moved_back() {
            var shown = same().shown();

            assertThat(until(NOON.plusSeconds(9000), shown, LATER)).isEqualTo(new Decision.Answer(shown));
            assertThat(until(NOON.plusSeconds(300), shown, LATER)).isEqualTo(new Decision.Answer(shown));
        }

        @Test
        void closes_the_code_that_would_end_later_before_another_is_opened() {
            var shown = same().shown();

            assertThat(until(NOON.plusSeconds(299), shown, LATER)).isEqualTo(new Decision.CloseFirst(shown));
        }

        @Test
        void does_not_repeat_a_call_without_a_result_that_would_end_later() {
            var unknown = same().calling();
            unknown.unknown("no answer", NOON);

            assertThat(until(NOON.plusSeconds(299), unknown, LATER)).isEqualTo(new Decision.CloseFirst(unknown));
        }

        @Test
        void does_not_show_a_code_again_that_could_not_be_closed_and_ends_later() {
            var payable = payable();

            assertThat(until(NOON.plusSeconds(299), payable, LATER)).isInstanceOf(Decision.OpenNew.class);
        }

        @Test
        void keeps_a_code_that_ends_later_because_the_provider_keeps_no_earlier_end() {
            var shown = same().payableUntil(NOON.plusSeconds(62)).shown();

            assertThat(until(NOON.plusSeconds(61), shown, NOON.plusMillis(60_500)))
                    .as("a new one would end after 62 s too")
                    .isEqualTo(new Decision.Answer(shown));
            assertThat(until(NOON.plusSeconds(61), shown, NOON.plusMillis(59_900)))
                    .as("a new one would end after 61 s")
                    .isEqualTo(new Decision.CloseFirst(shown));
        }
    }

    @Nested
    class A_payment_code {
        private Decision decide(Attempt used) {
            return Decision.of(order, order.expiresAt(), Optional.of(used), List.of(), Duration.ZERO, BY_CODE, LATER);
        }

        @Test
        void used_for_another_order_is_refused() {
            var used = AnAttempt.ofAnyOrder().byPaymentCode("hash").calling();

            assertThatThrownBy(() -> decide(used)).satisfies(e -> isProblem(e, ProblemType.AUTH_CODE_USED));
        }

        @Test
        void used_for_this_order_is_answered_by_its_result_even_if_the_order_is_paid() {
            var used = AnAttempt.of(order).byPaymentCode("hash").calling();
            used.paid();

            assertThat(decide(used)).isEqualTo(new Decision.Answer(used));
        }

        @Test
        void that_failed_needs_another_number() {
            var used = AnAttempt.of(order).byPaymentCode("hash").calling();
            used.refused("ACQ.PAYMENT_FAIL", "no", false, NOON);

            assertThatThrownBy(() -> decide(used)).satisfies(e -> isProblem(e, ProblemType.NUMBER_SPENT));
        }

        @Test
        void is_not_taken_for_a_number_that_was_tried_before() {
            AnAttempt.of(order).calling();

            assertThatThrownBy(() -> Decision.of(
                            order, order.expiresAt(), Optional.empty(), List.of(), Duration.ZERO, BY_CODE, LATER))
                    .satisfies(e -> isProblem(e, ProblemType.NUMBER_SPENT));
        }
    }

    @Nested
    class An_order_that_takes_no_payment {
        private void refuses(PayOrder order, Instant now, ProblemType type) {
            assertThatThrownBy(() -> Decision.of(
                            order, order.expiresAt(), Optional.empty(), List.of(), Duration.ZERO, REQUEST, now))
                    .satisfies(e -> isProblem(e, type));
        }

        @Test
        void says_why() {
            var held = AnOrder.of(fen(990)).unpaid();
            held.requirePerson("received 9.91");

            refuses(AnOrder.of(fen(990)).paid(), NOON, ProblemType.ORDER_PAID);
            refuses(AnOrder.of(fen(990)).closed(), NOON, ProblemType.ORDER_CLOSED);
            refuses(order, order.expiresAt(), ProblemType.ORDER_CLOSED);
            refuses(held, NOON, ProblemType.ORDER_NEEDS_PERSON);
        }
    }

    private static void isProblem(Throwable thrown, ProblemType type) {
        assertThat(thrown)
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(type));
    }

    /** A request whose prompt the wallet takes only once, by a call that began at this moment. */
    private static CollectRequest onceOnly(Instant began, String session) {
        var once = new CollectRequest(
                REQUEST.provider(),
                REQUEST.account(),
                REQUEST.payType(),
                REQUEST.codeLife(),
                REQUEST.payer(),
                REQUEST.sub(),
                REQUEST.returnUrl(),
                REQUEST.other(),
                Optional.empty(),
                "",
                Optional.of(Instant.MAX),
                Optional.empty());
        return once.in(session, began);
    }

    private Decision after(Attempt live, CollectRequest request) {
        return Decision.of(order, order.expiresAt(), Optional.empty(), List.of(live), Duration.ZERO, request, LATER);
    }

    @Test
    void a_prompt_that_is_taken_once_goes_to_calls_at_the_same_time_and_to_no_later_one() {
        var first = onceOnly(NOON.minusMillis(100), "s1");
        var shown = AnAttempt.of(order).withKey(first.key()).shown();

        assertThat(after(shown, onceOnly(NOON, "s1"))).isEqualTo(new Decision.Answer(shown));
        var later = onceOnly(NOON.plusMillis(1), "s1");
        assertThat(after(shown, later)).isEqualTo(new Decision.CloseFirst(shown));
        assertThat(after(shown, later.afterWaitingFor(shown.id()))).isEqualTo(new Decision.Answer(shown));
        assertThat(after(shown, later.afterWaitingFor(order.id()))).isEqualTo(new Decision.CloseFirst(shown));
    }

    @Test
    void a_prompt_of_another_session_is_not_handed_out() {
        var shown = AnAttempt.of(order).withKey(onceOnly(NOON, "s1").key()).shown();

        assertThat(after(shown, onceOnly(NOON, "s2"))).isEqualTo(new Decision.CloseFirst(shown));
    }
}
