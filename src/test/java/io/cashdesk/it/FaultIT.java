package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.fault.FaultRun;
import io.cashdesk.testing.Nodes;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Nothing is lost and nothing is doubled, whatever fails (docs/reliability.md). Random; the seed is printed, and
 * {@code -Dcashdesk.fault.seed=…} draws the same orders and the same faults again. Which of them coincide depends on
 * the machine.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultIT {
    private static final FaultRun.Size SHORT =
            new FaultRun.Size(150, 48, Duration.ofSeconds(15), 2, Duration.ofSeconds(90));

    @Test
    void the_providers_records_and_ours_agree_after_random_faults() throws Exception {
        var seed = Long.getLong("cashdesk.fault.seed", new Random().nextInt(Integer.MAX_VALUE));
        System.out.println("FaultIT: -Dcashdesk.fault.seed=" + seed);
        try (var run = FaultRun.start("fault-" + seed, Nodes.shared(), seed)) {
            var outcome = run.round(seed, SHORT);

            System.out.println("FaultIT: " + outcome);
            assertThat(outcome.differences()).as(outcome.report()).isEmpty();
        }
    }
}
