package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Payment requests of a payer with a phone, for any product. */
final class WxpayRequests {
    static final SubMerchant SUB = new SubMerchant("1900000109", "", "");
    static final SubMerchant SUB_WITH_APP = new SubMerchant("1900000109", "wxd678efh567hg6787", "");
    static final String TRANSACTION = "1217752501201407033233368018";

    private WxpayRequests() {}

    /** With an openid for products inside WeChat. */
    static PaymentRequest of(String payType, SubMerchant sub) {
        return of(payType, sub, "测试商品", JsonObject.EMPTY_JSON_OBJECT);
    }

    static PaymentRequest of(String payType, SubMerchant sub, JsonObject other) {
        return of(payType, sub, "测试商品", other);
    }

    static PaymentRequest of(String payType, SubMerchant sub, String subject) {
        return of(payType, sub, subject, JsonObject.EMPTY_JSON_OBJECT);
    }

    private static PaymentRequest of(String payType, SubMerchant sub, String subject, JsonObject other) {
        return new PaymentRequest(
                new AttemptRef(PayType.of(payType), ProviderWire.NUMBER, sub),
                ProviderWire.PRICE,
                subject,
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                new Payer(
                        "203.0.113.7",
                        payType.contains("weixin") ? "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" : "",
                        Payer.Screen.PHONE),
                Optional.empty(),
                other);
    }
}
