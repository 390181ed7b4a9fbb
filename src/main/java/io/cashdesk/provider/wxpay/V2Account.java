package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.WrongNodeValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * A merchant's configuration for API v2, checked on construction. Each refusal is a sentence that names the key.
 *
 * @param key the v2 API key: 32 characters; often another value than the APIv3 key
 * @param signature the type of our signatures; notifications may have either type
 * @param certificate the merchant's API certificate with its private key; only refunds and reversals need it
 */
record V2Account(String appId, String mchId, String key, V2Signature signature, Optional<Certificate> certificate) {
    private static final int KEY_LENGTH = 32;

    /** What browsers put before a file in Base64. */
    private static final Pattern DATA_ADDRESS = Pattern.compile("^data:[^,]{0,100},");

    /** The client certificate for mutual TLS with WeChat Pay's server. */
    record Certificate(KeyStore store, char[] password) {
        /** The same client with this certificate; the trusted server certificates stay the JDK's own. */
        OkHttpClient on(OkHttpClient transport) {
            try {
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, password);
                var trust = trust();
                var context = SSLContext.getInstance("TLS");
                KeyManager[] own = keys.getKeyManagers();
                context.init(own, new TrustManager[] {trust}, null);
                SSLSocketFactory sockets = context.getSocketFactory();
                return transport.newBuilder().sslSocketFactory(sockets, trust).build();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a checked certificate cannot be used", e);
            }
        }

        private static X509TrustManager trust() throws GeneralSecurityException {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (var manager : factory.getTrustManagers()) if (manager instanceof X509TrustManager x509) return x509;
            throw new IllegalStateException("every JDK has an X.509 trust manager");
        }

        @Override
        public String toString() {
            return "a certificate"; // must not show the key
        }
    }

    /** @throws io.cashdesk.provider.WrongNodeValue if anything is certainly wrong */
    static V2Account of(AccountSettings settings) {
        var appId = WxpayNode.appId(settings);
        var mchId = WxpayNode.mchId(settings);
        WxpayNode.checkSubMerchants(settings, mchId);
        var key = settings.text("key");
        requireKey(key);
        WxpayNode.checkSecretDiffers(settings);
        var signature = V2Signature.named(settings.text("signType"));
        require(
                signature != null,
                "signType 应为 MD5（不填即为 MD5）或 HMAC-SHA256",
                "signType must be MD5 (so it is where it is absent) or HMAC-SHA256");
        var pfx = settings.text("pfx");
        return new V2Account(
                appId, mchId, key, signature, pfx.isEmpty() ? Optional.empty() : Optional.of(certificate(pfx, mchId)));
    }

    static void requireKey(String key) {
        require(
                key.length() == KEY_LENGTH,
                "key 应为商户平台的 APIv2 密钥，长度为 32 个字符，不是 v3Key",
                "key must be the v2 API key of the merchant console, exactly 32 characters long: it is not the v3Key");
    }

    /** The file as downloaded from the merchant console; its password is the merchant number. */
    private static Certificate certificate(String pasted, String mchId) {
        require(
                !pasted.contains("-----BEGIN"),
                "pfx 应为 apiclient_cert.p12 文件的 Base64，实际为 PEM 文本",
                "pfx must be the file apiclient_cert.p12 in Base64, but is a text in PEM");
        var password = mchId.toCharArray();
        try {
            var store = KeyStore.getInstance("PKCS12");
            var base64 = DATA_ADDRESS.matcher(pasted).replaceFirst("").replaceAll("\\\\+[nrt]", "");
            store.load(
                    new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64.replace("\uFEFF", ""))), password);
            for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
                var alias = aliases.nextElement();
                if (store.getKey(alias, password) == null) continue;
                if (store.getCertificate(alias) instanceof X509Certificate own) {
                    WxpayNode.checkSubject(own, "pfx", mchId);
                }
                return new Certificate(store, password);
            }
        } catch (GeneralSecurityException | IOException notReadable) {
            throw unreadable(); // without the exception's message, which may contain parts of the file
        } catch (WrongNodeValue e) {
            throw e;
        } catch (IllegalArgumentException notBase64) {
            throw unreadable();
        }
        throw unreadable();
    }

    private static WrongNodeValue unreadable() {
        return new WrongNodeValue(new LocalizedText(
                "pfx 应为含私钥的 apiclient_cert.p12 文件的 Base64，其密码为 mchId",
                "pfx must be apiclient_cert.p12 in Base64, with the private key in it; its password is the mchId"));
    }

    @Override
    public String toString() {
        return "wxpay v2 " + mchId + " " + appId; // must not contain the key
    }
}
