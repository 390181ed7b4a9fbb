package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProductRules;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A merchant's server asks for the parameters with which a payer pays, or hands over the code that it scanned from one. */
@ApplicationScoped
public class CreatePayment {
    /** An order's life when nobody names a deadline (D8). */
    private static final Duration LIFE = Duration.ofHours(2);

    /** How long a payer at a till has for his password; the providers' own guidance is 30 to 45 seconds. */
    private static final Duration AT_THE_TILL = Duration.ofSeconds(45);

    private static final Set<String> DATA = Set.of(
            "out_trade_no",
            "total_fee",
            "subject",
            "type",
            "openid",
            "body",
            "user_id",
            "nickname",
            "custom",
            "other",
            "pid",
            "time_expire",
            "return_url",
            "auth_code",
            "store_id",
            "sub_mchid",
            "sub_appid",
            "app_auth_token");

    @Inject
    OpenOrder openOrder;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    PayOrders orders;

    @Inject
    Accounts accounts;

    @Inject
    Merchants merchants;

    @Inject
    Providers providers;

    @Inject
    Clock clock;

    /** How the answer is wanted. */
    private record Form(boolean needQrCode, boolean image, String platform) {}

    /** With whom and through which product, of whose account. */
    private record Way(PaymentProvider provider, PayType payType, AccountSettings account) {
        private ProductRules rules() {
            return provider.products().get(payType);
        }

        private PaymentPrompt refreshed(PaymentPrompt prompt) {
            return provider instanceof Creates creates ? creates.refresh(account, payType, prompt) : prompt;
        }
    }

    /**
     * What a face may have differently.
     *
     * @param callback the name of the endpoint that hears of the payment in CloudPay's shape, or null
     * @param apiVersion the version of the provider's interface from whose answers the face makes its own; empty if any will do
     * @param forListedSubMerchant a service provider's order: the sub-merchant must be named and listed; a deadline may be as near as
     *     the provider itself allows, and any sign may stand in the subject, because only WeChat Pay sees it
     * @param ofSubApp whether the payer's openid belongs to the node's {@code subAppId}
     */
    public record Terms(String callback, OptionalInt apiVersion, boolean forListedSubMerchant, boolean ofSubApp) {
        public static final Terms USUAL = new Terms(null, OptionalInt.empty(), false, false);
    }

    /** Completes with the answer, or with a problem. */
    public CompletionStage<JsonObject> of(Authority authority, JsonBody body, String callerAddress) {
        return of(authority, body, callerAddress, Terms.USUAL);
    }

    /** The same on other terms; the answer then also has {@code mch_id}, {@code provider_appid} and {@code sub_appid}. */
    public CompletionStage<JsonObject> of(Authority authority, JsonBody body, String callerAddress, Terms terms) {
        body.only("context", "provider", "isPC", "needQRcode", "alipayAppPayToH5Pay", "data");
        var data = body.object("data").orElseThrow(() -> ProblemType.FIELD.with("data", "an object", "absent"));
        refuseWhatIsNotOffered(data);
        var merchant = authority.merchant(data.text("pid", 64).orElse(null));
        var byClient = authority.kind() == ApiKey.Kind.PUBLISHABLE;
        if (byClient) refuseWhatOnlyAServerMaySay(data);

        var code = PaymentCodes.read(data, providers.all());
        var provider = provider(body, code);
        var image = body.json().get("needQRcode") instanceof JsonString s
                && s.getString().equals("image");
        var needQrCode = image || body.flag("needQRcode", false);
        var platform = Platform.of(body.object("context").map(JsonBody::json));
        var appAsCode =
                body.flag("alipayAppPayToH5Pay", merchants.byId(merchant).paysInAppsByAlipayCode());
        var client = platform.client(body.flag("isPC", false), needQrCode, code.isPresent(), appAsCode);
        var payType = payType(provider, client);
        code.ifPresent(c -> PaymentCodes.check(c, provider, providers.all()));
        if (code.isPresent() && code.get().storeId().isEmpty()) {
            PaymentCodes.refuseWithoutStore(provider, account(merchant, authority, provider, payType));
        }

        var clientIp = platform.clientIp() == null ? callerAddress : platform.clientIp();
        var returnUrl = returnUrl(data, merchant);
        var rules = provider.products().get(payType);
        var soonest = terms.forListedSubMerchant() ? rules.shortestLife() : rules.leastNotice();
        var wanted = new PayOrder.NewOrder(
                OrderFields.outTradeNo(data),
                OrderFields.total(data),
                OrderFields.subject(data, terms.forListedSubMerchant()),
                OrderFields.type(data),
                OrderFields.custom(data),
                data.text("user_id", 128).orElse(null),
                data.text("nickname", 128).orElse(null),
                platform.name(),
                platform.appid(),
                clientIp,
                returnUrl.map(URI::toString).orElse(null),
                List.of(),
                OrderFields.deadline(data, code.isPresent() ? AT_THE_TILL : LIFE, soonest, clock.instant()),
                terms.callback());
        var way = new Way(provider, payType, account(merchant, authority, provider, payType));
        var sub = subMerchant(data, way, terms);
        var payer = new Payer(clientIp, openid(data, way, sub), client.screen());
        var other = data.object("other").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var life = code.isPresent() ? AT_THE_TILL : OrderFields.LONGEST;
        var order = byClient ? existing(merchant, authority, wanted) : openOrder.of(merchant, authority.mode(), wanted);
        var form = new Form(needQrCode, image, platform.name());
        return openAttempt
                .of(
                        order,
                        new CollectRequest(provider, way.account(), payType, life, payer, sub, returnUrl, other, code))
                .thenApply(attempt -> answer(attempt, way, wanted, form))
                .thenApply(answer -> terms.forListedSubMerchant() ? withIdentity(answer, way, sub) : answer);
    }

    /** A client pays what the merchant's server has created, and changes nothing about it (D2). */
    private UUID existing(UUID merchant, Authority authority, PayOrder.NewOrder wanted) {
        return orders.byNumber(merchant, authority.mode(), wanted.outTradeNo().value())
                .filter(o -> o.total().equals(wanted.total()))
                .map(PayOrder::id)
                .orElseThrow(ProblemType.KEY_MAY_NOT::with);
    }

    private static void refuseWhatOnlyAServerMaySay(JsonBody data) {
        for (var name : List.of("other", "auth_code", "sub_mchid", "sub_appid", "app_auth_token")) {
            if (data.has(name)) throw ProblemType.KEY_MAY_NOT.with();
        }
    }

    /** A payment code says by itself whose it is. */
    private PaymentProvider provider(JsonBody body, Optional<PaymentCode> code) {
        var named = body.text("provider", 32).filter(p -> !p.isBlank());
        if (named.isPresent()) return providers.named(named.get());
        return code.map(c -> PaymentCodes.recognised(c, providers.all()))
                .orElseThrow(() -> ProblemType.PROVIDER.with(body.shown("provider")));
    }

    private static PayType payType(PaymentProvider provider, Client client) {
        var payType = provider.payType(client);
        var known = provider.products().containsKey(payType);
        if (known && !(provider instanceof Creates) && !client.paymentCode()) {
            throw ProblemType.NOT_SUPPORTED.with("pay type " + payType, "its payments begin on the payer's device");
        }
        if (known) return payType;
        throw ProblemType.NOT_SUPPORTED.with(
                "pay type " + payType,
                "send \"needQRcode\": true for a QR code that any wallet of " + provider.name() + " scans");
    }

    private AccountSettings account(UUID merchant, Authority authority, PaymentProvider provider, PayType payType) {
        return accounts.toPayThrough(merchant, authority.mode(), provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(
                        provider.name() + "." + provider.products().get(payType).node()));
    }

    /** On whose behalf: what the caller says, and for Alipay otherwise what the node says. */
    private static SubMerchant subMerchant(JsonBody data, Way way, Terms terms) {
        terms.apiVersion().ifPresent(version -> {
            if (way.provider().apiVersion(way.account()) == version) return;
            throw ProblemType.NOT_SUPPORTED.with(
                    "CloudPay's shape at this node", "it needs a node of version " + version);
        });
        var sub = new SubMerchant(
                data.text("sub_mchid", 32).orElse(""),
                data.text("sub_appid", 32)
                        .orElseGet(() -> terms.ofSubApp() ? way.account().text("subAppId") : ""),
                data.text("app_auth_token", 128).orElseGet(() -> way.account().text("appAuthToken")));
        var listed = way.account().values().getJsonArray("subMerchants");
        var unlisted = listed == null
                ? terms.forListedSubMerchant()
                : listed.stream().noneMatch(v -> v.equals(Json.createValue(sub.mchId())));
        if (unlisted && (terms.forListedSubMerchant() || !sub.mchId().isEmpty())) {
            throw ProblemType.SUB_MERCHANT.with(
                    sub.mchId(), way.provider().name() + "." + way.account().node());
        }
        return sub;
    }

    private static String openid(JsonBody data, Way way, SubMerchant sub) {
        var openid = data.text("openid", 128).orElse("");
        if (openid.isEmpty() && way.rules().needsOpenid() && sub.token().isEmpty()) {
            throw ProblemType.OPENID.with(way.payType(), way.account().text("appId"));
        }
        return way.rules().needsOpenid() ? openid : "";
    }

    private Optional<URI> returnUrl(JsonBody data, UUID merchant) {
        var url = data.text("return_url", 1024).filter(u -> !u.isBlank());
        if (url.isPresent() && !merchants.byId(merchant).allowsReturnTo(url.get())) {
            throw ProblemType.RETURN_URL.with(url.get());
        }
        return url.map(URI::create);
    }

    /** What vk-uni-pay knows and we do not offer says so by name; anything else unknown is a typo. */
    private static void refuseWhatIsNotOffered(JsonBody data) {
        for (var name : OrderFields.NOT_OFFERED) {
            if (data.has(name)) throw ProblemType.NOT_SUPPORTED.with("data." + name, "leave it out");
        }
        var known = new TreeSet<>(DATA);
        known.addAll(OrderFields.NOT_OFFERED);
        data.only(known);
        data.text("body", 400);
    }

    private static JsonObject withIdentity(JsonObject answer, Way way, SubMerchant sub) {
        return Json.createObjectBuilder(answer)
                .add("mch_id", way.account().text("mchId"))
                .add("provider_appid", way.account().text("appId"))
                .add("sub_appid", sub.appId())
                .build();
    }

    private static JsonObject answer(Attempt attempt, Way way, PayOrder.NewOrder order, Form form) {
        JsonObject stored;
        try (var reader = Json.createReader(new StringReader(attempt.prompt().orElse(NOTHING)))) {
            stored = reader.readObject();
        }
        var prompt = way.refreshed(PaymentPrompt.of(stored));
        var answer = Json.createObjectBuilder()
                .add("code", 0)
                .add("msg", "ok")
                .add("orderInfo", prompt.orderInfo())
                .add("out_trade_no", order.outTradeNo().value())
                .add("provider", attempt.provider())
                .add("pay_type", attempt.payType())
                .add("needQRcode", form.needQrCode())
                .add("total_fee", order.total().minor())
                .add("platform", form.platform());
        if (form.image() && prompt instanceof PaymentPrompt.ScanQrCode scan) {
            answer.add("qrcodeImage", QrCode.pngDataUrl(scan.content()));
        }
        return answer.build();
    }

    /** A payment code's attempt may be paid before it was ever shown as waiting. */
    private static final String NOTHING = new PaymentPrompt.Nothing().stored().toString();
}
