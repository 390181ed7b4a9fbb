package io.cashdesk.simulator.wxpayvirtual;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The text {@code signData} of the client's call, read strictly: types are not converted, and an unknown member is
 * refused.
 *
 * @param coins true: coins are bought; false: a product
 * @param env 0 production, 1 sandbox
 * @param productId an empty text for coins
 * @param goodsPrice fen; 0 for coins
 * @param activityPrice fen; a lower price for a while
 * @see <a href="https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestVirtualPayment.html">the
 *     document</a>
 */
record SignData(
        boolean coins,
        String offerId,
        long quantity,
        int env,
        String productId,
        long goodsPrice,
        OptionalLong activityPrice,
        String outTradeNo,
        String attach) {
    static final String COINS = "short_series_coin";
    static final String GOODS = "short_series_goods";

    private static final Set<String> MEMBERS = Set.of(
            "offerId",
            "buyQuantity",
            "env",
            "currencyType",
            "productId",
            "goodsPrice",
            "activitySellingPrice",
            "outTradeNo",
            "attach");

    private static final long MOST = 100_000_000;

    /** Of the price; a promotion may not be cheaper. */
    private static final int LEAST_PERCENT = 40;

    static SignData read(String mode, String text) {
        if (!Set.of(COINS, GOODS).contains(mode)) throw wrong("mode 须为 " + GOODS + " 或 " + COINS);
        var json = object(text);
        for (var member : json.keySet()) {
            if (!MEMBERS.contains(member)) throw wrong("signData 没有成员 " + member);
        }
        var coins = mode.equals(COINS);
        var offerId = text(json, "offerId");
        var quantity = whole(json, "buyQuantity").orElseThrow(() -> wrong("缺少 buyQuantity"));
        if (quantity < 1 || quantity > MOST) throw wrong("buyQuantity 须为正整数");
        var env = whole(json, "env").orElse(0);
        if (env != 0 && env != 1) throw wrong("env 须为 0 或 1");
        if (!text(json, "currencyType").equals("CNY")) {
            throw new ClientRefusal(ClientRefusal.CURRENCY, "currencyType 须为 CNY");
        }
        var number = text(json, "outTradeNo");
        if (!number.matches("[0-9A-Za-z\\-|*@][0-9A-Za-z_\\-|*@]{7,31}")) {
            throw wrong("outTradeNo 须为 8 至 32 个字符（0-9 A-Z a-z _ - | * @），不以 _ 开头");
        }
        var attach = text(json, "attach");
        if (coins) return new SignData(true, offerId, quantity, (int) env, "", 0, OptionalLong.empty(), number, attach);
        var price = whole(json, "goodsPrice").orElseThrow(() -> wrong("缺少 goodsPrice"));
        if (price < 1 || price > MOST) throw wrong("goodsPrice 须为正整数");
        var activity = whole(json, "activitySellingPrice");
        if (activity.isPresent()
                && (activity.getAsLong() * 100 < price * LEAST_PERCENT || activity.getAsLong() > price)) {
            throw wrong("activitySellingPrice 不得低于 goodsPrice 的 40%，也不得高于它");
        }
        return new SignData(
                false, offerId, quantity, (int) env, text(json, "productId"), price, activity, number, attach);
    }

    private static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw malformed("signData 不是 JSON 对象");
        }
    }

    private static String text(JsonObject json, String name) {
        if (!json.containsKey(name)) throw wrong("缺少 " + name);
        if (json.get(name) instanceof JsonString s) return s.getString();
        throw malformed(name + " 须为文本");
    }

    private static OptionalLong whole(JsonObject json, String name) {
        if (!json.containsKey(name)) return OptionalLong.empty();
        if (json.get(name) instanceof JsonNumber n
                && n.isIntegral()
                && n.bigIntegerValue().bitLength() < 63) return OptionalLong.of(n.longValue());
        throw malformed(name + " 须为整数");
    }

    private static ClientRefusal wrong(String message) {
        return new ClientRefusal(ClientRefusal.PARAMETER, message);
    }

    private static ClientRefusal malformed(String message) {
        return new ClientRefusal(ClientRefusal.SIGN_DATA, message);
    }

    /** Fen a piece, as the payer pays it; 0 for coins. */
    long unitPrice() {
        return activityPrice.orElse(goodsPrice);
    }

    /**
     * Fen in all.
     *
     * @param rate coins per yuan
     * @throws ClientRefusal if so many coins do not cost whole fen
     */
    long amount(long rate) {
        if (!coins) return unitPrice() * quantity;
        if (quantity * 100 % rate != 0) throw wrong("buyQuantity 对应的金额不是整分");
        return quantity * 100 / rate;
    }
}
