package io.cashdesk.manage;

import io.cashdesk.settlement.Settlement;
import io.cashdesk.settlement.Settlements;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** Settlements in answers. Times are Unix milliseconds. */
final class SettlementJson {
    private SettlementJson() {}

    /** @param found one more than are answered, if there are more: then {@code next} is the cursor */
    static JsonObject list(List<Settlements.Listed> found, int limit) {
        var shown = found.subList(0, Math.min(limit, found.size()));
        var all = Json.createArrayBuilder();
        shown.forEach(one -> all.add(settlement(one.settlement(), one.outTradeNo())));
        var answer = Json.createObjectBuilder().add("code", 0).add("settlements", all);
        if (found.size() > limit) {
            var last = shown.get(limit - 1).settlement();
            answer.add("next", QueryParameters.cursor(last.paidAt(), last.id()));
        }
        return answer.build();
    }

    static JsonObject one(Settlement settlement, String outTradeNo) {
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("settlement", settlement(settlement, outTradeNo))
                .build();
    }

    private static JsonObjectBuilder settlement(Settlement settlement, String outTradeNo) {
        var json = Json.createObjectBuilder()
                .add("out_trade_no", outTradeNo)
                .add("settlement_no", settlement.settlementNo())
                .add("provider", settlement.provider())
                .add("state", settlement.state().word())
                .add("amount", settlement.amount().minor())
                .add("currency", settlement.amount().currency())
                .add("paid_at", settlement.paidAt().toEpochMilli());
        settlement.dueAt().ifPresent(at -> json.add("due_at", at.toEpochMilli()));
        settlement.settledAmount().ifPresent(amount -> json.add("settled_amount", amount));
        settlement.finishedAt().ifPresent(at -> json.add("finished_at", at.toEpochMilli()));
        settlement.settledBy().ifPresent(by -> json.add("settled_by", by.word()));
        settlement.askedBy().ifPresent(by -> json.add("by", by));
        settlement.failure().ifPresent(why -> json.add("why", why));
        return json;
    }
}
