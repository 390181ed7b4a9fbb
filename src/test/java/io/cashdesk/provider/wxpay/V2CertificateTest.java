package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.otherprovider.Pair;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.SubMerchant;
import io.undertow.Undertow;
import io.undertow.server.handlers.BlockingHandler;
import jakarta.json.Json;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;

/** Refunds and reversals use a connection with the merchant's client certificate. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class V2CertificateTest {
    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Pair MERCHANT = V2Wire.MERCHANT;

    @TempDir
    Path files;

    private final List<String> clients = new ArrayList<>();
    private Undertow server;

    /** A server for 127.0.0.1 that requires this merchant's certificate and is trusted by this JVM. */
    @BeforeEach
    void serve() throws Exception {
        var path = files.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool") + " -genkeypair -alias s -keyalg RSA"
                + " -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -validity 9 -storetype PKCS12 -storepass secret -keystore "
                + path;
        assertThat(new ProcessBuilder(keytool.split(" ")).start().waitFor()).isZero();
        var own = KeyStore.getInstance(path.toFile(), PASSWORD);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        var merchants = KeyStore.getInstance("PKCS12");
        merchants.load(null, null);
        merchants.setCertificateEntry("m", MERCHANT.certificate());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(merchants);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        trust(own.getCertificate("s"));
        server = Undertow.builder()
                .addHttpsListener(0, "127.0.0.1", context)
                .setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUIRED)
                .setHandler(new BlockingHandler(exchange -> {
                    var session = exchange.getConnection().getSslSessionInfo();
                    var certificate = (X509Certificate) session.getPeerCertificates()[0];
                    clients.add(certificate.getSubjectX500Principal().getName());
                    exchange.getResponseSender().send(V2Wire.signedXml(V2Wire.reply("recall", "N"), V2Wire.KEY, false));
                }))
                .build();
        server.start();
    }

    private void trust(Certificate certificate) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("s", certificate);
        var path = files.resolve("trusted.p12");
        try (var out = Files.newOutputStream(path)) {
            trusted.store(out, PASSWORD);
        }
        System.setProperty(TRUSTED, path.toString());
        System.setProperty(TRUSTED + "Password", new String(PASSWORD));
    }

    @AfterEach
    void stop() {
        System.clearProperty(TRUSTED);
        System.clearProperty(TRUSTED + "Password");
        server.stop();
    }

    private AccountSettings account() {
        var port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        var node = Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", V2Wire.MCH)
                .add("version", 2)
                .add("key", V2Wire.KEY)
                .add("pfx", V2Wire.p12(MERCHANT))
                .build();
        return new AccountSettings(
                UUID.randomUUID(), 1, WxpayPresentation.NAME, "codepay", node, URI.create("https://127.0.0.1:" + port));
    }

    @Test
    void a_reversal_uses_the_certificate_and_a_query_does_not() {
        var transport = new ProviderTransport(new Settings(name -> null));
        transport.open();
        var provider = WxpayAdapter.of(transport, Clock.systemUTC(), null);
        var attempt = new AttemptRef(PayType.of("wxpay_codepay"), "T202601010001", SubMerchant.NONE);

        var report = provider.close(account(), attempt);

        assertThat(report).isInstanceOf(ProviderReport.Closed.class);
        assertThat(clients).containsExactly("CN=1600000001");
        assertThatThrownBy(() -> provider.query(account(), attempt))
                .isInstanceOfSatisfying(
                        ProviderFailure.class, f -> assertThat(f.kind()).isIn(Kind.UNREACHABLE, Kind.OUTCOME_UNKNOWN));
        assertThat(clients).hasSize(1);
    }
}
