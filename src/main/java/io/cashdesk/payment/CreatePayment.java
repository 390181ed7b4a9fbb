package io.cashdesk.payment;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A merchant's server asks for the parameters with which a payer pays. */
@ApplicationScoped
class CreatePayment {
    /** An order's life when nobody names a deadline (D8). */
    private static final Duration LIFE = Duration.ofHours(2);

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
            "time_expire");

    @Inject
    OpenOrder openOrder;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    Clock clock;

    /** How the answer is wanted. */
    private record Form(boolean needQrCode, boolean image, String platform) {}

    /** Completes with the answer, or with a problem. */
    CompletionStage<JsonObject> of(Authority authority, JsonBody body, String callerAddress) {
        body.only("context", "provider", "isPC", "needQRcode", "alipayAppPayToH5Pay", "data");
        var data = body.object("data").orElseThrow(() -> ProblemType.FIELD.with("data", "an object", "absent"));
        refuseWhatIsNotOffered(data);
        var merchant = authority.secret().merchant(data.text("pid", 64).orElse(null));

        if (body.text("provider", 32).filter(p -> !p.isBlank()).isEmpty()) {
            throw ProblemType.PROVIDER.with(body.shown("provider"));
        }
        var provider = providers.named(body.text("provider", 32).orElseThrow());
        var image = body.json().get("needQRcode") instanceof JsonString s
                && s.getString().equals("image");
        var needQrCode = image || body.flag("needQRcode", false);
        var platform = Platform.of(body.object("context").map(JsonBody::json));
        var payType = platform.payType(
                provider.name().value(), needQrCode, body.flag("isPC", false), body.flag("alipayAppPayToH5Pay", false));
        if (!provider.payTypes().contains(payType)) {
            throw ProblemType.NOT_SUPPORTED.with(
                    "pay type " + payType,
                    "send \"needQRcode\": true for a QR code that any wallet of " + provider.name() + " scans");
        }

        var clientIp = platform.clientIp() == null ? callerAddress : platform.clientIp();
        var wanted = new PayOrder.NewOrder(
                OrderFields.outTradeNo(data),
                OrderFields.total(data),
                OrderFields.subject(data),
                OrderFields.type(data),
                OrderFields.custom(data),
                data.text("user_id", 128).orElse(null),
                data.text("nickname", 128).orElse(null),
                platform.name(),
                platform.appid(),
                clientIp,
                null,
                List.of(),
                OrderFields.deadline(data, LIFE, provider.shortestLife(), clock.instant()));
        var other = data.object("other").map(JsonBody::json).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var account = account(merchant, authority, provider, payType);
        var order = openOrder.of(merchant, authority.mode(), wanted);
        var form = new Form(needQrCode, image, platform.name());
        return openAttempt
                .of(order, new Wanted(provider, account, payType, OrderFields.LONGEST, clientIp, other))
                .thenApply(attempt -> answer(attempt, wanted, form));
    }

    private AccountSettings account(UUID merchant, Authority authority, PaymentProvider provider, String payType) {
        return accounts.toPayThrough(merchant, authority.mode(), provider, payType)
                .orElseThrow(
                        () -> ProblemType.PROVIDER_NOT_CONFIGURED.with(provider.name() + "." + provider.node(payType)));
    }

    /** What vk-uni-pay knows and we do not offer says so by name; anything else unknown is a typo. */
    private static void refuseWhatIsNotOffered(JsonBody data) {
        for (var name : OrderFields.NOT_OFFERED) {
            if (data.has(name)) throw ProblemType.NOT_SUPPORTED.with("data." + name, "leave it out");
        }
        if (data.has("return_url")) {
            throw ProblemType.NOT_SUPPORTED.with("data.return_url", "it belongs to createCheckout");
        }
        var known = new TreeSet<>(DATA);
        known.addAll(OrderFields.NOT_OFFERED);
        data.only(known);
        data.text("openid", 128);
        data.text("body", 400);
    }

    private static JsonObject answer(Attempt attempt, PayOrder.NewOrder order, Form form) {
        JsonObject stored;
        try (var reader = Json.createReader(new StringReader(attempt.prompt().orElseThrow()))) {
            stored = reader.readObject();
        }
        var prompt = PaymentPrompt.of(stored);
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
}
