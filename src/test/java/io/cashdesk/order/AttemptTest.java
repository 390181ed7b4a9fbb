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

    @Test
    void with_an_unknown_outcome_stays_live_and_is_due_for_a_query() {
        attempt.unknown("no answer in time", NOON);

        assertThat(attempt.state().live()).isTrue();
        assertThat(attempt.nextQueryAt()).contains(NOON);
    }

    @Test
    void shows_its_code_until_it_expires() {
        attempt.shown("{}", null, NOON.plusSeconds(5));

        assertThat(attempt.shownFor(Duration.ofSeconds(60), NOON.plusSeconds(239)))
                .isTrue();
        assertThat(attempt.shownFor(Duration.ofSeconds(60), NOON.plusSeconds(240)))
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
