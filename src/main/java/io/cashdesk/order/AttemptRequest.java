package io.cashdesk.order;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * The request to the provider for one attempt, besides the order's amount and subject. It is stored with the attempt
 * before the provider is called, so that a repetition after a crash sends the same bytes. This class alone writes and
 * reads the stored JSON.
 *
 * @param expiresAt the provider's own expiry, in whole seconds
 * @param notifyUrl where the provider sends its notifications; without a query
 * @param returnUrl where a browser goes when the wallet is done with it, for products that have it
 * @param other the caller's extra parameters for the provider, in the provider's spelling; may be empty
 * @param environment in which of the provider's environments it is made, as the provider names it; or an empty text
 */
public record AttemptRequest(
        Instant expiresAt,
        URI notifyUrl,
        Payer payer,
        SubMerchant sub,
        Optional<URI> returnUrl,
        JsonObject other,
        String environment) {
    /** To a provider with one environment. */
    public AttemptRequest(
            Instant expiresAt, URI notifyUrl, Payer payer, SubMerchant sub, Optional<URI> returnUrl, JsonObject other) {
        this(expiresAt, notifyUrl, payer, sub, returnUrl, other, "");
    }

    /**
     * The payer.
     *
     * @param clientIp the payer's address as far as it is known
     * @param openid who the payer is to the wallet, or an empty text
     * @param screen where the payer sees the prompt, as {@code provider.Payer.Screen} names it
     * @param payMethod with which wallet of an aggregating provider, or an empty text
     */
    public record Payer(String clientIp, String openid, String screen, String payMethod) {}

    /**
     * On whose behalf a service provider collects; each part is an empty text where it is not used.
     *
     * @param mchId WeChat Pay {@code sub_mchid}
     * @param appId WeChat Pay {@code sub_appid}
     * @param sealedToken Alipay {@code app_auth_token}, sealed for {@link #place}
     * @param maskedToken the same as people may see it
     */
    public record SubMerchant(String mchId, String appId, String sealedToken, String maskedToken) {
        public static final SubMerchant NONE = new SubMerchant("", "", "", "");

        @Override
        public String toString() {
            return mchId.isEmpty() ? "-" : mchId; // never the token
        }
    }

    /** The place for which a secret in a request about this order is sealed (ground/signing/Vault). */
    public static String place(OrderKey order) {
        return "attempt of order " + order.id();
    }

    /** As it is stored in {@code attempt.request}. */
    public String toJson() {
        var stored = Json.createObjectBuilder()
                .add("expires_at", expiresAt.getEpochSecond())
                .add("notify_url", notifyUrl.toString())
                .add("client_ip", payer.clientIp())
                .add("openid", payer.openid())
                .add("screen", payer.screen())
                .add("pay_method", payer.payMethod())
                .add(
                        "sub",
                        Json.createObjectBuilder()
                                .add("mch_id", sub.mchId())
                                .add("app_id", sub.appId())
                                .add("sealed_token", sub.sealedToken())
                                .add("masked_token", sub.maskedToken()))
                .add("other", other);
        if (!environment.isEmpty()) stored.add("environment", environment);
        returnUrl.ifPresent(back -> stored.add("return_url", back.toString()));
        return stored.build().toString();
    }

    /** Reads what {@link #toJson} wrote. Members that earlier versions did not write yet have defaults. */
    static AttemptRequest parse(String json) {
        JsonObject stored;
        try (var reader = Json.createReader(new StringReader(json))) {
            stored = reader.readObject();
        }
        return new AttemptRequest(
                Instant.ofEpochSecond(stored.getJsonNumber("expires_at").longValueExact()),
                URI.create(stored.getString("notify_url")),
                new Payer(
                        stored.getString("client_ip"),
                        stored.getString("openid", ""),
                        stored.getString("screen", "CODE"),
                        stored.getString("pay_method", "")),
                sub(stored.getJsonObject("sub")),
                Optional.ofNullable(stored.getString("return_url", null)).map(URI::create),
                stored.getJsonObject("other"),
                stored.getString("environment", ""));
    }

    private static SubMerchant sub(JsonObject stored) {
        if (stored == null) return SubMerchant.NONE;
        return new SubMerchant(
                stored.getString("mch_id", ""),
                stored.getString("app_id", ""),
                stored.getString("sealed_token", ""),
                stored.getString("masked_token", ""));
    }
}
