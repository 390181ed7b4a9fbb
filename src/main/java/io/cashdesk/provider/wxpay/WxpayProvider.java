package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.signing.Digest;
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
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * WeChat Pay v3.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">Native</a>
 */
@ApplicationScoped
class WxpayProvider implements PaymentProvider, PaymentProvider.Queries, PaymentProvider.Closes {
    // facts

    static final String NATIVE = "wxpay_h5";

    /** Beyond this much of a difference between the clocks a signature is a replay. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    /** What the order decides, and no caller's extra parameter may. */
    private static final Set<String> OURS =
            Set.of("appid", "mchid", "out_trade_no", "notify_url", "amount", "time_expire");

    private static final String NUMBER = "[0-9A-Za-z_|*-]{6,32}";

    @Inject
    ProviderTransport transport;

    @Resource
    ManagedExecutorService executor;

    @Inject
    Clock clock;

    private final Map<UUID, Built> clients = new ConcurrentHashMap<>();

    /** What was built from which version of the settings. */
    private record Built(long version, URI gateway, WxpayClient client) {}

    @Override
    public ProviderName name() {
        return ProviderName.WXPAY;
    }

    @Override
    public Set<String> payTypes() {
        return Set.of(NATIVE);
    }

    @Override
    public String node(String payType) {
        return payType.substring(payType.indexOf('_') + 1);
    }

    @Override
    public Set<String> nodes() {
        return Set.of("mp-weixin", "app-plus", "h5", "h5-weixin", "mweb", "codepay", "transfer");
    }

    @Override
    public URI gateway() {
        return URI.create(WxpayClient.HOST);
    }

    @Override
    public Set<String> secrets() {
        return Set.of("secret", "key", "pfx", "v3Key", "appPrivateKeyContent");
    }

    /** Only what Native uses is looked at closely; the other nodes are kept for the products that will use them. */
    @Override
    public void check(AccountSettings account) {
        if (account.node().equals(node(NATIVE))) WxpayAccount.of(account);
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), account.text("appId"));
    }

    @Override
    public Duration shortestLife() {
        return Duration.ofMinutes(1); // an earlier expiry is silently raised to a minute
    }

    @Override
    public boolean fits(String outTradeNo) {
        return outTradeNo.matches(NUMBER);
    }

    @Override
    public boolean saysNumberIsSpent(String code) {
        return Set.of("ORDERPAID", "ORDER_PAID", "ORDER_CLOSED", "ORDERCLOSED", "OUT_TRADE_NO_USED", "INVALID_REQUEST")
                .contains(code);
    }

    // deeds

    @Override
    public PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        var client = client(settings);
        var answer = client.post("/v3/pay/transactions/native", prepay(client.account(), request));
        var codeUrl = answer.getString("code_url", "");
        if (codeUrl.isEmpty()) throw unusable("a prepay answer without code_url");
        var orderInfo = Json.createObjectBuilder().add("codeUrl", codeUrl).build();
        return new PaymentPrompt.ScanQrCode(codeUrl, orderInfo);
    }

    @Override
    public ProviderReport query(AccountSettings settings, String attemptNo) {
        var client = client(settings);
        try {
            var path = "/v3/pay/transactions/out-trade-no/" + WxpayClient.inPath(attemptNo) + "?mchid="
                    + client.account().mchId();
            return report(client.account(), attemptNo, client.get(path));
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(attemptNo, evidence(e));
            throw e;
        }
    }

    @Override
    public ProviderReport close(AccountSettings settings, String attemptNo) {
        var client = client(settings);
        var path = "/v3/pay/transactions/out-trade-no/" + WxpayClient.inPath(attemptNo) + "/close";
        try {
            client.post(
                    path,
                    Json.createObjectBuilder()
                            .add("mchid", client.account().mchId())
                            .build());
            return new ProviderReport.Closed(attemptNo, "{\"closed\":true}");
        } catch (ProviderFailure e) {
            if (isUnknownOrder(e)) return new ProviderReport.Absent(attemptNo, evidence(e));
            if (Set.of("ORDER_CLOSED", "ORDERCLOSED").contains(e.providerCode())) {
                return new ProviderReport.Closed(attemptNo, evidence(e));
            }
            if (Set.of("ORDERPAID", "ORDER_PAID", "INVALID_REQUEST").contains(e.providerCode())) {
                return query(settings, attemptNo);
            }
            if (Set.of("USERPAYING", "USER_PAYING").contains(e.providerCode()))
                return new ProviderReport.Unpaid(attemptNo, true, evidence(e));
            throw e;
        }
    }

    @Override
    public ProviderNews read(AccountSettings settings, RawNotification raw) {
        var client = client(settings);
        var timestamp = raw.header("Wechatpay-Timestamp").orElse("");
        if (!timestamp.matches("\\d{1,12}")) throw notAuthentic("Wechatpay-Timestamp is missing");
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant())
                .abs();
        if (age.compareTo(SKEW) > 0) throw notAuthentic("Wechatpay-Timestamp is more than five minutes off");
        var signature = raw.header("Wechatpay-Signature").orElse("");
        if (signature.startsWith("WECHATPAY/SIGNTEST/")) throw notAuthentic("a signature probe");
        JsonObject opened;
        JsonObject envelope;
        try {
            opened = client.open(
                    raw.header("Wechatpay-Serial").orElse(""),
                    timestamp,
                    raw.header("Wechatpay-Nonce").orElse(""),
                    signature,
                    raw.header("Wechatpay-Signature-Type").orElse(null),
                    raw.text());
            envelope = WxpayClient.object(raw.text());
        } catch (RuntimeException e) { // of many kinds, and each means that WeChat Pay did not write this for us
            throw new ProviderFailure(
                    Kind.NOT_AUTHENTIC, "", "the signature or the content is wrong: " + e.getMessage(), e);
        }
        return news(client.account(), envelope.getString("event_type", ""), opened);
    }

    @Override
    public Thanks thanks() {
        return new Thanks(204, "", "");
    }

    @Override
    public Thanks refusal(boolean authentic, String reason) {
        var body = Json.createObjectBuilder()
                .add("code", "FAIL")
                .add("message", reason)
                .build();
        return new Thanks(authentic ? 500 : 401, "application/json", body.toString());
    }

    // building requests

    private static JsonObject prepay(WxpayAccount account, PaymentRequest request) {
        var body = Json.createObjectBuilder()
                .add("appid", account.appId())
                .add("mchid", account.mchId())
                .add("description", request.subject())
                .add("out_trade_no", request.attemptNo())
                .add("time_expire", wireTime(request.expiresAt()))
                .add("notify_url", request.notifyUrl().toString())
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", request.amount().minor())
                                .add("currency", request.amount().currency()));
        request.other().forEach((name, value) -> {
            if (OURS.contains(name))
                throw new ProviderFailure(Kind.DECLINED, "other", "other must not contain " + name);
            body.add(name, value);
        });
        return body.build();
    }

    private static String wireTime(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(CHINA));
    }

    // reading answers

    private ProviderNews news(WxpayAccount account, String event, JsonObject opened) {
        if (!event.equals("TRANSACTION.SUCCESS")) {
            return new ProviderNews(event + " " + Digest.sha256(opened.toString()), event, Optional.empty());
        }
        ProviderReport report;
        try {
            report = report(account, opened.getString("out_trade_no", ""), opened);
        } catch (ProviderFailure e) {
            throw notAuthentic(e.getMessage());
        }
        var key = String.join(
                " ",
                event,
                opened.getString("transaction_id", ""),
                opened.getString("trade_state", ""),
                String.valueOf(opened.getJsonObject("amount")));
        return new ProviderNews(key, event, Optional.of(report));
    }

    private static ProviderReport report(WxpayAccount account, String attemptNo, JsonObject transaction) {
        if (!transaction.getString("out_trade_no", "").equals(attemptNo))
            throw unusable("an answer about another order");
        var ours = transaction.getString("mchid", account.mchId()).equals(account.mchId())
                && transaction.getString("appid", account.appId()).equals(account.appId());
        if (!ours) throw notAuthentic("it is about another merchant or application");
        var state = transaction.getString("trade_state", "");
        var evidence = transaction.toString();
        return switch (state) {
            // REFUND: some of it went back, so all of it had come
            case "SUCCESS", "REFUND" -> paid(attemptNo, transaction);
            case "NOTPAY", "PAYERROR" -> new ProviderReport.Unpaid(attemptNo, false, evidence);
            case "USERPAYING", "ACCEPT" -> new ProviderReport.Unpaid(attemptNo, true, evidence);
            case "CLOSED", "REVOKED" -> new ProviderReport.Closed(attemptNo, evidence);
            default -> throw unusable("trade_state \"" + state + "\" is not known");
        };
    }

    private static ProviderReport paid(String attemptNo, JsonObject transaction) {
        try {
            var amount = transaction.getJsonObject("amount"); // total, not payer_total: discounts are not our business
            var paidAt = transaction.getString("success_time", "");
            var payer = transaction.getJsonObject("payer");
            return new ProviderReport.Paid(
                    attemptNo,
                    transaction.getString("mchid"),
                    transaction.getString("appid"),
                    transaction.getString("transaction_id"),
                    new Money(amount.getJsonNumber("total").longValueExact(), amount.getString("currency", Money.CNY)),
                    paidAt.isEmpty() ? null : OffsetDateTime.parse(paidAt).toInstant(),
                    payer == null ? null : payer.getString("openid", null),
                    transaction.toString());
        } catch (NullPointerException
                | ClassCastException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw unusable("a paid transaction with a field missing or malformed: " + e.getMessage());
        }
    }

    private static boolean isUnknownOrder(ProviderFailure e) {
        return e.kind() == Kind.DECLINED
                && Set.of("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
                        .contains(e.providerCode());
    }

    private static String evidence(ProviderFailure e) {
        return Json.createObjectBuilder()
                .add("code", e.providerCode())
                .add("message", String.valueOf(e.getMessage()))
                .build()
                .toString();
    }

    private static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }

    private static ProviderFailure notAuthentic(String why) {
        return new ProviderFailure(Kind.NOT_AUTHENTIC, "", why);
    }

    private WxpayClient client(AccountSettings settings) {
        return clients.compute(settings.id(), (id, built) -> {
                    var current = built != null
                            && built.version() == settings.version()
                            && built.gateway().equals(settings.gateway());
                    if (current) return built;
                    var account = WxpayAccount.of(settings);
                    var client = new WxpayClient(account, settings.gateway(), transport.client(), executor, clock);
                    return new Built(settings.version(), settings.gateway(), client);
                })
                .client();
    }
}
