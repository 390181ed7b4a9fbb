package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;

/** Signed data or a receipt does not prove a purchase in this account, with a sentence that says why. */
final class NotVerified extends RuntimeException {
    private final transient LocalizedText why;
    private boolean answered;

    NotVerified(String zh, String en) {
        super(en, null, false, false); // a caller's mistake, or a forgery: no stack trace needed
        this.why = new LocalizedText(zh, en);
    }

    /** Apple was queried, and this follows from its answer. */
    NotVerified answered() {
        answered = true;
        return this;
    }

    LocalizedText why() {
        return why;
    }

    /** @param outTradeNo the order that it should have paid */
    Problem problem(String outTradeNo) {
        var problem = ProblemType.PURCHASE_NOT_VERIFIED.with(outTradeNo, why);
        return answered ? problem.afterAnswer() : problem;
    }
}
