package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.webhook.Endpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Base64;
import java.util.Optional;

/** Opens a merchant's orders to shops that speak epay, or changes how. */
@ApplicationScoped
class PutEpay {
    /** The name of the format of {@code webhook}'s outbox that notifies such shops. */
    private static final String FORMAT = "epay";

    private static final int LONGEST_KEY = 4_096;
    private static final int SHORTEST_RSA_BITS = 1024;

    @Inject
    EpayAccesses accesses;

    @Inject
    Endpoints endpoints;

    EpayAccesses.Changed of(Merchant merchant, JsonBody body) {
        body.only("mode", "type", "public_key", "rotate", "rotate_platform_key");
        var mode = ManageResource.mode(body);
        var change = new EpayAccesses.Change(
                type(body), publicKey(body), body.flag("rotate", false), body.flag("rotate_platform_key", false));
        var changed = accesses.put(merchant.id(), mode, change, FORMAT);
        endpoints.putForAddressesOfOrders(merchant.id(), FORMAT + "." + mode.word(), mode, FORMAT);
        return changed;
    }

    private static Optional<String> type(JsonBody body) {
        var type = body.text("type", 64);
        if (type.filter(t -> t.isBlank() || t.codePoints().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw body.malformed(
                    "type", "1 到 64 个字符的文本，不含控制字符", "a text of 1 to 64 characters without control characters");
        }
        return type;
    }

    /** {@code null} and an empty text: none, so that V2 is off. */
    private static Optional<String> publicKey(JsonBody body) {
        var value = body.json().get("public_key");
        if (value == null) return Optional.empty();
        if (value == JsonValue.NULL
                || (value instanceof JsonString s && s.getString().isBlank())) return Optional.of("");
        var key = KeyText.of(body.requiredText("public_key", LONGEST_KEY))
                .publicKey()
                .filter(k -> k.getModulus().bitLength() >= SHORTEST_RSA_BITS)
                .orElseThrow(() -> ProblemType.field(
                        "public_key",
                        new LocalizedText(
                                "商城的 RSA 公钥（PEM 或 Base64，至少 1024 位），不是私钥",
                                "the shop's RSA public key (PEM or Base64, 1024 bits or more) and no private key"),
                        new LocalizedText("其他内容", "something else")));
        return Optional.of(Base64.getEncoder().encodeToString(key.getEncoded()));
    }
}
