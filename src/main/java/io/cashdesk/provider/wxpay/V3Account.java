package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.NodeKeys;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;

/**
 * A merchant's configuration for API v3, checked on construction. Each refusal is a sentence that names the key.
 *
 * @param serial the merchant certificate's serial number, as {@link V3Serial} writes it
 * @param publicKeyId "PUB_KEY_ID_…", or an empty text in certificate mode
 * @param publicKey WeChat Pay's public key, or null in certificate mode
 */
record V3Account(
        String appId,
        String mchId,
        String v3Key,
        String serial,
        PrivateKey privateKey,
        String publicKeyId,
        PublicKey publicKey) {
    private static final LocalizedText CERTIFICATE =
            new LocalizedText("商户 API 证书 apiclient_cert.pem", "the merchant API certificate (apiclient_cert.pem)");

    private static final LocalizedText PRIVATE_KEY =
            new LocalizedText("商户 API 私钥 apiclient_key.pem", "the merchant API private key (apiclient_key.pem)");

    private static final LocalizedText PUBLIC_KEY =
            new LocalizedText("微信支付公钥 pub_key.pem", "the WeChat Pay public key (pub_key.pem)");

    /** @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong */
    static V3Account of(AccountSettings settings) {
        require(
                WxpayNode.version(settings) == 3,
                "version 应为 3（不填即为 3）或 2",
                "version must be 3 (so it is where it is absent) or 2");
        var appId = WxpayNode.appId(settings);
        var mchId = WxpayNode.mchId(settings);
        WxpayNode.checkSubMerchants(settings, mchId);
        var v3Key = settings.text("v3Key");
        require(
                v3Key.getBytes(StandardCharsets.UTF_8).length == 32,
                "v3Key 应为 APIv3 密钥，长度为 32 字节",
                "v3Key must be the APIv3 key, exactly 32 bytes long");
        WxpayNode.checkSecretDiffers(settings);
        var chain =
                NodeKeys.certificates(settings, "appCertContent", CERTIFICATE).certificates();
        var privateKey = NodeKeys.privateKey(settings, "appPrivateKeyContent", PRIVATE_KEY);
        var certificate = merchantCertificate(chain, privateKey, mchId);
        var id = settings.text("wxpayPublicKeyId");
        var pem = settings.text("wxpayPublicKeyContent");
        require(
                id.isEmpty() == pem.isEmpty(),
                "wxpayPublicKeyId 与 wxpayPublicKeyContent 应同时填写（公钥模式）或都不填（平台证书模式）",
                "wxpayPublicKeyId and wxpayPublicKeyContent belong together: give both (public-key mode) or none"
                        + " (certificate mode)");
        require(
                id.isEmpty() || id.startsWith("PUB_KEY_ID_"),
                "wxpayPublicKeyId 应以 PUB_KEY_ID_ 开头",
                "wxpayPublicKeyId must begin with PUB_KEY_ID_");
        return new V3Account(
                appId,
                mchId,
                v3Key,
                V3Serial.of(certificate),
                privateKey,
                id,
                pem.isEmpty() ? null : publicKey(settings, privateKey));
    }

    /** The one of the private key, wherever in a chain it is. */
    private static X509Certificate merchantCertificate(
            List<X509Certificate> chain, RSAPrivateKey privateKey, String mchId) {
        var own = chain.stream()
                .filter(c -> NodeKeys.belongTogether(c.getPublicKey(), privateKey))
                .findFirst();
        WxpayNode.checkSubject(own.orElseGet(() -> NodeKeys.leaf(chain)), "appCertContent", mchId);
        require(
                own.isPresent(),
                "appPrivateKeyContent 与 appCertContent 不是一对：请填写同一次下载的 apiclient_key.pem 和 apiclient_cert.pem",
                "appPrivateKeyContent is not the key of the certificate in appCertContent: give apiclient_key.pem and"
                        + " apiclient_cert.pem of one download");
        return own.get();
    }

    private static PublicKey publicKey(AccountSettings settings, RSAPrivateKey own) {
        var key = NodeKeys.publicKey(settings, "wxpayPublicKeyContent", PUBLIC_KEY);
        require(
                !NodeKeys.belongTogether(key, own),
                "wxpayPublicKeyContent 应为微信支付公钥 pub_key.pem，实际为商户自己的公钥",
                "wxpayPublicKeyContent must be the WeChat Pay public key (pub_key.pem), but is the merchant's own"
                        + " public key");
        return key;
    }

    /** A certificate of WeChat Pay, as its API answers it. */
    static X509Certificate certificateOf(byte[] pem) throws CertificateException {
        var read = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        return (X509Certificate) read;
    }

    @Override
    public String toString() {
        return "wxpay " + mchId + " " + appId; // must not contain the keys
    }
}
