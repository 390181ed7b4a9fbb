package io.cashdesk.provider.appleiap;

import com.apple.itunes.storekit.client.APIException;
import com.apple.itunes.storekit.client.BaseAppStoreServerAPIClient;
import com.apple.itunes.storekit.model.ConsumptionRequest;
import com.apple.itunes.storekit.model.DeliveryStatus;
import com.apple.itunes.storekit.model.Environment;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Apple's App Store Server API in one environment, through Apple's library and our HTTP client. */
final class AppStoreApi extends BaseAppStoreServerAPIClient {
    /** How long a token is valid; Apple accepts up to an hour. */
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static final String UNAUTHORIZED = "401";
    private static final String NOT_FOUND = "4040010";
    private static final String INVALID_NUMBER = "4000006";

    /** Apple says that the same call can succeed later. */
    private static final Set<String> LATER = Set.of("4040002", "4040004", "4040006", "4290000", "5000000", "5000001");

    private final String base;
    private final AppleHttp http;

    /** Of the call that this thread makes: the library's methods have no parameter for it. */
    private static final ThreadLocal<Deadline> UNTIL = new ThreadLocal<>();

    AppStoreApi(AppleAccount account, AppleAccount.ApiKey key, Environment environment, AppleHttp http, Clock clock) {
        super(() -> token(key, account.bundleId(), clock), environment);
        this.base = account.api(environment);
        this.http = http;
    }

    private static String token(AppleAccount.ApiKey key, String bundleId, Clock clock) {
        var now = clock.instant();
        return JWT.create()
                .withKeyId(key.keyId())
                .withIssuer(key.issuerId())
                .withIssuedAt(now)
                .withExpiresAt(now.plus(LIFE))
                .withAudience("appstoreconnect-v1")
                .withClaim("bid", bundleId)
                .sign(Algorithm.ECDSA256(key.key()));
    }

    /**
     * A transaction as Apple has signed it.
     *
     * @param number digits
     * @return empty if there is none in this environment
     * @throws NotVerified if Apple says that it is no number of a transaction
     * @throws ProviderFailure if no usable answer came, or Apple refuses the call
     */
    Optional<String> transaction(String number, Deadline deadline) {
        UNTIL.set(deadline);
        try {
            var signed = getTransactionInfo(number).getSignedTransactionInfo();
            if (signed == null) throw AppleHttp.unusable("an answer without signedTransactionInfo");
            return Optional.of(signed);
        } catch (APIException e) {
            var code = code(e);
            if (code.equals(NOT_FOUND)) return Optional.empty();
            if (code.equals(INVALID_NUMBER)) {
                throw new NotVerified(
                                "transaction_identifier " + number + " 不是苹果的交易号",
                                "transaction_identifier " + number + " is no transaction id of Apple")
                        .answered();
            }
            throw failure(e, code);
        } catch (IOException e) {
            throw unreadable();
        } finally {
            UNTIL.remove();
        }
    }

    /** Answers a request for how a purchase was used. */
    void answer(String number, boolean delivered) {
        UNTIL.set(http.deadline());
        try {
            sendConsumptionInformation(
                    number,
                    new ConsumptionRequest(
                            true, delivered ? DeliveryStatus.DELIVERED : DeliveryStatus.UNDELIVERED_OTHER, false));
        } catch (APIException e) {
            throw failure(e, code(e));
        } catch (IOException e) {
            throw unreadable();
        } finally {
            UNTIL.remove();
        }
    }

    /** Apple's code, 401 where it sends none for a refused token; otherwise an empty text. */
    private static String code(APIException e) {
        var code = e.getRawApiError();
        if (code != null && code > 0) return Long.toString(code);
        return e.getHttpStatusCode() == 401 ? UNAUTHORIZED : "";
    }

    private static ProviderFailure failure(APIException e, String code) {
        var declined = !code.isEmpty() && !LATER.contains(code) && !code.startsWith("5");
        var words = e.getApiErrorMessage() == null ? "" : e.getApiErrorMessage();
        return new ProviderFailure(
                declined ? Kind.DECLINED : Kind.OUTCOME_UNKNOWN,
                code,
                ("HTTP " + e.getHttpStatusCode() + " " + words).strip());
    }

    private static ProviderFailure unreadable() {
        return AppleHttp.unusable("an answer that is not the JSON of Apple's API");
    }

    @Override
    protected HttpResponseInterface makeRequest(
            String path,
            String method,
            Map<String, List<String>> query,
            Map<String, String> headers,
            String contentType,
            byte[] body) {
        if (!query.isEmpty()) throw new IllegalStateException("none of the calls that we make has a query: " + path);
        var reply = http.exchange(method, base + path, headers, body, UNTIL.get());
        return new HttpResponseInterface() {
            @Override
            public int statusCode() {
                return reply.status();
            }

            @Override
            public Reader body() {
                return new StringReader(reply.body());
            }

            @Override
            public void close() {
                // the answer was read, and its connection is free
            }
        };
    }
}
