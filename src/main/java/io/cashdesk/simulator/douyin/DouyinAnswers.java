package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.FaultSettings;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Answers of both dialects, which nothing signs, with the faults of the order that they are about. */
@ApplicationScoped
class DouyinAnswers {
    private static final List<CommonFault> FAULTS = List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML);

    @Inject
    TradeStore trades;

    @Inject
    FaultSettings faultSettings;

    @Inject
    ExchangeLog log;

    /**
     * What a call came to.
     *
     * @param trade the order that it is about, or null
     * @param late the fault that delays the answer, or null
     */
    record Outcome(JsonObject answer, Trade trade, CommonFault late) {}

    /** Whether the call about this number is refused because the platform is busy. */
    boolean busy(Account account, String number) {
        var trade = trades.find(account.id(), number);
        return trade.isPresent()
                ? trades.takeFault(trade.get(), DouyinFault.ANSWER_BUSY)
                : faultSettings.take(number, DouyinFault.ANSWER_BUSY);
    }

    /** @param failed the answer of the fault ANSWER_SYSTEM_ERROR */
    CompletionStage<Response> sent(Account account, Outcome outcome, JsonObject failed) {
        if (outcome.trade() == null) return FaultyAnswer.of(json(200, outcome.answer()), false);
        var trade = trades.get(outcome.trade().id());
        var late = outcome.late() != null && trades.takeFault(trade, outcome.late());
        var fault = trades.takeFirst(trades.get(trade.id()), FAULTS).orElse(null);
        var error = fault == CommonFault.ANSWER_SYSTEM_ERROR;
        var answer = error ? failed : DouyinFormat.shaped(outcome.answer(), trade);
        var html = fault == CommonFault.ANSWER_HTML;
        var response = html ? FaultyAnswer.proxyPage() : json(error ? 500 : 200, answer);
        var line = Exchange.of(account.id(), trade.number(), Exchange.Way.ANSWER, "")
                .status(response.getStatus())
                .body(html ? "" : answer.toString());
        log.add(fault == null ? line.late(late) : line.verdict(Exchange.Verdict.NONE, fault.name()));
        return FaultyAnswer.of(response, late);
    }

    /** A refusal, which is HTTP 200 too. */
    CompletionStage<Response> refused(Account account, String number, JsonObject answer) {
        log.add(Exchange.of(account.id(), number, Exchange.Way.ANSWER, "")
                .status(200)
                .body(answer.toString()));
        return FaultyAnswer.of(json(200, answer), false);
    }

    static Response json(int status, JsonObject answer) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("utf-8"))
                .entity(answer.toString())
                .build();
    }
}
