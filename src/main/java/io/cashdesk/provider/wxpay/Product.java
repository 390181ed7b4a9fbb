package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProductRules;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * WeChat Pay's products.
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

    /** The last segment of the v3 path. */
    final String path;

    /** How long the code, address or prepay id of an answer is valid, even if the order expires later. */
    final Duration life;

    private final String node;

    /** @param node the configuration node, which has the same name as the product in the API */
    Product(String node, String path, Duration life) {
        this.node = node;
        this.path = path;
        this.life = life;
    }

    static Product of(PayType payType) {
        return Stream.of(values())
                .filter(p -> p.is(payType))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("WeChat Pay has no product " + payType));
    }

    PayType payType() {
        return new PayType(WxpayPresentation.NAME, node);
    }

    boolean is(PayType payType) {
        return payType().equals(payType);
    }

    /**
     * WeChat Pay raises an earlier expiry to one minute, without an error. The notice of five minutes for products
     * without a code is what vk-uni-pay requires.
     */
    ProductRules rules() {
        var rules = ProductRules.of(node);
        return switch (this) {
            case PAYMENT_CODE -> rules.notOnPages();
            case NATIVE -> rules.livesAtLeast(Duration.ofMinutes(1));
            case MOBILE_PAGE ->
                rules.livesAtLeast(Duration.ofMinutes(1))
                        .withNotice(Duration.ofMinutes(5))
                        .withPayerAddress();
            case APP ->
                rules.livesAtLeast(Duration.ofMinutes(1))
                        .withNotice(Duration.ofMinutes(5))
                        .notOnPages();
            case OFFICIAL_ACCOUNT ->
                rules.livesAtLeast(Duration.ofMinutes(1))
                        .withNotice(Duration.ofMinutes(5))
                        .withOpenid();
            case MINI_PROGRAM ->
                rules.livesAtLeast(Duration.ofMinutes(1))
                        .withNotice(Duration.ofMinutes(5))
                        .withOpenid()
                        .notOnPages();
        };
    }

    /** Whether the request must contain the payer's openid. */
    boolean needsOpenid() {
        return this == MINI_PROGRAM || this == OFFICIAL_ACCOUNT;
    }

    /**
     * The address that {@link #MOBILE_PAGE} opens. Without {@code redirect_url} WeChat returns to the page that opened
     * it; the return address must be under the same registered domain.
     */
    static String withReturn(String url, URI back) {
        return url + (url.contains("?") ? "&" : "?") + "redirect_url="
                + URLEncoder.encode(back.toString(), StandardCharsets.UTF_8);
    }
}
