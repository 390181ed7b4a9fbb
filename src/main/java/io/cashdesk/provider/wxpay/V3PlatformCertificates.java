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
 * The platform certificates of one account, by serial number. They are fetched in the background, one fetch at a time;
 * unknown serial numbers cause at most one fetch a minute, so that forged notifications cannot cause a flood of calls.
 * The SDK's own provider is not used: it keeps its certificates in one static map for all accounts with the same
 * merchant number, even if their gateways differ.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012154180">certificates and public keys</a>
 */
final class V3PlatformCertificates implements CertificateProvider {
    private static final Logger LOG = Logger.getLogger(V3PlatformCertificates.class);
    private static final Duration RENEW_AFTER = Duration.ofHours(12);
    private static final Duration MIN_INTERVAL_FOR_UNKNOWN = Duration.ofMinutes(1);

    /** How long a notification waits for the first fetch. WeChat Pay expects the answer within five seconds. */
    private static final Duration MAX_WAIT_OF_NOTIFICATION = Duration.ofSeconds(2);

    private final HttpClient http;
    private final AeadAesCipher cipher;
    private final Executor executor;
    private final Clock clock;
    private final Duration maxWaitOfCall;
    private volatile Map<String, X509Certificate> known = Map.of();
    private Instant fetchedAt;
    private CompletableFuture<Void> fetching;

    /** @param maxWaitOfCall how long a call to WeChat Pay waits for the first fetch */
    V3PlatformCertificates(HttpClient http, String v3Key, Executor executor, Clock clock, Duration maxWaitOfCall) {
        this.http = http;
        this.cipher = new AeadAesCipher(v3Key.getBytes(StandardCharsets.UTF_8));
        this.executor = executor;
        this.clock = clock;
        this.maxWaitOfCall = maxWaitOfCall;
    }

    /**
     * Accepts every answer. Only for the call that fetches certificates: its content is authentic because it decrypts
     * under the account's APIv3 key.
     */
    static final class NoValidation implements Validator {
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
        if (serial == null || serial.startsWith("PUB_KEY_ID_"))
            return null; // a public key, which is configured and not fetched
        var upperCase = serial.toUpperCase(Locale.ROOT);
        refreshIfOld();
        if (!known.containsKey(upperCase)) fetchUnknown();
        return known.get(upperCase);
    }

    /**
     * A notification signed with an unknown certificate is refused without waiting for the fetch; WeChat Pay repeats it
     * 15 seconds later. Only while there is no certificate at all does it wait for the first fetch.
     */
    private void fetchUnknown() {
        var fetch = refresh(MIN_INTERVAL_FOR_UNKNOWN);
        if (known.isEmpty()) await(fetch, MAX_WAIT_OF_NOTIFICATION);
        else fetch.exceptionally(V3PlatformCertificates::logFailure);
    }

    /** The newest certificate, after waiting for the first fetch if there is none; null if that failed. */
    @Override
    public X509Certificate getAvailableCertificate() {
        if (known.isEmpty()) await(refresh(Duration.ofSeconds(1)), maxWaitOfCall);
        else refreshIfOld();
        return known.values().stream()
                .max(Comparator.comparing(c -> c.getNotBefore().toInstant()))
                .orElse(null);
    }

    private void refreshIfOld() {
        if (!known.isEmpty()) refresh(RENEW_AFTER).exceptionally(V3PlatformCertificates::logFailure);
    }

    private static Void logFailure(Throwable failure) {
        LOG.warnf("Platform certificates could not be renewed: %s", failure.toString());
        return null;
    }

    private synchronized CompletableFuture<Void> refresh(Duration minInterval) {
        if (fetching != null && !fetching.isDone()) return fetching;
        var now = clock.instant();
        if (fetchedAt != null && now.isBefore(fetchedAt.plus(minInterval))) {
            return CompletableFuture.completedFuture(null);
        }
        fetchedAt = now;
        try {
            fetching = CompletableFuture.runAsync(this::fetch, executor);
        } catch (RejectedExecutionException e) { // all threads of the server are busy
            fetching = CompletableFuture.failedFuture(e);
        }
        return fetching;
    }

    private static void await(CompletableFuture<Void> fetch, Duration maxWait) {
        try {
            fetch.get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Platform certificates could not be fetched in time: %s", e.toString());
        }
    }

    private void fetch() {
        var headers = new HttpHeaders();
        headers.addHeader(Constant.ACCEPT, "application/json");
        headers.addHeader(Constant.CONTENT_TYPE, "application/json");
        var answer = http.get(
                headers, V3Client.HOST + "/v3/certificates?algorithm_type=RSA", com.google.gson.JsonObject.class);
        var body = ((JsonResponseBody) answer.getBody()).getBody();
        var found = new HashMap<String, X509Certificate>();
        try (var reader = Json.createReader(new StringReader(body))) {
            for (var entry : reader.readObject().getJsonArray("data").getValuesAs(JsonObject.class)) {
                var encrypted = entry.getJsonObject("encrypt_certificate");
                var pem = cipher.decrypt(
                        encrypted.getString("associated_data").getBytes(StandardCharsets.UTF_8),
                        encrypted.getString("nonce").getBytes(StandardCharsets.UTF_8),
                        Base64.getDecoder().decode(encrypted.getString("ciphertext")));
                var certificate = V3Account.certificateOf(pem.getBytes(StandardCharsets.UTF_8));
                found.put(entry.getString("serial_no").toUpperCase(Locale.ROOT), certificate);
            }
        } catch (CertificateException e) {
            throw new IllegalStateException("a platform certificate cannot be read", e);
        }
        known = Map.copyOf(found);
    }
}
