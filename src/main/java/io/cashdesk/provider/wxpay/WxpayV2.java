package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.V3Answers.evidence;
import static io.cashdesk.provider.wxpay.V3Answers.unusable;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.PerAccount;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * What {@link WxpayProvider} does for nodes that say {@code version: 2}: the same deeds over WeChat Pay's older interface.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">v2's documents</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">payment codes</a>
 */
final class WxpayV2 {
    private final Supplier<OkHttpClient> transport;
    private final Supplier<Instant> now;
    private final PerAccount<V2Client> clients = new PerAccount<>(this::build);

    /** Both are asked for when they are needed, because the container has neither while it makes the adapter. */
    WxpayV2(Supplier<OkHttpClient> transport, Supplier<Instant> now) {
        this.transport = transport;
        this.now = now;
    }

    /**
     * Whether this message is v2's to read: it is XML, and the account has a v2 key. A merchant who moves to v3 keeps the key
     * in the node until the last of the older orders has been told.
     */
    static boolean wrote(AccountSettings settings, RawNotification raw) {
        return V2Account.isFor(settings) || (isXml(raw) && !settings.text("key").isEmpty());
    }

    static boolean isXml(RawNotification raw) {
        return raw.text().stripLeading().startsWith("<");
    }

    // deeds

    PaymentPrompt create(AccountSettings settings, PaymentRequest request) {
        var client = client(settings);
        var product = Product.of(request.payType());
        var answer = client.call("/pay/unifiedorder", V2Requests.unifiedOrder(client, settings, product, request));
        var life = Optional.of(product.life);
        return switch (product) {
            case NATIVE -> new PaymentPrompt.ScanQrCode(present(answer, "code_url"), answer.camelCase(), life);
            case MOBILE_PAGE -> {
                var url = WxpayProvider.withReturn(present(answer, "mweb_url"), request);
                yield new PaymentPrompt.GoTo(url, answer.camelCase(), life);
            }
            case MINI_PROGRAM, OFFICIAL_ACCOUNT, APP -> {
                var sub = request.attempt().sub();
                var appId = sub.appId().isEmpty() ? client.account().appId() : sub.appId();
                var handle = appId + " " + present(answer, "prepay_id");
                yield new PaymentPrompt.CallWallet(handle, launch(client.account(), product, handle), life);
            }
            case PAYMENT_CODE -> throw new IllegalArgumentException("a payment code is collected, not created");
        };
    }

    PaymentPrompt refresh(AccountSettings settings, PayType payType, PaymentPrompt prompt) {
        if (!(prompt instanceof PaymentPrompt.CallWallet call)) return prompt;
        var fresh = launch(client(settings).account(), Product.of(payType), call.handle());
        return new PaymentPrompt.CallWallet(call.handle(), fresh, call.life());
    }

    private JsonObject launch(V2Account account, Product product, String handle) {
        var appId = handle.substring(0, handle.indexOf(' '));
        var prepayId = handle.substring(handle.indexOf(' ') + 1);
        var time = Long.toString(now.get().getEpochSecond());
        return product == Product.APP
                ? inApp(account, appId, prepayId, time, V2Client.nonce())
                : inWechat(account, appId, prepayId, time, V2Client.nonce());
    }

    /** For a page inside WeChat and for a mini-program. Both spellings of the time are in use; one of them is signed. */
    static JsonObject inWechat(V2Account account, String appId, String prepayId, String time, String nonce) {
        var signed = new V2Message()
                .with("appId", appId)
                .with("timeStamp", time)
                .with("nonceStr", nonce)
                .with("package", "prepay_id=" + prepayId)
                .with("signType", account.signature().word);
        var launch = Json.createObjectBuilder();
        signed.fields().forEach(launch::add);
        return launch.add("paySign", signed.sign(account.signature(), account.key()))
                .add("timestamp", time)
                .build();
    }

    /** For WeChat's SDK inside another app, which is not told how it is signed: as the order was. */
    static JsonObject inApp(V2Account account, String appId, String prepayId, String time, String nonce) {
        var signed = new V2Message()
                .with("appid", appId)
                .with("partnerid", account.mchId())
                .with("prepayid", prepayId)
                .with("package", "Sign=WXPay")
                .with("noncestr", nonce)
                .with("timestamp", time);
        var launch = Json.createObjectBuilder();
        signed.fields().forEach(launch::add);
        return launch.add("sign", signed.sign(account.signature(), account.key()))
                .build();
    }

    ProviderReport collect(AccountSettings settings, PaymentRequest request, PaymentCode code) {
        var client = client(settings);
        try {
            var answer = client.call("/pay/micropay", V2Requests.micropay(client, request, code));
            return V2Answers.paid(request.attemptNo(), answer);
        } catch (ProviderFailure e) {
            if (e.providerCode().equals("USERPAYING")) {
                return new ProviderReport.Unpaid(request.attemptNo(), true, evidence(e));
            }
            throw e;
        }
    }

    ProviderReport query(AccountSettings settings, AttemptRef attempt) {
        var client = client(settings);
        var no = attempt.attemptNo();
        try {
            var request = client.request(attempt.sub()).with("out_trade_no", no);
            return V2Answers.order(attempt, client.call("/pay/orderquery", request));
        } catch (ProviderFailure e) {
            if (says(e, "ORDERNOTEXIST")) return new ProviderReport.Absent(no, evidence(e));
            throw e;
        }
    }

    /**
     * An order younger than five minutes may be refused to be closed; then it is as it is. A payment code's order is reversed
     * instead, and what was paid in between goes back with it.
     */
    ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        var client = client(settings);
        var no = attempt.attemptNo();
        var request = client.request(attempt.sub()).with("out_trade_no", no);
        try {
            if (!attempt.payType().equals(Product.PAYMENT_CODE.payType())) {
                client.call("/pay/closeorder", request);
                return new ProviderReport.Closed(no, "{\"closed\":true}");
            }
            var answer = client.callWithCertificate("/secapi/pay/reverse", request);
            var evidence = answer.json().toString();
            return answer.text("recall").equals("Y") // not done, and to be asked for again
                    ? new ProviderReport.Unpaid(no, true, evidence)
                    : new ProviderReport.Closed(no, evidence);
        } catch (ProviderFailure e) {
            if (says(e, "ORDERNOTEXIST")) return new ProviderReport.Absent(no, evidence(e));
            if (says(e, "USERPAYING")) return new ProviderReport.Unpaid(no, true, evidence(e));
            if (says(e, "ORDERCLOSED", "ORDERREVERSED")) return new ProviderReport.Closed(no, evidence(e));
            if (says(e, "ORDERPAID", "TRADE_STATE_ERROR", "INVALID_REQUEST", "TRADE_ERROR", "INVALID_TRANSACTIONID")) {
                return query(settings, attempt);
            }
            throw e;
        }
    }

    RefundReport refund(AccountSettings settings, RefundRequest request) {
        var client = client(settings);
        var answer = client.callWithCertificate("/secapi/pay/refund", V2Requests.refund(client, request));
        return V2Answers.accepted(request.refundNo(), answer);
    }

    RefundReport queryRefund(AccountSettings settings, RefundRequest request) {
        var client = client(settings);
        try {
            var message = client.request(request.attempt().sub()).with("out_refund_no", request.refundNo());
            return V2Answers.refund(request.refundNo(), client.call("/pay/refundquery", message));
        } catch (ProviderFailure e) {
            if (says(e, "REFUNDNOTEXIST")) return new RefundReport.Absent(request.refundNo(), evidence(e));
            throw e;
        }
    }

    /**
     * The day's bill as WeChat Pay writes it, which nobody signs.
     *
     * @param day a day that is over, in Beijing; three months back at most
     * @param type "ALL", "SUCCESS", "REFUND" or "RECHARGE_REFUND"
     */
    String bill(AccountSettings settings, SubMerchant sub, LocalDate day, String type) {
        var client = client(settings);
        return client.file(
                "/pay/downloadbill",
                client.request(sub)
                        .with("bill_date", DateTimeFormatter.BASIC_ISO_DATE.format(day))
                        .with("bill_type", type));
    }

    ParsedNotification read(AccountSettings settings, RawNotification raw) {
        V2Account account;
        try {
            account = client(settings).account();
        } catch (IllegalArgumentException e) { // a v3 node with something else under key
            throw V3Answers.notAuthentic("the account has no v2 key");
        }
        return V2Answers.news(account, raw.body());
    }

    static Acknowledgement acknowledgement() {
        return new Acknowledgement(200, "text/xml", answer("SUCCESS", "OK"));
    }

    static Acknowledgement refusal(boolean authentic, String reason) {
        return new Acknowledgement(authentic ? 500 : 401, "text/xml", answer("FAIL", reason));
    }

    private static String answer(String code, String sentence) {
        // in this order, as in WeChat Pay's examples
        return "<xml><return_code><![CDATA[" + code + "]]></return_code><return_msg><![CDATA["
                + sentence.replace("]]>", "") + "]]></return_msg></xml>";
    }

    private static boolean says(ProviderFailure e, String... codes) {
        return Set.of(codes).contains(e.providerCode());
    }

    private static String present(V2Message answer, String name) {
        if (!answer.has(name)) throw unusable("a reply to an order without " + name);
        return answer.text(name);
    }

    private V2Client client(AccountSettings settings) {
        return clients.of(settings);
    }

    private V2Client build(AccountSettings settings) {
        return new V2Client(
                V2Account.of(settings),
                settings.gateway(),
                settings.text("standbyGateway").replaceAll("/+$", ""),
                transport.get());
    }
}
