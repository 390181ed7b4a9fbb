package io.cashdesk.simulator;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What Alipay sells, by the method that asks for it. */
enum AlipayProduct {
    PRECREATE("precreate", false, "FACE_TO_FACE_PAYMENT"),
    PAGE("page.pay", true, "FAST_INSTANT_TRADE_PAY"),
    WAP("wap.pay", true, "QUICK_WAP_WAY"),
    APP("app.pay", false, "QUICK_MSECURITY_PAY CYCLE_PAY_AUTH"),
    CREATE("create", false, "FACE_TO_FACE_PAYMENT JSAPI_PAY"),
    TILL("pay", false, "FACE_TO_FACE_PAYMENT");

    private static final String METHODS = "alipay.trade.";

    /** The method, without what all of them begin with. */
    final String method;

    private final boolean codeRequired;
    private final String codes;

    /** @param codes what {@code product_code} may be; one or more words, the first being the default */
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

    /** The product code that is asked for; a refusal if it is none of this method's. */
    String code(JsonObject content) {
        var given = AlipayRules.optional(content, "product_code", 64);
        var possible = List.of(codes.split(" "));
        if (given.isEmpty() && !codeRequired) return possible.get(0);
        if (!possible.contains(given)) throw AlipayRules.parameter("product_code");
        return given;
    }

    /** Page and wap pay come with the payer's browser, and a browser never reaches the merchants' side. */
    boolean inBrowser() {
        return this == PAGE || this == WAP;
    }

    /** Whether the merchant is told of a close and of the end of refunds too; for the others payments are all that is told. */
    boolean tellsOfItsEnd() {
        return this == WAP || this == APP;
    }

    /** How long a trade lives if nothing is said about it: three hours face to face, otherwise fifteen days. */
    Duration life(JsonObject content) {
        return code(content).equals("FACE_TO_FACE_PAYMENT") ? Duration.ofHours(3) : Duration.ofDays(15);
    }
}
