package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WrongNodeValue;
import io.cashdesk.simulator.SelfSignedCertificate;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are put in each other's place, and keys that are pasted in another form, in nodes of v3 and v2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String MERCHANT_CERTIFICATE = Recorded.text("wxpay/merchant-certificate.pem");
    private static final String MERCHANT_KEY = Recorded.text("wxpay/merchant-private.pem");
    private static final String PLATFORM_CERTIFICATE = Recorded.text("wxpay/platform-certificate.pem");
    private static final String WECHAT_KEY = Recorded.text("wxpay/wechat-public.pem");
    private static final KeyPair PAIR = pair();

    private final V3Wire wire = new V3Wire(V3Wire.Keys.PUBLIC_KEY);

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static String publicKeyOf(String certificate) {
        try {
            var bytes = certificate.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            return pem(
                    "PUBLIC KEY", V3Account.certificateOf(bytes).getPublicKey().getEncoded());
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }

    private static String certificate(String name) {
        return SelfSignedCertificate.pem(PAIR, name, BigInteger.TEN, NOW);
    }

    private static AccountSettings settings(String node, JsonObject values) {
        return new AccountSettings(
                UUID.randomUUID(), 1, WxpayPresentation.NAME, node, values, URI.create("http://localhost"));
    }

    private JsonObject with(String key, String value) {
        return Json.createObjectBuilder(wire.node()).add(key, value).build();
    }

    private WrongNodeValue refusal(JsonObject values) {
        return catchThrowableOfType(WrongNodeValue.class, () -> wire.provider().check(settings("h5", values)));
    }

    private static String file(String name) {
        return switch (name) {
            case "merchant certificate" -> MERCHANT_CERTIFICATE;
            case "merchant key" -> MERCHANT_KEY;
            case "merchant public key" -> publicKeyOf(MERCHANT_CERTIFICATE);
            case "platform certificate" -> PLATFORM_CERTIFICATE;
            case "WeChat Pay public key" -> WECHAT_KEY;
            case "other key" -> pem("PRIVATE KEY", PAIR.getPrivate().getEncoded());
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "appCertContent, merchant key, a private key",
        "appCertContent, merchant public key, a public key",
        "appCertContent, platform certificate, appCertContent",
        "appCertContent, WeChat Pay public key, a public key",
        "appPrivateKeyContent, merchant certificate, a certificate",
        "appPrivateKeyContent, merchant public key, a public key",
        "appPrivateKeyContent, WeChat Pay public key, a public key",
        "appPrivateKeyContent, other key, appCertContent",
        "wxpayPublicKeyContent, merchant certificate, a certificate",
        "wxpayPublicKeyContent, platform certificate, a certificate",
        "wxpayPublicKeyContent, merchant key, a private key",
        "wxpayPublicKeyContent, merchant public key, own public key"
    })
    void a_file_in_anothers_place_is_refused_in_both_languages(String key, String file, String found) {
        for (var node : new String[] {"mp-weixin", "app-plus", "h5", "h5-weixin", "mweb", "codepay"}) {
            var refusal = catchThrowableOfType(
                    WrongNodeValue.class, () -> wire.provider().check(settings(node, with(key, file(file)))));

            assertThat(refusal.sentence().en()).contains(key).contains(found);
            assertThat(refusal.sentence().zh()).contains(key).doesNotContain("must");
        }
    }

    @Test
    void the_certificate_of_another_merchant_is_refused() {
        var other = Json.createObjectBuilder(with("appCertContent", certificate("1900000109")))
                .add("appPrivateKeyContent", file("other key"))
                .build();

        assertThat(refusal(other).sentence().en())
                .isEqualTo("appCertContent is the certificate of merchant 1900000109, but mchId is 1600000001");
    }

    @Test
    void a_certificate_of_wechat_pays_own_is_refused_by_its_subject() {
        assertThat(refusal(with("appCertContent", certificate("Tenpay.com sign")))
                        .sentence()
                        .en())
                .contains("appCertContent")
                .contains("platform");
    }

    @ParameterizedTest
    @CsvSource({"appId, 1600000001, mchId", "mchId, wx8888888888888888, mchId", "subAppId, 1600000001, subAppId"})
    void a_number_in_anothers_place_is_refused(String key, String value, String named) {
        assertThat(refusal(with(key, value)).sentence().en()).contains(key).contains(named);
    }

    @Test
    void an_applications_secret_that_is_also_an_api_key_is_refused() {
        assertThat(refusal(with("secret", V3Wire.V3_KEY)).sentence().en())
                .contains("v3Key and secret have the same value");
        var both = Json.createObjectBuilder(with("key", "0123456789abcdef0123456789ABCDEF"))
                .add("secret", "0123456789abcdef0123456789ABCDEF")
                .build();

        assertThat(refusal(both).sentence().en()).contains("key and secret have the same value");
    }

    @ParameterizedTest
    @ValueSource(strings = {V3Wire.V3_KEY, "of-another-length", "0123456789abcdef0123456789ABCDEF"})
    void a_node_of_version_3_may_have_any_v2_key(String key) {
        for (var name : new String[] {"h5", "h5-weixin", "mp-weixin", "app-plus", "mweb", "codepay"}) {
            wire.provider().check(settings(name, with("key", key)));
        }

        assertThat(V3Account.of(settings("h5", with("key", key))).v3Key()).isEqualTo(V3Wire.V3_KEY);
    }

    @Test
    void a_node_of_version_2_may_have_one_value_for_both_api_keys() {
        var node = Json.createObjectBuilder(v2(""))
                .add("v3Key", "0123456789abcdef0123456789ABCDEF")
                .build();

        wire.provider().check(settings("codepay", node));

        assertThat(V2Account.of(settings("codepay", node)).key()).isEqualTo("0123456789abcdef0123456789ABCDEF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1600000002\"", "[1600000002]", "[\"\"]", "[\"shop\"]", "[\"1600000001\"]"})
    void sub_merchants_are_numbers_of_others(String json) {
        JsonValue value;
        try (var reader = Json.createReader(new java.io.StringReader(json))) {
            value = reader.readValue();
        }
        var node =
                Json.createObjectBuilder(wire.node()).add("subMerchants", value).build();

        assertThat(refusal(node).sentence().en()).contains("subMerchants");
    }

    @Test
    void keys_in_other_forms_are_understood() {
        var expected = V3Account.of(settings("h5", wire.node()));
        var pkcs8 = Base64.getMimeDecoder().decode(MERCHANT_KEY.replaceAll("-----[A-Z ]+-----", ""));
        var pkcs1 = java.util.Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        var pasted = Json.createObjectBuilder(wire.node())
                .add(
                        "appCertContent",
                        "\uFEFFBag Attributes\n  localKeyID: 01\n" + MERCHANT_CERTIFICATE.replace("\n", " "))
                .add("appPrivateKeyContent", pem("RSA PRIVATE KEY", pkcs1).replace("\n", "\\n"))
                .add("wxpayPublicKeyContent", WECHAT_KEY.replaceAll("-----[A-Z ]+-----|\\s", ""))
                .build();

        assertThat(V3Account.of(settings("h5", pasted))).isEqualTo(expected);
    }

    @Test
    void of_a_chain_the_certificate_of_the_private_key_is_taken() {
        var chain = with("appCertContent", PLATFORM_CERTIFICATE + MERCHANT_CERTIFICATE);

        assertThat(V3Account.of(settings("h5", chain)).serial()).isEqualTo("5F1C72E2A8931B72A2E13AF8DEE92471EB397115");
    }

    // version 2

    private static String pfx(String name, String password) {
        try {
            var certificate =
                    V3Account.certificateOf(certificate(name).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("a", PAIR.getPrivate(), password.toCharArray(), new Certificate[] {certificate});
            var file = new ByteArrayOutputStream();
            store.store(file, password.toCharArray());
            return Base64.getEncoder().encodeToString(file.toByteArray());
        } catch (java.security.GeneralSecurityException | java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject v2(String pfx) {
        return Json.createObjectBuilder()
                .add("appId", "wx8888888888888888")
                .add("mchId", "1600000001")
                .add("version", 2)
                .add("key", "0123456789abcdef0123456789ABCDEF")
                .add("pfx", pfx)
                .build();
    }

    @Test
    void a_pfx_of_this_merchant_is_accepted_however_it_was_pasted() {
        var pfx = pfx("1600000001", "1600000001");

        wire.provider().check(settings("codepay", v2(pfx)));
        wire.provider().check(settings("codepay", v2("data:application/x-pkcs12;base64," + pfx)));
        wire.provider().check(settings("codepay", v2("\uFEFF" + pfx.replaceAll("(.{64})", "$1\\\\n"))));

        assertThat(V2Account.of(settings("codepay", v2(pfx))).certificate()).isPresent();
    }

    @Test
    void a_pfx_of_another_merchant_or_kind_is_refused() {
        assertThat(refusal(v2(pfx("1900000109", "1600000001"))).sentence().en())
                .isEqualTo("pfx is the certificate of merchant 1900000109, but mchId is 1600000001");
        assertThat(refusal(v2(pfx("1600000001", "1900000109"))).sentence().en()).contains("password is the mchId");
        assertThat(refusal(v2(MERCHANT_CERTIFICATE)).sentence().en())
                .contains("pfx")
                .contains("PEM");
        assertThat(refusal(v2("nonsense")).sentence().zh()).contains("apiclient_cert.p12");
    }

    @Test
    void a_v2_key_that_is_the_applications_secret_is_refused() {
        var node = Json.createObjectBuilder(v2(""))
                .add("secret", "0123456789abcdef0123456789ABCDEF")
                .build();

        assertThat(refusal(node).sentence().en()).contains("key and secret");
    }

    // serial numbers

    @Test
    void the_serial_number_keeps_its_leading_zero() {
        var serial = new BigInteger("0A73F0C2A8931B72A2E13AF8DEE92471EB397115", 16);
        var node = Json.createObjectBuilder(wire.node())
                .add("appCertContent", SelfSignedCertificate.pem(PAIR, "1600000001", serial, NOW))
                .add("appPrivateKeyContent", file("other key"))
                .build();

        assertThat(V3Account.of(settings("h5", node)).serial()).isEqualTo("0A73F0C2A8931B72A2E13AF8DEE92471EB397115");
    }

    @ParameterizedTest
    @CsvSource({
        "0A73F0C2A8931B72A2E13AF8DEE92471EB397115, A73F0C2A8931B72A2E13AF8DEE92471EB397115",
        "000F73C2A8931B72A2E13AF8DEE92471EB397115, F73C2A8931B72A2E13AF8DEE92471EB397115",
        "440024045C4A427599D09BB4E3DE0279F2E813FD, 440024045c4a427599d09bb4e3de0279f2e813fd",
        "03EA, 3ea",
        "0A, 0a"
    })
    void serial_numbers_have_leading_zeros_and_are_compared_without(String written, String number) {
        assertThat(V3Serial.text(new BigInteger(number, 16))).isEqualTo(written);
        assertThat(V3Serial.comparable(written)).isEqualTo(V3Serial.comparable(number));
    }
}
