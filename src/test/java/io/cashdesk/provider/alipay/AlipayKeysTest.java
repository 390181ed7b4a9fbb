package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WrongNodeValue;
import io.cashdesk.simulator.SelfSignedCertificate;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are put in each other's place, and keys that are pasted in another form, in both modes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final KeyPair PAIR = pair();

    private final AlipayWire certificates = new AlipayWire(AlipayWire.Keys.CERTIFICATE);
    private final AlipayWire keys = new AlipayWire(AlipayWire.Keys.PUBLIC_KEY);

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String selfSigned(String name) {
        return SelfSignedCertificate.pem(PAIR, name, BigInteger.TEN, NOW);
    }

    private static AccountSettings settings(String node, JsonObject values) {
        return new AccountSettings(
                UUID.randomUUID(), 1, AlipayProvider.NAME, node, values, URI.create("http://localhost"));
    }

    private WrongNodeValue refusal(String node, JsonObject values) {
        return catchThrowableOfType(WrongNodeValue.class, () -> keys.provider().check(settings(node, values)));
    }

    private WrongNodeValue refusal(JsonObject values) {
        return refusal("h5", values);
    }

    private static JsonObject with(JsonObject node, String key, String value) {
        return Json.createObjectBuilder(node).add(key, value).build();
    }

    private static String file(String name) {
        return switch (name) {
            case "app" -> Recorded.text("alipay/application-certificate.pem");
            case "ali" -> Recorded.text("alipay/alipay-certificate.pem");
            case "root" -> Recorded.text("alipay/root-certificates.pem");
            case "private" -> Recorded.text("alipay/application-private.key");
            case "public" -> Recorded.text("alipay/alipay-public.key");
            case "other" -> selfSigned("other");
            case "roots" -> file("root") + file("other");
            case "other+root" -> file("other") + file("root");
            case "app+root" -> file("app") + file("root");
            case "authority" -> Recorded.text("alipay/authority-certificate.pem");
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "app, app, root, alipayPublicCertContent",
        "app, roots, roots, alipayPublicCertContent",
        "app, root, ali, alipayPublicCertContent",
        "app, ali, ali, alipayRootCertContent",
        "app, ali, app, alipayRootCertContent",
        "ali, app, root, alipayPublicCertContent",
        "ali, ali, root, appCertContent",
        "ali, root, app, appCertContent",
        "root, ali, app, appCertContent",
        "app, roots, other, alipayPublicCertContent",
        "app, authority, ali, alipayPublicCertContent",
        "app, other, ali, alipayRootCertContent",
        "app, other, app, alipayRootCertContent",
        "app, ali, app+root, alipayRootCertContent",
        "ali, app, other, alipayPublicCertContent",
        "other, ali, root, appCertContent",
        "root, app, ali, alipayPublicCertContent",
        "root, ali, root, appCertContent",
        "private, ali, root, appCertContent",
        "app, private, root, alipayPublicCertContent",
        "app, ali, private, alipayRootCertContent",
        "app, public, root, alipayPublicCertContent",
        "app, ali, public, alipayRootCertContent",
        "public, ali, root, appCertContent"
    })
    void a_certificate_in_anothers_place_is_refused_in_both_languages(
            String app, String alipay, String root, String named) {
        var node = Json.createObjectBuilder(certificates.node())
                .add("appCertContent", file(app))
                .add("alipayPublicCertContent", file(alipay))
                .add("alipayRootCertContent", file(root))
                .build();

        for (var name : new String[] {"mp-alipay", "app-plus", "h5", "codepay"}) {
            assertThat(refusal(name, node).sentence().en()).contains(named);
            assertThat(refusal(name, node).sentence().zh()).contains(named).doesNotContain("must");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "privateKey, public, a public key",
        "privateKey, app, a certificate",
        "alipayPublicKey, private, a private key",
        "alipayPublicKey, ali, a certificate",
        "alipayPublicKey, app, a certificate"
    })
    void a_key_in_anothers_place_is_refused(String key, String file, String found) {
        assertThat(refusal(with(keys.node(), key, file(file))).sentence().en())
                .contains(key)
                .contains(found);
    }

    @Test
    void a_private_key_of_another_application_is_refused() {
        var other = Base64.getEncoder().encodeToString(PAIR.getPrivate().getEncoded());

        assertThat(refusal(with(certificates.node(), "privateKey", other))
                        .sentence()
                        .en())
                .contains("privateKey")
                .contains("appCertContent");
    }

    @Test
    void the_certificate_of_another_application_is_refused() {
        var other = Base64.getEncoder().encodeToString(PAIR.getPrivate().getEncoded());
        for (var name : new String[] {"2021000000000009", "2088000000000002-2021000000000009"}) {
            var node = with(with(certificates.node(), "privateKey", other), "appCertContent", selfSigned(name));

            assertThat(refusal(node).sentence().en())
                    .isEqualTo("appCertContent is the certificate of application 2021000000000009, but appId is"
                            + " 2021000000000001");
        }
    }

    @Test
    void the_numbers_of_application_and_seller_are_not_taken_for_each_other() {
        assertThat(refusal(with(keys.node(), "appId", "2088000000000002"))
                        .sentence()
                        .en())
                .contains("appId")
                .contains("mchId");
        assertThat(refusal(with(keys.node(), "mchId", "2021000000000001"))
                        .sentence()
                        .en())
                .contains("mchId");
    }

    @Test
    void keys_in_other_forms_are_understood() {
        var expected = AlipayAccount.of(settings("h5", certificates.node()));
        var pkcs8 = Base64.getDecoder().decode(file("private").strip());
        var pkcs1 = java.util.Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        var pasted = Json.createObjectBuilder(certificates.node())
                .add(
                        "privateKey",
                        "\uFEFF-----BEGIN RSA PRIVATE KEY----- "
                                + Base64.getEncoder().encodeToString(pkcs1) + " -----END RSA PRIVATE KEY-----")
                .add("appCertContent", file("root") + file("app").replace("\n", "\\n"))
                .add(
                        "alipayPublicCertContent",
                        "Bag Attributes: none\n" + file("root") + file("ali").replace("\n", "\r\n"))
                .add("alipayRootCertContent", file("root").replace("\n", " "))
                .build();

        assertThat(AlipayAccount.of(settings("h5", pasted))).isEqualTo(expected);
    }

    /** Alipay's own certificate often comes without the one between it and the root. */
    @ParameterizedTest
    @CsvSource({
        "other, other",
        "other, other+root",
        "other, root",
        "ali, other",
        "ali, other+root",
        "authority, authority",
        "authority, other",
        "authority, root"
    })
    void which_root_issued_alipays_certificate_does_not_matter(String alipay, String root) {
        var node = with(
                with(certificates.node(), "alipayPublicCertContent", file(alipay)),
                "alipayRootCertContent",
                file(root));

        for (var name : new String[] {"mp-alipay", "app-plus", "h5", "codepay"}) {
            keys.provider().check(settings(name, node));
        }

        assertThat(AlipayAccount.of(settings("h5", node)).certificates()).isTrue();
    }
}
