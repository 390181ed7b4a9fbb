package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AccountSettings;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/** The keys of a configuration node that both API versions use. Each refusal is a sentence that names the key. */
final class WxpayNode {
    private WxpayNode() {}

    /** The API version, 2 or 3; 3 where the key is absent, null or blank; -1 where the value is not a number. */
    static int version(AccountSettings settings) {
        var given = settings.values().get("version");
        if (given == null || given == JsonValue.NULL) return 3;
        if (given instanceof JsonNumber number) return number.isIntegral() ? number.intValue() : -1;
        if (!(given instanceof JsonString string)) return -1;
        var text = string.getString().strip();
        if (text.isEmpty()) return 3;
        return text.matches("\\d") ? Integer.parseInt(text) : -1;
    }

    static String appId(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches("[0-9A-Za-z_-]{1,32}"),
                "appId must be the application's id, for instance wx8888888888888888");
        return appId;
    }

    static String mchId(AccountSettings settings) {
        var mchId = settings.text("mchId");
        require(mchId.matches("\\d{1,32}"), "mchId must be the merchant number: digits only");
        return mchId;
    }

    /**
     * A second base address, used when the connection to the first failed before anything was sent; or an empty text.
     */
    static String standbyGateway(AccountSettings settings) {
        return settings.text("standbyGateway").replaceAll("/+$", "");
    }

    static void require(boolean valid, String sentence) {
        if (!valid) throw new IllegalArgumentException(sentence);
    }
}
