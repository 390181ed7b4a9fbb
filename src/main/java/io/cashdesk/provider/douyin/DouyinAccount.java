package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.NodeKeys;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a merchant configures in the node, checked when it is made. Each refusal is a sentence that names the key.
 *
 * @param mchId the merchant's number at Douyin, or an empty text where it is not configured; no message has it
 * @param secret the mini-program's AppSecret; an empty text where ecpay, which does not need it, has none
 * @param salt the secret of ecpay's requests; an empty text in the trade system
 * @param token the secret of ecpay's callbacks; an empty text in the trade system
 * @param keys of the trade system; empty in ecpay
 * @param settleAfterDays after how many days since the payment its money is settled without a person; empty: never
 * @param settleDescription what the settlement is called at Douyin
 * @param requestOrder what an order of the trade system contains beside what the payment says ({@link TradeOrder});
 *     empty in ecpay
 * @param gateway without a slash at its end
 */
record DouyinAccount(
        Dialect dialect,
        String appId,
        String mchId,
        String secret,
        String salt,
        String token,
        Optional<TradeKeys> keys,
        OptionalInt settleAfterDays,
        String settleDescription,
        JsonObject requestOrder,
        String gateway) {
    private static final String USUAL_DESCRIPTION = "结算";
    private static final int LONGEST_WAIT = 365;

    /** Any sign that can be seen, because no page says which there are. */
    private static final Pattern SECRET = Pattern.compile("[!-~]{1,128}");

    private static final LocalizedText PRIVATE_KEY =
            new LocalizedText("应用自己的 RSA 私钥", "the application's own RSA private key");

    private static final LocalizedText PLATFORM_KEY =
            new LocalizedText("抖音开放平台的平台公钥（RSA）", "the platform's RSA public key, which Douyin's console shows");

    /**
     * The application's private key, with its number in the console, and the platform's public key.
     *
     * @param version {@code key_version}
     */
    record TradeKeys(RSAPrivateKey own, String version, RSAPublicKey platform) {
        @Override
        public String toString() {
            return "an RSA key"; // must not show it
        }
    }

    /** @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong */
    static DouyinAccount of(AccountSettings settings) {
        var dialect = Dialect.of(settings);
        var appId = appId(settings);
        var mchId = mchId(settings);
        var days = settleAfterDays(settings);
        var description = settleDescription(settings);
        var sandbox = flag(settings, "sandbox");
        var ecpay = dialect == Dialect.ECPAY;
        if (ecpay) refuseOfTrade(settings);
        else refuseOfEcpay(settings, sandbox);
        var secret = secret(settings, !ecpay);
        var salt = ecpay ? salt(settings, secret) : "";
        var token = ecpay ? token(settings, secret, salt) : "";
        return new DouyinAccount(
                dialect,
                appId,
                mchId,
                secret,
                salt,
                token,
                ecpay ? Optional.empty() : Optional.of(keys(settings)),
                days,
                description,
                ecpay ? JsonObject.EMPTY_JSON_OBJECT : TradeOrder.checkedDefaults(settings),
                gateway(settings, environment(dialect, sandbox)));
    }

    // in which environment

    /**
     * As it is stored with each attempt: "ecpay", "ecpay-sandbox" or "trade", the latter with the merchant that its
     * orders name, if they name one: "trade 71".
     */
    static String environment(AccountSettings settings) {
        var dialect = Dialect.of(settings);
        var base = environment(dialect, flag(settings, "sandbox"));
        if (dialect == Dialect.ECPAY) return base;
        var merchant = TradeOrder.merchantUid(TradeOrder.checkedDefaults(settings));
        return merchant.isEmpty() ? base : base + " " + merchant;
    }

    /**
     * Whether an attempt of this environment is known to Douyin only once the payer's client has requested the order.
     */
    static boolean isTrade(String environment) {
        return environment.equals("trade") || environment.startsWith("trade ");
    }

    private static String environment(Dialect dialect, boolean sandbox) {
        return dialect + (sandbox ? "-sandbox" : "");
    }

    /**
     * The same account for calls about an attempt that was made in this environment, with the merchant that its order
     * names; an empty text: as it is now.
     */
    DouyinAccount in(AccountSettings settings, String environment) {
        if (environment.isEmpty()) return this;
        return new DouyinAccount(
                dialect,
                appId,
                mchId,
                secret,
                salt,
                token,
                keys,
                settleAfterDays,
                settleDescription,
                isTrade(environment)
                        ? TradeOrder.withMerchantUid(
                                requestOrder,
                                environment.substring("trade".length()).strip())
                        : requestOrder,
                gateway(settings, environment));
    }

    /** The node's own gateway, or that of a test account; otherwise the one that Douyin has for this environment. */
    private static String gateway(AccountSettings settings, String environment) {
        var usual = settings.text("gateway").isEmpty() && settings.gateway().equals(DouyinProvider.GATEWAY);
        var base = !usual
                ? settings.gateway()
                : isTrade(environment)
                        ? DouyinProvider.TRADE_GATEWAY
                        : switch (environment) {
                            case "ecpay-sandbox" -> DouyinProvider.SANDBOX_GATEWAY;
                            default -> DouyinProvider.GATEWAY;
                        };
        return base.toString().replaceAll("/+$", "");
    }

    /** Whether this address is Douyin's own, and not a simulator's or a proxy's without TLS. */
    boolean behindTls() {
        return "https".equals(URI.create(gateway).getScheme());
    }

    // who

    private static String appId(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches("tt[0-9A-Za-z]{1,62}"),
                "appId 应为抖音小程序的 AppID，以 tt 开头，例如 tt226e54d3bd581bf801",
                "appId must be the mini-program's id at Douyin, which begins with tt, for instance tt226e54d3bd581bf801");
        return appId;
    }

    /** A number in JSON is taken as well. */
    private static String mchId(AccountSettings settings) {
        var mchId = mchIdAsGiven(settings);
        require(
                mchId.isEmpty() ? isAbsent(settings, "mchId") : mchId.matches("\\d{1,32}"),
                "mchId 应为抖音的商户号，只含数字，或不填",
                "mchId must be the merchant number at Douyin (digits only), or absent");
        return mchId;
    }

    private static String mchIdAsGiven(AccountSettings settings) {
        return settings.values().get("mchId") instanceof JsonNumber number ? number.toString() : settings.text("mchId");
    }

    /**
     * Who we are there: Douyin tells merchants apart by their application. The merchant number is only for people, so
     * that a node to which it is added later stays the same account.
     */
    static String merchantNo(AccountSettings settings) {
        return settings.text("appId");
    }

    String merchantNo() {
        return appId;
    }

    // secrets of both

    private static String secret(AccountSettings settings, boolean required) {
        var secret = settings.text("secret");
        if (isAbsent(settings, "secret") && !required) return "";
        require(
                SECRET.matcher(secret).matches() && !secret.contains("-----BEGIN"),
                "secret 应为小程序的 AppSecret，不含空格" + (required ? "；获取 client_token 需要它" : ""),
                "secret must be the mini-program's AppSecret, without blanks"
                        + (required ? "; the access token needs it" : ""));
        require(
                !secret.equals(settings.text("appId")),
                "secret 与 appId 的值相同；secret 应为小程序的 AppSecret",
                "secret and appId have the same value; secret must be the mini-program's AppSecret");
        return secret;
    }

    // ecpay

    private static String salt(AccountSettings settings, String secret) {
        var salt = settings.text("salt");
        require(
                SECRET.matcher(salt).matches() && !salt.contains("-----BEGIN"),
                "salt 应为担保支付设置中的 SALT（支付密钥），最多 128 个可见字符，不含空格；通用交易系统的节点请填写 privateKey，并将 dialect 设为 trade",
                "salt must be the SALT in the settings of the guaranteed payment: at most 128 visible characters without"
                        + " blanks; a node of the general trade system has privateKey and the dialect trade instead");
        require(
                !salt.equals(secret),
                "salt 与 secret 的值相同：salt 是担保支付设置中的 SALT，secret 是小程序的 AppSecret",
                "salt and secret have the same value: salt is the SALT in the settings of the guaranteed payment, secret"
                        + " is the mini-program's AppSecret");
        return salt;
    }

    private static String token(AccountSettings settings, String secret, String salt) {
        var token = settings.text("token");
        require(
                SECRET.matcher(token).matches(),
                "token 应为担保支付设置中的 Token，最多 128 个可见字符，不含空格；没有它，回调无法验签",
                "token must be the Token in the settings of the guaranteed payment: at most 128 visible characters without"
                        + " blanks; callbacks cannot be verified without it");
        require(
                !token.equals(salt),
                "token 与 salt 的值相同：担保支付设置中的 Token 与 SALT 不同",
                "token and salt have the same value: the settings of the guaranteed payment have a Token and a SALT");
        require(
                !token.equals(secret),
                "token 与 secret 的值相同：token 是担保支付设置中的 Token，secret 是小程序的 AppSecret",
                "token and secret have the same value: token is the Token in the settings of the guaranteed payment,"
                        + " secret is the mini-program's AppSecret");
        return token;
    }

    /** Keys of the trade system in a node of ecpay. */
    private static void refuseOfTrade(AccountSettings settings) {
        for (var name : List.of("privateKey", "platformPublicKey", "keyVersion", "requestOrder")) {
            require(
                    isAbsent(settings, name),
                    name + " 只用于 dialect 为 trade（通用交易系统）的节点，而此节点为 ecpay（担保支付）；请去掉它，或将 dialect 设为 trade",
                    name
                            + " is for nodes with the dialect trade (general trade system), but this one is ecpay (guaranteed"
                            + " payment): leave it out, or set dialect to trade");
        }
    }

    // the trade system

    /** Keys of ecpay in a node of the trade system. */
    private static void refuseOfEcpay(AccountSettings settings, boolean sandbox) {
        for (var name : List.of("salt", "token")) {
            require(
                    isAbsent(settings, name),
                    name + " 只用于 dialect 为 ecpay（担保支付）的节点，而此节点为 trade（通用交易系统）；请去掉它，或将 dialect 设为 ecpay",
                    name
                            + " is for nodes with the dialect ecpay (guaranteed payment), but this one is trade (general trade"
                            + " system): leave it out, or set dialect to ecpay");
        }
        require(
                !sandbox,
                "sandbox 只用于 dialect 为 ecpay（担保支付）的节点，通用交易系统没有沙盒；请去掉它，或设为 false",
                "sandbox is for nodes with the dialect ecpay (guaranteed payment): the general trade system has none; leave"
                        + " it out, or set it to false");
    }

    private static TradeKeys keys(AccountSettings settings) {
        var own = NodeKeys.privateKey(settings, "privateKey", PRIVATE_KEY);
        var platform = NodeKeys.publicKey(settings, "platformPublicKey", PLATFORM_KEY);
        require(
                !NodeKeys.belongTogether(platform, own),
                "platformPublicKey 是应用自己的公钥；应为平台公钥，显示在控制台中应用公钥的旁边",
                "platformPublicKey is the application's own public key; give the platform's, which the console shows"
                        + " beside it");
        return new TradeKeys(own, keyVersion(settings), platform);
    }

    private static String keyVersion(AccountSettings settings) {
        var given = settings.values().get("keyVersion");
        var version = given instanceof JsonNumber number ? number.toString() : settings.text("keyVersion");
        if (version.isEmpty() && (given == null || given == JsonValue.NULL || given instanceof JsonString)) return "1";
        require(
                version.matches("\\d{1,9}"),
                "keyVersion 应为控制台中应用公钥的版本号，只含数字，不填即为 1",
                "keyVersion must be the number of the application's public key in the console: digits only, 1 where it is"
                        + " absent");
        return version;
    }

    // settlement

    private static OptionalInt settleAfterDays(AccountSettings settings) {
        if (isAbsent(settings, "settleAfterDays")) return OptionalInt.empty();
        var given = settings.values().get("settleAfterDays");
        var days = given instanceof JsonString text && text.getString().strip().matches("\\d{1,9}")
                ? Long.parseLong(text.getString().strip())
                : JsonBody.wholeNumber(given).orElse(-1L);
        require(
                days >= 0 && days <= LONGEST_WAIT,
                "settleAfterDays 应为 0 到 365 的整数：付款后多少天自动结算；不填则只由人工结算",
                "settleAfterDays must be a whole number from 0 to 365: after how many days since the payment it is settled"
                        + " by itself; where it is absent, only a person settles");
        return OptionalInt.of((int) days);
    }

    private static String settleDescription(AccountSettings settings) {
        if (isAbsent(settings, "settleDescription")) return USUAL_DESCRIPTION;
        var text = settings.text("settleDescription");
        require(
                !text.isEmpty() && DouyinTexts.SETTLE_DESC.holds(text),
                "settleDescription 应为结算说明，最多 80 个字符，不填即为“结算”",
                "settleDescription must be a text of at most 80 characters; where it is absent it is 结算");
        return text;
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

    private static boolean isAbsent(AccountSettings settings, String name) {
        var given = settings.values().get(name);
        return given == null
                || given == JsonValue.NULL
                || (given instanceof JsonString text && text.getString().isBlank());
    }

    @Override
    public String toString() {
        return "douyin " + dialect + " " + appId; // a record would print the keys
    }
}
