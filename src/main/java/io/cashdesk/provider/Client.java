package io.cashdesk.provider;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the payer holds in his hands. A user agent can be forged, so it chooses a way to pay and never a permission.
 *
 * @param platform uni-app's older name: "h5", "mp-weixin", "mp-alipay", "app-plus"; "h5-weixin" says what a user agent would
 * @param userAgent as the browser sent it, or an empty text: a desktop
 * @param pc the caller says that it is a desktop
 * @param code a code to scan is wanted, whatever the platform
 * @param paymentCode the merchant scans the payer
 * @param alipayAppAsH5 an app without Alipay's app product shows Alipay's code instead
 */
public record Client(
        String platform, String userAgent, boolean pc, boolean code, boolean paymentCode, boolean alipayAppAsH5) {
    private static final Pattern PHONE = Pattern.compile("mobile|android|iphone|ipad|ipod|harmony|windows phone");

    /** A browser, known by nothing but its user agent. */
    public static Client browser(String userAgent) {
        return new Client("h5", userAgent == null ? "" : userAgent, false, false, false, false);
    }

    private boolean says(String token) {
        return userAgent.toLowerCase(Locale.ROOT).contains(token);
    }

    /** Any page, whatever browser it is in. */
    public boolean page() {
        return platform.equals("h5") || platform.equals("h5-weixin");
    }

    /** WeChat's browser on a desktop, which shows a code and scans none. */
    public boolean desktopWechat() {
        return says("micromessenger") && (says("windowswechat") || says("macwechat"));
    }

    /** WeChat's own browser on a phone. WeCom calls itself the same and cannot pay so. */
    public boolean wechat() {
        return platform.equals("h5-weixin") || (says("micromessenger") && !desktopWechat() && !says("wxwork"));
    }

    /** A page inside a mini-program: no pay call works there, the mini-program itself must pay. */
    public boolean insideMiniProgram() {
        return wechat() && says("miniprogram");
    }

    public boolean alipay() {
        return says("alipayclient");
    }

    public boolean phone() {
        return !pc
                && !desktopWechat()
                && (platform.equals("h5-weixin")
                        || PHONE.matcher(userAgent.toLowerCase(Locale.ROOT)).find());
    }

    public Payer.Screen screen() {
        if (code || paymentCode) return Payer.Screen.CODE;
        if (!page()) return Payer.Screen.APP;
        return phone() ? Payer.Screen.PHONE : Payer.Screen.PC;
    }
}
