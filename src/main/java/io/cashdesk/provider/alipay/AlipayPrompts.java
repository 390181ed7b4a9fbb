package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.alipay.AlipayAnswers.OK;
import static io.cashdesk.provider.alipay.AlipayAnswers.declined;
import static io.cashdesk.provider.alipay.AlipayAnswers.unusable;

import com.alipay.api.request.AlipayTradeAppPayRequest;
import com.alipay.api.request.AlipayTradeCreateRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeWapPayRequest;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import jakarta.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What a payer gets for each product. Pages and apps get a signed request without a call to Alipay; the others are
 * created there.
 */
final class AlipayPrompts {
    /** How long Alipay accepts a code that was not scanned. */
    private static final Duration CODE_LIFE = Duration.ofHours(2);

    private final AlipaySdk sdk;
    private final AccountSettings settings;
    private final PaymentRequest request;

    AlipayPrompts(AlipaySdk sdk, AccountSettings settings, PaymentRequest request) {
        this.sdk = sdk;
        this.settings = settings;
        this.request = request;
    }

    /** @param variant which of a browser's products: "page", "wap", or an empty text for a code */
    PaymentPrompt create(PayType product, String variant) {
        if (product.equals(AlipayProvider.MINI_PROGRAM)) return miniProgram();
        if (product.equals(AlipayProvider.APP)) return app();
        if (!product.equals(AlipayProvider.PAGE)) {
            throw new IllegalArgumentException("nothing is created for " + product);
        }
        return switch (variant) {
            case "page" -> page();
            case "wap" -> wap();
            default -> code();
        };
    }

    private PaymentPrompt code() {
        var call = new AlipayTradePrecreateRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.precreate(request).toString());
        var answer = sdk.call(settings, call, request.attempt().sub());
        if (!OK.equals(answer.getCode())) throw declined(answer);
        if (answer.getQrCode() == null || !request.attemptNo().equals(answer.getOutTradeNo())) {
            throw unusable("a precreate answer without qr_code, or about another order");
        }
        var orderInfo = Json.createObjectBuilder()
                .add("code", answer.getCode())
                .add("msg", answer.getMsg() == null ? "" : answer.getMsg())
                .add("outTradeNo", answer.getOutTradeNo())
                .add("codeUrl", answer.getQrCode())
                .build();
        return new PaymentPrompt.ScanQrCode(answer.getQrCode(), orderInfo, Optional.of(CODE_LIFE));
    }

    private PaymentPrompt page() {
        return goTo(sdk, settings, browser(false, AlipayContents.page(request).toString()));
    }

    private PaymentPrompt wap() {
        return goTo(sdk, settings, browser(true, AlipayContents.wap(request).toString()));
    }

    private Browser browser(boolean wap, String content) {
        return new Browser(
                wap,
                request.notifyUrl().toString(),
                request.returnUrl().map(URI::toString).orElse(null),
                content,
                request.attempt().sub().token());
    }

    /**
     * A request that a browser takes to Alipay.
     *
     * @param wap whether for a phone's browser
     * @param returnUrl null if there is none
     * @param token on whose behalf, or an empty text
     */
    private record Browser(boolean wap, String notifyUrl, String returnUrl, String content, String token) {}

    private static PaymentPrompt goTo(AlipaySdk sdk, AccountSettings settings, Browser browser) {
        if (browser.wap()) {
            var call = new AlipayTradeWapPayRequest();
            call.setNotifyUrl(browser.notifyUrl());
            call.setReturnUrl(browser.returnUrl());
            call.setBizContent(browser.content());
            actFor(browser.token(), call::putOtherTextParam);
            return goTo(sdk.pageUrl(settings, call));
        }
        var call = new AlipayTradePagePayRequest();
        call.setNotifyUrl(browser.notifyUrl());
        call.setReturnUrl(browser.returnUrl());
        call.setBizContent(browser.content());
        actFor(browser.token(), call::putOtherTextParam);
        return goTo(sdk.pageUrl(settings, call));
    }

    private static void actFor(String token, BiConsumer<String, String> parameters) {
        if (!token.isEmpty()) parameters.accept("app_auth_token", token);
    }

    /** Its life is the expiry that was signed with it. */
    private static PaymentPrompt goTo(String url) {
        var orderInfo = Json.createObjectBuilder().add("payUrl", url).build();
        return new PaymentPrompt.GoTo(url, orderInfo, Optional.empty());
    }

    /**
     * The same payment at Alipay, signed again for a payer who returns to another address, which is part of what was
     * signed. The same prompt if the address is the same.
     */
    static PaymentPrompt withReturnUrl(
            AlipaySdk sdk, AccountSettings settings, PaymentPrompt.GoTo page, URI returnUrl) {
        var back = returnUrl.toString();
        var query = page.url().substring(page.url().indexOf('?') + 1);
        if (("&" + query + "&").contains("&return_url=" + URLEncoder.encode(back, StandardCharsets.UTF_8) + "&")) {
            return page;
        }
        var sent = NotificationForm.fields(query.getBytes(StandardCharsets.US_ASCII));
        var content = sent.get("biz_content");
        var wap = "alipay.trade.wap.pay".equals(sent.get("method"));
        return goTo(
                sdk,
                settings,
                new Browser(
                        wap,
                        sent.get("notify_url"),
                        back,
                        wap ? AlipayContents.withQuitUrl(back, sent.get("return_url"), content) : content,
                        sent.getOrDefault("app_auth_token", "")));
    }

    private PaymentPrompt app() {
        var call = new AlipayTradeAppPayRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.app(request).toString());
        actFor(request.attempt().sub().token(), call::putOtherTextParam);
        var text = Json.createValue(sdk.orderText(settings, call));
        return new PaymentPrompt.CallWallet(request.attemptNo(), text, Optional.empty());
    }

    private PaymentPrompt miniProgram() {
        var call = new AlipayTradeCreateRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(
                AlipayContents.miniProgram(sdk.account(settings), request).toString());
        var answer = sdk.call(settings, call, request.attempt().sub());
        if (!OK.equals(answer.getCode())) throw declined(answer);
        var tradeNo = answer.getTradeNo();
        if (tradeNo == null || tradeNo.isEmpty() || !request.attemptNo().equals(answer.getOutTradeNo())) {
            throw unusable("a create answer without trade_no, or about another order");
        }
        return new PaymentPrompt.CallWallet(tradeNo, Json.createValue(tradeNo), Optional.empty());
    }
}
