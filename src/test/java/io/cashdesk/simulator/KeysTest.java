package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The simulator's own reading of the providers' documents, held against what the providers published. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KeysTest {
    static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/provider", name)).strip();
    }

    static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    @Test
    void signs_wechats_published_request_as_wechat_did() throws IOException {
        var message = "POST\n/v3/pay/transactions/jsapi\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
                + resource("wxpay/published-request.json") + "\n";

        assertThat(Keys.sign(message, bare(resource("wxpay/published-key.pem"))))
                .isEqualTo(resource("wxpay/published-request.signature"));
    }

    @Test
    void believes_wechats_published_answer_and_no_byte_else() throws IOException {
        var key = bare(resource("wxpay/published-wechat-key.pem"));
        var signature = resource("wxpay/published-answer.signature");
        var message =
                "1722850421\nd824f2e086d3c1df967785d13fcd22ef\n{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}\n";

        assertThat(Keys.verify(message, signature, key)).isTrue();
        assertThat(Keys.verify(message.replace("JyC", "JyD"), signature, key)).isFalse();
        assertThat(Keys.verify(message, "WECHATPAY/SIGNTEST/x", key)).isFalse();
    }

    @Test
    void encrypts_the_published_text_as_published() {
        assertThat(Keys.encrypt("message", "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", "uluk4a9R25RW", "associatedData"))
                .isEqualTo("ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
    }

    @Test
    void makes_certificates_that_the_jdk_reads() throws Exception {
        var pair = Keys.newPair();
        var serial = Keys.newSerial();

        var pem = Keys.selfSigned(pair, "1600000000", serial, Instant.parse("2026-11-21T12:00:00Z"));

        var read = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        read.verify(pair.getPublic());
        assertThat(read.getSerialNumber()).isEqualTo(serial);
        assertThat(Keys.hex(serial)).hasSize(40).isEqualTo(serial.toString(16).toUpperCase(java.util.Locale.ROOT));
        assertThat(read.getIssuerX500Principal().getName()).isEqualTo("CN=1600000000");
    }

    @Test
    void numbers_certificates_as_alipay_does() {
        var issuer = "CN=Ant Financial Certification Authority R1,OU=Certification Authority,O=Ant Financial,C=CN";

        assertThat(Keys.alipaySerial(issuer, new BigInteger("2292228364100439313")))
                .isEqualTo("687b59193f3f462dd5336e5abf83c5d8");
    }

    @Test
    void joins_alipays_fields_sorted_and_without_the_empty_ones() {
        assertThat(AlipayMessages.canonical(Map.of("b", "2", "a", "1 +/", "c", "")))
                .isEqualTo("a=1 +/&b=2");
        assertThat(AlipayMessages.yuan(990)).isEqualTo("9.90");
        assertThat(AlipayMessages.yuan(5)).isEqualTo("0.05");
    }
}
