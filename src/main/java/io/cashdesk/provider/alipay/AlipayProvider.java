package io.cashdesk.provider.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.response.AlipayTradePrecreateResponse;
import com.alipay.api.response.AlipayTradeQueryResponse;
import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.ProviderNews;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Thanks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Alipay, protocol V2.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ekfg">alipay.trade.precreate</a>
 */
@ApplicationScoped
class AlipayProvider implements PaymentProvider, PaymentProvider.Queries, PaymentProvider.Closes {
    // facts

    static final String SCAN = "alipay_h5";

    private static final String PRODUCTION = "https://openapi.alipay.com/gateway.do";
    private static final String SANDBOX = "https://openapi-sandbox.dl.alipaydev.com/gateway.do";
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter WIRE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** The answer came and says no for good; other codes leave the outcome open. */
    private static final Set<String> UNDERSTOOD = Set.of("20001", "40001", "40002", "40003", "40004", "40005", "40006");

    /**
     * Refusals by the gateway, before any trade is touched. Only these are believed unsigned, because a gateway that does not
     * know the application cannot sign for it.
     */
    private static final Set<String> GATEWAY_SAYS_NO = Set.of("20001", "40001", "40002", "40003", "40005", "40006");

    /** What the order decides, and no caller's extra parameter may. */
    private static final Set<String> OURS = Set.of("out_trade_no", "total_amount", "time_expire");

    @Inject
    AlipaySdk sdk;

    private final Map<UUID, Built> clients = new ConcurrentHashMap<>();

    /**
     * What was built from which version of the settings.
     *
     * @param idle clients that no call uses right now; never more of them than calls ran at the same time
     */
    private record Built(
            long version, String gateway, AlipayAccount account, AlipayClient client, Queue<AlipayClient> idle) {}

    @Override
    public ProviderName name() {
        return ProviderName.ALIPAY;
    }

    @Override
    public Set<String> payTypes() {
        return Set.of(SCAN);
    }

    @Override
    public String node(String payType) {
        return payType.substring(payType.indexOf('_') + 1);
    }

    @Override
    public Set<String> nodes() {
        return Set.of("mp-alipay", "app-plus", "h5", "codepay", "transfer");
    }

    @Override
    public URI gateway() {
        return URI.create(PRODUCTION);
    }

    @Override
    public Set<String> secrets() {
        return Set.of("privateKey");
    }

    /** Only what scanning uses is looked at closely; the other nodes are kept for the products that will use them. */
    @Override
    public void check(AccountSettings account) {
        if (account.node().equals(node(SCAN))) build(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        var seller = account.text("mchId");
        return new Identity(seller.isEmpty() ? account.text("appId") : seller, account.text("appId"));
    }

    @Override
    public boolean fits(String outTradeNo) {
        return outTradeNo.matches("[0-9A-Za-z_]{1,64}");
    }

    @Override
    public boolean saysNumberIsSpent(String code) {
        return Set.of("ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_CLOSE", "ACQ.CONTEXT_INCONSISTENT")
                .contains(code);
    }

    // deeds

    @Override
    public PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        var call = new AlipayTradePrecreateRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(precreate(request).toString());
        AlipayTradePrecreateResponse answer = exchange(built(settings), call);
        if (!"10000".equals(answer.getCode())) throw refusal(answer);
        if (answer.getQrCode() == null || !request.attemptNo().equals(answer.getOutTradeNo())) {
            throw unusable("a precreate answer without qr_code, or about another order");
        }
        var orderInfo = Json.createObjectBuilder()
                .add("code", answer.getCode())
                .add("msg", answer.getMsg() == null ? "" : answer.getMsg())
                .add("outTradeNo", answer.getOutTradeNo())
                .add("codeUrl", answer.getQrCode())
                .build();
        return new PaymentPrompt.ScanQrCode(answer.getQrCode(), orderInfo);
    }

    @Override
    public ProviderReport query(AccountSettings settings, String attemptNo) {
        var built = built(settings);
        var call = new AlipayTradeQueryRequest();
        call.setBizContent(number(attemptNo));
        AlipayTradeQueryResponse answer = exchange(built, call);
        if ("ACQ.TRADE_NOT_EXIST".equals(answer.getSubCode())) {
            return new ProviderReport.Absent(attemptNo, evidence(answer));
        }
        if (!"10000".equals(answer.getCode())) throw refusal(answer);
        if (!attemptNo.equals(answer.getOutTradeNo())) throw unusable("an answer about another order");
        return report(built.account(), answer);
    }

    @Override
    public ProviderReport close(AccountSettings settings, String attemptNo) {
        var call = new AlipayTradeCloseRequest();
        call.setBizContent(number(attemptNo));
        var answer = exchange(built(settings), call);
        if ("10000".equals(answer.getCode())) {
            if (!attemptNo.equals(answer.getOutTradeNo())) throw unusable("an answer about another order");
            return new ProviderReport.Closed(attemptNo, evidence(answer));
        }
        if ("ACQ.TRADE_NOT_EXIST".equals(answer.getSubCode())) {
            return new ProviderReport.Absent(attemptNo, evidence(answer));
        }
        var wrongState =
                Set.of("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS");
        if (answer.getSubCode() != null && wrongState.contains(answer.getSubCode())) return query(settings, attemptNo);
        throw refusal(answer);
    }

    @Override
    public ProviderNews read(AccountSettings settings, RawNotification raw) {
        var account = built(settings).account();
        Map<String, String> fields;
        try {
            fields = NotificationForm.fields(raw.body());
        } catch (IllegalArgumentException e) {
            throw notAuthentic("it is not a form: " + e.getMessage());
        }
        verify(account, fields);
        if (!account.appId().equals(fields.get("app_id"))) throw notAuthentic("it is for another application");
        if (!account.sellerId().isEmpty() && !account.sellerId().equals(fields.get("seller_id"))) {
            throw notAuthentic("it is for another seller");
        }
        return news(account, fields);
    }

    @Override
    public Thanks thanks() {
        return new Thanks(200, "text/plain", "success");
    }

    @Override
    public Thanks refusal(boolean authentic, String reason) {
        return new Thanks(authentic ? 500 : 401, "text/plain", "failure");
    }

    // building requests

    private static JsonObject precreate(PaymentRequest request) {
        var content = Json.createObjectBuilder()
                .add("out_trade_no", request.attemptNo())
                .add("total_amount", request.amount().yuan())
                .add("subject", request.subject())
                .add("time_expire", WIRE_TIME.format(request.expiresAt().atOffset(CHINA)));
        request.other().forEach((name, value) -> {
            if (OURS.contains(name))
                throw new ProviderFailure(Kind.DECLINED, "other", "other must not contain " + name);
            content.add(name, value);
        });
        return content.build();
    }

    private static String number(String attemptNo) {
        return Json.createObjectBuilder().add("out_trade_no", attemptNo).build().toString();
    }

    // reading answers

    private static ProviderReport report(AlipayAccount account, AlipayTradeQueryResponse answer) {
        var attemptNo = answer.getOutTradeNo();
        var evidence = evidence(answer);
        var status = String.valueOf(answer.getTradeStatus());
        return switch (status) {
            case "WAIT_BUYER_PAY" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "TRADE_SUCCESS", "TRADE_FINISHED" -> paid(account, answer);
            // closed unpaid, or paid and then given back in full: only the second has a moment of payment
            case "TRADE_CLOSED" ->
                answer.getSendPayDate() == null
                        ? new ProviderReport.Closed(attemptNo, evidence)
                        : paid(account, answer);
            default -> throw unusable("trade_status \"" + status + "\" is not known");
        };
    }

    private static ProviderReport paid(AlipayAccount account, AlipayTradeQueryResponse answer) {
        try {
            return new ProviderReport.Paid(
                    answer.getOutTradeNo(),
                    account.merchantNo(), // the answer is signed for this account and names no seller
                    account.appId(),
                    present(answer.getTradeNo(), "trade_no"),
                    Money.fromYuan(answer.getTotalAmount()),
                    moment(answer.getSendPayDate()),
                    answer.getBuyerUserId() != null ? answer.getBuyerUserId() : answer.getBuyerOpenId(),
                    evidence(answer));
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException e) {
            throw unusable("a paid trade with a field missing or malformed: " + e.getMessage());
        }
    }

    @SuppressWarnings("JavaUtilDate") // the SDK's own type; it reads Beijing's clock as such
    private static Instant moment(Date sdkDate) {
        return sdkDate == null ? null : sdkDate.toInstant();
    }

    private static ProviderNews news(AlipayAccount account, Map<String, String> fields) {
        var status = fields.getOrDefault("trade_status", "");
        var key =
                String.join(" ", fields.getOrDefault("notify_id", ""), status, fields.getOrDefault("total_amount", ""));
        var kind = fields.getOrDefault("notify_type", "") + " " + status;
        var attemptNo = fields.getOrDefault("out_trade_no", "");
        if (aboutRefund(fields) || !"trade_status_sync".equals(fields.get("notify_type"))) {
            return new ProviderNews(key + " " + fields.getOrDefault("out_biz_no", ""), kind, Optional.empty());
        }
        var evidence = evidence(fields);
        return switch (status) {
            case "TRADE_SUCCESS", "TRADE_FINISHED" ->
                new ProviderNews(key, kind, Optional.of(paid(account, fields, attemptNo, evidence)));
            // closed although it was paid, and no word of a refund: only a query can tell
            case "TRADE_CLOSED" ->
                fields.getOrDefault("gmt_payment", "").isEmpty()
                        ? new ProviderNews(key, kind, Optional.of(new ProviderReport.Closed(attemptNo, evidence)))
                        : new ProviderNews(key, kind, Optional.empty());
            default -> new ProviderNews(key, kind, Optional.empty());
        };
    }

    /** A refund is told to the payment's own address; its mark is gmt_refund, or a refund_fee that is more than nothing. */
    private static boolean aboutRefund(Map<String, String> fields) {
        if (!fields.getOrDefault("gmt_refund", "").isEmpty()) return true;
        var fee = fields.getOrDefault("refund_fee", "");
        return !fee.isEmpty() && !fee.matches("0+(\\.0+)?");
    }

    private static ProviderReport paid(
            AlipayAccount account, Map<String, String> fields, String attemptNo, String evidence) {
        try {
            var at = fields.getOrDefault("gmt_payment", "");
            return new ProviderReport.Paid(
                    attemptNo,
                    account.sellerId().isEmpty() ? account.merchantNo() : fields.get("seller_id"),
                    fields.get("app_id"),
                    present(fields.get("trade_no"), "trade_no"),
                    Money.fromYuan(fields.get("total_amount")),
                    at.isEmpty() ? null : LocalDateTime.parse(at, WIRE_TIME).toInstant(CHINA),
                    fields.getOrDefault("buyer_id", fields.get("buyer_open_id")),
                    evidence);
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException | DateTimeException e) {
            throw notAuthentic("a field is missing or malformed: " + e.getMessage());
        }
    }

    private static String present(String value, String name) {
        if (value == null || value.isEmpty()) throw new IllegalArgumentException(name);
        return value;
    }

    private static String evidence(AlipayResponse answer) {
        var evidence = Json.createObjectBuilder();
        evidence.add("body", answer.getBody() == null ? "" : answer.getBody());
        return evidence.build().toString();
    }

    private static String evidence(Map<String, String> fields) {
        var evidence = Json.createObjectBuilder();
        fields.forEach((name, value) -> {
            if (!name.equals("sign")) evidence.add(name, value);
        });
        return evidence.build().toString();
    }

    // signing and calling

    private static void verify(AlipayAccount account, Map<String, String> fields) {
        if (!"RSA2".equals(fields.get("sign_type"))) throw notAuthentic("sign_type is not RSA2");
        if (verified(account, fields)) return;
        // sources disagree on whether alipay_cert_sn is part of the signed text; the official way was tried first
        if (fields.containsKey("alipay_cert_sn")) {
            var without = new HashMap<>(fields);
            without.remove("alipay_cert_sn");
            if (verified(account, without)) return;
        }
        throw notAuthentic("the signature is wrong");
    }

    private static boolean verified(AlipayAccount account, Map<String, String> fields) {
        var copy = new HashMap<>(fields); // the SDK removes keys from the map it is given
        copy.values().removeIf(String::isEmpty);
        try {
            var charset = fields.getOrDefault("charset", "utf-8");
            return AlipaySignature.rsaCheckV1(copy, account.alipayPublicKey(), charset, "RSA2");
        } catch (AlipayApiException | RuntimeException e) {
            return false; // a signature that cannot even be read is wrong
        }
    }

    private <T extends AlipayResponse> T exchange(Built built, AlipayRequest<T> call) {
        try {
            var answer = built.account().certificates()
                    ? withClientOfItsOwn(built, call)
                    : built.client().execute(call);
            if (answer == null || answer.getCode() == null) throw unusable("an answer without a code");
            if (!"10000".equals(answer.getCode()) && !GATEWAY_SAYS_NO.contains(answer.getCode()) && !signed(answer)) {
                throw unusable("an unsigned refusal: " + answer.getCode() + " " + answer.getSubCode());
            }
            return answer;
        } catch (AlipayApiException e) {
            if (ProviderTransport.nothingWasSent(e)) {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e);
            }
            if (saysForged(e)) throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong", e);
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no usable answer", e);
        } catch (ProviderFailure e) {
            throw e;
        } catch (RuntimeException e) { // the SDK throws bare ones for unsigned answers
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no usable answer", e);
        }
    }

    /**
     * In certificate mode the SDK's client keeps a field between its steps, so no two calls may share one at a time. They do not
     * queue for it either: behind a few answers that never come, the last caller would stand for minutes.
     */
    private <T extends AlipayResponse> T withClientOfItsOwn(Built built, AlipayRequest<T> call)
            throws AlipayApiException {
        var idle = built.idle().poll();
        var client = idle != null ? idle : sdk.client(built.account(), built.gateway());
        try {
            return client.certificateExecute(call);
        } finally {
            built.idle().add(client);
        }
    }

    /** The SDK has no type for it, only words. */
    private static boolean saysForged(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var words = String.valueOf(cause.getMessage());
            if (words.contains("sign check fail") || words.contains("cert check fail")) return true;
        }
        return false;
    }

    /** The SDK verifies a refusal that is signed, and believes one that is not. */
    private static boolean signed(AlipayResponse answer) {
        try (var reader = Json.createReader(new StringReader(answer.getBody()))) {
            return !reader.readObject().getString("sign", "").isEmpty();
        } catch (JsonException | NullPointerException e) {
            return false;
        }
    }

    private static ProviderFailure refusal(AlipayResponse answer) {
        var code = answer.getSubCode() == null ? answer.getCode() : answer.getSubCode();
        var message = answer.getSubMsg() == null ? answer.getMsg() : answer.getSubMsg();
        var open = !UNDERSTOOD.contains(answer.getCode()) || code.endsWith("SYSTEM_ERROR");
        return new ProviderFailure(open ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, code, String.valueOf(message));
    }

    private static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }

    private static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    private Built built(AccountSettings settings) {
        return clients.compute(settings.id(), (id, built) -> {
            var current = built != null
                    && built.version() == settings.version()
                    && built.gateway().equals(address(settings));
            return current ? built : build(settings);
        });
    }

    private Built build(AccountSettings settings) {
        var account = AlipayAccount.of(settings);
        var address = address(settings);
        var client = sdk.client(account, address);
        return new Built(settings.version(), address, account, client, new ConcurrentLinkedQueue<>(List.of(client)));
    }

    /** The provider's own sandbox is asked for by a switch; an explicit gateway wins over it. */
    static String address(AccountSettings settings) {
        var sandbox = settings.values().getBoolean("sandbox", false)
                && settings.text("gateway").isEmpty();
        return sandbox ? SANDBOX : settings.gateway().toString();
    }
}
