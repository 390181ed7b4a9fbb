package io.cashdesk.refund;

import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;

/** How a call about a refund ended that brought no report about it. */
enum CallOutcome {
    /** The query before the call got no answer, so nothing was sent. */
    QUERY_UNANSWERED,
    /** The provider refused the query before the call, for instance a wrong signature, so nothing was sent. */
    QUERY_REFUSED,
    /**
     * The provider does not have what was sent to it before, and it is not sent again, because it has no number there
     * by which the provider would recognise a repetition.
     */
    NOT_FOUND,
    /** Nothing was sent: too many calls run, the circuit is open, or there was no connection. */
    NOT_SENT,
    /** The provider refused for a reason that passes: the same request may succeed later. */
    REFUSED_FOR_NOW,
    /** The provider refused for another reason. */
    REFUSED,
    /** It was sent, and no answer came that says what became of it. */
    UNKNOWN;

    /** The outcome of a query that found out nothing, so that no call followed. */
    static CallOutcome ofQuery(ProviderFailure.Kind failure) {
        return failure == ProviderFailure.Kind.DECLINED ? QUERY_REFUSED : QUERY_UNANSWERED;
    }

    /**
     * The outcome of a call that requests the refund. A refusal ends it only if the dictionary says what it means: a
     * code that no dictionary has, or after which only a query tells the outcome, counts as a send with an unknown
     * outcome.
     */
    static CallOutcome of(ProviderFailure.Kind failure, ProviderError error) {
        return switch (failure) {
            case UNREACHABLE -> NOT_SENT;
            case DECLINED ->
                switch (error.retry()) {
                    case SAME_LATER -> REFUSED_FOR_NOW;
                    case ASK_FIRST -> UNKNOWN;
                    case NO, NEW_NUMBER, NEW_CODE -> REFUSED;
                };
            case OUTCOME_UNKNOWN, NOT_AUTHENTIC -> UNKNOWN;
        };
    }

    /**
     * The state that follows. After a send with an unknown outcome nothing but a report ends a refund. An automatic
     * refund is repeated where that can help; a merchant's own ends at a refusal, and at its first call also if nothing
     * was sent, because the merchant gets that as the answer.
     *
     * @param maybeSent whether this call or an earlier one was sent with an unknown outcome
     * @param automatic whether no merchant requested it
     * @param first whether it was never requested before
     */
    RefundState next(boolean maybeSent, boolean automatic, boolean first) {
        if (maybeSent) return RefundState.UNKNOWN;
        return switch (this) {
            case UNKNOWN, NOT_FOUND -> RefundState.UNKNOWN;
            case REFUSED -> RefundState.FAILED;
            case REFUSED_FOR_NOW -> automatic ? RefundState.WAITING : RefundState.FAILED;
            case NOT_SENT, QUERY_UNANSWERED, QUERY_REFUSED ->
                automatic ? RefundState.WAITING : first ? RefundState.FAILED : RefundState.UNKNOWN;
        };
    }
}
