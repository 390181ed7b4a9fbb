package io.cashdesk.coin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.coin.CoinOperation.Kind;
import io.cashdesk.coin.CoinOperation.Wish;
import io.cashdesk.merchant.Mode;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CoinOperationTest {
    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");
    private static final Wish WISH = new Wish(Kind.PAY, "coin0001", "coin0001", false, "o1", 10, "{}");

    private final CoinOperation operation =
            new CoinOperation(UUID.randomUUID(), Mode.LIVE, UUID.randomUUID(), WISH, NOW);

    @Test
    void was_not_sent_before_its_first_call() {
        assertThat(operation.maybeDone()).isFalse();
    }

    @Test
    void may_have_been_done_if_it_is_called_again_without_a_known_outcome() {
        operation.called(NOW); // the node died in the first call

        assertThat(operation.maybeDone()).isTrue();
    }

    @Test
    void that_was_refused_was_not_done() {
        operation.refused("268490006", NOW);
        operation.called(NOW);

        assertThat(operation.maybeDone()).isFalse();
    }

    @Test
    void whose_outcome_is_unknown_stays_so_when_its_repetition_is_refused() {
        operation.unknown("time-out", NOW);
        operation.called(NOW);
        operation.refused("268490009", NOW);
        operation.called(NOW);

        assertThat(operation.maybeDone()).isTrue();
    }

    @Test
    void that_is_done_stays_done() {
        operation.done("{}", NOW);
        operation.called(NOW);
        operation.refused("busy", NOW);

        assertThat(operation.result()).contains("{}");
    }

    @Test
    void says_which_value_a_repetition_has_changed() {
        assertThat(operation.differsFrom(WISH)).isEmpty();
        assertThat(operation.differsFrom(new Wish(Kind.PAY, "coin0001", "coin0001", false, "o1", 11, "{}")))
                .contains(new CoinOperation.Difference("amount", "10", "11"));
    }
}
