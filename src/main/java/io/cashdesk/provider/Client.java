package io.cashdesk.provider;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The payer's device and browser. A user agent can be forged, so it chooses a way to pay and never a permission.
 *
 * @param platform uni-app's older name: "h5", "mp-weixin", "mp-alipay", "app-plus"; "h5-weixin" says what a user agent
 *     would
 * @param userAgent as the browser sent it, or an empty text: a desktop
 * @param pc the caller says that it is a desktop
 * @param code a code to scan is wanted, whatever the platform
 * @param paymentCode the merchant scans the payer's code
 * @param appAsCode an app shows a code to scan, because the merchant has no product for apps
 *     ({@code alipayAppPayToH5Pay})
 */
public record Client(
        String platform, String userAgent, boolean pc, boolean code, boolean paymentCode, boolean appAsCode) {
    /** The platform of a page in a wallet's browser on a phone. */
    private static final String IN_WALLET = "h5-weixin";

    private static final Pattern PHONE = Pattern.compile("mobile|android|iphone|ipad|ipod|harmony|windows phone");

    /** The browser in a desktop app, which may call itself a phone's. */
    private static final Pattern DESKTOP_APP = Pattern.compile("windowswechat|macwechat");

    /** A browser, known by its user agent alone. */
    public static Client browser(String userAgent) {
        return new Client("h5", userAgent == null ? "" : userAgent, false, false, false, false);
    }

    /** Whether the user agent contains this text; both in lower case. */
    public boolean says(String token) {
        return userAgent.toLowerCase(Locale.ROOT).contains(token);
    }

    /** Any page, whatever browser it is in. */
    public boolean page() {
        return platform.equals("h5") || platform.equals(IN_WALLET);
    }

    public boolean phone() {
        var agent = userAgent.toLowerCase(Locale.ROOT);
        return !pc
                && !DESKTOP_APP.matcher(agent).find()
                && (platform.equals(IN_WALLET) || PHONE.matcher(agent).find());
    }

    public Payer.Screen screen() {
        if (code || paymentCode) return Payer.Screen.CODE;
        if (!page()) return Payer.Screen.APP;
        return phone() ? Payer.Screen.PHONE : Payer.Screen.PC;
    }
}
