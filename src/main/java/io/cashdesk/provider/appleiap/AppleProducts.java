package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.Prices.Asked;
import io.cashdesk.provider.Prices.Priced;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.regex.Pattern;

/** What an order is to pay for: a product of App Store Connect, whose price only Apple knows. */
final class AppleProducts {
    static final String FIELD = "productid";

    private static final String QUANTITY = "quantity";

    /** Letters, digits, underscores and full stops, says App Store Connect; older products have hyphens too. */
    private static final Pattern PRODUCT = Pattern.compile("[0-9A-Za-z._-]{1,100}");

    /** As SKMutablePayment and Product.PurchaseOption have it. */
    private static final int MOST = 10;

    /** What decides which purchase pays the order. */
    private static final OtherParameters OTHER =
            new OtherParameters(Set.of("appAccountToken", "productid", "product_id", "bundleId", "environment"));

    private AppleProducts() {}

    static Priced price(Asked asked) {
        if (!(asked.goods() instanceof JsonString id)
                || !PRODUCT.matcher(id.getString()).matches()) {
            throw ProblemType.field(
                    FIELD,
                    new LocalizedText(
                            "App Store Connect 中的产品 ID：1 到 100 个字母、数字、._-",
                            "the product's id in App Store Connect: 1 to 100 letters, digits, ._-"),
                    asked.goods() == null ? LocalizedText.ABSENT : JsonBody.shown(asked.goods()));
        }
        return new Priced(asked.total().orElse(Money.fen(0)), goods(id.getString(), quantity(asked.other())));
    }

    /** What is bought, in an order and in a purchase: equal if it is the same. */
    static JsonObject goods(String productId, long quantity) {
        return Json.createObjectBuilder()
                .add(FIELD, productId)
                .add(QUANTITY, quantity)
                .build();
    }

    /** Refuses what can have no effect, because nothing is sent to Apple. */
    static void check(JsonObject other) {
        OTHER.check(other);
        quantity(other);
        for (var name : other.keySet()) {
            if (name.equals(QUANTITY)) continue;
            throw ProblemType.notSupported(
                    LocalizedText.same("other." + name),
                    new LocalizedText(
                            "内购下单不请求苹果，other 中只有 quantity 有效，请去掉该字段",
                            "nothing is sent to Apple, and other has only quantity; leave it out"));
        }
    }

    private static long quantity(JsonObject other) {
        if (!other.containsKey(QUANTITY)) return 1;
        var value = other.getOrDefault(QUANTITY, JsonValue.NULL);
        return JsonBody.wholeNumber(value)
                .filter(q -> q >= 1 && q <= MOST)
                .orElseThrow(() -> ProblemType.field(
                        "other." + QUANTITY,
                        new LocalizedText("1 到 " + MOST + " 的整数", "a whole number from 1 to " + MOST),
                        JsonBody.shown(value)));
    }
}
