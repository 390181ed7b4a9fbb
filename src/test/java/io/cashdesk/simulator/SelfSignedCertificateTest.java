package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Certificates that the simulator makes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SelfSignedCertificateTest {
    @Test
    void is_read_by_the_jdk() throws Exception {
        var pair = Rsa.newPair();
        var serial = SelfSignedCertificate.newSerial();

        var pem = SelfSignedCertificate.pem(pair, "1600000000", serial, Instant.parse("2026-11-21T12:00:00Z"));

        var read = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        read.verify(pair.getPublic());
        assertThat(read.getSerialNumber()).isEqualTo(serial);
        assertThat(SelfSignedCertificate.serialText(serial)).hasSize(40).isEqualTo("%040X".formatted(serial));
        assertThat(read.getIssuerX500Principal().getName()).isEqualTo("CN=1600000000");
    }
}
