package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ParsedNotification.PaymentNumbers;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import jakarta.json.JsonObject;
import java.time.Instant;

/** What the callbacks of both dialects have in common. */
final class DouyinCallbacks {
    private DouyinCallbacks() {}

    static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    /** The body, read strictly: at most 64 KiB of UTF-8, and one JSON object in which no name stands twice. */
    static JsonObject object(RawNotification raw) {
        try {
            return JsonBody.parse(raw.body()).json();
        } catch (Problem unreadable) {
            throw notAuthentic("it is no JSON object");
        }
    }

    /** The message in it, read likewise. */
    static JsonObject object(String msg) {
        try {
            return JsonBody.parseText("msg", msg);
        } catch (Problem unreadable) {
            throw notAuthentic("its msg is no JSON object");
        }
    }

    static String required(JsonObject said, String name) {
        var text = text(said, name);
        if (text.isEmpty()) throw notAuthentic("its msg has no " + name);
        return text;
    }

    /**
     * Of which payment a message about a refund is: by our number, which it has itself or in {@code cp_extra}, or else
     * by Douyin's.
     */
    static PaymentNumbers payment(JsonObject said) {
        var ours = text(said, "out_order_no");
        return new PaymentNumbers(
                ours.isEmpty() ? Extra.attemptNo(text(said, "cp_extra")).orElse("") : ours, text(said, "order_id"));
    }

    static Money amount(JsonObject said, String name) {
        return Members.amount(said, name).orElseThrow(() -> notAuthentic("its " + name + " is no amount"));
    }

    /** @param name of the member that names the application; a message without one is taken, because it is signed */
    static void requireOurs(DouyinAccount account, JsonObject said, String name) {
        var appId = text(said, name);
        if (!appId.isEmpty() && !appId.equals(account.appId())) throw notAuthentic("it is for application " + appId);
    }

    /**
     * A settlement, found by our number of the payment or by Douyin's; it is only kept if the message has neither, and
     * found by our own query.
     */
    static ParsedNotification settlement(
            String repeatKey, JsonObject said, String attemptNo, String number, String id, Instant at, String msg) {
        var orderId = text(said, "order_id");
        if (attemptNo.isEmpty() && orderId.isEmpty()) return ParsedNotification.onlyKept(repeatKey, "settle");
        try {
            var report =
                    DouyinSettlements.report(number, id, text(said, "status"), said, at, text(said, "message"), msg);
            return new ParsedNotification(
                    repeatKey, "settle", new ParsedNotification.Settlement(attemptNo, orderId, report));
        } catch (ProviderFailure unknown) {
            throw notAuthentic(String.valueOf(unknown.getMessage()));
        }
    }
}
