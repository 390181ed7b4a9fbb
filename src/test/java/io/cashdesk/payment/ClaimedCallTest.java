package io.cashdesk.payment;

import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClaimedCallTest {
    private static Attempt unknown(String why) {
        var attempt = AnAttempt.ofAnyOrder().calling();
        attempt.unknown(why, NOON);
        return attempt;
    }

    private static ClaimedCall repeated(Attempt attempt, AttemptState before) {
        return new ClaimedCall(attempt, UUID.randomUUID(), Optional.of(before), true);
    }

    @Test
    void whose_outcome_is_as_unknown_as_before_changed_nothing() {
        var call = repeated(unknown("no answer in time"), AttemptState.UNKNOWN);

        assertThat(call.changedNothing(unknown("no answer in time"))).isTrue();
        assertThat(call.changedNothing(unknown("busy"))).isFalse();
    }

    @Test
    void that_renewed_the_prompt_changed_it() {
        var call = repeated(AnAttempt.ofAnyOrder().shown(), AttemptState.SHOWN);
        var renewed = AnAttempt.ofAnyOrder().calling();
        renewed.shown("{\"kind\":\"go\"}", null, NOON);

        assertThat(call.changedNothing(AnAttempt.ofAnyOrder().shown())).isTrue();
        assertThat(call.changedNothing(renewed)).isFalse();
    }

    @Test
    void about_a_new_attempt_always_changes_it() {
        var shown = AnAttempt.ofAnyOrder().shown();

        assertThat(new ClaimedCall(shown, UUID.randomUUID(), Optional.empty(), false).changedNothing(shown))
                .isFalse();
    }
}
