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
        var call = new AlipayTradePagePayRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.page(request).toString());
        actFor(call::putOtherTextParam);
        request.returnUrl().ifPresent(back -> call.setReturnUrl(back.toString()));
        return goTo(sdk.pageUrl(settings, call));
    }

    private PaymentPrompt wap() {
        var call = new AlipayTradeWapPayRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.wap(request).toString());
        actFor(call::putOtherTextParam);
        request.returnUrl().ifPresent(back -> call.setReturnUrl(back.toString()));
        return goTo(sdk.pageUrl(settings, call));
    }

    private void actFor(BiConsumer<String, String> parameters) {
        var token = request.attempt().sub().token();
        if (!token.isEmpty()) parameters.accept("app_auth_token", token);
    }

    /** Its life is the expiry that was signed with it. */
    private static PaymentPrompt goTo(String url) {
        var orderInfo = Json.createObjectBuilder().add("payUrl", url).build();
        return new PaymentPrompt.GoTo(url, orderInfo, Optional.empty());
    }

    private PaymentPrompt app() {
        var call = new AlipayTradeAppPayRequest();
        call.setNotifyUrl(request.notifyUrl().toString());
        call.setBizContent(AlipayContents.app(request).toString());
        actFor(call::putOtherTextParam);
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
