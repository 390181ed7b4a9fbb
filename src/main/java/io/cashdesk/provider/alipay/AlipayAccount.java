package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signing.KeyText;
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
import javax.security.auth.x500.X500Principal;

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
    private static final Pattern ORGANISATION = Pattern.compile("(?:^|,)O=((?:\\\\.|[^,\\\\])*)");

    /** Indexes of {@link X509Certificate#getKeyUsage}. */
    private static final int DIGITAL_SIGNATURE = 0;

    private static final int KEY_CERT_SIGN = 5;

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
        var application = NodeKeys.certificates(settings, "appCertContent", APP_CERTIFICATE);
        var alipay = NodeKeys.certificates(settings, "alipayPublicCertContent", ALIPAY_CERTIFICATE);
        var root = NodeKeys.certificates(settings, "alipayRootCertContent", ROOT_CERTIFICATES);
        var appCert = applicationCertificate(application.certificates(), alipay.certificates(), privateKey, appId);
        var alipayCert = alipayCertificate(alipay.certificates(), appCert, root, privateKey);
        requireRoot(root.certificates(), alipay.certificates(), alipayCert, privateKey);
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

    private static X509Certificate alipayCertificate(
            List<X509Certificate> chain, X509Certificate appCert, KeyText root, RSAPrivateKey key) {
        require(
                ofKey(chain, key).isEmpty(),
                "alipayPublicCertContent 是应用自己的证书，应填写支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent is the application's own certificate; give Alipay's"
                        + " (alipayCertPublicKey_RSA2.crt)");
        var leaf = NodeKeys.leaf(chain);
        require(
                !isRoot(leaf, chain, appCert, root),
                "alipayPublicCertContent 是根证书，应填写支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent is a root certificate; give Alipay's own (alipayCertPublicKey_RSA2.crt)");
        require(
                leaf.getPublicKey() instanceof RSAPublicKey,
                "alipayPublicCertContent 应为 RSA 算法的支付宝公钥证书 alipayCertPublicKey_RSA2.crt",
                "alipayPublicCertContent must be Alipay's certificate with an RSA key (alipayCertPublicKey_RSA2.crt)");
        return leaf;
    }

    /**
     * Whether a certificate is certainly a root. A gateway for tests may have a certificate that it issued itself,
     * which is then its root certificate, too: that alone is no proof.
     */
    private static boolean isRoot(
            X509Certificate leaf, List<X509Certificate> chain, X509Certificate appCert, KeyText root) {
        if (!NodeKeys.isSelfIssued(leaf)) return false;
        var usage = leaf.getKeyUsage();
        var signsOnlyCertificates = usage != null && usage[KEY_CERT_SIGN] && !usage[DIGITAL_SIGNATURE];
        return signsOnlyCertificates
                || chain.size() > 1
                || root.kinds().size() > 1
                || !root.certificates().contains(leaf)
                || (!appCert.equals(leaf) && NodeKeys.names(leaf, appCert) && NodeKeys.issued(leaf, appCert));
    }

    private static void requireRoot(
            List<X509Certificate> root, List<X509Certificate> chain, X509Certificate alipayCert, RSAPrivateKey key) {
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
        require(
                mayHaveIssued(root, chain, alipayCert),
                "alipayRootCertContent 与 alipayPublicCertContent 不匹配：支付宝公钥证书不是由这些根证书签发的",
                "alipayRootCertContent does not belong to alipayPublicCertContent: none of the root certificates"
                        + " issued it");
    }

    /** False if it is certain that none of them issued the certificate, directly or through the rest of its chain. */
    private static boolean mayHaveIssued(
            List<X509Certificate> root, List<X509Certificate> chain, X509Certificate certificate) {
        var issued = certificate;
        for (int length = 0; length <= chain.size(); length++) {
            var child = issued;
            var roots = root.stream().filter(c -> NodeKeys.names(c, child)).toList();
            if (!roots.isEmpty()) return roots.stream().anyMatch(c -> NodeKeys.issued(c, child));
            var next = chain.stream()
                    .filter(c -> !c.equals(child) && NodeKeys.names(c, child))
                    .findFirst();
            if (next.isEmpty()) return !NodeKeys.isSelfIssued(child) && isWithoutItsChain(root, child);
            if (!NodeKeys.issued(next.get(), child)) return false;
            issued = next.get();
        }
        return false;
    }

    /**
     * Alipay's own file has the certificate between its certificate and the root in it. If only the first was pasted,
     * the organisation of the issuer is compared.
     */
    private static boolean isWithoutItsChain(List<X509Certificate> root, X509Certificate certificate) {
        var organisation = organisation(certificate.getIssuerX500Principal());
        return organisation.isPresent()
                && root.stream().anyMatch(c -> organisation.equals(organisation(c.getSubjectX500Principal())));
    }

    private static Optional<String> organisation(X500Principal name) {
        var found = ORGANISATION.matcher(name.getName());
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
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
