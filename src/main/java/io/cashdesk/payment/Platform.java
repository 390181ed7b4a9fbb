package io.cashdesk.payment;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the payer holds in his hands, as {@code context} tells it. Keys are taken in upper and camel case and none is refused;
 * without a context the platform is h5, without a user agent it is a desktop.
 *
 * @param name the platform, old name: "h5", "mp-weixin", "app-plus"
 * @param userAgent as the browser sent it, or an empty text
 * @param appid the DCloud application id, or null
 * @param clientIp the payer's address, or null
 */
record Platform(String name, String userAgent, String appid, String clientIp) {
    private static final Pattern PHONE = Pattern.compile("mobile|android|iphone|ipad|ipod|harmony|windows phone");

    static Platform of(Optional<JsonObject> context) {
        var c = context.orElse(JsonObject.EMPTY_JSON_OBJECT);
        var name = text(c, "PLATFORM", "platform", "vk_platform").orElse("h5");
        return new Platform(
                switch (name) {
                    case "web" -> "h5";
                    case "app" -> "app-plus";
                    default -> name;
                },
                text(c, "CLIENTUA", "clientUA", "userAgent", "ua").orElse(""),
                text(c, "APPID", "appId", "appid").orElse(null),
                text(c, "CLIENTIP", "clientIP", "clientIp").orElse(null));
    }

    private static Optional<String> text(JsonObject context, String... names) {
        for (var name : names) {
            if (context.get(name) instanceof JsonString s
                    && !s.getString().isBlank()
                    && s.getString().length() <= 1024) {
                return Optional.of(s.getString());
            }
        }
        return Optional.empty();
    }

    boolean insideDesktopWechat() {
        var ua = userAgent.toLowerCase(Locale.ROOT);
        return ua.contains("micromessenger") && (ua.contains("windowswechat") || ua.contains("macwechat"));
    }

    boolean insideWechat() {
        return userAgent.toLowerCase(Locale.ROOT).contains("micromessenger") && !insideDesktopWechat();
    }

    boolean phone() {
        return PHONE.matcher(userAgent.toLowerCase(Locale.ROOT)).find() && !insideDesktopWechat();
    }

    /**
     * The product that fits: the first match of "needs a QR code", the app or mini-program, the PC, the user agent
     * (docs/api.md, "How the pay type is chosen").
     */
    String payType(String provider, boolean needQrCode, boolean isPc, boolean alipayAppAsH5) {
        var product = switch (provider) {
            case "wxpay" -> wxpay(needQrCode, isPc);
            case "alipay" -> alipay(needQrCode, alipayAppAsH5);
            default -> name;
        };
        return provider + "_" + product;
    }

    private String wxpay(boolean needQrCode, boolean isPc) {
        if (needQrCode) return "h5";
        if (!name.equals("h5")) return name;
        if (isPc) return "h5";
        if (insideWechat()) return "h5-weixin";
        return phone() ? "mweb" : "h5";
    }

    private String alipay(boolean needQrCode, boolean alipayAppAsH5) {
        if (needQrCode || name.startsWith("h5")) return "h5";
        return name.equals("app-plus") && alipayAppAsH5 ? "h5" : name;
    }
}
