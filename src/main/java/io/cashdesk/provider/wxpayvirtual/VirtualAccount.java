package io.cashdesk.provider.wxpayvirtual;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.wechat.MessagePush;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * What a merchant configures in the node, checked. Each refusal is a sentence that names the key.
 *
 * @param offerId the virtual payment's application id (支付应用ID)
 * @param appKey of production, or an empty text
 * @param sandboxAppKey of the sandbox, or an empty text; the one of {@code sandbox} is there
 * @param rate coins for one yuan
 * @param ios whether payers with an iPhone may pay
 */
record VirtualAccount(
        String appId,
        String mchId,
        String offerId,
        String appKey,
        String sandboxAppKey,
        long rate,
        MessagePush push,
        boolean sandbox,
        boolean ios) {
    private static final long USUAL_RATE = 100;
    private static final long HIGHEST_RATE = 1_000_000;

    static VirtualAccount of(AccountSettings settings) {
        var sandbox = flag(settings, "sandbox");
        checkAppKeys(settings, sandbox);
        var account = new VirtualAccount(
                appId(settings),
                mchId(settings),
                offerId(settings),
                settings.text("appKey"),
                settings.text("sandboxAppKey"),
                rate(settings),
                push(settings),
                sandbox,
                flag(settings, "ios"));
        var secret = settings.text("secret");
        require(
                secret.matches("[!-~]{1,128}"),
                "secret 应为小程序的 AppSecret，登录和获取 access_token 都需要它",
                "secret must be the mini-program's AppSecret, which the login and access tokens need");
        require(
                !secret.equals(settings.text("appKey")) && !secret.equals(settings.text("sandboxAppKey")),
                "secret 与 AppKey 的值相同：secret 是小程序的 AppSecret，appKey、sandboxAppKey 是虚拟支付基础配置中的 AppKey",
                "secret and an AppKey have the same value: secret is the mini-program's AppSecret, appKey and sandboxAppKey"
                        + " are the AppKeys in the settings of virtual payment");
        return account;
    }

    /** In which environment it collects now: 0 in production, 1 in the sandbox. */
    int env() {
        return sandbox ? 1 : 0;
    }

    /** In which environment this attempt was made. */
    int envOf(AttemptRef attempt) {
        return attempt.environment().isEmpty() ? env() : Integer.parseInt(attempt.environment());
    }

    /**
     * The key that signs in this environment.
     *
     * @throws ProviderFailure DECLINED if it is not configured any more
     */
    String appKey(int env) {
        var key = env == 1 ? sandboxAppKey : appKey;
        if (!key.isEmpty()) return key;
        var name = env == 1 ? "sandboxAppKey" : "appKey";
        throw new ProviderFailure(
                ProviderFailure.Kind.DECLINED,
                name,
                "nothing was sent, because the node has no " + name + ", and the payment was made with it");
    }

    private static String appId(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches("[0-9A-Za-z_-]{1,32}") && !appId.matches("\\d+"),
                "appId 应为小程序的 AppID，例如 wx8888888888888888",
                "appId must be the mini-program's id, for instance wx8888888888888888");
        return appId;
    }

    private static String mchId(AccountSettings settings) {
        var mchId = settings.text("mchId");
        require(mchId.matches("\\d{1,32}"), "mchId 应为商户号，只含数字", "mchId must be the merchant number: digits only");
        return mchId;
    }

    /** WeChat refuses a number in its place (-15016), so that a number here is a mistake too. */
    private static String offerId(AccountSettings settings) {
        var given = settings.values().get("offerId");
        require(
                given instanceof JsonString text && text.getString().strip().matches("[0-9A-Za-z_-]{1,64}"),
                "offerId 应为文本：虚拟支付基础配置中的支付应用 ID（OfferID），要加引号",
                "offerId must be a text: the OfferID in the settings of virtual payment, in quotes");
        return settings.text("offerId");
    }

    private static void checkAppKeys(AccountSettings settings, boolean sandbox) {
        var production = settings.text("appKey");
        var test = settings.text("sandboxAppKey");
        require(
                production.isEmpty() || production.matches("[!-~]{5,128}"),
                "appKey 应为虚拟支付基础配置中的现网 AppKey，不含空格",
                "appKey must be the production AppKey in the settings of virtual payment, without blanks");
        require(
                test.isEmpty() || test.matches("[!-~]{5,128}"),
                "sandboxAppKey 应为虚拟支付基础配置中的沙箱 AppKey，不含空格",
                "sandboxAppKey must be the sandbox AppKey in the settings of virtual payment, without blanks");
        require(
                production.isEmpty() || !production.equals(test),
                "appKey 与 sandboxAppKey 的值相同：现网与沙箱的 AppKey 不同",
                "appKey and sandboxAppKey have the same value: production and sandbox have keys of their own");
        require(
                !sandbox || !test.isEmpty(),
                "sandboxAppKey 为空：sandbox 为 true 时用沙箱 AppKey 签名",
                "sandboxAppKey is missing: with sandbox true, requests are signed with the sandbox AppKey");
        require(
                sandbox || !production.isEmpty(),
                "appKey 为空：现网请求用现网 AppKey 签名",
                "appKey is missing: production requests are signed with the production AppKey");
    }

    private static long rate(AccountSettings settings) {
        var given = settings.values().get("rate");
        if (given == null || given == JsonValue.NULL) return USUAL_RATE;
        if (given instanceof JsonString text && text.getString().isBlank()) return USUAL_RATE;
        var number =
                given instanceof JsonString text && text.getString().strip().matches("\\d{1,9}")
                        ? Long.parseLong(text.getString().strip())
                        : JsonBody.wholeNumber(given).orElse(0L);
        require(
                number >= 1 && number <= HIGHEST_RATE,
                "rate 应为正整数：1 元兑换的代币数，与虚拟支付后台一致，例如 100",
                "rate must be a positive whole number: how many coins one yuan buys, as in the console, for instance 100");
        return number;
    }

    private static MessagePush push(AccountSettings settings) {
        var token = settings.text("token");
        var key = settings.text("encodingAESKey");
        require(
                token.isEmpty() || token.matches("[0-9A-Za-z]{3,32}"),
                "token 应为消息推送配置中的 Token：3 到 32 位字母或数字",
                "token must be the Token of the message push: 3 to 32 letters or digits");
        require(
                key.isEmpty() || key.matches("[0-9A-Za-z+/]{43}"),
                "encodingAESKey 应为消息推送配置中的 EncodingAESKey，共 43 个字符，实际为 " + key.length() + " 个",
                "encodingAESKey must be the EncodingAESKey of the message push, 43 characters, but has "
                        + key.length());
        require(
                key.isEmpty() || !token.isEmpty(),
                "配置了 encodingAESKey，但没有 token：消息推送的签名需要 Token",
                "there is encodingAESKey but no token: pushed messages are signed with the Token");
        return new MessagePush(token, key, settings.text("appId"));
    }

    private static boolean flag(AccountSettings settings, String name) {
        var given = settings.values().get(name);
        if (given == null || given == JsonValue.NULL || given == JsonValue.FALSE) return false;
        require(
                given == JsonValue.TRUE,
                name + " 应为布尔值 true 或 false，不加引号",
                name + " must be true or false, without quotes");
        return true;
    }

    @Override
    public String toString() {
        return "virtual payment of " + appId; // a record would print the keys
    }
}
