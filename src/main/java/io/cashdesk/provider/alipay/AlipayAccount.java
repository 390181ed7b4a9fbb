package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.ground.signing.KeyText.Kind;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.NodeKeys;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    private static final LocalizedText PRIVATE_KEY = new LocalizedText("应用私钥", "the application's private key");

    private static final LocalizedText ALIPAY_KEY = new LocalizedText("支付宝公钥", "Alipay's public key");

    private static final LocalizedText APP_CERTIFICATE =
            new LocalizedText("应用公钥证书 appCertPublicKey.crt", "the application's certificate (appCertPublicKey.crt)");

    private static final LocalizedText ALIPAY_CERTIFICATE = new LocalizedText(
            "支付宝公钥证书 alipayCertPublicKey_RSA2.crt", "Alipay's certificate (alipayCertPublicKey_RSA2.crt)");

    private static final LocalizedText ROOT_CERTIFICATES =
            new LocalizedText("支付宝根证书 alipayRootCert.crt", "Alipay's root certificates (alipayRootCert.crt)");

    /** How Alipay names an application's certificate: its number, perhaps after the seller's. */
    private static final Pattern NAME_OF_APPLICATION = Pattern.compile("(?:2088\\d{12}-)?(20(?!88)\\d{14})");

    /** @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong */
    static AlipayAccount of(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches("\\d{8,32}"),
                "appId 应为应用的 AppID，只含数字，通常为 16 位",
                "appId must be the application's id: digits only, usually 16");
        require(
                !appId.matches("2088\\d{12}"),
                "appId 应为应用的 AppID（如 2021…），2088 开头的是商户号，应填写在 mchId",
                "appId must be the application's id (2021…); a number that begins with 2088 is a seller's and belongs"
                        + " in mchId");
        var sellerId = settings.text("mchId");
        require(
                sellerId.isEmpty() || (sellerId.matches("\\d{8,32}") && !sellerId.equals(appId)),
                "mchId 应为商户号（2088…），或不填",
                "mchId must be the seller's number (2088…) or absent");
        var privateKey = NodeKeys.privateKey(settings, "privateKey", PRIVATE_KEY);
        var secret = Base64.getEncoder().encodeToString(privateKey.getEncoded());
        if (!anyCertificate(settings)) {
            var open = alipayKey(settings, privateKey);
            return new AlipayAccount(appId, sellerId, secret, base64(open), "", "", "");
        }
        require(
                Stream.of("appCertContent", "alipayPublicCertContent", "alipayRootCertContent")
                        .noneMatch(key -> settings.text(key).isEmpty()),
                "证书模式需要同时填写 appCertContent、alipayPublicCertContent 和 alipayRootCertContent",
                "certificate mode needs all of appCertContent, alipayPublicCertContent and alipayRootCertContent");
        if (!settings.text("alipayPublicKey").isEmpty())
            alipayKey(settings, privateKey); // not used, but not the own one
        var application = NodeKeys.certificates(settings, "appCertContent", APP_CERTIFICATE);
        var alipay = NodeKeys.certificates(settings, "alipayPublicCertContent", ALIPAY_CERTIFICATE);
        var root = NodeKeys.certificates(settings, "alipayRootCertContent", ROOT_CERTIFICATES);
        var appCert = applicationCertificate(application.certificates(), alipay.certificates(), privateKey, appId);
        var alipayCert = alipayCertificate(alipay, root.certificates(), privateKey);
        requireRoot(root.certificates(), privateKey);
        return new AlipayAccount(
                appId,
                sellerId,
                secret,
                base64(alipayCert.getPublicKey()),
                KeyText.pem(appCert),
                KeyText.pem(alipayCert),
                root.certificatesInPem());
    }

    private static boolean anyCertificate(AccountSettings settings) {
        return Stream.of("appCertContent", "alipayPublicCertContent", "alipayRootCertContent")
                .anyMatch(key -> !settings.text(key).isEmpty());
    }

    private static PublicKey alipayKey(AccountSettings settings, RSAPrivateKey own) {
        require(
                !settings.text("alipayPublicKey").isEmpty(),
                "请填写 alipayPublicKey（公钥模式）或三个证书（证书模式）",
                "give alipayPublicKey (key mode) or the three certificates (certificate mode)");
        var open = NodeKeys.publicKey(settings, "alipayPublicKey", ALIPAY_KEY);
        require(
                !NodeKeys.belongTogether(open, own),
                "alipayPublicKey 是应用自己的公钥；支付宝公钥显示在控制台中它的旁边",
                "alipayPublicKey is the application's own public key; Alipay's is shown beside it in the console");
        return open;
    }

    /** The one of the private key, wherever in a chain it is. */
    private static X509Certificate applicationCertificate(
            List<X509Certificate> chain, List<X509Certificate> alipay, RSAPrivateKey key, String appId) {
        var own = ofKey(chain, key);
        require(
                own.isPresent() || ofKey(alipay, key).isEmpty(),
                "alipayPublicCertContent 是 privateKey 的证书，即应用自己的证书，应填写在 appCertContent；此处应为支付宝公钥证书"
                        + " alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent is the certificate of privateKey, which is the application's own and belongs"
                        + " in appCertContent; give Alipay's (alipayCertPublicKey_RSA2.crt)");
        require(
                own.isPresent(),
                "privateKey 与 appCertContent 中的证书不是一对，appCertContent 应为应用公钥证书 appCertPublicKey.crt",
                "privateKey is not the key of the certificate in appCertContent, which must be the application's"
                        + " certificate (appCertPublicKey.crt)");
        var name = NAME_OF_APPLICATION.matcher(NodeKeys.commonName(own.get()).orElse(""));
        require(
                !name.matches() || name.group(1).equals(appId),
                "appCertContent 是应用 " + (name.matches() ? name.group(1) : "") + " 的证书，而 appId 为 " + appId,
                "appCertContent is the certificate of application " + (name.matches() ? name.group(1) : "")
                        + ", but appId is " + appId);
        return own.get();
    }

    private static Optional<X509Certificate> ofKey(List<X509Certificate> chain, RSAPrivateKey key) {
        return chain.stream()
                .filter(c -> NodeKeys.belongTogether(c.getPublicKey(), key))
                .findFirst();
    }

    private static X509Certificate alipayCertificate(KeyText text, List<X509Certificate> root, RSAPrivateKey key) {
        var chain = text.certificates();
        require(
                ofKey(chain, key).isEmpty(),
                "alipayPublicCertContent 是应用自己的证书，应填写支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent is the application's own certificate; give Alipay's"
                        + " (alipayCertPublicKey_RSA2.crt)");
        var leaf = NodeKeys.leaf(chain);
        require(
                !isRootFile(text, root),
                "alipayPublicCertContent 是根证书，应填写支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent is a root certificate; give Alipay's own (alipayCertPublicKey_RSA2.crt)");
        require(
                leaf.getPublicKey() instanceof RSAPublicKey,
                "alipayPublicCertContent 应为 RSA 算法的支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent must be Alipay's certificate with an RSA key (alipayCertPublicKey_RSA2.crt)");
        return leaf;
    }

    /**
     * Whether a text is certainly Alipay's file of roots, which are several, or one root that was exchanged with
     * Alipay's certificate. A single certificate that issued itself is no proof: a gateway for tests may have one.
     */
    private static boolean isRootFile(KeyText text, List<X509Certificate> root) {
        var found = text.certificates();
        if (!found.stream().allMatch(NodeKeys::isSelfIssued)) return false;
        var several = found.stream().distinct().count() > 1 || text.kinds().contains(Kind.UNREADABLE_CERTIFICATE);
        var authority = found.stream().allMatch(c -> c.getBasicConstraints() >= 0);
        return several || (authority && root.stream().noneMatch(NodeKeys::isSelfIssued));
    }

    /**
     * That one of them issued Alipay's certificate is not required: the certificate between the two is often missing in
     * what was pasted, and a gateway for tests has roots of its own.
     */
    private static void requireRoot(List<X509Certificate> root, RSAPrivateKey key) {
        require(
                ofKey(root, key).isEmpty(),
                "alipayRootCertContent 是应用自己的证书，应填写支付宝根证书 alipayRootCert.crt",
                "alipayRootCertContent is the application's own certificate; give Alipay's root certificates"
                        + " (alipayRootCert.crt)");
        require(
                root.stream().anyMatch(NodeKeys::isSelfIssued),
                "alipayRootCertContent 不含根证书，应填写支付宝根证书 alipayRootCert.crt",
                "alipayRootCertContent contains no root certificate; give Alipay's root certificates"
                        + " (alipayRootCert.crt)");
    }

    private static String base64(PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    boolean certificates() {
        return !appCert.isEmpty();
    }

    /** Who we are there: attempt numbers are unique per seller; where none is configured, per application. */
    String merchantNo() {
        return sellerId.isEmpty() ? appId : sellerId;
    }

    @Override
    public String toString() {
        return "alipay " + appId; // never the keys
    }
}
