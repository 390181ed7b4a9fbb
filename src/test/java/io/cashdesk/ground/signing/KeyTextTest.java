package io.cashdesk.ground.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.signing.KeyText.Kind;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KeyTextTest {
    private static final KeyPair RSA = pair("RSA", 2048);
    private static final KeyPair EC = pair("EC", 256);
    private static final byte[] PKCS8 = RSA.getPrivate().getEncoded();

    /** Behind version and algorithm, which take 26 bytes for a key of 2048 bits. */
    private static final byte[] PKCS1 = Arrays.copyOfRange(PKCS8, 26, PKCS8.length);

    /** A test key of an elliptic curve, encrypted by {@code openssl pkcs8 -topk8} (PBES2). */
    private static final String ENCRYPTED =
            "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjVOtvm14YFfwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME"
                    + "ASoEEIDcLlStKqExYwBUwE32xwYEgZAtoTqWSrxZG8k6RZLgZYLPSRqyk6UiMe+5KJ6b3m83dlMxI9Oekfwq9QYFh+JNFEq/"
                    + "+qa/UhNCzUgmL8YBuIcj0DHYKZi6uQUQwK1Sk48YmZF3LgJIxIAueXKdoOlqIkqxX5v62Jb18wV3T/8jJCsUiC+SPRutiZf/"
                    + "Vlz0a64sAvG97ATiIxwLSuVjgYUHSb8=";

    private static KeyPair pair(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String armoured(String label, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    static Stream<String> pasted_private_keys() {
        var pem = armoured("PRIVATE KEY", PKCS8);
        return Stream.of(
                pem,
                "\uFEFF" + pem,
                pem.replace("\n", "\r\n"),
                pem.replace("\n", "\r"),
                pem.replace("\n", "\\n"),
                pem.replace("\n", "\\r\\n"),
                pem.replace("\n", "\\\\n"),
                pem.replace("\n", " "),
                pem.replace("\n", "\u00A0\n"),
                pem.replace("\n", ""),
                "  \"" + pem + "\" ",
                "Bag Attributes\n    friendlyName: Tenpay Certificate\nKey Attributes: <No Attributes>\n" + pem,
                armoured("PUBLIC KEY", RSA.getPublic().getEncoded()) + pem,
                armoured("RSA PRIVATE KEY", PKCS1),
                armoured("RSA PRIVATE KEY", PKCS8),
                armoured("PRIVATE KEY", PKCS1),
                pem.replace("-----BEGIN PRIVATE KEY-----\n", ""),
                pem.replace("-----END PRIVATE KEY-----\n", ""),
                pem.replace("-----", "—–"),
                Base64.getEncoder().encodeToString(PKCS8),
                Base64.getEncoder().encodeToString(PKCS1),
                Base64.getMimeEncoder().encodeToString(PKCS8),
                Base64.getEncoder().encodeToString(pem.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @MethodSource("pasted_private_keys")
    void reads_a_private_key_however_it_was_pasted(String pasted) {
        assertThat(KeyText.of(pasted).privateKey())
                .get()
                .extracting(k -> Base64.getEncoder().encodeToString(k.getEncoded()))
                .isEqualTo(Base64.getEncoder().encodeToString(PKCS8));
    }

    @Test
    void reads_a_public_key_of_either_format() {
        var spki = RSA.getPublic().getEncoded();
        var pkcs1 = Arrays.copyOfRange(spki, 24, spki.length);

        assertThat(KeyText.of(armoured("PUBLIC KEY", spki)).publicKey())
                .contains((java.security.interfaces.RSAPublicKey) RSA.getPublic());
        assertThat(KeyText.of(armoured("RSA PUBLIC KEY", pkcs1)).publicKey())
                .contains((java.security.interfaces.RSAPublicKey) RSA.getPublic());
        assertThat(KeyText.of(Base64.getEncoder().encodeToString(spki)).kinds()).containsExactly(Kind.PUBLIC_KEY);
    }

    @Test
    void says_that_a_key_is_encrypted() {
        var old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
                + "-----END RSA PRIVATE KEY-----";
        var der = Base64.getDecoder().decode(ENCRYPTED);

        assertThat(KeyText.of(armoured("ENCRYPTED PRIVATE KEY", der)).kinds()).containsExactly(Kind.ENCRYPTED_KEY);
        assertThat(KeyText.of(ENCRYPTED).kinds()).containsExactly(Kind.ENCRYPTED_KEY);
        assertThat(KeyText.of(old).kinds()).containsExactly(Kind.ENCRYPTED_KEY);
    }

    @Test
    void reads_blocks_without_a_line_end_between_them() {
        var one = armoured("PUBLIC KEY", RSA.getPublic().getEncoded()).strip();
        var other = armoured("PRIVATE KEY", PKCS8).strip();

        assertThat(KeyText.of(one + other).kinds()).containsExactly(Kind.PUBLIC_KEY, Kind.PRIVATE_KEY);
    }

    @Test
    void says_that_a_key_is_not_of_rsa() {
        assertThat(KeyText.of(armoured("PRIVATE KEY", EC.getPrivate().getEncoded()))
                        .kinds())
                .containsExactly(Kind.KEY_OF_OTHER_ALGORITHM);
        assertThat(KeyText.of(armoured("PUBLIC KEY", EC.getPublic().getEncoded()))
                        .kinds())
                .containsExactly(Kind.KEY_OF_OTHER_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----",
                "AAAA",
                "订单"
            })
    void cannot_read_what_is_no_key(String text) {
        assertThat(KeyText.of(text).kinds()).containsExactly(Kind.UNREADABLE);
    }

    @Test
    void a_blank_text_contains_nothing() {
        assertThat(KeyText.of(" \uFEFF\\n ").kinds()).isEmpty();
    }
}
