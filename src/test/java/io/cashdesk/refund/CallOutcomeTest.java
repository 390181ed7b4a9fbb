package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallOutcomeTest {
    @ParameterizedTest
    @EnumSource(CallOutcome.class)
    void after_a_send_of_unknown_outcome_leaves_the_refund_unknown(CallOutcome outcome) {
        for (var automatic : new boolean[] {true, false}) {
            assertThat(outcome.next(true, automatic, false)).isEqualTo(RefundState.UNKNOWN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, FAILED, FAILED, FAILED",
        "REFUSED_FOR_NOW, FAILED, FAILED, WAITING",
        "NOT_SENT, FAILED, UNKNOWN, WAITING",
        "QUERY_UNANSWERED, FAILED, UNKNOWN, WAITING",
        "QUERY_REFUSED, FAILED, UNKNOWN, WAITING",
        "UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN"
    })
    void otherwise(CallOutcome outcome, RefundState first, RefundState again, RefundState automatic) {
        assertThat(outcome.next(false, false, true))
                .as("a merchant's first call")
                .isEqualTo(first);
        assertThat(outcome.next(false, false, false))
                .as("a merchant's repetition")
                .isEqualTo(again);
        assertThat(outcome.next(false, true, false)).as("an automatic refund").isEqualTo(automatic);
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED, QUERY_REFUSED",
        "UNREACHABLE, QUERY_UNANSWERED",
        "OUTCOME_UNKNOWN, QUERY_UNANSWERED",
        "NOT_AUTHENTIC, QUERY_UNANSWERED"
    })
    void of_a_query_is_a_refusal_only_if_the_provider_refused(ProviderFailure.Kind kind, CallOutcome outcome) {
        assertThat(CallOutcome.ofQuery(kind)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, NO, NOT_SENT",
        "DECLINED, SAME_LATER, REFUSED_FOR_NOW",
        "DECLINED, NO, REFUSED",
        "DECLINED, ASK_FIRST, REFUSED",
        "OUTCOME_UNKNOWN, SAME_LATER, UNKNOWN",
        "NOT_AUTHENTIC, NO, UNKNOWN"
    })
    void follows_from_the_failure_and_what_the_dictionary_says(
            ProviderFailure.Kind kind, ProviderError.Retry retry, CallOutcome outcome) {
        var text = new LocalizedText("无", "none");
        var error = new ProviderError("X", ProviderError.Fault.MERCHANT, retry, text, text, text);

        assertThat(CallOutcome.of(kind, error)).isEqualTo(outcome);
    }
}
