package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RefundTest {
    private static final Instant NOON = Instant.parse("2026-11-21T04:00:00Z");

    private final PayOrder order = new PayOrder(
            UUID.randomUUID(),
            Mode.TEST,
            new PayOrder.NewOrder(
                    new OutTradeNo("T1234567"),
                    Money.fen(990),
                    "tea",
                    "goods",
                    "{}",
                    null,
                    null,
                    "h5",
                    null,
                    null,
                    null,
                    List.of(),
                    NOON.plusSeconds(300)),
            NOON);
    private final Receipt receipt = new Receipt(
            new Attempt(
                    order.id(),
                    new Attempt.Numbered(1, "T1234567"),
                    new Attempt.Target(UUID.randomUUID(), "wxpay", "1600000000", "wxpay_h5"),
                    new Attempt.Asked("{}", "same", NOON.plusSeconds(300), NOON.plusSeconds(300), null),
                    UUID.randomUUID(),
                    NOON,
                    NOON),
            "4200",
            Money.fen(990),
            Receipt.Kind.ORDER,
            NOON,
            NOON,
            "{}");

    private Refund refund() {
        return new Refund(
                order,
                receipt,
                UUID.randomUUID(),
                new Refund.Numbered(1, "T1234567-1", "T1234567-1"),
                Money.fen(100),
                new Refund.Because(RefundCause.MERCHANT, "", null),
                NOON);
    }

    @Test
    void what_is_set_aside_is_nobody_elses() {
        receipt.reserve(Money.fen(900));

        assertThat(receipt.left()).isEqualTo(Money.fen(90));
        assertThatThrownBy(() -> receipt.reserve(Money.fen(91))).hasMessageContaining("is left");
        receipt.release(Money.fen(900));
        assertThat(receipt.left()).isEqualTo(Money.fen(990));
    }

    @Test
    void that_failed_can_be_tried_again_and_one_that_succeeded_cannot() {
        var refund = refund();
        refund.failed("NOT_ENOUGH", NOON);
        assertThat(refund.state().reserves()).isFalse();

        refund.asking(UUID.randomUUID(), NOON.plusSeconds(45));
        assertThat(refund.state().reserves()).isTrue();
        refund.succeeded("5030", 100L, NOON, "{}");

        assertThatThrownBy(() -> refund.asking(UUID.randomUUID(), NOON)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> refund.closed("", "{}", NOON)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void under_a_claim_is_asked_about_when_nobody_lives_to_finish_it() {
        var refund = refund();
        var claim = UUID.randomUUID();

        refund.asking(claim, NOON.plusSeconds(45));

        assertThat(refund.claimedBy(claim)).isTrue();
        assertThat(refund.beingAsked(NOON.plusSeconds(44))).isTrue();
        assertThat(refund.beingAsked(NOON.plusSeconds(45))).isFalse();
    }

    @Test
    void the_drawing_in_the_docs_is_the_code() throws IOException {
        assertThat(Files.readString(Path.of("docs/architecture.md")))
                .contains(Stream.of(RefundState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
    }
}
