package io.cashdesk.provider.douyin;

import io.cashdesk.provider.SettlementReport;
import jakarta.json.JsonObject;
import java.time.Instant;

/** The states of settlements, which are the same in both dialects. */
final class DouyinSettlements {
    private DouyinSettlements() {}

    /** When it was settled, or null; Douyin's pages of the trade system do not agree on the name. */
    static Instant time(JsonObject said) {
        var at = Members.time(said, "settle_at");
        return at == null ? Members.time(said, "settled_at") : at;
    }

    /** Douyin's own fee, and the commission of whoever sold it, in fen. */
    private static long fees(JsonObject said) {
        return Math.max(0, Members.whole(said, "rake").orElse(0L))
                + Math.max(0, Members.whole(said, "commission").orElse(0L));
    }

    /**
     * @param said what has {@code settle_amount}
     * @param why in Douyin's words, if it failed
     */
    static SettlementReport report(
            String number, String id, String status, JsonObject said, Instant at, String why, String evidence) {
        return switch (status) {
            case "SUCCESS" ->
                new SettlementReport.Succeeded(
                        number, id, Members.amount(said, "settle_amount").orElse(null), fees(said), at, evidence);
            case "PROCESSING", "INIT" -> new SettlementReport.Processing(number, id, evidence);
            case "FAIL" -> new SettlementReport.Failed(number, why, evidence);
            default -> throw DouyinHttp.unusable("a settlement with the unknown status \"" + status + '"');
        };
    }
}
