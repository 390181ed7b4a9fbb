package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.WrongNodeValue;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.List;

/** Reads the private key and the root certificates of a node, and says what was found in their place. */
final class AppleKeys {
    private AppleKeys() {}

    /** The key of the file AuthKey_….p8 or SubscriptionKey_….p8: PKCS#8, of the curve P-256. */
    static ECPrivateKey privateKey(AccountSettings settings, String name) {
        var given = settings.text(name);
        var text = KeyText.of(given);
        var key = text.ecPrivateKey().orElseThrow(() -> wrong(name, found(given, text)));
        if (!isP256(key)) throw wrong(name, new LocalizedText("其他椭圆曲线的私钥", "a private key of another curve"));
        return key;
    }

    /** At least one certificate. */
    static List<X509Certificate> certificates(AccountSettings settings, String name) {
        var text = KeyText.of(settings.text(name));
        if (text.certificates().isEmpty()
                || text.certificates().size() != text.kinds().size()) {
            throw new WrongNodeValue(new LocalizedText(
                    name + " 应为 PEM 格式的根证书，且不含其他内容", name + " must be root certificates in PEM, and nothing else"));
        }
        return text.certificates();
    }

    private static WrongNodeValue wrong(String name, LocalizedText found) {
        return new WrongNodeValue(new LocalizedText(
                name + " 应为 App Store Connect 中“App 内购买项目”密钥的 .p8 文件（P-256 私钥，PKCS#8），实际为" + found.zh(),
                name + " must be the .p8 file of an In-App Purchase key from App Store Connect (a P-256 private key in"
                        + " PKCS#8), but is " + found.en()));
    }

    private static boolean isP256(ECPrivateKey key) {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            var curve = parameters.getParameterSpec(ECParameterSpec.class);
            return key.getParams().getCurve().equals(curve.getCurve())
                    && key.getParams().getOrder().equals(curve.getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static LocalizedText found(String given, KeyText text) {
        if (text.kinds().isEmpty()) return new LocalizedText("空", "missing");
        if (given.contains("OPENSSH PRIVATE KEY")) return new LocalizedText("SSH 私钥", "an SSH key");
        return switch (text.kinds().get(0)) {
            case CERTIFICATE, UNREADABLE_CERTIFICATE -> new LocalizedText("证书", "a certificate");
            case PRIVATE_KEY -> new LocalizedText("RSA 私钥", "an RSA private key");
            case PUBLIC_KEY -> new LocalizedText("公钥", "a public key");
            case KEY_OF_OTHER_ALGORITHM ->
                new LocalizedText("公钥，或不是 PKCS#8 格式的私钥", "a public key, or a private key that is not in PKCS#8");
            case ENCRYPTED_KEY -> new LocalizedText("加密的私钥", "an encrypted private key");
            case CERTIFICATE_REQUEST -> new LocalizedText("证书请求文件（CSR）", "a certificate request (CSR)");
            case KEY_STORE -> new LocalizedText("PKCS#12 文件（.p12）", "a PKCS#12 file (.p12)");
            case UNREADABLE ->
                new LocalizedText("无法读取的内容，请完整粘贴整个文件", "text that cannot be read; paste the whole file, unchanged");
        };
    }
}
