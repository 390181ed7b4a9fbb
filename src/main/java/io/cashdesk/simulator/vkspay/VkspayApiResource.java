package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * VksPay's own interface: one address on the loopback listener, the member {@code method} says what is called. Answers
 * are not signed.
 */
@RequestScoped
@Path("/simulator/vkspay/api")
@Consumes(MediaType.WILDCARD)
public class VkspayApiResource {
    /** Faults of an answer, in the order in which they are taken. */
    static final List<CommonFault> ANSWERS = List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML);

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    VkspayTrades vkspayTrades;

    @Inject
    VkspayCalls calls;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @POST
    public CompletionStage<Response> call(byte[] bytes) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var body = new String(bytes, StandardCharsets.UTF_8);
        try {
            var call = VkspayRequest.parse(body);
            var account = accounts.byMchNo(VkspayServer.NAME, call.get("merchantno"));
            if (account.isEmpty()) throw VkspayRefusal.of("商户不存在");
            return answer(account.get(), call, body);
        } catch (VkspayRefusal refused) {
            return FaultyAnswer.of(
                    json(200, VkspayCalls.failure(refused.getMessage()).build()), false);
        }
    }

    private CompletionStage<Response> answer(Account account, VkspayRequest call, String body) {
        var named = named(account, call);
        try {
            call.check(account.sharedKey(), clock.instant());
            var outcome = calls.carryOut(account, call);
            logCall(account, outcome.trade(), call, body, null);
            return sent(account, outcome);
        } catch (VkspayRefusal refused) {
            named.ifPresent(trade -> logCall(account, trade, call, body, refused));
            var answer = VkspayCalls.failure(refused.getMessage()).build();
            named.ifPresent(trade -> log.add(line(account, trade).status(200).body(answer.toString())));
            return FaultyAnswer.of(json(200, answer), false);
        }
    }

    /** The order that a call names, for the log. */
    private Optional<Trade> named(Account account, VkspayRequest call) {
        var number = call.get("out_trade_no");
        return number.isEmpty() ? Optional.empty() : vkspayTrades.find(account, number, "");
    }

    private void logCall(Account account, Trade trade, VkspayRequest call, String body, VkspayRefusal refused) {
        var line = Exchange.of(
                account.id(),
                trade.number(),
                Exchange.Way.CALL,
                "POST " + VkspayServer.PATH + "/api " + call.get("method"));
        var wrong = refused != null && refused.ofSignature;
        log.add(line.verdict(wrong ? Exchange.Verdict.WRONG : Exchange.Verdict.RIGHT, wrong ? Exchange.MISMATCH : "")
                .body(body));
    }

    private static Exchange line(Account account, Trade trade) {
        return Exchange.of(account.id(), trade.number(), Exchange.Way.ANSWER, "");
    }

    private CompletionStage<Response> sent(Account account, VkspayCalls.Outcome outcome) {
        var trade = trades.get(outcome.trade().id());
        var late = outcome.late() != null && trades.takeFault(trade, outcome.late());
        var fault = trades.takeFirst(trades.get(trade.id()), ANSWERS).orElse(null);
        var answer = fault == CommonFault.ANSWER_SYSTEM_ERROR
                ? VkspayCalls.failure("系统繁忙，请稍后再试").build()
                : outcome.answer();
        var response = response(answer, fault);
        var line = line(account, trade)
                .status(response.getStatus())
                .body(fault == CommonFault.ANSWER_HTML ? "" : answer.toString());
        log.add(fault == null ? line.late(late) : line.verdict(Exchange.Verdict.NONE, fault.name()));
        return FaultyAnswer.of(response, late);
    }

    private static Response response(JsonObject answer, Fault fault) {
        if (fault == CommonFault.ANSWER_HTML) return FaultyAnswer.proxyPage();
        return json(fault == null ? 200 : 500, answer);
    }

    private static Response json(int status, JsonObject answer) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("utf-8"))
                .entity(answer.toString())
                .build();
    }
}
