package io.cashdesk.simulator.alipay;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Alipay's products, by the method that makes a trade. */
enum AlipayProduct {
    PRECREATE("precreate", false, "FACE_TO_FACE_PAYMENT"),
    PAGE("page.pay", true, "FAST_INSTANT_TRADE_PAY"),
    WAP("wap.pay", true, "QUICK_WAP_WAY"),
    APP("app.pay", false, "QUICK_MSECURITY_PAY CYCLE_PAY_AUTH"),
    CREATE("create", false, "FACE_TO_FACE_PAYMENT JSAPI_PAY"),
    CODE("pay", false, "FACE_TO_FACE_PAYMENT");

    private static final String METHODS = "alipay.trade.";

    /** The method without the prefix that all have. */
    final String method;

    private final boolean codeRequired;
    private final String codes;

    /** @param codes the values of {@code product_code}, separated by spaces; the first is the default */
    AlipayProduct(String method, boolean codeRequired, String codes) {
        this.method = method;
        this.codeRequired = codeRequired;
        this.codes = codes;
    }

    static Optional<AlipayProduct> ofMethod(String method) {
        return Arrays.stream(values())
                .filter(p -> method.equals(METHODS + p.method))
                .findFirst();
    }

    static AlipayProduct named(String method) {
        return ofMethod(METHODS + method).orElseThrow();
    }

    /** The product code of the request; refused if this method does not have it. */
    String code(JsonObject content) {
        var given = AlipayRules.optional(content, "product_code", 64);
        var possible = List.of(codes.split(" "));
        if (given.isEmpty() && !codeRequired) return possible.get(0);
        if (!possible.contains(given)) throw AlipayRefusal.parameter("product_code");
        return given;
    }

    /** Whether the payer's browser brings the merchant's request; then it comes to the public listener. */
    boolean inBrowser() {
        return this == PAGE || this == WAP;
    }

    /** Whether the close and the end of refunds are reported; for other products payments and refunds alone are. */
    boolean reportsItsEnd() {
        return this == WAP || this == APP;
    }

    /** The life of a trade whose request has no expiry: three hours face to face, otherwise fifteen days. */
    Duration life(JsonObject content) {
        return code(content).equals("FACE_TO_FACE_PAYMENT") ? Duration.ofHours(3) : Duration.ofDays(15);
    }
}
