package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Answers of an epay site, with the faults of the order that they are about, and the lines of its log. */
@ApplicationScoped
class EpayMessages {
    private static final List<CommonFault> OF_V1 = List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML);
    private static final List<CommonFault> OF_V2 =
            List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML, CommonFault.ANSWER_BADLY_SIGNED);

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    VkspayNotifications notifications;

    @Inject
    Clock clock;

    /**
     * What a call came to.
     *
     * @param answer its members
     * @param trade the order that it is about, or null
     * @param late the fault that delays the answer, or null
     */
    record Outcome(JsonObject answer, Trade trade, CommonFault late) {}

    /** A request about an order; the merchant's key is not part of the line. */
    void logCall(
            Account account, Trade trade, Exchange.Way way, String what, Map<String, String> fields, VkspayRefusal no) {
        var shown = new TreeMap<>(fields);
        shown.remove("key");
        var wrong = no != null && no.ofSignature;
        var keyed = fields.containsKey("key");
        var verdict = wrong ? Exchange.Verdict.WRONG : keyed ? Exchange.Verdict.NONE : Exchange.Verdict.RIGHT;
        log.add(Exchange.of(account.id(), trade.number(), way, what)
                .verdict(verdict, wrong ? Exchange.MISMATCH : "")
                .body(VkspayFormat.encoded(shown)));
    }

    /** V1: not signed; its shape depends on the site. */
    CompletionStage<Response> v1(Account account, Outcome outcome) {
        if (outcome.trade() == null) return FaultyAnswer.of(json(200, outcome.answer()), false);
        var trade = trades.get(outcome.trade().id());
        var late = takeLate(trade, outcome);
        var fault = trades.takeFirst(trades.get(trade.id()), OF_V1).orElse(null);
        var answer = fault == CommonFault.ANSWER_SYSTEM_ERROR ? systemError() : shaped(outcome.answer(), trade);
        return sent(account, trade, answer, fault, late, Exchange.Verdict.NONE);
    }

    /** V2: signed by the site, with its time, whatever the answer is. */
    CompletionStage<Response> v2(Account account, Outcome outcome) {
        if (outcome.trade() == null) return FaultyAnswer.of(json(200, signed(outcome.answer(), false)), false);
        var trade = trades.get(outcome.trade().id());
        var late = takeLate(trade, outcome);
        var fault = trades.takeFirst(trades.get(trade.id()), OF_V2).orElse(null);
        if (fault == CommonFault.ANSWER_SYSTEM_ERROR) {
            return sent(account, trade, systemError(), fault, late, Exchange.Verdict.NONE);
        }
        var wrongly = fault == CommonFault.ANSWER_BADLY_SIGNED;
        return sent(account, trade, signed(outcome.answer(), wrongly), fault, late, Exchange.Verdict.SIGNED);
    }

    private boolean takeLate(Trade trade, Outcome outcome) {
        return outcome.late() != null && trades.takeFault(trade, outcome.late());
    }

    private CompletionStage<Response> sent(
            Account account, Trade trade, JsonObject answer, Fault fault, boolean late, Exchange.Verdict verdict) {
        var html = fault == CommonFault.ANSWER_HTML;
        var failed = fault == CommonFault.ANSWER_SYSTEM_ERROR;
        var response = html ? FaultyAnswer.proxyPage() : json(failed ? 500 : 200, answer);
        var line = Exchange.of(account.id(), trade.number(), Exchange.Way.ANSWER, "")
                .status(response.getStatus())
                .verdict(verdict, "")
                .body(html ? "" : answer.toString());
        if (html || failed) line = line.verdict(Exchange.Verdict.NONE, fault.name());
        else if (fault != null) line = line.signed(fault);
        log.add(line.late(late));
        return FaultyAnswer.of(response, late);
    }

    private static JsonObject systemError() {
        return Json.createObjectBuilder()
                .add("code", VkspayRefusal.GENERAL)
                .add("msg", "系统繁忙，请稍后再试")
                .build();
    }

    private static Response json(int status, JsonObject answer) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE.withCharset("utf-8"))
                .entity(answer.toString())
                .build();
    }

    static JsonObject refusal(VkspayRefusal refused) {
        return Json.createObjectBuilder()
                .add("code", refused.code)
                .add("msg", refused.getMessage())
                .build();
    }

    /** The answer as this order's site prints it. */
    private static JsonObject shaped(JsonObject answer, Trade trade) {
        var members = new LinkedHashMap<String, JsonValue>(answer);
        if (trade.has(VkspayFault.MONEY_AS_NUMBER) && members.get("money") instanceof JsonString money) {
            members.put("money", Json.createValue(new BigDecimal(money.getString()).stripTrailingZeros()));
        }
        if (trade.has(VkspayFault.STATUS_AS_TEXT)) {
            for (var name : Set.of("code", "status")) {
                if (members.get(name) instanceof JsonNumber number) {
                    members.put(name, Json.createValue(number.toString()));
                }
            }
        }
        if (!trade.has(VkspayFault.REPLY_NESTED)) return object(members);
        var outer = Json.createObjectBuilder();
        for (var name : List.of("code", "msg")) {
            Optional.ofNullable(members.remove(name)).ifPresent(value -> outer.add(name, value));
        }
        return outer.add("data", object(members)).build();
    }

    private static JsonObject object(Map<String, JsonValue> members) {
        var object = Json.createObjectBuilder();
        members.forEach(object::add);
        return object.build();
    }

    /** Lists and objects are not signed. */
    private JsonObject signed(JsonObject answer, boolean wrongly) {
        var texts = new TreeMap<String, String>();
        answer.forEach((name, value) -> {
            if (value instanceof JsonString text) texts.put(name, text.getString());
            else if (value instanceof JsonNumber number) texts.put(name, number.toString());
        });
        var timestamp = VkspayNotifications.timestamp(clock.instant());
        texts.put("timestamp", timestamp);
        var text = VkspaySignature.epayText(texts);
        return Json.createObjectBuilder(answer)
                .add("timestamp", timestamp)
                .add("sign", notifications.ofPlatform(wrongly ? text + "." : text))
                .add("sign_type", "RSA")
                .build();
    }
}
