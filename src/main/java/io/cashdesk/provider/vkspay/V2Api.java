package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentPrompt;
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
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * epay V2: {@code /api/pay/*}; RSA in both directions. Requests, replies and notifications have a time, and are taken
 * for five minutes.
 */
@ApplicationScoped
class V2Api implements VkspayApi {
    private static final String BROWSER = "/api/pay/submit?";

    /** By how much the time of a message may differ from our clock. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** How long an address to {@link #BROWSER} is handed out: the gateway's time, less the payer's. */
    private static final Duration ADDRESS_LIVES = Duration.ofMinutes(4);

    @Inject
    ProviderTransport transport;

    @Inject
    Clock clock;

    @Override
    public Created create(AccountSettings settings, PaymentRequest request) {
        var account = VkspayAccount.of(settings);
        var fields = EpayOrders.fields(account, request);
        var screen = request.payer().screen();
        var method = request.payer().payMethod();
        if (method.isEmpty()) { // the gateway's own page lets the payer choose
            var address = account.gateway() + BROWSER + Fields.form(signed(fields, account));
            return Created.of(Prompts.ofPage(address, screen, Optional.of(ADDRESS_LIVES)));
        }
        fields.put("type", method);
        fields.put("method", Prompts.scanned(screen) ? "web" : "jump");
        fields.put("clientip", EpayOrders.clientIp(request));
        fields.putIfAbsent("device", EpayOrders.device(request));
        var reply = call(account, "create", fields);
        var info = Fields.text(reply, "pay_info");
        var kind = Fields.text(reply, "pay_type");
        var prompt = switch (kind) {
            case "jump" -> EpayOrders.prompt(account, screen, info, "", "");
            case "qrcode" -> EpayOrders.prompt(account, screen, "", info, "");
            case "urlscheme" -> EpayOrders.prompt(account, screen, "", "", info);
            default -> // html, jsapi, app, scan, wxplugin, wxapp: what no page and no code can show
                throw new ProviderFailure(Kind.DECLINED, "PAY_TYPE", "pay_type is " + kind);
        };
        return new Created(prompt, EpayOrders.theirNumber(reply));
    }

    @Override
    public PaymentPrompt.GoTo refresh(AccountSettings settings, PaymentPrompt.GoTo page) {
        var account = VkspayAccount.of(settings);
        var begin = account.gateway() + BROWSER;
        if (!page.url().startsWith(begin)) return page;
        var fields = Fields.ofForm(page.url().substring(begin.length()));
        return Prompts.page(begin + Fields.form(signed(fields, account)), page.life());
    }

    private SortedMap<String, String> signed(SortedMap<String, String> fields, VkspayAccount account) {
        fields.put("timestamp", String.valueOf(clock.instant().getEpochSecond()));
        fields.put(
                "sign", VkspaySignature.v2(fields, account.keys().orElseThrow().own()));
        fields.put("sign_type", "RSA");
        return fields;
    }

    @Override
    public ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var account = VkspayAccount.of(settings);
        var no = attempt.attemptNo();
        try {
            return EpayOrders.report(settings, account, attempt, call(account, "query", order(account, no)));
        } catch (ProviderFailure failure) {
            if (!isUnknown(failure)) throw failure;
            return new ProviderReport.Absent(no, words(failure));
        }
    }

    /** Only some channels can close; a refusal says that it cannot be closed now. */
    @Override
    public ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        var account = VkspayAccount.of(settings);
        var no = attempt.attemptNo();
        try {
            var reply = call(account, "close", order(account, no));
            return new ProviderReport.Closed(no, reply.toString());
        } catch (ProviderFailure failure) {
            if (isUnknown(failure)) return new ProviderReport.Absent(no, words(failure));
            if (failure.kind() != Kind.DECLINED) throw failure;
            var report = query(settings, attempt); // the payer may have been faster
            return report instanceof ProviderReport.Absent
                    ? new ProviderReport.Unpaid(no, false, words(failure))
                    : report;
        }
    }

    @Override
    public RefundReport refund(AccountSettings settings, RefundRequest request) {
        var account = VkspayAccount.of(settings);
        var fields = order(account, request.attempt().attemptNo());
        if (!request.transactionId().equals(request.attempt().attemptNo())) {
            fields.put("trade_no", request.transactionId()); // otherwise the site has never said it
        }
        fields.put("money", request.amount().yuan());
        fields.put("out_refund_no", request.refundNo());
        return succeeded(request, call(account, "refund", fields));
    }

    @Override
    public RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var account = VkspayAccount.of(settings);
        var fields = new TreeMap<String, String>();
        fields.put("pid", account.mchId());
        fields.put("out_refund_no", request.refundNo());
        JsonObject reply;
        try {
            reply = call(account, "refundquery", fields);
        } catch (ProviderFailure failure) {
            var words = String.valueOf(failure.getMessage());
            var unknown = isUnknown(failure) || (failure.kind() == Kind.DECLINED && words.contains("不存在"));
            if (!unknown) throw failure;
            return new RefundReport.Absent(request.refundNo(), words(failure));
        }
        var state = Fields.text(reply, "status");
        return switch (state) {
            case "1" -> succeeded(request, reply);
            case "0" -> new RefundReport.Closed(request.refundNo(), Fields.text(reply, "refund_no"), reply.toString());
            default -> throw VkspayHttp.unusable("a refund in the unknown state \"" + state + '"');
        };
    }

    private static RefundReport succeeded(RefundRequest request, JsonObject reply) {
        var number = Fields.text(reply, "out_refund_no");
        if (!number.isEmpty() && !number.equals(request.refundNo())) {
            throw VkspayHttp.unusable("an answer about another refund");
        }
        var money = Fields.text(reply, "money");
        var amount = money.isEmpty()
                ? null
                : Yuan.parse(money)
                        .orElseThrow(() -> VkspayHttp.unusable("money is no whole number of fen: \"" + money + '"'));
        return new RefundReport.Succeeded(
                request.refundNo(), Fields.text(reply, "refund_no"), amount, null, null, reply.toString());
    }

    private static SortedMap<String, String> order(VkspayAccount account, String attemptNo) {
        var fields = new TreeMap<String, String>();
        fields.put("pid", account.mchId());
        fields.put("out_trade_no", attemptNo);
        return fields;
    }

    private static boolean isUnknown(ProviderFailure failure) {
        return failure.kind() == Kind.DECLINED && failure.providerCode().equals(GatewayWords.NO_ORDER);
    }

    private static String words(ProviderFailure failure) {
        return Json.createObjectBuilder()
                .add("msg", String.valueOf(failure.getMessage()))
                .build()
                .toString();
    }

    // the wire

    /** The members of the verified reply to a call that succeeded. */
    private JsonObject call(VkspayAccount account, String name, SortedMap<String, String> fields) {
        var reply = VkspayHttp.post(
                transport.client(),
                account.gateway() + "/api/pay/" + name,
                VkspayHttp.FORM,
                Fields.form(signed(fields, account)).getBytes(StandardCharsets.UTF_8));
        var succeeded = V1Api.code(reply).signum() == 0;
        var isSigned = !Fields.text(reply, "sign").isEmpty();
        if (succeeded || isSigned) verify(account, reply);
        if (succeeded) return reply;
        var refused = V1Api.refused(reply);
        if (isSigned || isBelieved(account, name, refused)) throw refused;
        throw VkspayHttp.unusable("a refusal without a signature: " + refused.getMessage());
    }

    /**
     * Whether a refusal without a signature counts. Most sites sign none; over https it comes from the site all the
     * same, unless it is the page of a proxy, which has no words. Otherwise it must not end a refund, except for the
     * one that comes before the site knows whose keys to use: pid or key are unknown.
     */
    private static boolean isBelieved(VkspayAccount account, String call, ProviderFailure refused) {
        return !call.equals("refund")
                || refused.providerCode().equals("-3")
                || (account.gateway().startsWith("https:")
                        && !String.valueOf(refused.getMessage()).isEmpty());
    }

    /**
     * The gateway signs what PHP makes of the values: a number may be written in another way there than in the JSON
     * that it sends, and some count a number 0 as empty.
     */
    private void verify(VkspayAccount account, JsonObject reply) {
        var key = account.keys().orElseThrow().platform();
        var signed = List.of(Fields.ofJson(reply), asPhp(reply, false), asPhp(reply, true)).stream()
                .anyMatch(fields -> VkspaySignature.isV2(fields, key));
        if (!signed) throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong");
        requireRecent(Fields.text(reply, "timestamp"));
    }

    private static SortedMap<String, String> asPhp(JsonObject reply, boolean zeroIsEmpty) {
        var fields = Fields.ofJson(reply);
        reply.forEach((name, value) -> {
            if (!(value instanceof JsonNumber number)) return;
            var decimal = number.bigDecimalValue();
            if (decimal.signum() == 0 && zeroIsEmpty) fields.remove(name);
            else
                fields.put(
                        name,
                        decimal.signum() == 0
                                ? "0"
                                : decimal.stripTrailingZeros().toPlainString());
        });
        return fields;
    }

    private void requireRecent(String timestamp) {
        var recent = timestamp.matches("\\d{1,12}")
                && Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp)) <= SKEW.toSeconds();
        if (!recent) {
            throw new ProviderFailure(
                    Kind.NOT_AUTHENTIC,
                    "",
                    "the time of the message, \"" + timestamp + "\", is not within five minutes");
        }
    }

    @Override
    public ParsedNotification read(AccountSettings settings, RawNotification raw) {
        var account = VkspayAccount.of(settings);
        var fields = EpayOrders.notification(raw);
        var type = fields.getOrDefault("sign_type", "RSA");
        if (!type.equalsIgnoreCase("RSA")) throw EpayOrders.forged("its sign_type is not RSA");
        if (!VkspaySignature.isV2(fields, account.keys().orElseThrow().platform())) {
            throw EpayOrders.forged("its signature is wrong");
        }
        requireRecent(fields.getOrDefault("timestamp", ""));
        return EpayOrders.news(account, fields);
    }
}
