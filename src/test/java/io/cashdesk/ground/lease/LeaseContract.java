package io.cashdesk.ground.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What every row under a lease promises, whether it embeds {@link Lease} or keeps the same columns by SQL. */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class LeaseContract {
    /** What is left of the lease when a test looks at it shortly before its end. */
    private static final Duration REST = Duration.ofSeconds(10);

    /**
     * Takes the row, if no lease runs.
     *
     * @return the claim, or empty
     */
    protected abstract Optional<UUID> take();

    /**
     * Stores a result under this claim, which releases the lease.
     *
     * @return false if the claim does not hold the lease and nothing was stored
     */
    protected abstract boolean finish(UUID claim);

    protected abstract void pass(Duration time);

    protected abstract Duration length();

    @Test
    void a_row_without_a_lease_can_be_taken_once() {
        assertThat(take()).isPresent();

        assertThat(take()).isEmpty();
    }

    @Test
    void a_running_lease_keeps_all_others_out_and_an_ended_one_none() {
        take();

        pass(length().minus(REST));
        assertThat(take()).isEmpty();

        pass(REST);
        assertThat(take()).isPresent();
    }

    @Test
    void who_takes_over_has_a_claim_of_its_own_and_alone_stores_a_result() {
        var first = take().orElseThrow();
        pass(length());
        var second = take().orElseThrow();

        assertThat(second).isNotEqualTo(first);
        assertThat(finish(first)).isFalse();
        assertThat(finish(second)).isTrue();
    }

    @Test
    void a_result_that_comes_after_the_end_is_stored_unless_another_has_taken_over() {
        var claim = take().orElseThrow();

        pass(length().plus(length()));

        assertThat(finish(claim)).isTrue();
    }

    @Test
    void a_result_is_stored_once() {
        var claim = take().orElseThrow();

        assertThat(finish(claim)).isTrue();
        assertThat(finish(claim)).isFalse();
    }
}
