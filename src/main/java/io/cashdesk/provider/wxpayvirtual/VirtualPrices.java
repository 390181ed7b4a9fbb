package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.Prices.Priced;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** What {@code wxpay_virtual} costs. Nothing is rounded. */
final class VirtualPrices {
    static final String FIELD = "wxpay_virtual";

    /** The modes of {@code wx.requestVirtualPayment}. */
    static final String COIN = "short_series_coin";

    static final String GOODS = "short_series_goods";

    /** In fen: as much as an order can be. */
    private static final long HIGHEST = 10_000_000_000L;

    private static final int LONGEST_PRODUCT = 64;

    private VirtualPrices() {}

    /** @param asked the value of the field, or null */
    static Priced price(VirtualAccount account, JsonValue asked) {
        var missing = asked == null || asked == JsonValue.NULL || asked.equals(JsonObject.EMPTY_JSON_OBJECT);
        if (missing) throw ProblemType.GOODS_MISSING.with(FIELD);
        var body = JsonBody.of(Json.createObjectBuilder().add(FIELD, asked).build())
                .object(FIELD)
                .orElseThrow();
        var mode = body.json().get("mode");
        if (Json.createValue(COIN).equals(mode)) return coins(account, body);
        if (Json.createValue(GOODS).equals(mode)) return goods(body);
        throw ProblemType.GOODS_MODE.with(FIELD, COIN, GOODS, body.shown("mode"));
    }

    private static Priced coins(VirtualAccount account, JsonBody body) {
        body.only("mode", "buy_quantity");
        var quantity = quantity(body);
        if (quantity > HIGHEST * account.rate() / 100) throw tooMuch();
        var hundredths = quantity * 100; // at most 10^18
        if (hundredths % account.rate() != 0) {
            throw ProblemType.field(
                    FIELD + ".buy_quantity",
                    new LocalizedText(
                            "价格为整数分的代币数量（每元 " + account.rate() + " 个）",
                            "a number of coins whose price is whole fen (one yuan buys " + account.rate() + ")"),
                    LocalizedText.same(quantity));
        }
        return new Priced(
                Money.fen(hundredths / account.rate()),
                Json.createObjectBuilder()
                        .add("mode", COIN)
                        .add("buy_quantity", quantity)
                        .build());
    }

    private static Priced goods(JsonBody body) {
        body.only("mode", "buy_quantity", "product_id", "goods_price");
        var quantity = quantity(body);
        var product = body.requiredText("product_id", LONGEST_PRODUCT);
        var price = body.whole("goods_price").filter(p -> p >= 1 && p <= HIGHEST);
        if (price.isEmpty()) {
            throw body.malformed(
                    "goods_price",
                    "正整数，单位为分，与后台中道具的价格一致",
                    "a positive whole number in fen, the product's price in the console");
        }
        if (quantity > HIGHEST / price.get()) throw tooMuch();
        return new Priced(
                Money.fen(quantity * price.get()),
                Json.createObjectBuilder()
                        .add("mode", GOODS)
                        .add("buy_quantity", quantity)
                        .add("product_id", product)
                        .add("goods_price", price.get())
                        .build());
    }

    private static long quantity(JsonBody body) {
        return JsonBody.wholeNumber(body.json().getOrDefault("buy_quantity", JsonValue.NULL))
                .filter(q -> q >= 1)
                .orElseThrow(() -> ProblemType.GOODS_QUANTITY.with(FIELD, body.shown("buy_quantity")));
    }

    private static RuntimeException tooMuch() {
        return ProblemType.field(
                FIELD + ".buy_quantity",
                new LocalizedText("总价不超过 " + HIGHEST + " 分的数量", "a quantity that costs at most " + HIGHEST + " fen"),
                new LocalizedText("总价更高的数量", "one that costs more"));
    }
}
