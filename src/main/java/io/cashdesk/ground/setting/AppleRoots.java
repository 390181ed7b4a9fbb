package io.cashdesk.ground.setting;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The root certificates that purchases in the App Store must come from, read from the operator's file. They are not
 * part of this software, so that nobody can be made to trust another root by a changed copy of it.
 */
final class AppleRoots {
    static final String NAME = "CASHDESK_APPLE_ROOTS";

    /** Where Apple publishes the file. */
    static final String SOURCE = "https://www.apple.com/certificateauthority/AppleRootCA-G3.cer";

    /**
     * SHA-256 of "Apple Root CA - G3", as {@link #SOURCE} and Apple's page of root certificates have it; it issues the
     * certificates that sign purchases, and is valid until 2039-04-30.
     */
    static final String PUBLISHED = "63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179";

    /** Bytes; the file has less than 1,000. */
    private static final long LONGEST = 100_000;

    private AppleRoots() {}

    /**
     * The certificates of this file, PEM or DER.
     *
     * @param published the SHA-256 fingerprint of the only one that is accepted otherwise
     * @param others whether other certificates than Apple's published one are accepted (development)
     * @throws InvalidSetting if the file cannot be read, has no certificate, or another one
     */
    static List<X509Certificate> read(String file, String published, boolean others) {
        var found = certificates(file);
        if (found.isEmpty()) throw refused(file, "which has no certificate");
        for (var certificate : found) {
            var fingerprint = fingerprint(certificate);
            if (others || fingerprint.equals(published)) continue;
            throw refused(
                    file,
                    "which has the certificate " + certificate.getSubjectX500Principal()
                            + " with the SHA-256 fingerprint "
                            + fingerprint.toUpperCase(Locale.ROOT)
                            + "; other certificates are accepted only with CASHDESK_DEVELOPMENT=true");
        }
        return found;
    }

    /** Whether these are Apple's published one alone. */
    static boolean isPublished(List<X509Certificate> roots) {
        return roots.stream().allMatch(root -> fingerprint(root).equals(PUBLISHED));
    }

    private static List<X509Certificate> certificates(String file) {
        try {
            var path = Path.of(file);
            if (Files.size(path) > LONGEST) throw refused(file, "which is too long for it");
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(path)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | InvalidPathException e) {
            throw refused(file, "which cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (CertificateException e) {
            throw refused(file, "which has something else than certificates in PEM or DER");
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has no bytes", e);
        }
    }

    private static InvalidSetting refused(String file, String why) {
        return new InvalidSetting(NAME + " is \"" + file + "\", " + why
                + ". It must name a file with Apple Root CA - G3 and nothing else: download it from " + SOURCE);
    }
}
