package io.cashdesk.provider.wxpay;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * WeChat Pay's products by the names of our API.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the products' documents</a>
 */
enum Product {
    NATIVE("wxpay_h5", "native", Duration.ofHours(2)),
    MINI_PROGRAM("wxpay_mp-weixin", "jsapi", Duration.ofHours(2)),
    OFFICIAL_ACCOUNT("wxpay_h5-weixin", "jsapi", Duration.ofHours(2)),
    MOBILE_PAGE("wxpay_mweb", "h5", Duration.ofMinutes(5)),
    APP("wxpay_app-plus", "app", Duration.ofHours(2)),
    PAYMENT_CODE("wxpay_codepay", "codepay", Duration.ZERO);

    /** The last part of the v3 path. */
    final String path;

    /** How long what a prepay answers is honoured, whatever expiry was sent. */
    final Duration life;

    private final String payType;

    Product(String payType, String path, Duration life) {
        this.payType = payType;
        this.path = path;
        this.life = life;
    }

    static Product of(String payType) {
        return Stream.of(values())
                .filter(p -> p.payType.equals(payType))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("WeChat Pay has no product " + payType));
    }

    static Set<String> payTypes() {
        return Stream.of(values()).map(p -> p.payType).collect(Collectors.toUnmodifiableSet());
    }

    String payType() {
        return payType;
    }

    /** The payer's openid belongs into the request. */
    boolean asksWhoPays() {
        return this == MINI_PROGRAM || this == OFFICIAL_ACCOUNT;
    }
}
