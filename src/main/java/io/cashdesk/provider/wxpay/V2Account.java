package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AccountSettings;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * Everything a merchant configures for WeChat Pay's v2, checked when it is made. Each refusal is a sentence that names the key.
 *
 * @param key the v2 API key: 32 characters; another than the APIv3 key
 * @param signature how we sign; notifications may come under either
 * @param certificate the merchant's API certificate with its private key; needed for refunds and reversals alone
 */
record V2Account(String appId, String mchId, String key, V2Signature signature, Optional<Certificate> certificate) {
    private static final int KEY_LENGTH = 32;

    /** What proves to WeChat Pay's server who we are, before a word is said. */
    record Certificate(KeyStore store, char[] password) {
        /** A client that shows the certificate; whom we believe does not change. */
        OkHttpClient.Builder shown(OkHttpClient transport) {
            try {
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, password);
                var trust = trust();
                var context = SSLContext.getInstance("TLS");
                KeyManager[] ours = keys.getKeyManagers();
                context.init(ours, new TrustManager[] {trust}, null);
                SSLSocketFactory sockets = context.getSocketFactory();
                return transport.newBuilder().sslSocketFactory(sockets, trust);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a certificate that was checked cannot be shown", e);
            }
        }

        private static X509TrustManager trust() throws GeneralSecurityException {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (var manager : factory.getTrustManagers()) if (manager instanceof X509TrustManager x509) return x509;
            throw new IllegalStateException("every JDK trusts somebody");
        }

        @Override
        public String toString() {
            return "a certificate"; // never what is in it
        }
    }

    /** Whether this node speaks v2. */
    static boolean isFor(AccountSettings settings) {
        return version(settings) == 2;
    }

    /** 2 or 3; -1 if it says something else. */
    static int version(AccountSettings settings) {
        var given = settings.values().get("version");
        if (given == null || given == JsonValue.NULL) return 3;
        if (given instanceof JsonNumber n) return n.isIntegral() ? n.intValue() : -1;
        if (!(given instanceof JsonString s)) return -1;
        if (s.getString().isBlank()) return 3;
        return s.getString().strip().matches("\\d")
                ? Integer.parseInt(s.getString().strip())
                : -1;
    }

    static V2Account of(AccountSettings settings) {
        var appId = settings.text("appId");
        require(
                appId.matches("[0-9A-Za-z_-]{1,32}"),
                "appId must be the application's id, for instance wx8888888888888888");
        var mchId = settings.text("mchId");
        require(mchId.matches("\\d{1,32}"), "mchId must be the merchant number: digits only");
        var key = settings.text("key");
        require(
                key.length() == KEY_LENGTH,
                "key must be the v2 API key of the merchant console, exactly 32 characters long: it is not the v3Key");
        var signature = V2Signature.named(settings.text("signType"));
        require(signature != null, "signType must be MD5 (so it is where it is absent) or HMAC-SHA256");
        var pfx = settings.text("pfx");
        return new V2Account(
                appId, mchId, key, signature, pfx.isEmpty() ? Optional.empty() : Optional.of(certificate(pfx, mchId)));
    }

    /** The file as the merchant console gives it out; WeChat Pay makes the merchant number its password. */
    private static Certificate certificate(String base64, String mchId) {
        var password = mchId.toCharArray();
        try {
            var store = KeyStore.getInstance("PKCS12");
            var bytes = Base64.getMimeDecoder().decode(base64.replace("\\r", "").replace("\\n", ""));
            store.load(new ByteArrayInputStream(bytes), password);
            for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
                if (store.getKey(aliases.nextElement(), password) != null) return new Certificate(store, password);
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException notOurs) {
            // answered below, without what it says: it may repeat what it read
        }
        throw new IllegalArgumentException(
                "pfx must be apiclient_cert.p12 in Base64, with the private key in it; its password is the mchId");
    }

    private static void require(boolean right, String sentence) {
        if (!right) throw new IllegalArgumentException(sentence);
    }

    @Override
    public String toString() {
        return "wxpay v2 " + mchId + " " + appId; // never the key
    }
}
