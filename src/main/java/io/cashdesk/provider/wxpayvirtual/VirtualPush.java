package io.cashdesk.provider.wxpayvirtual;

import static io.cashdesk.provider.wxpayvirtual.VirtualClient.text;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.wechat.MessagePush.Message;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pushed events. An event of a payment or a refund is settled by a query: a plain one proves nothing about its content,
 * and an encrypted one names an amount in a unit that is not documented. Every other event is kept and acknowledged.
 */
final class VirtualPush {
    private static final Set<String> PAYMENTS = Set.of("xpay_goods_deliver_notify", "xpay_coin_pay_notify");
    private static final String REFUND = "xpay_refund_notify";

    private VirtualPush() {}

    static ParsedNotification read(VirtualAccount account, RawNotification raw) {
        if (raw.method().equals("GET")) {
            return ParsedNotification.greeting(
                    new Acknowledgement(200, "text/plain", account.push().echo(raw.rawQuery())));
        }
        return read(account.push().read(raw.rawQuery(), raw.body()));
    }

    private static ParsedNotification read(Message message) {
        var content = message.content();
        var event = text(content, "Event");
        if (event.isEmpty()) return acknowledged(); // what a user writes to the mini-program, for instance
        var key = message.proved() ? event + ' ' + fingerprint(content) : "";
        if (PAYMENTS.contains(event)) {
            var number = text(content, "OutTradeNo");
            if (number.isEmpty()) throw notAuthentic("it has no OutTradeNo");
            return ParsedNotification.hintOfPayment(key, event, number, "");
        }
        if (event.equals(REFUND)) {
            var number = text(content, "MchRefundId"); // empty of a refund that was made in the console
            return ParsedNotification.refundHint(
                    key, event, text(content, "MchOrderId"), number.isEmpty() ? text(content, "WxRefundId") : number);
        }
        return message.proved() ? ParsedNotification.onlyKept(key, event) : acknowledged();
    }

    /** Not stored: it says nothing that matters here, or anybody who has seen one signature can send it. */
    private static ParsedNotification acknowledged() {
        return ParsedNotification.greeting(new Acknowledgement(200, "text/plain", "success"));
    }

    /** In what an event of a payment differs from the attempt; an event that is not encrypted proves nothing. */
    static Optional<String> difference(
            VirtualAccount account, RawNotification raw, AttemptRef attempt, JsonObject goods) {
        var message = account.push().read(raw.rawQuery(), raw.body());
        var content = message.content();
        if (!message.proved() || !PAYMENTS.contains(text(content, "Event"))) return Optional.empty();
        var bought = content.get(content.containsKey("GoodsInfo") ? "GoodsInfo" : "CoinInfo");
        var info = bought instanceof JsonObject object ? object : JsonObject.EMPTY_JSON_OBJECT;
        var differences = Stream.of(
                        difference("OpenId", text(content, "OpenId"), attempt.openid()),
                        difference("Env", text(content, "Env"), Integer.toString(account.envOf(attempt))),
                        difference("Quantity", text(info, "Quantity"), text(goods, "buy_quantity")),
                        difference("ProductId", text(info, "ProductId"), text(goods, "product_id")))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return differences.isEmpty() ? Optional.empty() : Optional.of(differences);
    }

    /** Of a member that the event has and we know. */
    private static Optional<String> difference(String name, String said, String requested) {
        if (said.isEmpty() || requested.isEmpty() || said.equals(requested)) return Optional.empty();
        return Optional.of(name + " is " + said + " and not " + requested);
    }

    static boolean isOfOtherEnvironment(VirtualAccount account, RawNotification raw) {
        var env = text(account.push().read(raw.rawQuery(), raw.body()).content(), "Env");
        return !env.isEmpty() && !env.equals(Integer.toString(account.env()));
    }

    /** Equal for every repetition: without the count of repetitions and the time of sending. */
    private static String fingerprint(JsonObject content) {
        var sorted = new TreeMap<>(content);
        sorted.remove("RetryTimes");
        sorted.remove("CreateTime");
        var json = Json.createObjectBuilder();
        sorted.forEach(json::add);
        return Digest.sha256(json.build().toString()).substring(0, 32);
    }

    private static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    static Acknowledgement refusal(boolean authentic, String reason) {
        var body =
                Json.createObjectBuilder().add("ErrCode", authentic ? -1 : 401).add("ErrMsg", reason);
        return new Acknowledgement(
                authentic ? 500 : 401, "application/json", body.build().toString());
    }
}
