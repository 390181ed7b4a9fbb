package io.cashdesk.provider.appleiap;

import com.apple.itunes.storekit.model.Environment;
import com.apple.itunes.storekit.model.JWSTransactionDecodedPayload;
import com.apple.itunes.storekit.model.ResponseBodyV2DecodedPayload;
import com.apple.itunes.storekit.verification.SignedDataVerifier;
import com.apple.itunes.storekit.verification.VerificationException;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Data that Apple has signed (JWS with the certificates in {@code x5c}), verified by Apple's library for one account. A
 * verifier is for one environment: the one that the data names, of which the library then makes sure. Those of the
 * environments Xcode and LocalTesting check no signature, so that none is ever made.
 *
 * <p>Certificates are checked at the moment of signing and not online: a notification must not wait for Apple's
 * servers, and a certificate that has expired since does not take a purchase back.
 */
final class SignedData {
    /** Where the app's number is not configured; no app has it. */
    private static final long NO_APP = 0;

    private final AppleAccount account;
    private final Map<Environment, SignedDataVerifier> verifiers;

    SignedData(AppleAccount account) {
        this.account = account;
        this.verifiers = Map.of(
                Environment.PRODUCTION, verifier(account, Environment.PRODUCTION),
                Environment.SANDBOX, verifier(account, Environment.SANDBOX));
    }

    private static SignedDataVerifier verifier(AppleAccount account, Environment environment) {
        var number = account.appAppleId();
        Set<InputStream> roots = account.roots().stream().map(SignedData::bytes).collect(Collectors.toSet());
        return new SignedDataVerifier(roots, account.bundleId(), number.orElse(NO_APP), environment, false) {
            /** Without a number of ours the bundle id alone says whose app it is. */
            @Override
            protected void verifyNotification(String bundleId, Long appAppleId, Environment environment)
                    throws VerificationException {
                super.verifyNotification(bundleId, number.isPresent() ? appAppleId : NO_APP, environment);
            }
        };
    }

    private static InputStream bytes(X509Certificate certificate) {
        try {
            return new ByteArrayInputStream(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has no bytes", e);
        }
    }

    /** Whether a text is meant as signed data: a receipt in Base64 has no full stop. */
    static boolean looksLike(String text) {
        return text.indexOf('.') >= 0;
    }

    /** What one signed transaction says, whichever of its environments. */
    record Transaction(JWSTransactionDecodedPayload values, JsonObject json) {}

    /** @throws NotVerified with a sentence that says what is wrong */
    Transaction transaction(String signed) {
        var json = content(signed);
        var verifier = verifier(environment(json));
        try {
            return new Transaction(verifier.verifyAndDecodeTransaction(signed), json);
        } catch (VerificationException e) {
            throw refused(e, json);
        }
    }

    /** A verified notification. */
    record Message(ResponseBodyV2DecodedPayload values, JsonObject json, Environment environment) {}

    /** Verifies it and what is signed inside of it, except the transaction. */
    Message notification(String signed) {
        var json = content(signed);
        var environment = environment(about(json));
        var verifier = verifier(environment);
        try {
            var values = verifier.verifyAndDecodeNotification(signed);
            var data = values.getData();
            if (data != null && data.getSignedRenewalInfo() != null) {
                verifier.verifyAndDecodeRenewalInfo(data.getSignedRenewalInfo());
            }
            return new Message(values, json, environment);
        } catch (VerificationException e) {
            throw refused(e, about(json));
        }
    }

    /** What a notification is about: the object that names bundle and environment. */
    private static JsonObject about(JsonObject notification) {
        for (var name : List.of("data", "summary", "appData")) {
            if (notification.get(name) instanceof JsonObject object) return object;
        }
        if (!(notification.get("externalPurchaseToken") instanceof JsonObject token)) return notification;
        var sandbox = text(token, "externalPurchaseId").startsWith("SANDBOX"); // as Apple's library tells them apart
        return Json.createObjectBuilder(token)
                .add("environment", sandbox ? "Sandbox" : "Production")
                .build();
    }

    private SignedDataVerifier verifier(Environment environment) {
        return verifiers.get(environment);
    }

    /** The environment that data names before it is verified; the verifier compares it. */
    private static Environment environment(JsonObject json) {
        var name = text(json, "environment");
        return switch (name) {
            case "Production" -> Environment.PRODUCTION;
            case "Sandbox" -> Environment.SANDBOX;
            case "Xcode", "LocalTesting" ->
                throw new NotVerified(
                        "环境为 " + name + "，只是本地测试，没有苹果的签名；请使用沙盒账户或正式环境购买",
                        "its environment is " + name
                                + ", a local test without Apple's signature; buy with a sandbox account"
                                + " or in production");
            case "" ->
                throw new NotVerified(
                        "其中没有 environment，不是交易数据；请传 StoreKit 2 交易的 jwsRepresentation",
                        "it has no environment and is no transaction; send the jwsRepresentation of the StoreKit 2"
                                + " transaction");
            default ->
                throw new NotVerified("环境 " + shown(name) + " 未知", "its environment " + shown(name) + " is unknown");
        };
    }

    private NotVerified refused(VerificationException failure, JsonObject json) {
        return switch (failure.getStatus()) {
            case INVALID_APP_IDENTIFIER -> otherApp(json);
            case INVALID_ENVIRONMENT -> new NotVerified("各部分的环境不一致", "its parts name different environments");
            case INVALID_CERTIFICATE, INVALID_CHAIN_LENGTH, INVALID_CHAIN ->
                new NotVerified(
                        "签名证书不能追溯到受信任的苹果根证书，可能是伪造的，或来自其他测试环境",
                        "its certificates do not lead to a trusted root certificate of Apple: it is forged, or comes from"
                                + " another test environment");
            default ->
                new NotVerified(
                        "签名无效，数据不完整或被修改；请原样传 StoreKit 2 交易的 jwsRepresentation",
                        "its signature is not valid: it is incomplete or was changed; send the jwsRepresentation of the"
                                + " StoreKit 2 transaction unchanged");
        };
    }

    private NotVerified otherApp(JsonObject json) {
        var bundle = text(json, "bundleId");
        if (!bundle.equals(account.bundleId())) return otherBundle(bundle, account);
        return new NotVerified(
                "appAppleId 与节点配置的不一致，请核对节点的 appAppleId",
                "its appAppleId is not that of the node; compare appAppleId of the node with App Store Connect");
    }

    static NotVerified otherBundle(String bundle, AppleAccount account) {
        return new NotVerified(
                "来自其他 App：Bundle ID 为 " + shown(bundle) + "，而节点的 bundleId 为 " + account.bundleId(),
                "it is of another app: its bundle id is " + shown(bundle) + ", and bundleId of the node is "
                        + account.bundleId());
    }

    /** The JSON object in the middle of signed data, not verified. */
    static JsonObject content(String signed) {
        var parts = signed.split("\\.", 4);
        if (parts.length != 3) throw malformed();
        decoded(parts[0]); // Apple's library reads it, and must not get it in any depth
        return decoded(parts[1]);
    }

    private static JsonObject decoded(String part) {
        try {
            return object(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8))
                    .orElseThrow(SignedData::malformed);
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
    }

    /** A JSON object from outside; empty if it is none, or nested so deep that a parser could fail. */
    static Optional<JsonObject> object(String text) {
        try {
            return Optional.of(JsonBody.parseText("signedPayload", text));
        } catch (Problem notAnObject) {
            return Optional.empty();
        }
    }

    private static NotVerified malformed() {
        return new NotVerified(
                "不是 JWS：应为用点分隔的三段 Base64url 文本", "it is no JWS: three parts in Base64url with full stops between them");
    }

    static String text(JsonObject json, String name) {
        return json.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** At most 80 visible characters of what came from outside. */
    static String shown(String text) {
        var visible = text.replaceAll("[^!-~]", "?");
        return visible.isEmpty() ? "?" : visible.substring(0, Math.min(visible.length(), 80));
    }
}
