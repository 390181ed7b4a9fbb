package io.cashdesk.order;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttemptTest {
    final Attempt attempt = AnAttempt.ofAnyOrder().calling();

    @Test
    void is_called_under_a_lease_and_may_be_taken_over_when_it_ends() {
        assertThat(attempt.beingCalled(NOON.plusSeconds(44))).isTrue();
        assertThat(attempt.beingCalled(NOON.plusSeconds(45))).isFalse();

        var lease = Lease.take(NOON.plusSeconds(45), Duration.ofSeconds(45));
        attempt.takeOver(lease);

        assertThat(attempt.claimedBy(lease.claim())).isTrue();
    }

    @Test
    void is_queried_when_its_lease_ends_because_its_server_may_have_died() {
        assertThat(attempt.nextQueryAt()).contains(NOON.plusSeconds(45));
    }

    @Nested
    class Of_an_order_whose_deadline_moves {
        private final Attempt shown =
                AnAttempt.ofAnyOrder().closedFrom(NOON.plusSeconds(300)).shown();

        @Test
        void to_a_later_moment_is_closed_later() {
            shown.deadlineMoved(NOON.plusSeconds(900), NOON.plusSeconds(60));

            assertThat(shown.closeAt()).isEqualTo(NOON.plusSeconds(900));
            assertThat(shown.nextQueryAt()).contains(NOON.plusSeconds(45));
            assertThat(shown.nextStep()).contains(NextStep.QUERY);
            assertThat(shown.expiresAt()).isEqualTo(NOON.plusSeconds(300));
        }

        @Test
        void to_an_earlier_moment_is_due_then_to_be_closed() {
            shown.queried(NOON, NOON.plusSeconds(200));

            shown.deadlineMoved(NOON.plusSeconds(100), NOON.plusSeconds(60));

            assertThat(shown.nextQueryAt()).contains(NOON.plusSeconds(100));
            assertThat(shown.nextStep()).contains(NextStep.CLOSE);
        }

        @Test
        void and_which_is_called_at_this_moment_keeps_its_lease() {
            attempt.deadlineMoved(NOON.plusSeconds(10), NOON);

            assertThat(attempt.closeAt()).isEqualTo(NOON.plusSeconds(10));
            assertThat(attempt.nextQueryAt()).contains(NOON.plusSeconds(45));
        }

        @Test
        void and_which_is_not_needed_any_more_stays_to_be_closed() {
            shown.superseded(NOON.plusSeconds(30));

            shown.deadlineMoved(NOON.plusSeconds(900), NOON.plusSeconds(60));

            assertThat(shown.closeAt()).isEqualTo(NOON.plusSeconds(30));
        }

        @Test
        void by_a_payment_code_is_reversed_at_its_own_end_or_earlier() {
            var code = AnAttempt.ofAnyOrder().byPaymentCode("hash").shown();

            code.deadlineMoved(NOON.plusSeconds(900), NOON);
            assertThat(code.closeAt()).isEqualTo(NOON.plusSeconds(300));
            code.deadlineMoved(NOON.plusSeconds(20), NOON);
            assertThat(code.closeAt()).isEqualTo(NOON.plusSeconds(20));
        }
    }

    @Test
    void with_an_unknown_outcome_stays_live_and_is_due_for_a_query() {
        attempt.unknown("no answer in time", NOON);

        assertThat(attempt.state().live()).isTrue();
        assertThat(attempt.nextQueryAt()).contains(NOON);
    }

    @Test
    void whose_abandoned_call_is_closed_may_have_been_sent() {
        attempt.closing(Lease.take(NOON.plusSeconds(46), Duration.ofSeconds(45)));

        assertThat(attempt.outcomeUnknown()).isTrue();
    }

    @Test
    void that_is_shown_and_closed_has_no_unknown_outcome() {
        attempt.shown("{}", null, NOON);
        attempt.closing(Lease.take(NOON.plusSeconds(46), Duration.ofSeconds(45)));

        assertThat(attempt.outcomeUnknown()).isFalse();
    }

    @Nested
    class That_is_refused {
        @Test
        void fails_and_leaves_its_number_to_the_next_one() {
            attempt.refused("FREQUENCY_LIMITED", "too many", false, NOON);

            assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
            assertThat(attempt.knownThere()).isFalse();
            assertThat(attempt.providerCode()).contains("FREQUENCY_LIMITED");
        }

        @Test
        void keeps_its_number_if_the_provider_may_know_it() {
            attempt.refused("ORDERPAID", "paid", true, NOON);

            assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
            assertThat(attempt.knownThere()).isTrue();
        }

        @Test
        void keeps_its_number_if_it_was_made_with_a_payment_code() {
            var byCode = AnAttempt.ofAnyOrder().byPaymentCode("hash").calling();
            byCode.refused("NOTENOUGH", "balance too low", false, NOON);

            assertThat(byCode.state()).isEqualTo(AttemptState.FAILED);
            assertThat(byCode.knownThere()).isTrue();
        }

        @Test
        void stays_unknown_and_keeps_its_number_if_an_earlier_call_may_have_arrived() {
            attempt.unknown("no answer in time", NOON);
            attempt.takeOver(Lease.take(NOON, Duration.ofSeconds(45)));
            attempt.refused("FREQUENCY_LIMITED", "too many", false, NOON.plusSeconds(10));

            assertThat(attempt.state()).isEqualTo(AttemptState.UNKNOWN);
            assertThat(attempt.knownThere()).isTrue();
            assertThat(attempt.nextQueryAt()).contains(NOON.plusSeconds(10));
        }

        @Test
        void stays_unknown_if_the_node_of_an_earlier_call_died() {
            attempt.takeOver(Lease.take(NOON.plusSeconds(45), Duration.ofSeconds(45)));
            attempt.refused("40005", "too many", false, NOON.plusSeconds(50));

            assertThat(attempt.state()).isEqualTo(AttemptState.UNKNOWN);
            assertThat(attempt.knownThere()).isTrue();
        }

        @Test
        void still_shows_its_prompt_if_that_was_to_be_renewed() {
            attempt.shown("{}", null, NOON);
            attempt.takeOver(Lease.take(NOON, Duration.ofSeconds(45)));
            attempt.refused("FREQUENCY_LIMITED", "too many", false, NOON.plusSeconds(10));

            assertThat(attempt.state()).isEqualTo(AttemptState.SHOWN);
            assertThat(attempt.knownThere()).isTrue();
        }
    }

    @Nested
    class That_was_not_sent {
        @Test
        void fails_and_leaves_its_number_to_the_next_one() {
            attempt.notSent("busy", NOON);

            assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
            assertThat(attempt.knownThere()).isFalse();
        }

        @Test
        void stays_unknown_if_an_earlier_call_may_have_arrived() {
            attempt.unknown("no answer in time", NOON);
            attempt.takeOver(Lease.take(NOON, Duration.ofSeconds(45)));
            attempt.notSent("unreachable", NOON.plusSeconds(10));

            assertThat(attempt.state()).isEqualTo(AttemptState.UNKNOWN);
            assertThat(attempt.knownThere()).isTrue();
        }
    }

    @Nested
    class Whose_number_the_provider_had_before {
        @Test
        void fails_and_its_number_stays_spent() {
            attempt.numberWasUsed(NOON);

            assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
            assertThat(attempt.knownThere()).isTrue();
        }

        @Test
        void may_be_paid_until_its_end_if_an_earlier_call_may_have_arrived() {
            attempt.unknown("no answer in time", NOON);
            attempt.takeOver(Lease.take(NOON, Duration.ofSeconds(45)));
            attempt.numberWasUsed(NOON.plusSeconds(10));

            assertThat(attempt.state()).isEqualTo(AttemptState.PAYABLE);
            assertThat(attempt.knownThere()).isTrue();
        }
    }

    @Test
    void shows_its_code_until_it_expires() {
        attempt.shown("{}", null, NOON.plusSeconds(5));

        assertThat(attempt.showsFor(Duration.ofSeconds(60), NOON.plusSeconds(239)))
                .isTrue();
        assertThat(attempt.showsFor(Duration.ofSeconds(60), NOON.plusSeconds(240)))
                .isFalse();
    }

    @Test
    void that_cannot_be_closed_at_the_provider_lets_another_begin_and_may_still_be_paid() {
        attempt.shown("{}", null, NOON);
        attempt.closing(Lease.take(NOON, Duration.ofSeconds(45)));
        attempt.payableUntilItsEnd(NOON.plusSeconds(10));

        assertThat(attempt.state().live()).isFalse();
        assertThat(attempt.state().mayBePaid()).isTrue();
        attempt.paid();
        assertThat(attempt.state()).isEqualTo(AttemptState.PAID);
    }

    @Test
    void that_was_paid_never_changes_again() {
        attempt.paid();
        attempt.paid();

        assertThatThrownBy(attempt::closed).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_diagrams_in_the_docs_match_the_code() throws IOException {
        var architecture = Files.readString(Path.of("docs/architecture.md"));

        assertThat(architecture)
                .contains(Stream.of(OrderState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
        assertThat(architecture)
                .contains(Stream.of(AttemptState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
    }
}
