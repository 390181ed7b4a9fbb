package io.cashdesk.provider.vkspay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.NodeKeys;
import jakarta.json.JsonNumber;
import java.net.URI;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a merchant configures, checked when it is made. Each refusal is a sentence that names the key.
 *
 * @param mchId the merchant's number at the gateway; epay calls it pid
 * @param key the shared secret of VksPay and epay V1; an empty text in epay V2
 * @param keys of epay V2; empty in the other dialects
 * @param gateway without a slash at its end
 */
record VkspayAccount(Dialect dialect, String mchId, String key, Optional<RsaKeys> keys, String gateway) {
    private static final Pattern MERCHANT = Pattern.compile("[0-9A-Za-z_-]{1,64}");
    private static final Pattern PID = Pattern.compile("\\d{1,32}");

    /** Any sign that can be seen, because each gateway makes keys of its own kind and length. */
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

    private static final LocalizedText PRIVATE_KEY =
            new LocalizedText("商户自己的 RSA 私钥", "the merchant's own RSA private key");

    private static final LocalizedText PUBLIC_KEY =
            new LocalizedText("易支付平台的 RSA 公钥", "the RSA public key of the epay platform");

    /** The merchant's private key, and the public key of the platform. */
    record RsaKeys(RSAPrivateKey own, RSAPublicKey platform) {
        @Override
        public String toString() {
            return "an RSA key"; // must not show it
        }
    }

    /** @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong */
    static VkspayAccount of(AccountSettings settings) {
        var dialect = Dialect.of(settings);
        var mchId = mchId(settings, dialect);
        if (dialect.isEpay()) {
            require(
                    !settings.text("gateway").isEmpty() || !settings.gateway().equals(VkspayProvider.GATEWAY),
                    "dialect 为 " + dialect + " 时 gateway 必填，即易支付网站的地址，例如 https://pay.example.com",
                    "gateway is required with the dialect " + dialect
                            + ": the address of the epay site, for instance https://pay.example.com");
            require(
                    !settings.gateway().getRawPath().matches(".*\\.php|.*/api/pay(/.*)?"),
                    "gateway 应为易支付网站的地址，不含 submit.php、mapi.php、api.php 或 api/pay",
                    "gateway must be the address of the epay site, without submit.php, mapi.php, api.php or api/pay");
        }
        var gateway = settings.gateway().toString().replaceAll("/+$", "");
        if (dialect == Dialect.EPAY_V2) {
            return new VkspayAccount(dialect, mchId, "", Optional.of(keys(settings)), gateway);
        }
        refusePair(settings, dialect);
        return new VkspayAccount(dialect, mchId, key(settings, mchId), Optional.empty(), gateway);
    }

    /** A number in JSON is taken as well: epay's pid is a number, and is often written as one. */
    private static String mchId(AccountSettings settings, Dialect dialect) {
        var mchId = number(settings);
        require(
                mchId.isEmpty() || !mchId.chars().anyMatch(Character::isWhitespace),
                "mchId 中间不能有空格",
                "mchId must not have a blank inside");
        if (dialect.isEpay()) {
            require(
                    PID.matcher(mchId).matches(),
                    "mchId 应为易支付的商户 ID（pid），只含数字",
                    "mchId must be the merchant's number (pid) at the epay site: digits only");
        } else {
            require(
                    MERCHANT.matcher(mchId).matches(),
                    "mchId 应为 VksPay 的商户号，只含字母、数字、_ 和 -",
                    "mchId must be the merchant number of VksPay: letters, digits, _ and -");
        }
        return mchId;
    }

    static String number(AccountSettings settings) {
        return settings.values().get("mchId") instanceof JsonNumber number ? number.toString() : settings.text("mchId");
    }

    private static String key(AccountSettings settings, String mchId) {
        var key = settings.text("key");
        require(
                !key.contains("-----BEGIN") && key.length() <= 128,
                "key 应为 MD5 密钥，实际为 RSA 密钥；使用 RSA 的易支付请将 dialect 设为 epay-v2，并填写 privateKey 和 publicKey",
                "key must be the MD5 key, but is an RSA key: an epay site with RSA has the dialect epay-v2, with privateKey"
                        + " and publicKey");
        require(
                KEY.matcher(key).matches(),
                "key 应为商户密钥，最多 128 个可见字符，不含空格",
                "key must be the merchant's key: at most 128 visible characters without blanks");
        require(!key.equals(mchId), "key 与 mchId 的值相同", "key and mchId have the same value");
        return key;
    }

    /** Keys of RSA beside a dialect that signs with MD5: one of the two was mixed up. */
    private static void refusePair(AccountSettings settings, Dialect dialect) {
        for (var name : List.of("privateKey", "publicKey")) {
            require(
                    settings.text(name).isEmpty(),
                    name + " 只用于 dialect 为 epay-v2 的节点，而此节点为 " + dialect + "；请去掉它，或将 dialect 设为 epay-v2",
                    name + " is for nodes with the dialect epay-v2, but this one is " + dialect
                            + ": leave it out, or set dialect to epay-v2");
        }
    }

    private static RsaKeys keys(AccountSettings settings) {
        require(
                settings.text("key").isEmpty(),
                "key 只用于 dialect 为 vkspay 或 epay-v1 的节点；epay-v2 使用 privateKey 和 publicKey，请去掉 key",
                "key is for nodes with the dialect vkspay or epay-v1; epay-v2 has privateKey and publicKey: leave key out");
        var own = NodeKeys.privateKey(settings, "privateKey", PRIVATE_KEY);
        var platform = NodeKeys.publicKey(settings, "publicKey", PUBLIC_KEY);
        require(
                !NodeKeys.belongTogether(platform, own),
                "publicKey 是商户自己的公钥；应为平台公钥，显示在易支付网站的 API 信息中",
                "publicKey is the merchant's own public key; give the platform's, which the epay site shows beside it");
        return new RsaKeys(own, platform);
    }

    /**
     * Who we are there. Every epay site counts its merchants for itself, so that the same number can be another
     * merchant's elsewhere: there the site belongs to it.
     */
    static String merchantNo(AccountSettings settings) {
        var mchId = number(settings);
        return Dialect.of(settings).isEpay() ? mchId + "@" + site(settings.gateway()) : mchId;
    }

    private static String site(URI gateway) {
        var host = String.valueOf(gateway.getRawAuthority()).toLowerCase(Locale.ROOT);
        return host + gateway.getRawPath().replaceAll("/+$", "");
    }

    /** Whether queries carry a signature where epay V1 usually sends the key itself. */
    static boolean signsQueries(AccountSettings settings) {
        return settings.values().getBoolean("signedQueries", false);
    }

    @Override
    public String toString() {
        return "vkspay " + dialect + " " + mchId; // never the keys
    }
}
