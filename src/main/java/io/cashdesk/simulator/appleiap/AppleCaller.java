package io.cashdesk.simulator.appleiap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;

/**
 * Who calls the App Store Server API: the app whose key has signed the token in the header Authorization.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/appstoreserverapi/generating-json-web-tokens-for-api-requests">
 *     the token</a>
 */
@ApplicationScoped
class AppleCaller {
    private static final String AUDIENCE = "appstoreconnect-v1";

    /** Seconds. */
    private static final long LONGEST = 3_600;

    /** Seconds that the caller's clock may be ahead. */
    private static final long AHEAD = 60;

    @Inject
    AppleApps apps;

    @Inject
    Clock clock;

    /** The token is not valid: HTTP 401 without a JSON body. */
    static final class Unauthenticated extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient AppleApp app;

        private Unauthenticated(AppleApp app, String why) {
            super(why, null, false, false);
            this.app = app;
        }

        /** The app that the token names, if there is one; otherwise null. */
        AppleApp app() {
            return app;
        }
    }

    /**
     * @param authorization the header, or null
     * @throws Unauthenticated if it has no valid token
     */
    AppleApp verify(String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            throw new Unauthenticated(null, "no bearer token");
        }
        var parts = authorization.substring("Bearer ".length()).strip().split("\\.", -1);
        if (parts.length != 3) throw new Unauthenticated(null, "the token has no three parts");
        var header = object(parts[0]);
        var claims = object(parts[1]);
        var app = apps.byBundleId(text(claims, "bid"))
                .map(AppleApp::of)
                .orElseThrow(() -> new Unauthenticated(null, "bid is no app"));
        var wrong = wrong(header, claims, app, clock.instant());
        if (wrong.isEmpty() && !signed(parts, app)) wrong = "the signature does not match the key";
        if (!wrong.isEmpty()) throw new Unauthenticated(app, wrong);
        return app;
    }

    /** What is wrong with a token, apart from its signature; an empty text: nothing. */
    static String wrong(JsonObject header, JsonObject claims, AppleApp app, Instant now) {
        if (!text(header, "alg").equals("ES256")) return "alg is not ES256";
        if (!text(header, "typ").equals("JWT")) return "typ is not JWT";
        if (!text(header, "kid").equals(app.keyId())) return "kid is not of this app";
        if (!text(claims, "bid").equals(app.bundleId())) return "bid is not of this app";
        if (!text(claims, "iss").equals(app.issuerId())) return "iss is not of this app";
        if (!isAudience(claims.get("aud"))) return "aud is not " + AUDIENCE;
        var issued = seconds(claims, "iat");
        var expires = seconds(claims, "exp");
        if (issued < 0) return "iat is missing";
        if (expires < 0) return "exp is missing";
        if (issued > now.getEpochSecond() + AHEAD) return "iat is in the future";
        if (expires <= now.getEpochSecond()) return "the token has expired";
        return expires - issued > LONGEST ? "exp is more than 60 minutes after iat" : "";
    }

    private static boolean isAudience(JsonValue value) {
        return value instanceof JsonString text && text.getString().equals(AUDIENCE);
    }

    private static boolean signed(String[] parts, AppleApp app) {
        try {
            return Ec.verify(
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    Base64.getUrlDecoder().decode(parts[2]),
                    Ec.publicKey(app.account().publicKey()));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** An empty text if it is absent, or is no text. */
    private static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** -1 if it is absent, or is no number. */
    private static long seconds(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number ? number.longValue() : -1;
    }

    private static JsonObject object(String part) {
        var text = decoded(part);
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            throw new Unauthenticated(null, "a part of the token is not JSON");
        }
    }

    private static String decoded(String part) {
        try {
            return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw new Unauthenticated(null, "a part of the token is not Base64");
        }
    }
}
