package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * VksPay's own interface: each call is a POST of JSON to {@code /api}, whose member {@code method} names it. The
 * gateway gives a payment its number, by which its notifications name it; it is not sent ours. It signs neither answers
 * nor notifications, so that only an answer to a query of ours counts.
 */
@ApplicationScoped
class VksApi implements VkspayApi {
    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z._|*@-]{1,128}");

    private static final SecureRandom RANDOM = new SecureRandom();

    @Inject
    ProviderTransport transport;

    @Inject
    Clock clock;

    /**
     * Without an answer no code was shown, so that nobody can pay and the call may be made again; the gateway has no
     * number of ours under which a second payment could collide with the first.
     */
    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var members = Json.createObjectBuilder();
        request.other().forEach((name, value) -> members.add(name, Fields.text(value)));
        members.add("total_fee", request.amount().yuan())
                .add("notify_url", request.notifyUrl().toString());
        request.returnUrl().ifPresent(url -> members.add("return_url", url.toString()));
        var method = request.payer().payMethod();
        if (!method.isEmpty()) members.add("pay_chnl", method);
        JsonObject reply;
        try {
            reply = call(settings, "webpay", members.build());
        } catch (ProviderFailure failure) {
            if (failure.kind() != Kind.OUTCOME_UNKNOWN) throw failure;
            throw notOpened(failure.getMessage(), failure);
        }
        if (!isSuccess(reply)) throw refused(reply);
        var data = data(reply);
        var number = Fields.text(data, "out_trade_no");
        var url = Fields.text(data, "qrcode");
        if (!NUMBER.matcher(number).matches() || !Prompts.isPage(url)) {
            throw notOpened("an answer without out_trade_no and qrcode", null);
        }
        return new Created(Prompts.ofPage(url, request.payer().screen()), number);
    }

    private static ProviderFailure notOpened(String why, Throwable cause) {
        return new ProviderFailure(
                Kind.UNREACHABLE,
                "",
                why + "; no code was shown, so that nothing can be paid and the call may be repeated",
                cause);
    }

    /** An attempt that got no number there was never shown, and cannot be asked about. */
    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var no = attempt.attemptNo();
        var theirs = attempt.providerNo();
        if (theirs.isEmpty()) return new ProviderReport.Absent(no, "{}");
        var reply = call(settings, "orderquery", orderNo(theirs));
        var said = data(reply);
        requireSame(said, "out_trade_no", theirs);
        if (isSuccess(reply)) {
            var amount = amount(said);
            return new ProviderReport.Paid(
                    no,
                    VkspayAccount.merchantNo(settings),
                    "",
                    theirs,
                    amount,
                    null,
                    null,
                    "",
                    ProviderReport.WentBack.NOTHING,
                    reply.toString());
        }
        var code = refusalCode(reply);
        var unknown = Fields.text(reply, "return_code");
        if (code.equals(GatewayWords.NO_ORDER)) return new ProviderReport.Absent(no, reply.toString());
        if (code.equals(unknown) && !isUnclear(code)) {
            return GatewayWords.unpaid(Fields.text(reply, "return_msg"), unknown)
                    ? new ProviderReport.Unpaid(no, false, reply.toString())
                    : new ProviderReport.Unclear(no, reply.toString());
        }
        if (code.equals(GatewayWords.NUMBER_USED)) return new ProviderReport.Unclear(no, reply.toString());
        throw refused(reply); // about the call itself, so that it says nothing of the payment
    }

    /** What was paid, if the gateway says it; a payment of its code is always of the amount that was asked. */
    private static Money amount(JsonObject said) {
        var text = Fields.text(said, "total_fee");
        if (text.isEmpty()) return null;
        return Yuan.parse(text)
                .orElseThrow(() -> VkspayHttp.unusable("total_fee is no whole number of fen: \"" + text + '"'));
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var members = Json.createObjectBuilder(orderNo(request.transactionId()))
                .add("refund_fee", request.amount().yuan())
                .build();
        var reply = call(settings, "orderrefund", members);
        if (!isSuccess(reply)) throw refused(reply);
        var number = Fields.text(VkspayHttp.flat(reply), "out_refund_no");
        if (!NUMBER.matcher(number).matches()) {
            throw VkspayHttp.unusable("the refund is accepted, without out_refund_no");
        }
        return new RefundReport.Processing(request.refundNo(), number, null, reply.toString());
    }

    /** The gateway finds a refund only by the number that it gave in the answer to the request. */
    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        if (request.refundId().isEmpty()) return new RefundReport.Undecided(request.refundNo(), "{}");
        var members = Json.createObjectBuilder(orderNo(request.transactionId()))
                .add("out_refund_no", request.refundId())
                .build();
        var reply = call(settings, "orderrefundquery", members);
        requireSame(VkspayHttp.flat(reply), "out_refund_no", request.refundId());
        if (!isSuccess(reply)) {
            var code = refusalCode(reply);
            if (isUnclear(code)) throw refused(reply);
            if (GatewayWords.refundFailed(Fields.text(reply, "return_msg"))) {
                return new RefundReport.Closed(request.refundNo(), request.refundId(), reply.toString());
            }
            if (!code.equals(Fields.text(reply, "return_code"))) throw refused(reply);
            return new RefundReport.Processing(request.refundNo(), request.refundId(), null, reply.toString());
        }
        return new RefundReport.Succeeded(request.refundNo(), request.refundId(), null, null, null, reply.toString());
    }

    private static JsonObject orderNo(String theirs) {
        return Json.createObjectBuilder().add("out_trade_no", theirs).build();
    }

    private static void requireSame(JsonObject said, String name, String ours) {
        var other = Fields.text(said, name);
        if (!other.isEmpty() && !other.equals(ours)) throw VkspayHttp.unusable("an answer about another " + name);
    }

    // the wire

    private JsonObject call(AccountSettings settings, String method, JsonObject members) {
        var account = VkspayAccount.of(settings);
        var fields = new TreeMap<>(Fields.ofJson(members));
        fields.put("method", method);
        fields.put("merchantno", account.mchId());
        fields.put("signaturenonce", nonce());
        fields.put("version", "2.0");
        var timestamp = clock.instant().getEpochSecond();
        fields.put("timestamp", String.valueOf(timestamp));
        fields.put("sign", VkspaySignature.vks(fields, account.key()));
        var body = Json.createObjectBuilder();
        fields.forEach(body::add);
        body.add("timestamp", timestamp); // a number, the only one
        return VkspayHttp.post(
                transport.client(),
                account.gateway() + "/api",
                VkspayHttp.JSON,
                body.build().toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Eight digits from 1 to 9. */
    private static String nonce() {
        var nonce = new StringBuilder();
        for (int i = 0; i < 8; i++) nonce.append((char) ('1' + RANDOM.nextInt(9)));
        return nonce.toString();
    }

    private static JsonObject data(JsonObject reply) {
        if (Fields.text(reply, "return_code").isEmpty()) throw VkspayHttp.unusable("an answer without return_code");
        return reply.get("data") instanceof JsonObject data ? data : JsonObject.EMPTY_JSON_OBJECT;
    }

    private static boolean isSuccess(JsonObject reply) {
        var code = Fields.text(reply, "return_code");
        if (code.isEmpty()) throw VkspayHttp.unusable("an answer without return_code");
        return code.equals("SUCCESS");
    }

    private static String refusalCode(JsonObject reply) {
        return GatewayWords.code(Fields.text(reply, "return_msg"), Fields.text(reply, "return_code"));
    }

    private static ProviderFailure refused(JsonObject reply) {
        var code = refusalCode(reply);
        return new ProviderFailure(
                isUnclear(code) ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, code, Fields.text(reply, "return_msg"));
    }

    /** Whether the gateway itself does not know what became of the call. */
    private static boolean isUnclear(String code) {
        return code.equals(GatewayWords.SYSTEM_ERROR) || code.equals("SYSTEMERROR");
    }

    // notifications

    /**
     * Anyone can send it, so it is a hint whatever it says; besides the gateway's number nothing is read. One that
     * arrives before our call was answered, and the number stored, finds nothing: the sweeper queries the payment.
     */
    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        try {
            var theirs = theirNumber(raw.text());
            if (NUMBER.matcher(theirs).matches()) return ParsedNotification.hintOfProviderNo("notification", theirs);
        } catch (IllegalArgumentException | JsonException unreadable) {
            throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "it is neither a form nor JSON", unreadable);
        }
        throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "it names no payment");
    }

    private static String theirNumber(String body) {
        var text = body.strip();
        if (!text.startsWith("{")) return Fields.ofForm(text).getOrDefault("out_trade_no", "");
        try (var reader = Json.createReader(new StringReader(text))) {
            var message = reader.readObject();
            var outer = Fields.text(message, "out_trade_no");
            return outer.isEmpty() && message.get("data") instanceof JsonObject data
                    ? Fields.text(data, "out_trade_no")
                    : outer;
        }
    }
}
