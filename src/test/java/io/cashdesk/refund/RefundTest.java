package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
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
    void the_diagram_in_the_docs_matches_the_code() throws IOException {
        assertThat(Files.readString(Path.of("docs/architecture.md")))
                .contains(Stream.of(RefundState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
    }
}
