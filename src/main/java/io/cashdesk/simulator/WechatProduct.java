package io.cashdesk.simulator;

import java.util.Locale;

/** The ways to pay with WeChat Pay. */
enum WechatProduct {
    /** On a page inside WeChat, and in a mini-program. */
    JSAPI("JSAPI"),
    /** A code on a screen. */
    NATIVE("NATIVE"),
    /** On a page in a phone's own browser. */
    H5("MWEB"),
    /** In an app of the merchant's. */
    APP("APP"),
    /** A code on the payer's phone, scanned at the till. */
    CODE("MICROPAY");

    /** What a transaction calls it. */
    final String tradeType;

    WechatProduct(String tradeType) {
        this.tradeType = tradeType;
    }

    /** @param path the last word of a prepay's path */
    static WechatProduct of(String path) {
        return valueOf(path.toUpperCase(Locale.ROOT));
    }
}
