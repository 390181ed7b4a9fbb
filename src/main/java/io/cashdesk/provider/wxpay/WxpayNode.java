package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.NodeKeys;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.security.cert.X509Certificate;

/** The keys of a configuration node that both API versions use. Each refusal is a sentence that names the key. */
final class WxpayNode {
    private static final String APP_ID = "[0-9A-Za-z_-]{1,32}";
    private static final String MERCHANT_NUMBER = "\\d{1,32}";

    private WxpayNode() {}

    /** The API version, 2 or 3; 3 where the key is absent, null or blank; -1 where the value is not a number. */
    static int version(AccountSettings settings) {
        var given = settings.values().get("version");
        if (given == null || given == JsonValue.NULL) return 3;
        if (given instanceof JsonNumber) {
            return JsonBody.wholeNumber(given)
                    .filter(n -> n == 2 || n == 3)
                    .orElse(-1L)
                    .intValue();
        }
        if (!(given instanceof JsonString string)) return -1;
        var text = string.getString().strip();
        if (text.isEmpty()) return 3;
        return text.matches("\\d") ? Integer.parseInt(text) : -1;
    }

    static String appId(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches(APP_ID),
                "appId 应为应用的 AppID，例如 wx8888888888888888",
                "appId must be the application's id, for instance wx8888888888888888");
        require(
                !appId.matches("\\d+"),
                "appId 应为应用的 AppID，例如 wx8888888888888888；纯数字是商户号，应填写在 mchId",
                "appId must be the application's id, for instance wx8888888888888888; a number is a merchant number"
                        + " and belongs in mchId");
        return appId;
    }

    static String mchId(AccountSettings settings) {
        var mchId = settings.text("mchId");
        require(mchId.matches(MERCHANT_NUMBER), "mchId 应为商户号，只含数字", "mchId must be the merchant number: digits only");
        return mchId;
    }

    /** Checks what a service provider's node has beside its keys. */
    static void checkSubMerchants(AccountSettings settings, String mchId) {
        var subAppId = settings.text("subAppId");
        require(
                subAppId.isEmpty() || (subAppId.matches(APP_ID) && !subAppId.matches("\\d+")),
                "subAppId 应为子商户应用的 AppID",
                "subAppId must be the id of the sub-merchant's application");
        var listed = settings.values().get("subMerchants");
        if (listed == null || listed == JsonValue.NULL) return;
        require(
                listed instanceof JsonArray array
                        && array.stream()
                                .allMatch(v -> v instanceof JsonString s
                                        && s.getString().matches(MERCHANT_NUMBER)),
                "subMerchants 应为子商户号的数组，每个都是只含数字的字符串",
                "subMerchants must be an array of sub-merchant numbers, each a text of digits");
        require(
                listed.asJsonArray().getValuesAs(JsonString.class).stream()
                        .noneMatch(s -> s.getString().equals(mchId)),
                "subMerchants 不能包含服务商自己的商户号 mchId",
                "subMerchants must not contain mchId, the service provider's own number");
    }

    /**
     * WeChat generates an application's secret, which may have 32 characters as the API keys have: one that is also an
     * API key was put in its place. The merchant chooses the API keys, and may choose one value for both.
     */
    static void checkSecretDiffers(AccountSettings settings) {
        requireNotTheSecret(settings, "key");
        requireNotTheSecret(settings, "v3Key");
    }

    private static void requireNotTheSecret(AccountSettings settings, String key) {
        var value = settings.text(key);
        require(
                value.isEmpty() || !value.equals(settings.text("secret")),
                key + " 与 secret 的值相同：key 是 APIv2 密钥，v3Key 是 APIv3 密钥，均在商户平台设置；secret 是应用的 AppSecret，由微信生成",
                key
                        + " and secret have the same value: key is the v2 API key and v3Key the APIv3 key, which the merchant"
                        + " sets; secret is the application's secret, which WeChat generates");
    }

    /** Refuses a certificate of which its own subject says that it is not this merchant's. */
    static void checkSubject(X509Certificate certificate, String key, String mchId) {
        var name = NodeKeys.commonName(certificate).orElse("");
        require(
                !name.matches("\\d{6,32}") || name.equals(mchId),
                key + " 是商户号 " + name + " 的证书，而 mchId 为 " + mchId,
                key + " is the certificate of merchant " + name + ", but mchId is " + mchId);
        require(
                !name.startsWith("Tenpay.com"),
                key + " 应为商户 API 证书 apiclient_cert.pem，实际为微信支付的证书（平台证书或根证书）",
                key
                        + " must be the merchant API certificate (apiclient_cert.pem), but is one of WeChat Pay's own,"
                        + " a platform or root certificate");
    }

    /**
     * A second base address, used when the connection to the first failed before anything was sent; or an empty text.
     */
    static String standbyGateway(AccountSettings settings) {
        return settings.text("standbyGateway").replaceAll("/+$", "");
    }
}
