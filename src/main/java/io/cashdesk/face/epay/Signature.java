package io.cashdesk.face.epay;

import io.cashdesk.ground.signing.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * How epay signs: all parameters but {@code sign}, {@code sign_type} and empty ones, sorted by name, as
 * {@code name=value} joined by {@code &}, not encoded. Version 1 appends the key and takes the MD5, because its shops
 * know nothing else; version 2 signs with SHA256withRSA.
 */
final class Signature {
    private Signature() {}

    /** What is signed. */
    static String content(SortedMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(p -> !p.getKey().equals("sign") && !p.getKey().equals("sign_type"))
                .filter(p -> !p.getValue().isEmpty())
                .map(p -> p.getKey() + "=" + p.getValue())
                .collect(Collectors.joining("&"));
    }

    /** In hex digits of lower case. */
    static String md5(SortedMap<String, String> parameters, String key) {
        try {
            var digest = MessageDigest.getInstance("MD5");
            return HexFormat.of()
                    .formatHex(digest.digest((content(parameters) + key).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /** Compared as the shops' servers do, with the case of the digits. */
    static boolean isMd5(String sign, SortedMap<String, String> parameters, String key) {
        return Digest.constantTimeEquals(md5(parameters, key), sign);
    }

    /** In Base64. */
    static String rsa(SortedMap<String, String> parameters, PrivateKey key) {
        try {
            var signature = java.security.Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content(parameters).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored RSA key cannot sign", e);
        }
    }

    static boolean isRsa(String sign, SortedMap<String, String> parameters, PublicKey key) {
        try {
            var signature = java.security.Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(content(parameters).getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(sign));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false; // of another length, or no Base64
        }
    }
}
