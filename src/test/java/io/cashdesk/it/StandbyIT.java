package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.PrimaryAndStandby;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The machine of the primary fails under load, and its synchronous standby is promoted. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StandbyIT {
    static PrimaryAndStandby postgres;
    static OtherProviderProcess provider;
    static Node node;

    @BeforeAll
    static void start() {
        var installed = PrimaryAndStandby.installed();
        assumeTrue(
                installed.isPresent(),
                "The failover test was skipped: install Debian's package postgresql-15 (or newer) to run it.");
        postgres = new PrimaryAndStandby(installed.get());
        provider = OtherProviderProcess.start();
        node = Nodes.start("standby", postgres.url(), null, Map.of("CASHDESK_PROVIDER_TIMEOUT_SECONDS", "1"));
    }

    @AfterAll
    static void stop() {
        if (node != null) node.stop();
        if (provider != null) provider.close();
        if (postgres != null) postgres.close();
    }

    @Test
    void no_acknowledged_payment_is_missing_and_the_node_continues_by_itself() throws Exception {
        var key = provider.liveMerchant(node, "standby", false);
        try (var customers = new Customers(List.of(node), key, provider).start(6)) {
            Eventually.within(
                    Duration.ofSeconds(60),
                    "thirty orders are paid",
                    () -> customers.acknowledged().size() >= 30);

            postgres.killPrimary();
            var before = customers.acknowledged();
            Eventually.within(
                    Duration.ofSeconds(30),
                    "the node is not ready without a primary",
                    () -> node.call("GET", "/health/ready", null, null).status() == 503);
            var refused = customers.refused();
            Eventually.within(
                    Duration.ofSeconds(30),
                    "an order or a notification is refused without a primary",
                    () -> customers.refused() > refused);
            postgres.promoteStandby();
            var promoted = System.nanoTime();

            assertThat(before).hasSizeGreaterThanOrEqualTo(30).allSatisfy(StandbyIT::isPaidOnce);
            Eventually.within(
                    Duration.ofSeconds(30),
                    "ten more are paid, on the promoted one",
                    () -> customers.acknowledged().size() >= before.size() + 10);
            var again = Duration.ofNanos(System.nanoTime() - promoted);
            var all = customers.finish();

            assertThat(all).containsAll(before).allSatisfy(StandbyIT::isPaidOnce);
            assertThat(again).isLessThan(Machine.limit(Duration.ofSeconds(30), Duration.ofSeconds(60)));
            assertThat(TestDatabase.text(postgres.standby(), "select cast(pg_is_in_recovery() as text)"))
                    .isEqualTo("false");
        }
    }

    private static void isPaidOnce(String number) {
        Customers.assertPaidOnce(postgres.standby(), number);
    }
}
