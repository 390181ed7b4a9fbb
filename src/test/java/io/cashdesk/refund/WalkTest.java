package io.cashdesk.refund;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.lease.Lease;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/**
 * Random walks of an order, its attempts, its receipts and its refunds, beside a model of a few numbers and names that
 * determines the result of every step. A step that is not allowed must be refused and change nothing.
 */
class WalkTest {
    private static final long TOTAL = 1_000;

    /** The allowed changes of an attempt's state, written down a second time for this test. */
    private static final Map<String, List<String>> ATTEMPT = Map.of(
            "CALLING", List.of("CALLING", "SHOWN", "UNKNOWN", "CLOSING", "FAILED", "PAYABLE", "CLOSED", "PAID"),
            "SHOWN", List.of("CALLING", "CLOSING", "PAYABLE", "CLOSED", "PAID"),
            "UNKNOWN", List.of("CALLING", "CLOSING", "PAYABLE", "CLOSED", "PAID"),
            "CLOSING", List.of("CLOSING", "SHOWN", "PAYABLE", "CLOSED", "PAID"),
            "PAYABLE", List.of("SHOWN", "CLOSED", "PAID"),
            "FAILED", List.of("PAID"),
            "CLOSED", List.of("PAID"),
            "PAID", List.of("PAID")); // a repeated report changes nothing

    private static final List<String> OPEN =
            List.of("REQUESTING", "UNKNOWN", "WAITING", "PROCESSING", "SUCCEEDED", "ABNORMAL", "CLOSED", "FAILED");

    private static final Map<String, List<String>> REFUND = Map.of(
            "REQUESTING", OPEN,
            "UNKNOWN", OPEN.stream().filter(s -> !s.equals("WAITING")).toList(),
            "WAITING", List.of("REQUESTING", "PROCESSING", "SUCCEEDED", "ABNORMAL", "CLOSED", "FAILED"),
            "PROCESSING", List.of("PROCESSING", "SUCCEEDED", "ABNORMAL", "CLOSED"),
            "ABNORMAL", List.of("ABNORMAL", "PROCESSING", "SUCCEEDED", "CLOSED"),
            "FAILED", List.of("REQUESTING", "SUCCEEDED"),
            "CLOSED", List.of("SUCCEEDED"),
            "SUCCEEDED", List.of());

    /** The real objects, and the model of each. */
    private static final class Walk {
        final PayOrder order =
                AnOrder.of(ANewOrder.of(fen(TOTAL)).numbered("WALK")).unpaid();
        final List<Attempt> attempts = new ArrayList<>();
        final List<Receipt> receipts = new ArrayList<>();
        final List<Refund> refunds = new ArrayList<>();

        String state = "UNPAID";
        long refundedFen;
        int refundedTimes;
        final List<String> attemptStates = new ArrayList<>();
        final List<ReceiptModel> receiptModels = new ArrayList<>();
        final List<RefundModel> refundModels = new ArrayList<>();

        void open() {
            if (!state.equals("UNPAID") || receiptModels.stream().anyMatch(m -> m.open)) {
                assertThatThrownBy(order::nextAttempt).isInstanceOf(IllegalStateException.class);
                return;
            }
            attempts.add(AnAttempt.of(order).numbered("WALK" + attempts.size()).calling());
            attemptStates.add("CALLING");
            assertThat(attempts.get(attempts.size() - 1).n()).isEqualTo(attempts.size());
        }

        void move(int which, String to) {
            if (attempts.isEmpty()) return;
            int i = which % attempts.size();
            var attempt = attempts.get(i);
            Runnable step = () -> {
                switch (to) {
                    case "CALLING" -> attempt.takeOver(Lease.take(NOON, Duration.ofSeconds(30)));
                    case "SHOWN" -> attempt.shown("{}", null, NOON);
                    case "UNKNOWN" -> attempt.unknown("no answer", NOON);
                    case "CLOSING" -> attempt.closing(Lease.take(NOON, Duration.ofSeconds(30)));
                    case "PAYABLE" -> attempt.payableUntilItsEnd(NOON);
                    case "CLOSED" -> attempt.closed();
                    case "FAILED" -> attempt.refused("PARAM_ERROR", "no", false, NOON);
                    default -> throw new IllegalArgumentException(to);
                }
            };
            if (ATTEMPT.get(attemptStates.get(i)).contains(to)) {
                var refusedTo =
                        attempt.prompt().isPresent() ? "SHOWN" : attempt.outcomeUnknown() ? "UNKNOWN" : "FAILED";
                step.run();
                attemptStates.set(i, to.equals("FAILED") ? refusedTo : to);
            } else {
                assertThatThrownBy(step::run).isInstanceOf(IllegalStateException.class);
            }
        }

        void close() {
            if (state.equals("UNPAID")) {
                order.close(NOON);
                state = "CLOSED";
            } else {
                assertThatThrownBy(() -> order.close(NOON)).isInstanceOf(IllegalStateException.class);
            }
        }

        /** A payment through an attempt, in any state of the attempt. */
        void pay(int which, long fen, boolean acceptsLate) {
            if (attempts.isEmpty()) return;
            int i = which % attempts.size();
            var expected = fen != TOTAL
                    ? PayOrder.PaymentOutcome.AMOUNT_DIFFERS
                    : state.equals("PAID")
                            ? PayOrder.PaymentOutcome.DUPLICATE
                            : state.equals("CLOSED") && !acceptsLate
                                    ? PayOrder.PaymentOutcome.LATE
                                    : PayOrder.PaymentOutcome.PAYS;

            assertThat(order.outcomeOf(fen(fen), acceptsLate)).isEqualTo(expected);

            var kind = expected == PayOrder.PaymentOutcome.PAYS
                    ? Receipt.Kind.ORDER
                    : Receipt.Kind.valueOf(expected.name());
            var receipt = AReceipt.through(attempts.get(i))
                    .numbered("4200" + receipts.size())
                    .as(kind)
                    .of(fen(fen));
            receipts.add(receipt);
            receiptModels.add(new ReceiptModel(fen, kind == Receipt.Kind.ORDER));
            attempts.get(i).paid();
            attemptStates.set(i, "PAID");
            if (expected != PayOrder.PaymentOutcome.PAYS) return;
            order.paidBy(receipt, attempts.get(i), "wx1", "o1", true, NOON);
            state = "PAID";
        }

        /** Money that cannot pay the order: it is held, or the provider has returned it. */
        void doubt(int which, long fen, boolean wentBack) {
            if (attempts.isEmpty()) return;
            int i = which % attempts.size();
            var receipt = AReceipt.through(attempts.get(i))
                    .numbered("4200" + receipts.size())
                    .as(Receipt.Kind.DOUBTFUL)
                    .of(fen(fen));
            receipts.add(receipt);
            var money = new ReceiptModel(fen, false);
            receiptModels.add(money);
            order.requirePerson("doubtful", receipt);
            money.open = true;
            if (!wentBack) return;
            receipt.wentBack();
            money.reserved = fen;
            money.refunded = fen;
        }

        /** An operator decides about a payment. */
        void decide(int which, Receipt.Decision decision) {
            if (receipts.isEmpty()) return;
            int i = which % receipts.size();
            var receipt = receipts.get(i);
            var money = receiptModels.get(i);
            var accepts = decision == Receipt.Decision.ACCEPT;
            if (accepts && !state.equals("CLOSED")) return; // the caller's check; it needs the order
            if (!money.disposition().equals("HELD") || (accepts && receipt.kind() != Receipt.Kind.LATE)) {
                assertThatThrownBy(() -> receipt.decided(decision)).isInstanceOf(IllegalStateException.class);
                return;
            }
            receipt.decided(decision);
            order.decided(receipt);
            money.open = false;
            switch (decision) {
                case RETURN -> refundPayment(i, money.amount);
                case SETTLE -> money.settled = true;
                case ACCEPT -> {
                    order.paidBy(receipt, attemptOf(receipt), "wx1", "o1", true, NOON);
                    money.counts = true;
                    state = "PAID";
                }
            }
        }

        private Attempt attemptOf(Receipt receipt) {
            return attempts.stream()
                    .filter(a -> a.key().equals(receipt.attempt()))
                    .findFirst()
                    .orElseThrow();
        }

        /** A merchant, or the policy for unexpected money, requests a refund of a part of a receipt. */
        void refundPayment(int which, long fen) {
            if (receipts.isEmpty()) return;
            int i = which % receipts.size();
            var receipt = receipts.get(i);
            var money = receiptModels.get(i);
            if (fen > money.left()) {
                assertThatThrownBy(() -> receipt.reserve(fen(fen))).isInstanceOf(IllegalStateException.class);
                return;
            }
            receipt.reserve(fen(fen));
            money.reserved += fen;
            var n = refunds.size() + 1;
            var cause = money.counts ? RefundCause.MERCHANT : RefundCause.HELD;
            var refund = ARefund.from(order, receipt).nth(n).because(cause).of(fen(fen));
            refund.requested(Lease.take(NOON, Duration.ofSeconds(30)));
            refunds.add(refund);
            refundModels.add(new RefundModel(i, fen));
        }

        /** A report about a refund, with the changes of the receipt and the order that belong to it. */
        void report(int which, String to) {
            if (refunds.isEmpty()) return;
            int i = which % refunds.size();
            var refund = refunds.get(i);
            var model = refundModels.get(i);
            var receipt = receipts.get(model.receipt);
            var money = receiptModels.get(model.receipt);
            var hasReserved = !List.of("FAILED", "CLOSED").contains(model.state);
            var needsReserve =
                    !hasReserved && List.of("REQUESTING", "SUCCEEDED").contains(to);
            if (needsReserve && REFUND.get(model.state).contains(to) && money.left() < model.fen) {
                assertThatThrownBy(() -> receipt.reserve(refund.amount())).isInstanceOf(IllegalStateException.class);
                return; // another refund has reserved it in the meantime
            }
            Runnable step = () -> {
                switch (to) {
                    case "REQUESTING" -> refund.requested(Lease.take(NOON, Duration.ofSeconds(30)));
                    case "UNKNOWN" -> {
                        refund.unknown("no answer", NOON, NOON);
                        refund.maybeSent(NOON);
                    }
                    case "WAITING" -> refund.waiting("too often", NOON);
                    case "PROCESSING" -> refund.processing("503", null, "{}", NOON);
                    case "SUCCEEDED" -> refund.succeeded("503", null, NOON, "{}");
                    case "ABNORMAL" -> refund.abnormal("503", "{}", NOON);
                    case "CLOSED" -> refund.closed("503", "{}", NOON);
                    case "FAILED" -> refund.failed("no", NOON);
                    default -> throw new IllegalArgumentException(to);
                }
            };
            var refusedInVain = model.maybeSent && to.equals("FAILED");
            if (!REFUND.get(model.state).contains(to) || refusedInVain) {
                assertThatThrownBy(step::run).isInstanceOf(IllegalStateException.class);
                return;
            }
            step.run();
            // a call without a result that is made again may have been sent
            if (to.equals("UNKNOWN") || (to.equals("REQUESTING") && model.state.equals("REQUESTING"))) {
                model.maybeSent = true;
            }
            model.state = to;
            if (needsReserve) {
                receipt.reserve(refund.amount());
                money.reserved += model.fen;
            }
            if (List.of("CLOSED", "FAILED").contains(to)) {
                receipt.release(refund.amount());
                money.reserved -= model.fen;
            }
            if (!to.equals("SUCCEEDED")) return;
            receipt.refunded(refund.amount());
            money.refunded += model.fen;
            if (!money.counts) return;
            order.refunded(refund.amount(), refund.returnsAll());
            refundedFen += model.fen;
            refundedTimes++;
        }

        void compare() {
            assertThat(order.state()).hasToString(state);
            var status = switch (state) {
                case "UNPAID" -> 0;
                case "CLOSED" -> -1;
                default -> refundedFen == 0 ? 1 : refundedFen < TOTAL ? 2 : 3;
            };
            assertThat(order.status()).isEqualTo(status);
            assertThat(order.refundFee()).isEqualTo(refundedFen);
            assertThat(order.refundNum()).isEqualTo(refundedTimes);
            assertThat(order.paidReceipt().isPresent()).isEqualTo(state.equals("PAID"));
            assertThat(order.closedAt().isPresent()).isEqualTo(state.equals("CLOSED"));
            for (int i = 0; i < attempts.size(); i++) {
                assertThat(attempts.get(i).state()).hasToString(attemptStates.get(i));
            }
            for (int i = 0; i < receipts.size(); i++) {
                var money = receiptModels.get(i);
                assertThat(receipts.get(i).left()).isEqualTo(fen(money.left()));
                assertThat(receipts.get(i).disposition()).hasToString(money.disposition());
                assertThat(money.refunded).isLessThanOrEqualTo(money.reserved);
                assertThat(money.reserved).isLessThanOrEqualTo(money.amount);
            }
            var open = new ArrayList<UUID>();
            for (int i = 0; i < receipts.size(); i++) {
                if (receiptModels.get(i).open) open.add(receipts.get(i).id());
            }
            assertThat(order.openReasons())
                    .extracting(reason -> reason.receipt().orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(open);
            assertThat(order.needsPerson().isPresent()).isEqualTo(!open.isEmpty());
            for (int i = 0; i < refunds.size(); i++) {
                assertThat(refunds.get(i).state()).hasToString(refundModels.get(i).state);
            }
            assertThat(receiptModels.stream().filter(m -> m.counts).count()).isLessThanOrEqualTo(1);
        }
    }

    /** The model of a receipt. */
    private static final class ReceiptModel {
        final long amount;
        boolean counts;
        boolean settled;

        /** Whether the order waits for a decision about it. */
        boolean open;

        long reserved;
        long refunded;

        ReceiptModel(long amount, boolean counts) {
            this.amount = amount;
            this.counts = counts;
        }

        long left() {
            return settled ? 0 : amount - reserved;
        }

        String disposition() {
            if (counts) return "COUNTED";
            if (settled) return "SETTLED";
            if (reserved == 0) return "HELD";
            return refunded == amount ? "RETURNED" : "RETURNING";
        }
    }

    /** The model of a refund. */
    private static final class RefundModel {
        final int receipt;
        final long fen;
        String state = "REQUESTING";
        boolean maybeSent;

        RefundModel(int receipt, long fen) {
            this.receipt = receipt;
            this.fen = fen;
        }
    }

    @Property(tries = 1_000)
    void an_order_is_always_what_its_model_says(@ForAll("walks") ActionChain<Walk> walk) {
        walk.withInvariant("real and model agree", Walk::compare).run();
    }

    @Provide
    ActionChainArbitrary<Walk> walks() {
        var which = Arbitraries.integers().between(0, 20);
        return ActionChain.startWith(Walk::new)
                .withAction(4, Action.just("open", step("open", Walk::open)))
                .withAction(1, Action.just("close", step("close", Walk::close)))
                .withAction(5, (Action.Independent<Walk>) () -> Combinators.combine(
                                which,
                                Arbitraries.of("CALLING", "SHOWN", "UNKNOWN", "CLOSING", "PAYABLE", "CLOSED", "FAILED"))
                        .as((i, to) -> step("attempt " + i + " becomes " + to, w -> w.move(i, to))))
                .withAction(4, (Action.Independent<Walk>) () -> Combinators.combine(
                                which,
                                Arbitraries.frequency(
                                        net.jqwik.api.Tuple.of(5, TOTAL), net.jqwik.api.Tuple.of(1, TOTAL + 1)),
                                Arbitraries.of(true, false))
                        .as((i, fen, accepts) -> step(fen + " through attempt " + i, w -> w.pay(i, fen, accepts))))
                .withAction(1, (Action.Independent<Walk>) () -> Combinators.combine(
                                which, amounts(), Arbitraries.of(true, false))
                        .as((i, fen, back) -> step(fen + " doubtful through " + i, w -> w.doubt(i, fen, back))))
                .withAction(2, (Action.Independent<Walk>) () -> Combinators.combine(
                                which, Arbitraries.of(Receipt.Decision.values()))
                        .as((i, what) -> step(what + " of receipt " + i, w -> w.decide(i, what))))
                .withAction(5, (Action.Independent<Walk>) () -> Combinators.combine(which, amounts())
                        .as((i, fen) -> step("refund " + fen + " of " + i, w -> w.refundPayment(i, fen))))
                .withAction(10, (Action.Independent<Walk>) () -> Combinators.combine(which, Arbitraries.of(OPEN))
                        .as((i, to) -> step("refund " + i + " becomes " + to, w -> w.report(i, to))))
                .withMaxTransformations(60);
    }

    private static Arbitrary<Long> amounts() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(1, TOTAL + 1), Arbitraries.of(1L, TOTAL / 2, TOTAL, TOTAL + 1));
    }

    private static Transformer<Walk> step(String what, Consumer<Walk> change) {
        return Transformer.mutate(what, change);
    }
}
