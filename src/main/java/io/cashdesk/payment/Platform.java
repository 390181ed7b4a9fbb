package io.cashdesk.payment;

import io.cashdesk.provider.Client;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;

/**
 * From where the payer pays, as {@code context} describes it. Keys are taken in upper and camel case and none is
 * refused; without a context the platform is h5, without a user agent it is a desktop.
 *
 * @param name the platform, old name: "h5", "mp-weixin", "app-plus"
 * @param userAgent as the browser sent it, or an empty text
 * @param appid the DCloud application id, or null
 * @param clientIp the payer's address, or null
 */
record Platform(String name, String userAgent, String appid, String clientIp) {
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

    /** The same with the caller's address, if {@code context} has none of the payer's. */
    Platform at(String callerAddress) {
        return clientIp == null ? new Platform(name, userAgent, appid, callerAddress) : this;
    }

    private static Optional<String> text(JsonObject context, String... names) {
        for (var name : names) {
            if (context.get(name) instanceof JsonString s
                    && !s.getString().isBlank()
                    && s.getString().length() <= 1024
                    && s.getString().indexOf('\0') < 0) {
                return Optional.of(s.getString());
            }
        }
        return Optional.empty();
    }

    Client client(boolean isPc, boolean code, boolean paymentCode, boolean appAsCode) {
        return new Client(name, userAgent, isPc, code, paymentCode, appAsCode);
    }
}
