package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.http.IpAddress;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of {@code unifiedOrder}: read with the limits of API v2, written in the names of v2 or v3. */
final class UnifiedOrderFields {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter V2_TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

    private UnifiedOrderFields() {}

    static String outTradeNo(Fields fields) {
        var number = fields.required("outTradeNo", 32);
        if (!number.matches("[0-9A-Za-z_|*-]{6,32}")) {
            throw fields.malformed("outTradeNo", "6 到 32 位的数字、字母、_ - | *", "6 to 32 of digits, letters and _ - | *");
        }
        return number;
    }

    /** 127 bytes, one less than API v2 takes, because v3 counts so; it is refused and never cut. */
    static String subject(Fields fields) {
        var body = fields.required("body", 127);
        if (body.isBlank() || body.codePoints().anyMatch(Character::isISOControl)) {
            throw fields.malformed("body", "不含控制字符的非空字符串", "a text that is not blank and has no control characters");
        }
        return body;
    }

    /** In Unix milliseconds. */
    static Optional<Long> expiry(Fields fields) {
        var start = moment(fields, "timeStart");
        var end = moment(fields, "timeExpire");
        if (start.isPresent() && end.isPresent() && start.get() > end.get()) {
            throw fields.malformed("timeStart", "不晚于 timeExpire", "no later than timeExpire");
        }
        return end;
    }

    private static Optional<Long> moment(Fields fields, String name) {
        return fields.text(name, 14).map(text -> {
            try {
                return LocalDateTime.parse(text, V2_TIME).toInstant(CHINA).toEpochMilli();
            } catch (DateTimeException e) {
                throw fields.malformed(name, "北京时间，格式如 20251227091010", "a time in Beijing like 20251227091010");
            }
        });
    }

    /** One address, in its usual form. */
    static String payersAddress(Fields fields) {
        return IpAddress.normalised(fields.required("spbillCreateIp", 64))
                .orElseThrow(() -> fields.malformed("spbillCreateIp", "一个 IP 地址", "one IP address"));
    }

    /**
     * The other fields of an order, each checked and refused by name.
     *
     * @param detail the goods
     * @param store the store in which the payer is
     */
    record Extras(
            Optional<String> attach,
            Optional<String> goodsTag,
            Optional<String> limitPay,
            Optional<String> receipt,
            Optional<String> deviceInfo,
            Optional<GoodsDetail> detail,
            Optional<JsonObject> store) {
        static Extras of(Fields fields) {
            fields.oneOf("feeType", "CNY");
            return new Extras(
                    fields.text("attach", 127),
                    fields.text("goodsTag", 32),
                    fields.oneOf("limitPay", "no_credit"),
                    fields.oneOf("receipt", "Y"),
                    fields.text("deviceInfo", 32),
                    GoodsDetail.of(fields),
                    UnifiedOrderFields.store(fields));
        }

        /** @param apiVersion of WeChat Pay, 2 or 3 */
        JsonObject in(int apiVersion) {
            return apiVersion == 2 ? inV2() : inV3();
        }

        private JsonObject inV2() {
            var other = Json.createObjectBuilder();
            attach.ifPresent(v -> other.add("attach", v));
            goodsTag.ifPresent(v -> other.add("goods_tag", v));
            limitPay.ifPresent(v -> other.add("limit_pay", v));
            receipt.ifPresent(v -> other.add("receipt", v));
            deviceInfo.ifPresent(v -> other.add("device_info", v));
            detail.ifPresent(v -> other.add("detail", v.inV2()));
            store.ifPresent(
                    v -> other.add("scene_info", Json.createObjectBuilder().add("store_info", v)));
            return other.build();
        }

        private JsonObject inV3() {
            var other = Json.createObjectBuilder();
            attach.ifPresent(v -> other.add("attach", v));
            goodsTag.ifPresent(v -> other.add("goods_tag", v));
            limitPay.ifPresent(
                    v -> other.add("limit_pay", Json.createArrayBuilder().add(v)));
            receipt.ifPresent(v -> other.add("support_fapiao", true));
            detail.ifPresent(v -> other.add("detail", v.inV3()));
            if (deviceInfo.isPresent() || store.isPresent()) {
                var scene = Json.createObjectBuilder();
                deviceInfo.ifPresent(v -> scene.add("device_id", v));
                store.ifPresent(v -> scene.add("store_info", v));
                other.add("scene_info", scene);
            }
            return other.build();
        }
    }

    /** The store's names are the same in both versions. */
    private static Optional<JsonObject> store(Fields fields) {
        return fields.object("sceneInfo", 256, "storeInfo").map(scene -> {
            var store = scene.object("storeInfo", 256, "id", "name", "areaCode", "address")
                    .orElseThrow(() ->
                            fields.malformed("sceneInfo", "含有 store_info 的 JSON 对象", "a JSON object with store_info"));
            var json = Json.createObjectBuilder().add("id", store.required("id", 32));
            store.text("name", 64).ifPresent(v -> json.add("name", v));
            store.text("areaCode", 6).ifPresent(v -> json.add("area_code", v));
            store.text("address", 128).ifPresent(v -> json.add("address", v));
            return json.build();
        });
    }

    /**
     * The goods of an order, in the names of API v2.
     *
     * @param goods each with {@code goods_id}, {@code quantity} and {@code price} at least
     */
    record GoodsDetail(Optional<Long> costPrice, Optional<String> receiptId, List<JsonObject> goods) {
        /** Names of v2, and those of v3; what has none there cannot be sent to v3. */
        private static final Map<String, String> V3 = Map.of(
                "goods_id", "merchant_goods_id",
                "wxpay_goods_id", "wechatpay_goods_id",
                "goods_name", "goods_name",
                "quantity", "quantity",
                "price", "unit_price");

        static Optional<GoodsDetail> of(Fields fields) {
            return fields.object("detail", 6000, "costPrice", "receiptId", "goodsDetail")
                    .map(detail ->
                            new GoodsDetail(detail.whole("costPrice"), detail.text("receiptId", 32), goods(detail)));
        }

        private static List<JsonObject> goods(Fields detail) {
            return detail
                    .objects(
                            "goodsDetail",
                            "goodsId",
                            "wxpayGoodsId",
                            "goodsName",
                            "quantity",
                            "price",
                            "goodsCategory",
                            "body")
                    .stream()
                    .map(GoodsDetail::item)
                    .toList();
        }

        private static JsonObject item(Fields item) {
            var json = Json.createObjectBuilder().add("goods_id", item.required("goodsId", 32));
            item.text("wxpayGoodsId", 32).ifPresent(v -> json.add("wxpay_goods_id", v));
            item.text("goodsName", 256).ifPresent(v -> json.add("goods_name", v));
            json.add("quantity", item.whole("quantity").orElseThrow(() -> item.missing("quantity")));
            json.add("price", item.whole("price").orElseThrow(() -> item.missing("price")));
            item.text("goodsCategory", 32).ifPresent(v -> json.add("goods_category", v));
            item.text("body", 1000).ifPresent(v -> json.add("body", v));
            return json.build();
        }

        JsonObject inV2() {
            var json = Json.createObjectBuilder();
            costPrice.ifPresent(v -> json.add("cost_price", v));
            receiptId.ifPresent(v -> json.add("receipt_id", v));
            return withGoods(json, goods);
        }

        JsonObject inV3() {
            var json = Json.createObjectBuilder();
            costPrice.ifPresent(v -> json.add("cost_price", v));
            receiptId.ifPresent(v -> json.add("invoice_id", v));
            return withGoods(json, goods.stream().map(GoodsDetail::itemInV3).toList());
        }

        private static JsonObject itemInV3(JsonObject v2) {
            var v3 = Json.createObjectBuilder();
            v2.forEach((name, value) -> {
                if (V3.containsKey(name)) v3.add(V3.get(name), value);
            });
            return v3.build();
        }

        private static JsonObject withGoods(JsonObjectBuilder json, List<JsonObject> goods) {
            if (goods.isEmpty()) return json.build();
            return json.add("goods_detail", Json.createArrayBuilder(goods)).build();
        }
    }
}
