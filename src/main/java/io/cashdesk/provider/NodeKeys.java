package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signing.KeyText;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the keys and certificates of a node, as an operator has pasted them ({@link KeyText}). A text that contains
 * something else, perhaps another file of the same download, is refused with a {@link WrongNodeValue} that names the
 * key of the node, what belongs there and what was found.
 */
public final class NodeKeys {
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,\\\\])*)");

    private NodeKeys() {}

    /** @param what belongs under this key */
    public static RSAPrivateKey privateKey(AccountSettings settings, String key, LocalizedText what) {
        var text = KeyText.of(settings.text(key));
        return text.privateKey().orElseThrow(() -> wrong(key, what, text));
    }

    /** @param what belongs under this key */
    public static RSAPublicKey publicKey(AccountSettings settings, String key, LocalizedText what) {
        var text = KeyText.of(settings.text(key));
        return text.publicKey().orElseThrow(() -> wrong(key, what, text));
    }

    /**
     * At least one certificate that the JDK can read.
     *
     * @param what belongs under this key
     */
    public static KeyText certificates(AccountSettings settings, String key, LocalizedText what) {
        var text = KeyText.of(settings.text(key));
        if (text.certificates().isEmpty()) throw wrong(key, what, text);
        return text;
    }

    /**
     * The certificate that a text with a chain is about: the one that issued none of the others.
     *
     * @param chain in any order, not empty
     */
    public static X509Certificate leaf(List<X509Certificate> chain) {
        return chain.stream()
                .filter(c -> chain.stream().noneMatch(other -> !other.equals(c) && names(c, other)))
                .findFirst()
                .orElseGet(() -> chain.get(0));
    }

    /** Whether this is the private key of the public one. */
    public static boolean belongTogether(PublicKey open, RSAPrivateKey secret) {
        return open instanceof RSAPublicKey rsa && sameModulus(rsa, secret);
    }

    /** Whether the two are halves of one pair, or the same half. */
    public static boolean sameModulus(RSAKey one, RSAKey other) {
        return one.getModulus().equals(other.getModulus());
    }

    /** Whether the subject of the first is the issuer that the second names. */
    public static boolean names(X509Certificate issuer, X509Certificate issued) {
        return issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal());
    }

    /** Whether the first signed the second. */
    public static boolean issued(X509Certificate issuer, X509Certificate issued) {
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) { // another key, or an algorithm that the JDK does not have
            return false;
        }
    }

    /** Whether it names itself as its issuer, as root certificates do. */
    public static boolean isSelfIssued(X509Certificate certificate) {
        return names(certificate, certificate);
    }

    /** The subject's common name, if it has one. */
    public static Optional<String> commonName(X509Certificate certificate) {
        var found = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** The refusal of a text that does not contain what belongs under this key. */
    private static WrongNodeValue wrong(String key, LocalizedText what, KeyText text) {
        var found = found(text);
        return new WrongNodeValue(new LocalizedText(
                key + " 应为" + what.zh() + "，实际为" + found.zh(),
                key + " must be " + what.en() + ", but is " + found.en()));
    }

    private static LocalizedText found(KeyText text) {
        if (text.kinds().isEmpty()) return new LocalizedText("空", "missing");
        return switch (text.kinds().get(0)) {
            case CERTIFICATE -> new LocalizedText("证书", "a certificate");
            case UNREADABLE_CERTIFICATE ->
                new LocalizedText(
                        "无法读取的证书（只支持 RSA，或内容不完整）",
                        "a certificate that cannot be read: it is incomplete, or not of RSA");
            case PRIVATE_KEY -> new LocalizedText("私钥", "a private key");
            case PUBLIC_KEY -> new LocalizedText("公钥", "a public key");
            case KEY_OF_OTHER_ALGORITHM -> new LocalizedText("其他算法的密钥，只支持 RSA", "a key of another algorithm than RSA");
            case ENCRYPTED_KEY ->
                new LocalizedText(
                        "加密的私钥，请先去掉密码（openssl pkcs8 -in 文件 -out 新文件）",
                        "an encrypted private key; remove its password first (openssl pkcs8 -in file -out new-file)");
            case CERTIFICATE_REQUEST -> new LocalizedText("证书请求文件（CSR）", "a certificate request (CSR)");
            case KEY_STORE -> new LocalizedText("PKCS#12 文件（.p12）", "a PKCS#12 file (.p12)");
            case UNREADABLE ->
                new LocalizedText("无法读取的内容，请完整粘贴整个文件", "text that cannot be read; paste the whole file, unchanged");
        };
    }
}
