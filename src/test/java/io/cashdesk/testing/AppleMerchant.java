package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * A merchant with an app at the simulated App Store, who calls Apple's API and verifies its signatures with the JDK
 * alone. Its app belongs to no merchant of ours.
 */
public final class AppleMerchant {
    private final Simulator simulator;
    public final JsonObject account;
    public final String bundleId;
    private final String gateway;

    public AppleMerchant(Node node) {
        simulator = new Simulator(node);
        account = simulator.call("accounts/appleiap", "{}").json().getJsonObject("node");
        bundleId = account.getString("bundleId");
        gateway = account.getString("gateway");
    }

    // the payer's device and Apple's decisions

    /** A control of the App Store; its answer. */
    public JsonObject control(String name, JsonObjectBuilder body) {
        return simulator.call("appleiap/" + name, body.build().toString()).json();
    }

    /** Buys; {@code more} are further members: names and texts. */
    public JsonObject buy(String product, String... more) {
        var body = Json.createObjectBuilder().add("bundle_id", bundleId).add("product_id", product);
        for (int i = 0; i < more.length; i += 2) body.add(more[i], more[i + 1]);
        return bought(body);
    }

    public JsonObject bought(JsonObjectBuilder body) {
        var answer = control("buy", body.add("bundle_id", bundleId));
        assertThat(answer.getInt("code")).as(answer.toString()).isZero();
        return answer;
    }

    public void notifyAt(String url) {
        control("console", Json.createObjectBuilder().add("bundle_id", bundleId).add("url", url));
    }

    // signatures

    /** The payload of a JWS that Apple has signed under the root of this installation. */
    public JsonObject verified(String jws) {
        return AppleJws.verified(jws, account.getString("rootCertificates"));
    }

    /** The claims of a right token. */
    public JsonObjectBuilder claims() {
        var now = Instant.now().getEpochSecond();
        return Json.createObjectBuilder()
                .add("iss", account.getString("issuerId"))
                .add("iat", now)
                .add("exp", now + 300)
                .add("aud", "appstoreconnect-v1")
                .add("bid", bundleId);
    }

    public JsonObjectBuilder header() {
        return Json.createObjectBuilder()
                .add("alg", "ES256")
                .add("kid", account.getString("keyId"))
                .add("typ", "JWT");
    }

    public PrivateKey key() {
        var base64 = account.getString("privateKey").replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key that is not of this app. */
    public static PrivateKey otherKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String token() {
        return token(header(), claims(), key());
    }

    public static String token(JsonObjectBuilder header, JsonObjectBuilder claims, PrivateKey key) {
        var signed = encoded(header) + "." + encoded(claims);
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(JsonObjectBuilder object) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(object.build().toString().getBytes(StandardCharsets.UTF_8));
    }

    // calls of the merchant's server

    public Node.Answer get(String path) {
        return send("GET", path, token(), null);
    }

    public Node.Answer post(String path, String body) {
        return send("POST", path, token(), body);
    }

    public Node.Answer put(String path, String body) {
        return send("PUT", path, token(), body);
    }

    /**
     * @param token or null
     * @param body JSON, or null
     */
    public Node.Answer send(String method, String path, String token, String body) {
        var request = HttpRequest.newBuilder(URI.create(gateway + path));
        if (token != null) request.header("Authorization", "Bearer " + token);
        if (body != null) request.header("Content-Type", "application/json");
        return Node.send(request.method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** @param sandbox whether Apple's sandbox is queried */
    public JsonObject verifyReceipt(String receipt, String password, boolean sandbox) {
        var body = Json.createObjectBuilder().add("receipt-data", receipt);
        if (password != null) body.add("password", password);
        return send(
                        "POST",
                        (sandbox ? "/sandbox" : "") + "/verifyReceipt",
                        null,
                        body.build().toString())
                .json();
    }
}
