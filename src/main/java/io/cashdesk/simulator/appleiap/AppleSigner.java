package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.PlatformKey;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;

/** Signs what the App Store sends: compact JWS with ES256 and the certificates in {@code x5c}. */
@ApplicationScoped
class AppleSigner {
    @Inject
    PlatformKeys keys;

    @Inject
    Clock clock;

    private PlatformKey key(Environment environment) {
        return environment.atApple()
                ? keys.get(AppleServer.NAME, () -> AppleChain.make(clock.instant()))
                : keys.get(AppleServer.NAME + "-xcode", () -> AppleChain.makeForXcode(clock.instant()));
    }

    /** The root of the chain, which merchants must trust, in PEM. */
    String root() {
        var chain = AppleChain.base64(key(Environment.PRODUCTION).certificate());
        return Rsa.pem("CERTIFICATE", chain.get(2));
    }

    /** The compact JWS; that of a developer's Xcode is signed with a certificate of its own. */
    String jws(JsonObject payload, Environment environment) {
        return jws(payload, key(environment));
    }

    static String jws(JsonObject payload, PlatformKey key) {
        var chain = Json.createArrayBuilder();
        AppleChain.base64(key.certificate()).forEach(chain::add);
        var header =
                Json.createObjectBuilder().add("alg", "ES256").add("x5c", chain).build();
        var signed = encoded(bytes(header.toString())) + "." + encoded(bytes(payload.toString()));
        return signed + "." + encoded(Ec.sign(bytes(signed), Ec.privateKey(key.privateKey())));
    }

    /** The same JWS with a signature that belongs to another text. */
    static String forged(String jws) {
        var dot = jws.lastIndexOf('.');
        var signature = Base64.getUrlDecoder().decode(jws.substring(dot + 1));
        signature[20] ^= 1;
        return jws.substring(0, dot + 1) + encoded(signature);
    }

    /** 64 bytes over this content. */
    byte[] signature(byte[] content, Environment environment) {
        return Ec.sign(content, Ec.privateKey(key(environment).privateKey()));
    }

    /** Whether Apple signed this content. */
    boolean isSigned(byte[] content, byte[] signature) {
        return Ec.verify(
                content, signature, Ec.publicKey(key(Environment.PRODUCTION).publicKey()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
