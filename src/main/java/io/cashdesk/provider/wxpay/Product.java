package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProductRules;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * WeChat Pay's products by the names of our API.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the products' documents</a>
 */
enum Product {
    NATIVE("h5", "native", Duration.ofHours(2)),
    MINI_PROGRAM("mp-weixin", "jsapi", Duration.ofHours(2)),
    OFFICIAL_ACCOUNT("h5-weixin", "jsapi", Duration.ofHours(2)),
    MOBILE_PAGE("mweb", "h5", Duration.ofMinutes(5)),
    APP("app-plus", "app", Duration.ofHours(2)),
    PAYMENT_CODE("codepay", "codepay", Duration.ZERO);

    /** The last part of the v3 path. */
    final String path;

    /** How long what a prepay answers is honoured, whatever expiry was sent. */
    final Duration life;

    private final String api;

    Product(String api, String path, Duration life) {
        this.api = api;
        this.path = path;
        this.life = life;
    }

    static Product of(PayType payType) {
        return Stream.of(values())
                .filter(p -> p.payType().equals(payType))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("WeChat Pay has no product " + payType));
    }

    PayType payType() {
        return new PayType(WxpayPresentation.NAME, api);
    }

    /** Whether the request must contain the payer's openid. */
    boolean needsOpenid() {
        return this == MINI_PROGRAM || this == OFFICIAL_ACCOUNT;
    }

    /** An earlier expiry is silently raised to a minute; vk-uni-pay asks for five minutes where no code is scanned. */
    ProductRules rules() {
        var rules = ProductRules.of(api);
        return switch (this) {
            case PAYMENT_CODE -> rules;
            case NATIVE -> rules.livesAtLeast(Duration.ofMinutes(1));
            case MOBILE_PAGE, APP -> rules.livesAtLeast(Duration.ofMinutes(1)).withNotice(Duration.ofMinutes(5));
            case MINI_PROGRAM, OFFICIAL_ACCOUNT ->
                rules.livesAtLeast(Duration.ofMinutes(1))
                        .withNotice(Duration.ofMinutes(5))
                        .withOpenid();
        };
    }
}
