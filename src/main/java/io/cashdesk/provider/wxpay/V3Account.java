package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayNode.require;

import io.cashdesk.provider.AccountSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;

/**
 * A merchant's configuration for API v3, checked on construction. Each refusal is a sentence that names the key.
 *
 * @param serial the merchant certificate's serial number: hex, upper case
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
    static V3Account of(AccountSettings settings) {
        require(WxpayNode.version(settings) == 3, "version must be 3 (so it is where it is absent) or 2");
        var appId = WxpayNode.appId(settings);
        var mchId = WxpayNode.mchId(settings);
        var v3Key = settings.text("v3Key");
        require(v3Key.getBytes(StandardCharsets.UTF_8).length == 32, "v3Key must be exactly 32 bytes long");
        var certificate = certificate(settings.text("appCertContent"));
        var privateKey = privateKey(settings.text("appPrivateKeyContent"));
        require(
                belongTogether(certificate, privateKey),
                "appPrivateKeyContent is not the key of the certificate in appCertContent");
        var id = settings.text("wxpayPublicKeyId");
        var pem = settings.text("wxpayPublicKeyContent");
        require(
                id.isEmpty() == pem.isEmpty(),
                "wxpayPublicKeyId and wxpayPublicKeyContent belong together: give both (public-key mode) or none (certificate mode)");
        require(id.isEmpty() || id.startsWith("PUB_KEY_ID_"), "wxpayPublicKeyId must begin with PUB_KEY_ID_");
        return new V3Account(
                appId, mchId, v3Key, serial(certificate), privateKey, id, pem.isEmpty() ? null : publicKey(pem));
    }

    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        return certificate.getPublicKey() instanceof RSAPublicKey open
                && key instanceof RSAPrivateKey secret
                && open.getModulus().equals(secret.getModulus());
    }

    private static X509Certificate certificate(String pem) {
        try {
            return certificateOf(lines(pem).getBytes(StandardCharsets.US_ASCII));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "appCertContent must be the merchant API certificate in PEM (apiclient_cert.pem)");
        }
    }

    static X509Certificate certificateOf(byte[] pem) throws CertificateException {
        var read = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        return (X509Certificate) read;
    }

    private static PrivateKey privateKey(String pem) {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der(pem, "PRIVATE KEY")));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "appPrivateKeyContent must be the merchant API private key in PEM, PKCS#8: it begins with BEGIN PRIVATE KEY");
        }
    }

    private static PublicKey publicKey(String pem) {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der(pem, "PUBLIC KEY")));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "wxpayPublicKeyContent must be the WeChat Pay public key in PEM: it begins with BEGIN PUBLIC KEY");
        }
    }

    private static byte[] der(String pem, String what) {
        var text = lines(pem);
        if (!text.contains("BEGIN " + what)) throw new IllegalArgumentException("not a " + what);
        return Base64.getMimeDecoder().decode(text.replaceAll("-----(BEGIN|END) " + what + "-----", ""));
    }

    /** A configuration row may keep a PEM text in one line, with its line ends written as backslash and n. */
    private static String lines(String pem) {
        return pem.replace("\\r", "").replace("\\n", "\n");
    }

    @Override
    public String toString() {
        return "wxpay " + mchId + " " + appId; // must not contain the keys
    }
}
