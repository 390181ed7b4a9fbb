package io.cashdesk.simulator;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.UUID;

/**
 * A merchant's account at a simulated provider.
 *
 * @param kind KEY, or CERTIFICATE for certificate mode
 * @param mchNo the merchant's number at the provider
 * @param publicKey of the merchant: X.509, Base64, without PEM lines
 * @param serial of the merchant's certificate, as the provider writes it
 * @param sharedKey a secret that both sides know, or an empty text
 * @param node the node of configuration, as JSON
 * @param pid the merchant's name, from which the account's numbers are derived; see {@link AccountNumbers}
 */
public record Account(
        UUID id,
        UUID merchantId,
        String provider,
        String kind,
        String mchNo,
        String appId,
        String publicKey,
        String serial,
        String sharedKey,
        String node,
        String pid) {
    public static final String KEY = "KEY";
    public static final String CERTIFICATE = "CERTIFICATE";

    public static String kind(boolean certificates) {
        return certificates ? CERTIFICATE : KEY;
    }

    public boolean certificates() {
        return kind.equals(CERTIFICATE);
    }

    /** The node as it was when the account was opened. */
    public JsonObject storedNode() {
        try (var reader = Json.createReader(new StringReader(node))) {
            return reader.readObject();
        }
    }
}
