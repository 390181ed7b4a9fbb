package io.cashdesk.provider.alipay;

import io.cashdesk.provider.AccountSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * Everything a merchant configures for Alipay, checked when it is made. Each refusal is a sentence that names the key.
 *
 * @param sellerId the seller's 2088… number, or an empty text where it is not configured
 * @param privateKey PKCS#8, Base64 without armour
 * @param alipayPublicKey X.509, Base64 without armour; in certificate mode that of Alipay's certificate
 * @param appCert the application certificate in PEM, or an empty text in key mode; likewise the other two
 */
record AlipayAccount(
        String appId,
        String sellerId,
        String privateKey,
        String alipayPublicKey,
        String appCert,
        String alipayCert,
        String rootCert) {
    static AlipayAccount of(AccountSettings settings) {
        var appId = settings.text("appId");
        require(appId.matches("\\d{8,32}"), "appId must be the application's id: digits only, usually 16");
        var sellerId = settings.text("mchId");
        require(
                sellerId.isEmpty() || sellerId.matches("\\d{8,32}"),
                "mchId must be the seller's number (2088…) or absent");
        var secret = bare(settings.text("privateKey"));
        var privateKey = privateKey(secret);
        var appCert = lines(settings.text("appCertContent"));
        var alipayCert = lines(settings.text("alipayPublicCertContent"));
        var rootCert = lines(settings.text("alipayRootCertContent"));
        var anyCertificate = !(appCert + alipayCert + rootCert).isEmpty();
        var open = bare(settings.text("alipayPublicKey"));
        if (anyCertificate) {
            require(
                    !appCert.isEmpty() && !alipayCert.isEmpty() && !rootCert.isEmpty(),
                    "certificate mode needs all of appCertContent, alipayPublicCertContent and alipayRootCertContent");
            require(
                    belongTogether(certificateKey(appCert, "appCertContent"), privateKey),
                    "privateKey is not the key of the certificate in appCertContent");
            require(
                    rootCert.contains("BEGIN CERTIFICATE"),
                    "alipayRootCertContent must be Alipay's root certificates in PEM");
            open = Base64.getEncoder()
                    .encodeToString(certificateKey(alipayCert, "alipayPublicCertContent")
                            .getEncoded());
        } else {
            require(!open.isEmpty(), "give alipayPublicKey (key mode) or the three certificates (certificate mode)");
            require(
                    !belongTogether(publicKey(open), privateKey),
                    "alipayPublicKey is the application's own public key; Alipay's is shown beside it in the console");
        }
        return new AlipayAccount(appId, sellerId, secret, open, appCert, alipayCert, rootCert);
    }

    boolean certificates() {
        return !appCert.isEmpty();
    }

    /** Who we are there: attempt numbers are unique per seller; where none is configured, per application. */
    String merchantNo() {
        return sellerId.isEmpty() ? appId : sellerId;
    }

    private static boolean belongTogether(PublicKey open, PrivateKey secret) {
        return open instanceof RSAPublicKey o
                && secret instanceof RSAPrivateKey s
                && o.getModulus().equals(s.getModulus());
    }

    private static PrivateKey privateKey(String base64) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "privateKey must be the application's private key, PKCS#8 in Base64 (a PKCS#1 key must be"
                            + " converted)");
        }
    }

    private static PublicKey publicKey(String base64) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("alipayPublicKey must be Alipay's public key, X.509 in Base64");
        }
    }

    private static PublicKey certificateKey(String pem, String name) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .getPublicKey();
        } catch (CertificateException e) {
            throw new IllegalArgumentException(name + " must be a certificate in PEM");
        }
    }

    /** Without armour and line ends, however it was pasted. */
    private static String bare(String key) {
        return lines(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    /** Configuration rows keep PEM in one line, with the line ends written as backslash and n. */
    private static String lines(String pem) {
        return pem.replace("\\r", "").replace("\\n", "\n");
    }

    private static void require(boolean right, String sentence) {
        if (!right) throw new IllegalArgumentException(sentence);
    }

    @Override
    public String toString() {
        return "alipay " + appId; // never the keys
    }
}
