package io.cashdesk.ground.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that CASHDESK_APPLE_ROOTS names. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleRootsTest {
    private static final Path CERTIFICATE = Path.of("src/test/resources/provider/wxpay/platform-certificate.pem");

    @TempDir
    Path directory;

    private static Settings settings(Path file, boolean development) {
        var values = new HashMap<>(Map.of("CASHDESK_APPLE_ROOTS", file.toString()));
        if (development) values.put("CASHDESK_DEVELOPMENT", "true");
        return new Settings(values::get);
    }

    private void refuses(Path file, boolean development, String why) {
        assertThatThrownBy(() -> settings(file, development).appleRoots())
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("CASHDESK_APPLE_ROOTS")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("https://www.apple.com/certificateauthority/AppleRootCA-G3.cer")
                .hasMessageContaining(why);
    }

    @Test
    void need_not_be_set() {
        var settings = new Settings(name -> null);

        assertThat(settings.appleRoots()).isEmpty();
        assertThat(settings.foreignAppleRoots()).isFalse();
    }

    @Test
    void has_no_other_certificate_than_Apples_in_production() {
        refuses(CERTIFICATE, false, "fingerprint");
    }

    @Test
    void has_the_published_certificate_in_PEM_or_DER() throws IOException, GeneralSecurityException {
        byte[] der;
        try (var in = Files.newInputStream(CERTIFICATE)) {
            der = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getEncoded();
        }
        var published =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        var binary = Files.write(directory.resolve("root.cer"), der);

        assertThat(AppleRoots.read(CERTIFICATE.toString(), published, false)).hasSize(1);
        assertThat(AppleRoots.read(binary.toString(), published, false)).hasSize(1);
        var two = Files.writeString(
                directory.resolve("two.pem"),
                Files.readString(CERTIFICATE)
                        + Files.readString(Path.of("src/test/resources/provider/wxpay/merchant-certificate.pem")));
        assertThatThrownBy(() -> AppleRoots.read(two.toString(), published, false))
                .isInstanceOf(InvalidSetting.class);
    }

    @Test
    void may_have_others_for_development_with_a_warning() {
        var settings = settings(CERTIFICATE, true);

        assertThat(settings.appleRoots()).hasSize(1);
        assertThat(settings.foreignAppleRoots()).isTrue();
    }

    @Test
    void is_there_and_has_a_certificate_and_nothing_else() throws IOException {
        var empty = Files.createFile(directory.resolve("empty.pem"));
        var text = Files.writeString(directory.resolve("text.pem"), "not a certificate");
        var key = Files.writeString(
                directory.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        for (var development : new boolean[] {false, true}) {
            refuses(directory.resolve("missing.pem"), development, "cannot be read");
            refuses(directory, development, "");
            refuses(empty, development, "");
            refuses(text, development, "");
            refuses(key, development, "");
        }
    }

    @Test
    void is_checked_at_start() {
        var values = Map.of(
                "CASHDESK_DB_URL", "jdbc:postgresql://localhost/x",
                "CASHDESK_BASE_URL", "https://pay.example.com",
                "CASHDESK_MASTER_KEY", java.util.Base64.getEncoder().encodeToString(new byte[32]),
                "CASHDESK_MANAGE_TOKEN", "0123456789abcdef",
                "CASHDESK_APPLE_ROOTS", CERTIFICATE.toString());

        assertThatThrownBy(() -> new Settings(values::get).check()).hasMessageContaining("CASHDESK_APPLE_ROOTS");
    }
}
