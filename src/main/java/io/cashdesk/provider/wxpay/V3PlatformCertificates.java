package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.auth.Validator;
import com.wechat.pay.java.core.certificate.CertificateProvider;
import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.exception.DecryptionException;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.http.Constant;
import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.core.http.HttpHeaders;
import com.wechat.pay.java.core.http.JsonResponseBody;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * The platform certificates of one account, by serial number. They are fetched in the background, one fetch at a time,
 * which all callers wait for while no certificate is known; a fetch that fails is tried {@value #TRIES} times, unless
 * repeating it cannot help. Forged notifications, each with another serial number, must not cause a flood of fetches:
 * while no certificate is known, notifications cause at most one a second, and afterwards at most one a minute, whether
 * it succeeds or not. A call to WeChat Pay that needs the first certificate causes one at any time. The SDK's own
 * provider is not used: it keeps its certificates in one static map for all accounts with the same merchant number,
 * even if their gateways differ.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012154180">certificates and public keys</a>
 */
final class V3PlatformCertificates implements CertificateProvider {
    private static final Logger LOG = Logger.getLogger(V3PlatformCertificates.class);
    private static final Duration RENEW_AFTER = Duration.ofHours(12);
    private static final Duration MIN_INTERVAL_FOR_UNKNOWN = Duration.ofMinutes(1);
    private static final Duration MIN_INTERVAL_WHILE_NONE_KNOWN = Duration.ofSeconds(1);

    /** How often one fetch calls WeChat Pay until it has an answer. */
    private static final int TRIES = 3;

    /** Before the second call; twice as long before the third. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** How long a notification waits for the first fetch. WeChat Pay expects the answer within five seconds. */
    private static final Duration MAX_WAIT_OF_NOTIFICATION = Duration.ofSeconds(2);

    private final HttpClient http;
    private final AeadAesCipher cipher;
    private final Executor executor;
    private final Clock clock;
    private final Duration maxWaitOfCall;

    /** By serial number, as {@link V3Serial#comparable} spells it. */
    private volatile Map<String, Known> known = Map.of();

    private Instant startedAt;

    /** Whether the last fetch has failed or is running. */
    private volatile boolean failed;

    private CompletableFuture<Void> fetching;

    /** @param serial as WeChat Pay writes it, with its leading zeros */
    private record Known(String serial, X509Certificate certificate) {}

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
        var comparable = V3Serial.comparable(serial);
        refreshIfOld();
        if (!known.containsKey(comparable)) fetchUnknown();
        var found = known.get(comparable);
        return found == null ? null : found.certificate();
    }

    /**
     * A notification signed with an unknown certificate is refused without waiting for the fetch; WeChat Pay repeats it
     * 15 seconds later. Only while there is no certificate at all does it wait for the first fetch.
     */
    private void fetchUnknown() {
        var fetch = refresh(known.isEmpty() ? MIN_INTERVAL_WHILE_NONE_KNOWN : MIN_INTERVAL_FOR_UNKNOWN);
        if (known.isEmpty()) await(fetch, MAX_WAIT_OF_NOTIFICATION);
        else fetch.exceptionally(V3PlatformCertificates::logFailure);
    }

    /** The newest certificate, after waiting for the first fetch if there is none; null if that failed. */
    @Override
    public X509Certificate getAvailableCertificate() {
        if (known.isEmpty()) await(refresh(Duration.ZERO), maxWaitOfCall);
        else refreshIfOld();
        return newest().map(Known::certificate).orElse(null);
    }

    /** The serial number of the newest certificate; an empty text if there is none yet. */
    String newestSerial() {
        return newest().map(Known::serial).orElse("");
    }

    private Optional<Known> newest() {
        return known.values().stream()
                .max(Comparator.comparing(k -> k.certificate().getNotBefore().toInstant()));
    }

    private void refreshIfOld() {
        if (known.isEmpty()) return;
        refresh(failed ? MIN_INTERVAL_FOR_UNKNOWN : RENEW_AFTER).exceptionally(V3PlatformCertificates::logFailure);
    }

    private static Void logFailure(Throwable failure) {
        LOG.warnf("Platform certificates could not be renewed: %s", failure.toString());
        return null;
    }

    /**
     * The fetch that is running, a new one, or a completed future if the last one is too recent.
     *
     * @param minInterval since the last fetch began
     */
    private synchronized CompletableFuture<Void> refresh(Duration minInterval) {
        if (fetching != null && !fetching.isDone()) return fetching;
        var now = clock.instant();
        if (startedAt != null && now.isBefore(startedAt.plus(minInterval))) {
            return CompletableFuture.completedFuture(null);
        }
        startedAt = now;
        try {
            fetching = CompletableFuture.runAsync(this::fetch, executor);
        } catch (RejectedExecutionException e) { // all threads of the server are busy
            failed = true;
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
        failed = true; // until it has succeeded
        for (int n = 1; ; n++) {
            try {
                known = fetched();
                failed = false;
                return;
            } catch (RuntimeException e) {
                if (n == TRIES || isFinal(e)) throw e;
                LOG.infof("Platform certificates could not be fetched, trying again: %s", e.toString());
                pause(PAUSE.multipliedBy(n));
            }
        }
    }

    /**
     * Whether repeating the call cannot help: WeChat Pay understood it and refused it, or it answered with certificates
     * of which the account's APIv3 key decrypts none.
     */
    private static boolean isFinal(RuntimeException e) {
        if (e instanceof DecryptionException) return true;
        return e instanceof ServiceException refused
                && refused.getHttpStatusCode() / 100 == 4
                && refused.getHttpStatusCode() != 429
                && refused.getErrorCode() != null
                && !refused.getErrorCode().isEmpty();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the server is being stopped", e);
        }
    }

    /**
     * Makes one call. Certificates that cannot be decrypted or read, of another algorithm perhaps, are left out.
     *
     * @throws RuntimeException if there is no other: the failure of the first one
     */
    private Map<String, Known> fetched() {
        var headers = new HttpHeaders();
        headers.addHeader(Constant.ACCEPT, "application/json");
        headers.addHeader(Constant.CONTENT_TYPE, "application/json");
        var answer = http.get(
                headers, V3Client.HOST + "/v3/certificates?algorithm_type=RSA", com.google.gson.JsonObject.class);
        if (!(answer.getBody() instanceof JsonResponseBody body)) {
            throw new IllegalStateException("an answer without certificates");
        }
        var found = new HashMap<String, Known>();
        RuntimeException failure = null;
        for (var entry : V3Client.object(body.getBody()).getJsonArray("data").getValuesAs(JsonObject.class)) {
            try {
                var pem = V3Content.open(cipher, entry.getJsonObject("encrypt_certificate"), "certificate");
                var certificate = V3Account.certificateOf(pem.getBytes(StandardCharsets.UTF_8));
                var serial = entry.getString("serial_no", V3Serial.of(certificate));
                found.put(V3Serial.comparable(serial), new Known(serial, certificate));
            } catch (CertificateException e) {
                LOG.warnf("A platform certificate cannot be read: %s", e.toString());
            } catch (RuntimeException e) { // see V3Content.open
                LOG.warnf("A platform certificate cannot be decrypted: %s", e.toString());
                if (failure == null) failure = e;
            }
        }
        if (!found.isEmpty()) return Map.copyOf(found);
        throw failure == null ? new IllegalStateException("an answer without certificates") : failure;
    }
}
