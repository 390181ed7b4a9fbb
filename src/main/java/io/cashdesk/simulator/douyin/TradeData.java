package io.cashdesk.simulator.douyin;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in the first argument of {@code tt.requestOrder}, read strictly: a list of one kind of goods, whose price
 * times quantity is the total.
 *
 * @param fen the total
 * @param request all of it but its life, for comparing a repetition
 */
record TradeData(
        String number,
        long fen,
        String title,
        String skuId,
        Duration life,
        String notifyUrl,
        List<Integer> hiddenWays,
        String request) {
    private static final long LARGEST = 10_000_000_000L;
    private static final long USUAL_LIFE = 300;
    private static final long LONGEST_LIFE = 172_800;
    private static final int LONGEST_TITLE = 256;

    /** Refused with {@link DouyinRefusal#CLIENT_PARAMETER}, which names the member. */
    static TradeData read(String data, DouyinOrders orders) {
        var fields = DouyinFields.parse(data, DouyinRefusal.CLIENT_PARAMETER);
        var skus = fields.objects("skuList");
        if (skus.size() != 1) throw fields.wrong("skuList", "应有且只有 1 个商品");
        var sku = skus.get(0);
        var price = sku.requiredWhole("price", 1, LARGEST);
        var quantity = sku.requiredWhole("quantity", 1, 100);
        var title = title(sku);
        images(sku);
        sku.requiredWhole("type", 1, 9999);
        sku.required("tagGroupId", 64);
        sku.text("skuAttr");
        if (sku.object("entrySchema").isPresent()) sku.checkPage("entrySchema");
        var total = fields.requiredWhole("totalAmount", 1, LARGEST);
        if (total != price * quantity) throw fields.wrong("totalAmount", "应等于 price 与 quantity 的乘积之和");
        fields.checkPage("orderEntrySchema");
        fields.text("merchantUid", 64);
        fields.text("payScene", 64);
        var currency = fields.text("currency").orElse("CNY");
        if (!currency.equals("CNY")) throw fields.wrong("currency", "应为 CNY");
        return new TradeData(
                fields.number("outOrderNo"),
                total,
                title,
                sku.required("skuId", 64),
                Duration.ofSeconds(
                        fields.whole("payExpireSeconds", 1, LONGEST_LIFE).orElse(USUAL_LIFE)),
                orders.callbackAddress(fields, "payNotifyUrl", 512),
                hidden(fields),
                fields.canonical("payExpireSeconds"));
    }

    private static String title(DouyinFields sku) {
        var title = sku.required("title", LONGEST_TITLE);
        if (title.getBytes(StandardCharsets.UTF_8).length > LONGEST_TITLE) {
            throw sku.wrong("title", "最长 " + LONGEST_TITLE + " 字节");
        }
        return title;
    }

    private static void images(DouyinFields sku) {
        if (!(sku.json().get("imageList") instanceof JsonArray list) || list.size() != 1) {
            throw sku.wrong("imageList", "应有且只有 1 个图片地址");
        }
        if (!(list.get(0) instanceof JsonString image) || !isAddress(image.getString())) {
            throw sku.wrong("imageList", "的成员应为图片地址");
        }
    }

    private static boolean isAddress(String text) {
        try {
            var scheme = URI.create(text).getScheme();
            return text.length() <= 512 && ("https".equals(scheme) || "http".equals(scheme));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<Integer> hidden(DouyinFields fields) {
        var ways = new ArrayList<Integer>();
        var list = fields.json().get("limitPayWayList");
        if (list == null || list == JsonValue.NULL) return ways;
        if (!(list instanceof JsonArray given)) throw fields.wrong("limitPayWayList", "应为数组");
        for (var item : given) {
            var way = (item instanceof JsonNumber number && number.isIntegral()) ? number.intValue() : 0;
            if (way != 1 && way != 2) throw fields.wrong("limitPayWayList", "的成员应为 1（微信）或 2（支付宝）");
            ways.add(way);
        }
        return ways;
    }
}
