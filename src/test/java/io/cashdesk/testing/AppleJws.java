package io.cashdesk.testing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * A JWS as Apple signs it, verified with the JDK alone and by the rules of Apple's own library: exactly three
 * certificates, a path to the trusted root, Apple's markers in leaf and intermediate, then the signature.
 */
public record AppleJws(
        JsonObject header, JsonObject payload, List<X509Certificate> chain, String signed, byte[] signature) {
    private static final String LEAF = "1.2.840.113635.100.6.11.1";
    private static final String INTERMEDIATE = "1.2.840.113635.100.6.2.1";

    public static AppleJws parse(String jws) {
        var parts = jws.split("\\.", -1);
        assertThat(parts).as("a compact JWS").hasSize(3);
        var header = object(parts[0]);
        var chain = new ArrayList<X509Certificate>();
        for (var base64 : header.getJsonArray("x5c").getValuesAs(JsonString::getString)) {
            chain.add(certificate(Base64.getDecoder().decode(base64))); // plain Base64, not that of URLs
        }
        return new AppleJws(
                header,
                object(parts[1]),
                chain,
                parts[0] + "." + parts[1],
                Base64.getUrlDecoder().decode(parts[2]));
    }

    /**
     * The payload of a JWS under this root; an AssertionError or a GeneralSecurityException's text says what is wrong.
     */
    public static JsonObject verified(String jws, String rootPem) {
        var parsed = parse(jws);
        var problem = parsed.problem(certificate(rootPem.getBytes(StandardCharsets.US_ASCII)));
        assertThat(problem).as("what is wrong with the JWS").isEmpty();
        return parsed.payload();
    }

    /** What is wrong with it, or an empty text. */
    public String problem(X509Certificate root) {
        if (!header.getString("alg").equals("ES256")) return "alg";
        if (chain.size() != 3) return "x5c has " + chain.size() + " certificates";
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(
                    Instant.ofEpochMilli(payload.getJsonNumber("signedDate").longValueExact())));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(chain.subList(0, 2));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            if (chain.get(0).getExtensionValue(LEAF) == null) return "the leaf has no marker";
            if (chain.get(1).getExtensionValue(INTERMEDIATE) == null) return "the intermediate has no marker";
            return isSigned() ? "" : "signature";
        } catch (GeneralSecurityException e) {
            return e.toString();
        }
    }

    /** Whether the key of the first certificate has signed it. */
    public boolean isSigned() {
        if (signature.length != 64) return false;
        try {
            var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(chain.get(0).getPublicKey());
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            return false;
        }
    }

    public static X509Certificate certificate(byte[] derOrPem) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(derOrPem));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static JsonObject object(String part) {
        try (var reader = Json.createReader(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(part)))) {
            return reader.readObject();
        }
    }
}
