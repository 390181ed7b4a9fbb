package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Receipts of apps in a format of the simulator's own, which only it can read: four bytes that name the format, 64
 * bytes of signature, then JSON that names the app, the environment and the purchases.
 */
@ApplicationScoped
class AppleReceipts {
    private static final byte[] FORMAT = "CDR1".getBytes(StandardCharsets.US_ASCII);
    private static final int BEGIN = FORMAT.length + 64;

    @Inject
    AppleSigner signer;

    /** @param transactionIds at least one, in the order in which they stand in the receipt */
    record Receipt(String bundleId, Environment environment, List<String> transactionIds) {}

    /** A receipt that cannot be read, or that Apple did not sign. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean forged;

        Unusable(boolean forged) {
            super(forged ? "not authentic" : "malformed", null, false, false);
            this.forged = forged;
        }

        boolean forged() {
            return forged;
        }
    }

    /**
     * The receipt of an app after this purchase, in Base64: with the purchases before it that it names, and with it.
     */
    String of(ApplePurchase purchase, AppleApp app) {
        var ids = new ArrayList<>(purchase.detail().with());
        ids.add(purchase.detail().transactionId());
        return write(new Receipt(app.bundleId(), purchase.detail().environment(), ids));
    }

    String write(Receipt receipt) {
        var content = Json.createObjectBuilder()
                .add("bundle", receipt.bundleId())
                .add("environment", receipt.environment().text())
                .add("transactions", Json.createArrayBuilder(receipt.transactionIds()))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        var whole = new byte[BEGIN + content.length];
        System.arraycopy(FORMAT, 0, whole, 0, FORMAT.length);
        System.arraycopy(signer.signature(content, receipt.environment()), 0, whole, FORMAT.length, 64);
        System.arraycopy(content, 0, whole, BEGIN, content.length);
        return Base64.getEncoder().encodeToString(whole);
    }

    /** @throws Unusable if it is no receipt, or Apple did not sign it */
    Receipt read(String base64) {
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new Unusable(false);
        }
        if (whole.length <= BEGIN || !Arrays.equals(whole, 0, FORMAT.length, FORMAT, 0, FORMAT.length)) {
            throw new Unusable(false);
        }
        var content = Arrays.copyOfRange(whole, BEGIN, whole.length);
        if (!signer.isSigned(content, Arrays.copyOfRange(whole, FORMAT.length, BEGIN))) throw new Unusable(true);
        return parsed(content);
    }

    private static Receipt parsed(byte[] content) {
        JsonObject object;
        try (var reader = Json.createReader(new StringReader(new String(content, StandardCharsets.UTF_8)))) {
            object = reader.readObject();
        }
        return new Receipt(
                object.getString("bundle"),
                Environment.of(object.getString("environment")).orElseThrow(),
                object.getJsonArray("transactions").getValuesAs(JsonString::getString));
    }
}
