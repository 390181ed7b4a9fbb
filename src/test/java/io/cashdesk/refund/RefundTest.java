package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static io.cashdesk.refund.Refund.Concern.OTHER_AMOUNT;
import static io.cashdesk.refund.Refund.Concern.SLOW;
import static io.cashdesk.refund.Refund.Concern.SPENT;
import static io.cashdesk.refund.Refund.Concern.STUCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RefundTest {
    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Receipt receipt =
            AReceipt.through(AnAttempt.of(order).calling()).of(fen(990));

    private Refund refund() {
        return ARefund.from(order, receipt).of(fen(100));
    }

    @Test
    void a_reserved_amount_cannot_be_reserved_again() {
        receipt.reserve(fen(900));

        assertThat(receipt.left()).isEqualTo(fen(90));
        assertThatThrownBy(() -> receipt.reserve(fen(91))).hasMessageContaining("is left");
        receipt.release(fen(900));
        assertThat(receipt.left()).isEqualTo(fen(990));
    }

    @Test
    void keeps_what_a_later_report_does_not_repeat() {
        var refund = refund();
        refund.processing(
                "5030", null, "{\"channel\":\"ORIGINAL\",\"status\":\"PROCESSING\",\"amount\":{\"a\":1}}", NOON);

        refund.succeeded(
                "5030", 100L, NOON, "{\"status\":\"SUCCESS\",\"user_received_account\":\"0403\",\"amount\":{\"b\":2}}");

        assertThat(refund.evidence()).get().asString().doesNotContain("channel");
        assertThat(refund.reports())
                .contains("{\"channel\":\"ORIGINAL\",\"status\":\"SUCCESS\",\"amount\":{\"a\":1,\"b\":2},"
                        + "\"user_received_account\":\"0403\"}");
    }

    @Test
    void keeps_how_much_was_the_payers_own_money_if_a_later_report_does_not_say_it() {
        var refund = refund();
        refund.processing("5030", 90L, "{}", NOON);
        assertThat(refund.cashAmount()).contains(90L);

        refund.succeeded("5030", null, NOON, "{}");

        assertThat(refund.cashAmount()).contains(90L);
    }

    @Test
    void that_succeeded_takes_from_a_later_report_only_what_it_lacks() {
        var refund = refund();
        refund.succeeded("5030", 100L, NOON, "{\"refund_status\":\"SUCCESS\",\"amount\":{\"refund\":100}}");

        refund.supplemented(
                "{\"channel\":\"ORIGINAL\",\"refund_status\":\"PROCESSING\",\"amount\":{\"refund\":1,\"b\":2}}");

        assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(refund.evidence()).get().asString().doesNotContain("channel");
        assertThat(refund.reports())
                .contains(
                        "{\"channel\":\"ORIGINAL\",\"refund_status\":\"SUCCESS\",\"amount\":{\"refund\":100,\"b\":2}}");
        var before = refund.reports();
        refund.supplemented("{\"channel\":\"BALANCE\"}");
        assertThat(refund.reports()).isEqualTo(before);
    }

    @Test
    void that_failed_can_be_tried_again_and_one_that_succeeded_cannot() {
        var refund = refund();
        refund.failed("NOT_ENOUGH", NOON);
        assertThat(refund.state().reserves()).isFalse();

        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        assertThat(refund.state().reserves()).isTrue();
        refund.succeeded("5030", 100L, NOON, "{}");

        assertThatThrownBy(() -> refund.requested(Lease.take(NOON, Duration.ZERO)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> refund.closed("", "{}", NOON)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void is_called_under_a_lease() {
        var refund = refund();
        var lease = Lease.take(NOON, Duration.ofSeconds(45));

        refund.requested(lease);

        assertThat(refund.claimedBy(lease.claim())).isTrue();
        assertThat(refund.beingCalled(NOON.plusSeconds(44))).isTrue();
        assertThat(refund.beingCalled(NOON.plusSeconds(45))).isFalse();
    }

    @Test
    void that_was_sent_with_an_unknown_outcome_cannot_fail() {
        var refund = refund();
        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        refund.maybeSent(NOON);
        refund.unknown("no usable answer", NOON, NOON.plusSeconds(5));

        refund.requested(Lease.take(NOON.plusSeconds(5), Duration.ofSeconds(45)));

        assertThatThrownBy(() -> refund.failed("429", NOON)).hasMessageContaining("only a report can end it");
        refund.closed("5030", "{}", NOON);
        assertThat(refund.state()).isEqualTo(RefundState.CLOSED);
    }

    @Test
    void whose_call_is_taken_over_may_have_been_sent_and_one_that_waited_was_not() {
        var dead = refund();
        dead.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        var waited = refund();
        waited.waiting(null, NOON);
        waited.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        assertThat(dead.wasMaybeSent()).isFalse();

        dead.requested(Lease.take(NOON.plusSeconds(46), Duration.ofSeconds(45)));

        assertThat(dead.wasMaybeSent()).isTrue();
        assertThat(waited.wasMaybeSent()).isFalse();
        waited.failed("TRADE_NOT_ALLOW_REFUND", NOON);
        assertThat(waited.state().reserves()).isFalse();
    }

    @Test
    void is_queried_after_10_seconds_then_at_doubled_times_and_hourly_in_the_end() {
        var refund = refund();
        var seconds = new ArrayList<Long>();
        for (int i = 0; i < 12; i++) {
            seconds.add(Duration.between(NOON, refund.nextQuery(NOON)).toSeconds());
            refund.queried(NOON);
        }

        assertThat(seconds)
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_280L, 2_560L, 3_600L, 3_600L, 3_600L);
    }

    @Test
    void whose_outcome_is_unknown_is_stuck_24_hours_later_whatever_has_failed_since() {
        var refund = refund();
        refund.failed("NOT_ENOUGH", NOON);
        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        refund.unknown("query: unreachable", NOON.plusSeconds(60), NOON.plusSeconds(70));
        refund.requested(Lease.take(NOON.plusSeconds(70), Duration.ofSeconds(45)));
        refund.unknown("query: SIGN_ERROR", NOON.plus(Duration.ofHours(23)), NOON.plusSeconds(70));

        assertThat(refund.wasMaybeSent()).isFalse();
        assertThat(refund.stuck(NOON.plus(Duration.ofHours(24)))).isFalse();
        assertThat(refund.stuck(NOON.plus(Duration.ofHours(24)).plusSeconds(60)))
                .isTrue();
        refund.requirePerson(STUCK);
        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        refund.failed("PARAM_ERROR", NOON);
        assertThat(refund.stuck(NOON.plus(Duration.ofDays(9)))).isFalse();
        assertThat(refund.requirePerson(STUCK)).as("of the next try").isTrue();
    }

    @Test
    void is_stuck_24_hours_after_its_first_unknown_send_and_an_automatic_one_after_it_was_stored() {
        var merchants = refund();
        var automatic = ARefund.from(order, receipt).because(RefundCause.LATE).of(fen(990));

        assertThat(merchants.stuck(NOON.plus(Duration.ofDays(9)))).isFalse();
        merchants.maybeSent(NOON.plusSeconds(60));
        merchants.maybeSent(NOON.plus(Duration.ofHours(23)));

        assertThat(merchants.stuck(NOON.plus(Duration.ofHours(24)))).isFalse();
        assertThat(merchants.stuck(NOON.plus(Duration.ofHours(24)).plusSeconds(60)))
                .isTrue();
        assertThat(automatic.stuck(NOON.plus(Duration.ofHours(24)).minusSeconds(1)))
                .isFalse();
        assertThat(automatic.stuck(NOON.plus(Duration.ofHours(24)))).isTrue();
    }

    @Test
    void requires_a_person_once_for_each_kind_of_reason_in_whatever_order_they_come() {
        var refund = refund();

        assertThat(refund.requirePerson(OTHER_AMOUNT)).isTrue();
        assertThat(refund.requirePerson(STUCK)).isTrue();
        assertThat(refund.requirePerson(OTHER_AMOUNT)).isFalse();
        assertThat(refund.requirePerson(STUCK)).isFalse();
        assertThat(refund.requires(SPENT)).isFalse();
        assertThat(refund.requirePerson(SPENT)).isTrue();
    }

    @Test
    void that_waits_can_be_stopped_and_one_that_is_called_or_may_have_been_sent_cannot() {
        var refund = ARefund.from(order, receipt).because(RefundCause.DUPLICATE).of(fen(990));
        assertThat(refund.canBeAbandoned()).as("being requested").isFalse();
        refund.waiting("NOT_ENOUGH", NOON);
        assertThat(refund.canBeAbandoned()).isTrue();
        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));
        assertThat(refund.canBeAbandoned()).as("called").isFalse();
        refund.maybeSent(NOON);
        refund.unknown("no answer", NOON, NOON);
        assertThat(refund.canBeAbandoned()).as("maybe sent").isFalse();
    }

    @Test
    void with_a_number_passes_one_of_unknown_outcome_once_a_person_was_required_for_it() {
        var unknown = refund();
        unknown.maybeSent(NOON);
        unknown.unknown("no answer", NOON, NOON);
        var numbered = new RefundPayment.Wish(Optional.of("R2"), Optional.of(10L), "", null);
        var unnumbered = new RefundPayment.Wish(Optional.empty(), Optional.of(10L), "", null);

        assertThatThrownBy(() -> StoreRefund.refuseWhileUnknown(List.of(unknown), numbered))
                .isInstanceOf(Problem.class);
        unknown.requirePerson(OTHER_AMOUNT);
        assertThatThrownBy(() -> StoreRefund.refuseWhileUnknown(List.of(unknown), numbered))
                .isInstanceOf(Problem.class);
        unknown.requirePerson(STUCK);

        StoreRefund.refuseWhileUnknown(List.of(unknown), numbered);
        assertThatThrownBy(() -> StoreRefund.refuseWhileUnknown(List.of(unknown), unnumbered))
                .isInstanceOf(Problem.class);
    }

    @Test
    void that_was_accepted_and_does_not_end_needs_a_decision_after_seven_days() {
        var refund = refund();
        var week = NOON.plus(Duration.ofDays(7));
        assertThat(refund.slow(week)).as("not accepted yet").isFalse();
        refund.processing("5030", null, "{}", NOON);

        assertThat(refund.slow(week.minusMillis(1))).isFalse();
        assertThat(refund.slow(week)).isTrue();
        assertThat(refund.needsDecision()).isFalse();
        assertThat(refund.requirePerson(SLOW)).isTrue();
        assertThat(refund.needsDecision()).isTrue();
        refund.closed("5030", "{}", week); // what the person found
    }

    @Test
    void of_which_another_one_is_reported_is_queried_later_and_not_failed() {
        var refund = refund();
        refund.requested(Lease.take(NOON, Duration.ofSeconds(45)));

        refund.differs("gave back 1", NOON);

        assertThat(refund.state()).isEqualTo(RefundState.UNKNOWN);
        assertThat(refund.beingCalled(NOON)).isFalse();
        assertThat(refund.wasMaybeSent()).isTrue();
    }

    @Test
    void the_diagram_in_the_docs_matches_the_code() throws IOException {
        assertThat(Files.readString(Path.of("docs/architecture.md")))
                .contains(Stream.of(RefundState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
    }
}
