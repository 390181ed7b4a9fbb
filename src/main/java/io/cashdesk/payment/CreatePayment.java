package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.NewOrder;
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

/** {@code createPayment}: the parameters with which a payer pays, or money by the payment code that the merchant scanned. */
@ApplicationScoped
public class CreatePayment {
    /** How long an order lives without {@code time_expire}. */
    private static final Duration LIFE = Duration.ofHours(2);

    /** How long a payer at the point of sale has to type a password; the providers recommend 30 to 45 seconds. */
    private static final Duration AT_POINT_OF_SALE = Duration.ofSeconds(45);

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

    /**
     * The call as it came, before anything about the provider's account is known.
     *
     * @param code the payment code, if the payer showed one
     * @param client from where the payer pays, which decides the product
     */
    private record Call(
            Authority authority,
            UUID merchant,
            JsonBody data,
            PaymentProvider provider,
            Optional<PaymentCode> code,
            Client client,
            Form form) {}

    /** How the answer is wanted. */
    private record Form(boolean needQrCode, boolean image, Platform platform) {}

    /** With which provider and through which product, of whose account. */
    private record Way(PaymentProvider provider, PayType payType, AccountSettings account) {
        private ProductRules rules() {
            return provider.products().get(payType);
        }

        private PaymentPrompt refreshed(PaymentPrompt prompt) {
            return provider instanceof Creates creates ? creates.refresh(account, payType, prompt) : prompt;
        }
    }

    /**
     * What differs between the APIs through which a payment can be created.
     *
     * @param callback the name of the endpoint that receives the payment in CloudPay's shape, or null
     * @param apiVersion the version of the provider's interface from whose answers this API makes its own; empty if any will do
     * @param forListedSubMerchant a service provider's order: the sub-merchant must be named and listed; a deadline may be as near as
     *     the provider itself allows, and the subject may have any characters, because only WeChat Pay receives it
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
        var call = parse(authority, body, callerAddress);
        var payType = payType(call.provider(), call.client());
        refuseUnusableCode(call, payType);
        var returnUrl = returnUrl(call);
        var wanted = newOrder(call, payType, returnUrl, terms);
        var way = new Way(call.provider(), payType, account(call, payType));
        var request = collectRequest(call, way, returnUrl, terms);
        var order =
                isClient(authority) ? existing(call, wanted) : openOrder.of(call.merchant(), authority.mode(), wanted);
        return openAttempt
                .of(order, request)
                .thenApply(attempt -> answer(attempt, way, wanted, call.form()))
                .thenApply(answer -> terms.forListedSubMerchant() ? withIdentity(answer, way, request.sub()) : answer);
    }

    private Call parse(Authority authority, JsonBody body, String callerAddress) {
        body.only("context", "provider", "isPC", "needQRcode", "alipayAppPayToH5Pay", "data");
        var data = body.object("data").orElseThrow(() -> ProblemType.FIELD.with("data", "an object", "absent"));
        refuseNotOffered(data);
        var merchant = authority.merchant(data.text("pid", 64).orElse(null));
        if (isClient(authority)) refuseServerOnly(data);
        var code = PaymentCodes.read(data, providers.all());
        var provider = provider(body, code);
        var image = body.json().get("needQRcode") instanceof JsonString s
                && s.getString().equals("image");
        var needQrCode = image || body.flag("needQRcode", false);
        var platform = Platform.of(body.object("context").map(JsonBody::json)).at(callerAddress);
        var appAsCode =
                body.flag("alipayAppPayToH5Pay", merchants.byId(merchant).paysInAppsByAlipayCode());
        var client = platform.client(body.flag("isPC", false), needQrCode, code.isPresent(), appAsCode);
        return new Call(authority, merchant, data, provider, code, client, new Form(needQrCode, image, platform));
    }

    private static boolean isClient(Authority authority) {
        return authority.kind() == ApiKey.Kind.PUBLISHABLE;
    }

    private void refuseUnusableCode(Call call, PayType payType) {
        if (call.code().isEmpty()) return;
        PaymentCodes.check(call.code().get(), call.provider(), providers.all());
        if (call.code().get().storeId().isEmpty()) {
            PaymentCodes.refuseWithoutStore(call.provider(), account(call, payType));
        }
    }

    private NewOrder newOrder(Call call, PayType payType, Optional<URI> returnUrl, Terms terms) {
        var data = call.data();
        var rules = call.provider().products().get(payType);
        var soonest = terms.forListedSubMerchant() ? rules.shortestLife() : rules.leastNotice();
        var platform = call.form().platform();
        return new NewOrder(
                OrderFields.outTradeNo(data),
                OrderFields.goods(data, terms.forListedSubMerchant()),
                OrderFields.buyer(data),
                new NewOrder.Origin(
                        platform.name(),
                        platform.appid(),
                        platform.clientIp(),
                        returnUrl.map(URI::toString).orElse(null),
                        terms.callback()),
                List.of(),
                OrderFields.deadline(
                        data, call.code().isPresent() ? AT_POINT_OF_SALE : LIFE, soonest, clock.instant()));
    }

    private static CollectRequest collectRequest(Call call, Way way, Optional<URI> returnUrl, Terms terms) {
        var sub = subMerchant(call.data(), way, terms);
        var clientIp = call.form().platform().clientIp();
        var payer =
                new Payer(clientIp, openid(call.data(), way, sub), call.client().screen());
        var other = call.data().object("other").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        return new CollectRequest(
                way.provider(),
                way.account(),
                way.payType(),
                call.code().isPresent() ? AT_POINT_OF_SALE : OrderFields.LONGEST,
                payer,
                sub,
                returnUrl,
                other,
                call.code());
    }

    /** A client pays what the merchant's server has created, and changes nothing about it. */
    private UUID existing(Call call, NewOrder wanted) {
        return orders.byNumber(
                        call.merchant(),
                        call.authority().mode(),
                        wanted.outTradeNo().value())
                .filter(o -> o.total().equals(wanted.goods().total()))
                .map(PayOrder::id)
                .orElseThrow(ProblemType.KEY_MAY_NOT::with);
    }

    private static void refuseServerOnly(JsonBody data) {
        for (var name : List.of("other", "auth_code", "sub_mchid", "sub_appid", "app_auth_token")) {
            if (data.has(name)) throw ProblemType.KEY_MAY_NOT.with();
        }
    }

    /** The named provider, or the one whose payment code it is. */
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

    private AccountSettings account(Call call, PayType payType) {
        var provider = call.provider();
        return accounts.toPayThrough(call.merchant(), call.authority().mode(), provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(
                        provider.name() + "." + provider.products().get(payType).node()));
    }

    /** On whose behalf: as the call names it, and for Alipay otherwise as the node does. */
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

    private Optional<URI> returnUrl(Call call) {
        var url = call.data().text("return_url", 1024).filter(u -> !u.isBlank());
        if (url.isPresent() && !merchants.byId(call.merchant()).allowsReturnTo(url.get())) {
            throw ProblemType.RETURN_URL.with(url.get());
        }
        return url.map(URI::create);
    }

    /** A field of vk-uni-pay that is not offered is refused as such; any other unknown field may be a typo. */
    private static void refuseNotOffered(JsonBody data) {
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

    private static JsonObject answer(Attempt attempt, Way way, NewOrder order, Form form) {
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
                .add("total_fee", order.goods().total().minor())
                .add("platform", form.platform().name());
        if (form.image() && prompt instanceof PaymentPrompt.ScanQrCode scan) {
            answer.add("qrcodeImage", QrCode.pngDataUrl(scan.content()));
        }
        return answer.build();
    }

    /** A payment by code may be paid before a prompt was stored. */
    private static final String NOTHING = new PaymentPrompt.Nothing().stored().toString();
}
