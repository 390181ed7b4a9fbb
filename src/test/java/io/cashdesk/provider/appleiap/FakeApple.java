package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Apple's side of a purchase, written with the JDK: signed data as StoreKit and Apple's servers make it. */
final class FakeApple {
    static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String BUNDLE = "com.example.shop";
    static final String ISSUER = "57246542-96fe-1a63-e053-0824d011072a";
    static final String KEY_ID = "2X9R4HXF34";
    static final String PASSWORD = "0123456789abcdef0123456789abcdef";
    static final String TOKEN = "7e3fb204-2fd9-4e2b-9a41-1f2a9c0d7b55";
    static final String ATTEMPT = "7e3fb2042fd94e2b9a411f2a9c0d7b55";
    static final long APP = 1234567890L;

    static final AppleChain CHAIN = new AppleChain();
    static final KeyPair API_KEY = AppleChain.pair("secp256r1");

    private FakeApple() {}

    static JsonObjectBuilder node() {
        return Json.createObjectBuilder()
                .add("bundleId", BUNDLE)
                .add("appAppleId", APP)
                .add("issuerId", ISSUER)
                .add("keyId", KEY_ID)
                .add("privateKey", AppleChain.pem(API_KEY.getPrivate()))
                .add("password", PASSWORD)
                .add("rootCertificates", CHAIN.rootInPem())
                .add("timeout", 1000);
    }

    static AccountSettings account(JsonObject node, URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, ApplePresentation.NAME, "app-plus", node, gateway);
    }

    /** An account of test mode. */
    static AccountSettings simulated(JsonObject node, URI gateway) {
        return new AccountSettings(
                UUID.randomUUID(), 1, ApplePresentation.NAME, "app-plus", node, gateway, Optional.of(gateway));
    }

    /** The adapter of a server for development, which accepts the roots of a node. */
    static AppleProvider provider() {
        return provider(Map.of("CASHDESK_DEVELOPMENT", "true"));
    }

    static AppleProvider provider(Map<String, String> settings) {
        var provider = new AppleProvider();
        provider.server = new Settings(settings::get);
        provider.transport = new ProviderTransport(provider.server);
        provider.transport.open();
        provider.clock = CLOCK;
        return provider;
    }

    /** A purchase of a consumable in production, as Apple signs it. */
    static JsonObjectBuilder transaction(String number) {
        return Json.createObjectBuilder()
                .add("transactionId", number)
                .add("originalTransactionId", number)
                .add("bundleId", BUNDLE)
                .add("productId", "coins60")
                .add("purchaseDate", NOW.toEpochMilli())
                .add("originalPurchaseDate", NOW.toEpochMilli())
                .add("quantity", 1)
                .add("type", "Consumable")
                .add("appAccountToken", TOKEN)
                .add("inAppOwnershipType", "PURCHASED")
                .add("signedDate", NOW.toEpochMilli())
                .add("environment", "Production")
                .add("transactionReason", "PURCHASE")
                .add("storefront", "CHN")
                .add("price", 6000)
                .add("currency", "CNY");
    }

    static String signed(JsonObjectBuilder payload) {
        return CHAIN.sign(payload.build());
    }

    /** A notification about this signed transaction. */
    static JsonObjectBuilder notification(String type, String environment, String signedTransaction) {
        var data = Json.createObjectBuilder()
                .add("environment", environment)
                .add("appAppleId", APP)
                .add("bundleId", BUNDLE)
                .add("bundleVersion", "1");
        if (!signedTransaction.isEmpty()) data.add("signedTransactionInfo", signedTransaction);
        return Json.createObjectBuilder()
                .add("notificationType", type)
                .add("notificationUUID", "002e14d5-51f5-4503-b5a8-c3a1af68eb20")
                .add("version", "2.0")
                .add("signedDate", NOW.toEpochMilli())
                .add("data", data);
    }

    static RawNotification push(JsonObjectBuilder notification) {
        return push(signed(notification));
    }

    static RawNotification push(String signedPayload) {
        return raw(Json.createObjectBuilder()
                .add("signedPayload", signedPayload)
                .build()
                .toString());
    }

    static RawNotification raw(String body) {
        return new RawNotification("POST", "", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(int status, JsonObjectBuilder body) {
        return new Answer(
                status, Map.of("Content-Type", "application/json"), body.build().toString());
    }

    static Answer error(int status, long code) {
        return json(status, Json.createObjectBuilder().add("errorCode", code).add("errorMessage", "words of Apple"));
    }

    /** The answer of verifyReceipt to a receipt that was made this long ago. */
    static JsonObjectBuilder receipt(String environment, Duration age, JsonObjectBuilder... bought) {
        var list = Json.createArrayBuilder();
        for (var entry : bought) list.add(entry);
        return Json.createObjectBuilder()
                .add("status", 0)
                .add("environment", environment)
                .add(
                        "receipt",
                        Json.createObjectBuilder()
                                .add("bundle_id", BUNDLE)
                                .add("receipt_creation_date_ms", millis(NOW.minus(age)))
                                .add("in_app", list));
    }

    /** One purchase in it. */
    static JsonObjectBuilder bought(String number, Instant at) {
        return Json.createObjectBuilder()
                .add("quantity", "1")
                .add("product_id", "coins60")
                .add("transaction_id", number)
                .add("original_transaction_id", number)
                .add("purchase_date_ms", millis(at))
                .add("original_purchase_date_ms", millis(at))
                .add("is_trial_period", "false");
    }

    static String millis(Instant at) {
        return Long.toString(at.toEpochMilli());
    }
}
