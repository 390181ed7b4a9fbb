package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.http.ProviderTransport;
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
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * epay V1: {@code submit.php} for browsers, {@code mapi.php} and {@code api.php} for servers; MD5. Replies are not
 * signed.
 */
@ApplicationScoped
class V1Api implements VkspayApi {
    private static final String BROWSER = "/submit.php?";

    @Inject
    ProviderTransport transport;

    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var account = VkspayAccount.of(settings);
        var fields = EpayOrders.fields(account, request);
        var method = request.payer().payMethod();
        if (method.isEmpty()) { // the gateway's own page lets the payer choose
            var address = account.gateway() + BROWSER + Fields.form(signed(fields, account));
            return Created.of(Prompts.ofPage(address, request.payer().screen()));
        }
        fields.put("type", method);
        fields.put("clientip", EpayOrders.clientIp(request));
        fields.putIfAbsent("device", EpayOrders.device(request));
        var reply = accepted(post(account, "/mapi.php", signed(fields, account)));
        var page = Fields.text(reply, "payurl");
        var prompt = EpayOrders.prompt(
                account,
                request.payer().screen(),
                page.isEmpty() ? Fields.text(reply, "payurl2") : page,
                Fields.text(reply, "qrcode"),
                Fields.text(reply, "urlscheme"));
        return new Created(prompt, EpayOrders.theirNumber(reply));
    }

    private static SortedMap<String, String> signed(SortedMap<String, String> fields, VkspayAccount account) {
        fields.put("sign", VkspaySignature.v1(fields, account.key()));
        fields.put("sign_type", "MD5");
        return fields;
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var account = VkspayAccount.of(settings);
        var no = attempt.attemptNo();
        var reply = order(settings, account, no);
        if (isUnknown(reply)) return new ProviderReport.Absent(no, reply.toString());
        return EpayOrders.report(settings, account, attempt, accepted(reply));
    }

    private JsonObject order(AccountSettings settings, VkspayAccount account, String attemptNo) {
        var fields = new TreeMap<String, String>();
        fields.put("act", "order");
        fields.put("pid", account.mchId());
        fields.put("out_trade_no", attemptNo);
        proven(settings, account, fields);
        return VkspayHttp.flat(
                VkspayHttp.get(transport.client(), account.gateway() + "/api.php?" + Fields.form(fields)));
    }

    /** The classic form has the key itself in it; some forks want a signature instead. */
    private static void proven(AccountSettings settings, VkspayAccount account, SortedMap<String, String> fields) {
        if (VkspayAccount.signsQueries(settings)) signed(fields, account);
        else fields.put("key", account.key());
    }

    private static boolean isUnknown(JsonObject reply) {
        return !isAccepted(reply)
                && GatewayWords.code(Fields.text(reply, "msg"), "").equals(GatewayWords.NO_ORDER);
    }

    /**
     * Sent once, because it has no number: a second request would be a second refund. The documentation has 1 for a
     * refund that is accepted, a published server 0, and failures are negative.
     */
    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var account = VkspayAccount.of(settings);
        var fields = new TreeMap<String, String>();
        fields.put("act", "refund");
        fields.put("pid", account.mchId());
        if (!request.transactionId().equals(request.attempt().attemptNo())) {
            fields.put("trade_no", request.transactionId()); // otherwise the site has never said it
        }
        fields.put("out_trade_no", request.attempt().attemptNo());
        fields.put("money", request.amount().yuan());
        proven(settings, account, fields);
        var reply = post(account, "/api.php?act=refund", fields);
        var code = code(reply);
        if (code.signum() < 0) throw refused(reply);
        return new RefundReport.Succeeded(request.refundNo(), "", null, null, null, reply.toString());
    }

    /**
     * There is no query about refunds, but the order shows it: after any refund its state is 2. That it is not there
     * does not say that it will not come.
     */
    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var account = VkspayAccount.of(settings);
        var no = request.attempt().attemptNo();
        var reply = order(settings, account, no);
        if (isUnknown(reply)) return new RefundReport.Undecided(request.refundNo(), reply.toString());
        accepted(reply);
        EpayOrders.requireOurs(account, no, reply);
        var state = Fields.text(reply, "status");
        return switch (state) {
            case "2" -> new RefundReport.Succeeded(request.refundNo(), "", null, null, null, reply.toString());
            case "0", "1", "3", "4" -> new RefundReport.Absent(request.refundNo(), reply.toString());
            default -> throw VkspayHttp.unusable("an order in the unknown state \"" + state + '"');
        };
    }

    private JsonObject post(VkspayAccount account, String path, SortedMap<String, String> fields) {
        return VkspayHttp.flat(VkspayHttp.post(
                transport.client(),
                account.gateway() + path,
                VkspayHttp.FORM,
                Fields.form(fields).getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonObject accepted(JsonObject reply) {
        if (!isAccepted(reply)) throw refused(reply);
        return reply;
    }

    private static boolean isAccepted(JsonObject reply) {
        return code(reply).compareTo(BigDecimal.ONE) == 0;
    }

    /** A whole number, or a text with one, as PHP may print it: {@code 1}, {@code "01"}, {@code 1.0}. */
    static BigDecimal code(JsonObject reply) {
        var code = Fields.text(reply, "code");
        if (!code.matches("-?\\d{1,9}(\\.0{1,9})?")) {
            throw VkspayHttp.unusable("an answer with the code \"" + code + '"');
        }
        return new BigDecimal(code).setScale(0);
    }

    /** @throws ProviderFailure OUTCOME_UNKNOWN if the reply has no code */
    static ProviderFailure refused(JsonObject reply) {
        var words = Fields.text(reply, "msg");
        var number = code(reply).toString();
        var code = number.equals("-1") ? GatewayWords.code(words, number) : number;
        var kind = code.equals(GatewayWords.SYSTEM_ERROR) ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED;
        return new ProviderFailure(kind, code, words);
    }

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        var account = VkspayAccount.of(settings);
        var fields = EpayOrders.notification(raw);
        var type = fields.getOrDefault("sign_type", "MD5");
        if (!type.equalsIgnoreCase("MD5")) throw EpayOrders.forged("its sign_type is not MD5");
        if (!VkspaySignature.isV1(fields, account.key())) throw EpayOrders.forged("its signature is wrong");
        return EpayOrders.news(account, fields);
    }
}
