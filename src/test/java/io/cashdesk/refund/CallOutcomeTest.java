package io.cashdesk.refund;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.PaymentProvider.Call;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "DECLINED, ASK_FIRST, UNKNOWN",
        "OUTCOME_UNKNOWN, SAME_LATER, UNKNOWN",
        "NOT_AUTHENTIC, NO, UNKNOWN"
    })
    void follows_from_the_failure_and_what_the_dictionary_says(
            ProviderFailure.Kind kind, ProviderError.Retry retry, CallOutcome outcome) {
        var text = new LocalizedText("无", "none");
        var error = new ProviderError("X", ProviderError.Fault.MERCHANT, retry, text, text, text);

        assertThat(CallOutcome.of(kind, error)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, NEVER_SEEN, UNKNOWN", // v2 and v3 share the dictionary
        "wxpay, TRADE_STATE_ERROR, UNKNOWN",
        "alipay, ACQ.NEVER_SEEN, UNKNOWN",
        "alipay, 40004, UNKNOWN", // a refusal without sub_code
        "wxpay, NO_AUTH, REFUSED",
        "wxpay, SIGN_ERROR, REFUSED",
        "wxpay, USER_ACCOUNT_ABNORMAL, REFUSED",
        "wxpay, TRADE_OVERDUE, REFUSED",
        "wxpay, pfx, REFUSED",
        "alipay, ACQ.TRADE_NOT_ALLOW_REFUND, REFUSED",
        "alipay, ACQ.TRADE_STATUS_ERROR, REFUSED",
        "alipay, 40006, REFUSED",
        "wxpay, NOT_ENOUGH, REFUSED_FOR_NOW",
        "wxpay, NOTENOUGH, REFUSED_FOR_NOW",
        "wxpay, FREQUENCY_LIMITED, REFUSED_FOR_NOW",
        "wxpay, INVALID_REQ_TOO_MUCH, REFUSED_FOR_NOW",
        "alipay, ACQ.SELLER_BALANCE_NOT_ENOUGH, REFUSED_FOR_NOW",
        "alipay, 40005, REFUSED_FOR_NOW"
    })
    void of_a_refusal_is_unknown_unless_the_dictionary_says_what_it_means(
            String provider, String code, CallOutcome outcome) throws ClassNotFoundException {
        var dictionary = dictionary(provider);

        assertThat(CallOutcome.of(Kind.DECLINED, dictionary.explain(Call.REFUND, code, "")))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void of_every_refusal_in_a_dictionary_that_needs_no_query_is_a_refusal(String provider)
            throws ClassNotFoundException {
        var dictionary = dictionary(provider);

        assertThat(dictionary.codes()).allSatisfy(code -> {
            var error = dictionary.find(Call.REFUND, code).orElseThrow();
            assertThat(CallOutcome.of(Kind.DECLINED, error) == CallOutcome.UNKNOWN)
                    .isEqualTo(error.retry() == ProviderError.Retry.ASK_FIRST);
        });
    }

    private static ErrorDictionary dictionary(String provider) throws ClassNotFoundException {
        var name = provider.equals("wxpay") ? "wxpay.WxpayProvider" : "alipay.AlipayProvider";
        return ErrorDictionary.beside(Class.forName("io.cashdesk.provider." + name)); // the adapters are not public
    }
}
