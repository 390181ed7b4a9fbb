package io.cashdesk.provider.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.FileItem;
import com.alipay.api.internal.util.AbstractHttpClient;
import com.alipay.api.internal.util.AlipayLogger;
import io.cashdesk.ground.http.ProviderTransport;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.security.Security;
import java.util.Map;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * The one owner of the SDK, who keeps it on a leash. Its class initialiser switches off the JVM's certificate checks for the
 * whole server, so it runs here, once, and the property is put back; its loggers write whole requests, so they are off; and
 * its own transport may send a POST twice, so it is given ours.
 */
@ApplicationScoped
class AlipaySdk {
    private static final String DISABLED = "jdk.certpath.disabledAlgorithms";

    @Inject
    ProviderTransport transport;

    /** At the start of the server, not in the middle of somebody's payment. */
    void atStart(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        // being called is enough: the bean is made, and with it what follows
    }

    @PostConstruct
    void tame() {
        tameSdk();
    }

    static void tameSdk() {
        var checks = Security.getProperty(DISABLED);
        try {
            Class.forName("com.alipay.api.AbstractAlipayClient");
            Class.forName("com.alipay.api.internal.util.AlipaySignature");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the server has no module com.alipay.sdk; docs/operations.md says how it gets it", e);
        } finally {
            if (checks != null) Security.setProperty(DISABLED, checks);
        }
        AlipayLogger.setNeedEnableLogger(false);
    }

    AlipayClient client(AlipayAccount account, String gateway) {
        var config = new AlipayConfig();
        config.setServerUrl(gateway);
        config.setAppId(account.appId());
        config.setPrivateKey(account.privateKey());
        config.setFormat("json");
        config.setCharset("utf-8");
        config.setSignType("RSA2");
        if (account.certificates()) {
            config.setAppCertContent(account.appCert());
            config.setAlipayPublicCertContent(account.alipayCert());
            config.setRootCertContent(account.rootCert());
        } else {
            config.setAlipayPublicKey(account.alipayPublicKey());
        }
        config.setCustomizedHttpClient(new Transport(transport.client()));
        var checks = Security.getProperty(DISABLED);
        try {
            return new DefaultAlipayClient(config);
        } catch (AlipayApiException
                | RuntimeException e) { // of the keys, all but the root certificates were read before
            throw new IllegalArgumentException(
                    account.certificates()
                            ? "alipayRootCertContent must be Alipay's root certificates in PEM (alipayRootCert.crt)"
                            : "the SDK does not take privateKey and alipayPublicKey",
                    e);
        } finally {
            if (checks != null) Security.setProperty(DISABLED, checks); // certificate mode touches it again
        }
    }

    /** A POST, once. */
    private static final class Transport extends AbstractHttpClient {
        private final OkHttpClient client;

        private Transport(OkHttpClient client) {
            this.client = client;
        }

        @Override
        public String doPost(String url, Map<String, String> params, String charset, Map<String, String> headers)
                throws IOException {
            var form = new FormBody.Builder(Charset.forName(charset));
            params.forEach((name, value) -> {
                if (name != null && value != null) form.add(name, value);
            });
            var request = new Request.Builder().url(url).post(form.build());
            if (headers != null) headers.forEach(request::header);
            try (var response = client.newCall(request.build()).execute()) {
                if (!response.isSuccessful()) throw new IOException("HTTP " + response.code());
                return new String(response.body().bytes(), Charset.forName(charset));
            }
        }

        @Override
        public String doPost(
                String url,
                Map<String, String> params,
                Map<String, FileItem> files,
                String charset,
                Map<String, String> headers)
                throws IOException {
            throw new IOException("no call that we make sends files");
        }
    }
}
