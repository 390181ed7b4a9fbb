package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.auth.Validator;
import com.wechat.pay.java.core.certificate.CertificateProvider;
import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.http.Constant;
import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.core.http.HttpHeaders;
import com.wechat.pay.java.core.http.JsonResponseBody;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * The platform certificates of one account, by serial number. They are fetched in the background, one fetch at a time and at
 * most one a minute for serials that we do not know, so that a forger cannot make us call WeChat Pay. The SDK's own provider is
 * not used, because it keeps its certificates in one static map for all accounts with the same merchant number, whichever
 * gateway they belong to.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012154180">certificates and public keys</a>
 */
final class PlatformCertificates implements CertificateProvider {
    private static final Logger LOG = Logger.getLogger(PlatformCertificates.class);
    private static final Duration FRESH = Duration.ofHours(12);
    private static final Duration UNKNOWN_AT_MOST_EVERY = Duration.ofMinutes(1);

    /** How long a message may wait for the very first fetch: well within the five seconds WeChat Pay gives us. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http;
    private final AeadAesCipher cipher;
    private final Executor executor;
    private final Clock clock;
    private final Duration callPatience;
    private volatile Map<String, X509Certificate> known = Map.of();
    private Instant fetchedAt;
    private CompletableFuture<Void> fetching;

    /** @param callPatience how long a call of ours, which nobody times, may wait for the first fetch */
    PlatformCertificates(HttpClient http, String v3Key, Executor executor, Clock clock, Duration callPatience) {
        this.http = http;
        this.cipher = new AeadAesCipher(v3Key.getBytes(StandardCharsets.UTF_8));
        this.executor = executor;
        this.clock = clock;
        this.callPatience = callPatience;
    }

    /** Believes every answer, for the one call whose content proves itself: it opens only under the merchant's own key. */
    static final class AnyAnswer implements Validator {
        @Override
        public <T> boolean validate(HttpHeaders headers, String body) {
            return true;
        }

        @Override
        public <T> String getSerialNumber() {
            return "";
        }
    }

    @Override
    public X509Certificate getCertificate(String serial) {
        if (serial == null || serial.startsWith("PUB_KEY_ID_")) return null; // such a key is configured, never fetched
        var wanted = serial.toUpperCase(Locale.ROOT);
        refreshIfOld();
        if (!known.containsKey(wanted)) learn();
        return known.get(wanted);
    }

    /**
     * No message waits for a fetch: one with a new certificate is refused once, and repeated by WeChat Pay 15 seconds later. Only
     * where there is no certificate at all yet is the first fetch waited for, because nothing could be verified without it.
     */
    private void learn() {
        var fetch = refresh(UNKNOWN_AT_MOST_EVERY);
        if (known.isEmpty()) await(fetch, PATIENCE);
        else fetch.exceptionally(PlatformCertificates::said);
    }

    /** The newest; fetched first if there is none. */
    @Override
    public X509Certificate getAvailableCertificate() {
        if (known.isEmpty()) await(refresh(Duration.ofSeconds(1)), callPatience);
        else refreshIfOld();
        return known.values().stream()
                .max(Comparator.comparing(c -> c.getNotBefore().toInstant()))
                .orElse(null);
    }

    private void refreshIfOld() {
        if (!known.isEmpty()) refresh(FRESH).exceptionally(PlatformCertificates::said);
    }

    private static Void said(Throwable failure) {
        LOG.warnf("Platform certificates could not be renewed: %s", failure.toString());
        return null;
    }

    private synchronized CompletableFuture<Void> refresh(Duration atMostEvery) {
        if (fetching != null && !fetching.isDone()) return fetching;
        var now = clock.instant();
        if (fetchedAt != null && now.isBefore(fetchedAt.plus(atMostEvery))) {
            return CompletableFuture.completedFuture(null);
        }
        fetchedAt = now;
        try {
            fetching = CompletableFuture.runAsync(this::fetch, executor);
        } catch (RejectedExecutionException e) { // the server has no thread to spare
            fetching = CompletableFuture.failedFuture(e);
        }
        return fetching;
    }

    private static void await(CompletableFuture<Void> fetch, Duration patience) {
        try {
            fetch.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Platform certificates are not there yet: %s", e.toString());
        }
    }

    private void fetch() {
        var headers = new HttpHeaders();
        headers.addHeader(Constant.ACCEPT, "application/json");
        headers.addHeader(Constant.CONTENT_TYPE, "application/json");
        var answer = http.get(
                headers, WxpayClient.HOST + "/v3/certificates?algorithm_type=RSA", com.google.gson.JsonObject.class);
        var body = ((JsonResponseBody) answer.getBody()).getBody();
        var found = new HashMap<String, X509Certificate>();
        try (var reader = Json.createReader(new StringReader(body))) {
            for (var entry : reader.readObject().getJsonArray("data").getValuesAs(JsonObject.class)) {
                var sealed = entry.getJsonObject("encrypt_certificate");
                var pem = cipher.decrypt(
                        sealed.getString("associated_data").getBytes(StandardCharsets.UTF_8),
                        sealed.getString("nonce").getBytes(StandardCharsets.UTF_8),
                        Base64.getDecoder().decode(sealed.getString("ciphertext")));
                var certificate = WxpayAccount.certificateOf(pem.getBytes(StandardCharsets.UTF_8));
                found.put(entry.getString("serial_no").toUpperCase(Locale.ROOT), certificate);
            }
        } catch (CertificateException e) {
            throw new IllegalStateException("a platform certificate cannot be read", e);
        }
        known = Map.copyOf(found);
    }
}
