package io.cashdesk.notification;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ParsedNotification.PaymentNumbers;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.refund.PayerRefunds;
import io.cashdesk.refund.RefundKey;
import io.cashdesk.refund.Refunds;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Of which payment a message about a refund is that has none of our numbers, or not all of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FindAttemptTest {
    private static final String THEIRS = "ot1";
    private static final String REQUEST = "RF1";

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final Attempt attempt = AnAttempt.of(order).calling();
    private final Receipt receipt = AReceipt.through(attempt).of(fen(990));
    private final FindAttempt find = new FindAttempt();
    private final FindAttempt.Place there = new FindAttempt.Place(order.merchantId(), "tiny", "m");
    private boolean paid = true;

    {
        find.attempts = new Attempts() {
            @Override
            public Optional<AttemptKey> byNumber(UUID merchant, String provider, String merchantNo, String no) {
                return Optional.of(attempt.key()).filter(key -> no.equals(attempt.attemptNo()));
            }

            @Override
            public Optional<AttemptKey> byProviderNo(UUID merchant, String provider, String merchantNo, String no) {
                return Optional.empty();
            }
        };
        find.receipts = new Receipts() {
            @Override
            public Optional<Receipt> byTransaction(UUID merchant, String provider, String merchantNo, String id) {
                return Optional.of(receipt).filter(r -> paid && id.equals(THEIRS));
            }
        };
        find.refunds = new Refunds() {
            @Override
            public Optional<RefundKey> byProvidersNumber(UUID merchant, String provider, String merchantNo, String no) {
                return Optional.empty();
            }
        };
        find.payerRefunds = new PayerRefunds() {
            @Override
            public Optional<AttemptKey> attemptOf(UUID merchant, String provider, String refundId) {
                return Optional.of(attempt.key()).filter(key -> refundId.equals(REQUEST));
            }
        };
    }

    private Optional<AttemptKey> of(String attemptNo, String transactionId, String refundNo) {
        return find.of(
                there,
                new ParsedNotification.Refund(
                        new PaymentNumbers(attemptNo, transactionId),
                        new RefundReport.Closed(refundNo, refundNo, "{}")));
    }

    @Test
    void it_is_found_by_our_number() {
        assertThat(of(attempt.attemptNo(), "other", "R9")).contains(attempt.key());
    }

    @Test
    void it_is_found_by_the_number_that_the_provider_gave_the_payment() {
        assertThat(of("", THEIRS, "R9")).contains(attempt.key());
        assertThat(find.of(
                        there,
                        new ParsedNotification.RefundRequested(
                                new PaymentNumbers("", THEIRS), "R9", fen(1), "", null, "{}")))
                .contains(attempt.key());
    }

    @Test
    void it_is_found_by_the_payers_request() {
        paid = false;
        assertThat(of("", "", REQUEST)).contains(attempt.key());
    }

    @Test
    void one_that_is_not_ours_is_not_found() {
        paid = false;
        assertThatThrownBy(() -> of("", THEIRS, "R9")).hasMessageContaining(THEIRS);
        assertThatThrownBy(() -> of("unknown", THEIRS, REQUEST)).hasMessageContaining("unknown");
    }
}
