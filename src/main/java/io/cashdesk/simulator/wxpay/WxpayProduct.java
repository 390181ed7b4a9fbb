package io.cashdesk.simulator.wxpay;

import java.util.Locale;

/** WeChat Pay's products. */
public enum WxpayProduct {
    /** On a page inside WeChat, and in a mini-program. */
    JSAPI("JSAPI"),
    /** A code on a screen. */
    NATIVE("NATIVE"),
    /** On a page in a phone's own browser. */
    H5("MWEB"),
    /** In the merchant's app. */
    APP("APP"),
    /** A payment code on the payer's phone, scanned at a point of sale. */
    CODE("MICROPAY");

    /** The value of {@code trade_type}. */
    public final String tradeType;

    WxpayProduct(String tradeType) {
        this.tradeType = tradeType;
    }

    /** @param path the last segment of a prepay's path */
    static WxpayProduct of(String path) {
        return valueOf(path.toUpperCase(Locale.ROOT));
    }
}
