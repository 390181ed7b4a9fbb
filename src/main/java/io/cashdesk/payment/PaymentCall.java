package io.cashdesk.payment;

import io.cashdesk.ground.http.IpAddress;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.Client;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Prices;
import io.cashdesk.provider.Providers;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A {@code createPayment} call as it came: read, with everything refused that can be refused before the provider's
 * account is known.
 *
 * @param data the fields of the order, not read yet
 * @param code the payment code, if the merchant scanned one
 * @param client from where the payer pays, which decides the product
 * @param payerKnown whether the address in {@code form} is the payer's own
 */
record PaymentCall(
        UUID merchant,
        JsonBody data,
        PaymentProvider provider,
        Optional<PaymentCode> code,
        Client client,
        boolean payerKnown,
        Form form) {
    /** The arguments beside {@code data}. */
    static final Set<String> ARGUMENTS =
            Set.of("context", "provider", "isPC", "needQRcode", "alipayAppPayToH5Pay", "data");

    static final Set<String> DATA = Set.of(
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
            "provider_pay_method",
            "auth_code",
            "store_id",
            "sub_mchid",
            "sub_appid",
            "app_auth_token");

    /**
     * How the answer is wanted.
     *
     * @param scanned whether the payer scans a code that another screen shows, if the provider answers with one
     * @param image whether that code is wanted as an image too
     */
    record Form(boolean scanned, boolean image, Platform platform) {}

    /**
     * @param callerAddress the address from which the call came: the payer's own if it came with a publishable key,
     *     otherwise what stands for the payer's if {@code context} has none
     */
    static PaymentCall parse(
            Authority authority, JsonBody body, String callerAddress, Merchants merchants, Providers providers) {
        body.only(ARGUMENTS);
        var data = body.object("data").orElseThrow(() -> body.malformed("data", "对象", "an object"));
        refuseNotOffered(data, providers);
        var merchant = authority.merchant(data.text("pid", 64).orElse(null));
        if (isClient(authority)) refuseServerOnly(data);
        var code = PaymentCodes.read(data, providers.all());
        var provider = provider(body, code, providers);
        refuseOthersGoods(data, provider, providers);
        var image = body.json().get("needQRcode") instanceof JsonString s
                && s.getString().equals("image");
        var needQrCode = image || body.flag("needQRcode", false);
        var context = body.object("context").map(JsonBody::json);
        var described = isClient(authority) ? Platform.ofPayer(context, callerAddress) : Platform.of(context);
        var platform = described.orAt(callerAddress);
        var appAsCode =
                body.flag("alipayAppPayToH5Pay", merchants.byId(merchant).paysInAppsByAlipayCode());
        var client = platform.client(body.flag("isPC", false), needQrCode, code.isPresent(), appAsCode);
        var scanned = client.screen() == Payer.Screen.CODE || client.screen() == Payer.Screen.PC;
        var payerKnown = isClient(authority) || described.clientIp() != null;
        return new PaymentCall(merchant, data, provider, code, client, payerKnown, new Form(scanned, image, platform));
    }

    /**
     * Refuses a call that does not name the payer's address, for a product whose wallet compares it: the caller's own
     * is a server's, and the payer would be refused after the order was created.
     *
     * @param development whether a payer may be on this machine with real accounts; in test mode always
     */
    void requirePayerAddress(Authority authority, PayType payType, boolean development) {
        if (!provider.products().get(payType).needsPayerAddress() || isClient(authority)) return;
        if (!payerKnown) throw ProblemType.PAYER_ADDRESS.with(payType);
        var address = form.platform().clientIp();
        if (authority.mode() == Mode.LIVE && !development && IpAddress.isLocal(address)) {
            throw ProblemType.field(
                    "context.CLIENTIP",
                    new LocalizedText("付款人自己的地址（钱包会比对）", "the payer's own address, which the wallet compares"),
                    LocalizedText.quoted(address));
        }
    }

    /** Whether the payer's own device calls, with a publishable key, and not the merchant's server. */
    static boolean isClient(Authority authority) {
        return authority.kind() == ApiKey.Kind.PUBLISHABLE;
    }

    /** A field of vk-uni-pay that is not offered is refused as such; any other unknown field may be a typo. */
    private static void refuseNotOffered(JsonBody data, Providers providers) {
        for (var name : OrderFields.NOT_OFFERED) {
            if (data.has(name))
                throw ProblemType.notSupported(
                        LocalizedText.same("data." + name), new LocalizedText("请去掉该字段", "leave it out"));
        }
        var known = new TreeSet<>(DATA);
        known.addAll(OrderFields.NOT_OFFERED);
        pricing(providers).forEach(p -> known.add(p.field()));
        data.only(known);
        data.text("body", 400);
        OnBehalf.refuseEmpty(data);
    }

    private static Stream<Prices> pricing(Providers providers) {
        return providers.all().stream().filter(Prices.class::isInstance).map(Prices.class::cast);
    }

    /** What is bought of one provider's price list says nothing to another provider. */
    private static void refuseOthersGoods(JsonBody data, PaymentProvider provider, Providers providers) {
        pricing(providers).filter(p -> p != provider && data.has(p.field())).forEach(p -> {
            throw ProblemType.notSupported(
                    LocalizedText.same("data." + p.field()),
                    new LocalizedText(
                            "只有 " + ((PaymentProvider) p).name() + " 需要该字段",
                            "only " + ((PaymentProvider) p).name() + " takes it"));
        });
    }

    private static void refuseServerOnly(JsonBody data) {
        for (var name : List.of("other", "auth_code", "sub_mchid", "sub_appid", "app_auth_token")) {
            if (data.has(name)) throw ProblemType.KEY_MAY_NOT.with();
        }
    }

    /** The named provider, or the one whose payment code it is. */
    private static PaymentProvider provider(JsonBody body, Optional<PaymentCode> code, Providers providers) {
        var named = body.text("provider", 32).filter(p -> !p.isBlank());
        if (named.isPresent()) return providers.named(named.get());
        return code.map(c -> PaymentCodes.recognised(c, providers.all()))
                .orElseThrow(() -> ProblemType.PROVIDER.with(body.shown("provider")));
    }
}
