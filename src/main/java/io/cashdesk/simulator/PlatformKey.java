package io.cashdesk.simulator;

/**
 * A provider's own key pair.
 *
 * @param privateKey PKCS #8, Base64
 * @param publicKey X.509, Base64
 * @param certificate self-signed, in PEM; or that of the key and those above it, one after the other
 * @param serial of the certificate, 40 hexadecimal digits
 */
public record PlatformKey(String privateKey, String publicKey, String certificate, String serial) {
    /** The common name in the certificate of the key pair of this name. */
    public static String commonName(String name) {
        return "Simulated " + name;
    }
}
