package io.cashdesk.face.cloudpay;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/** The fields of {@code unifiedOrder}: read with the limits of API v2, written in the names of v3. */
final class UnifiedOrderFields {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter V2_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    /** The fields of a goods list: in API v2, and in v3. */
    private static final Map<String, String> GOODS = Map.of(
            "goods_id", "merchant_goods_id",
            "wxpay_goods_id", "wechatpay_goods_id",
            "goods_name", "goods_name",
            "quantity", "quantity",
            "price", "unit_price");

    private UnifiedOrderFields() {}

    static String outTradeNo(Fields fields) {
        var number = fields.required("outTradeNo", 32);
        if (!number.matches("[0-9A-Za-z_|*-]{6,32}")) {
            throw Fields.malformed("outTradeNo", "must be 6 to 32 of digits, letters and _ - | *");
        }
        return number;
    }

    /** One character less than API v2 takes: a text is refused and never cut. */
    static String subject(Fields fields) {
        return fields.required("body", 127);
    }

    /** In Unix milliseconds. */
    static Optional<Long> expiry(Fields fields) {
        var start = moment(fields, "timeStart");
        var end = moment(fields, "timeExpire");
        if (start.isPresent() && end.isPresent() && start.get() > end.get()) {
            throw Fields.malformed("timeStart", "must not be after timeExpire");
        }
        return end;
    }

    private static Optional<Long> moment(Fields fields, String name) {
        return fields.text(name, 14).map(text -> {
            try {
                return LocalDateTime.parse(text, V2_TIME).toInstant(CHINA).toEpochMilli();
            } catch (DateTimeException e) {
                throw Fields.malformed(name, "must be like 20251227091010");
            }
        });
    }

    /** The fields that go to WeChat Pay v3, in its names. */
    static JsonObject other(Fields fields) {
        var other = Json.createObjectBuilder();
        fields.text("attach", 127).ifPresent(v -> other.add("attach", v));
        fields.text("goodsTag", 32).ifPresent(v -> other.add("goods_tag", v));
        var currency = fields.text("feeType", 16).orElse("CNY");
        if (!currency.equals("CNY")) throw Fields.malformed("feeType", "must be CNY");
        fields.text("limitPay", 32).ifPresent(v -> {
            if (!v.equals("no_credit")) throw Fields.malformed("limitPay", "must be no_credit");
            other.add("limit_pay", Json.createArrayBuilder().add(v));
        });
        fields.text("receipt", 8).ifPresent(v -> other.add("support_fapiao", v.equals("Y")));
        fields.object("detail", 6000).ifPresent(v -> other.add("detail", detail(v)));
        var device = fields.text("deviceInfo", 32);
        var store = fields.object("sceneInfo", 256).map(UnifiedOrderFields::store);
        var address = fields.required("spbillCreateIp", 64);
        if (address.length() > 45) throw Fields.malformed("spbillCreateIp", "is no IP address");
        if (device.isPresent() || store.isPresent()) {
            var scene = Json.createObjectBuilder();
            device.ifPresent(v -> scene.add("device_id", v));
            store.ifPresent(v -> scene.add("store_info", v));
            other.add("scene_info", scene);
        }
        return other.build();
    }

    private static JsonObject store(JsonObject scene) {
        var store = scene.getJsonObject("store_info");
        if (store == null) throw Fields.malformed("sceneInfo", "must have store_info");
        var limits = Map.of("id", 32, "name", 64, "area_code", 6, "address", 128);
        store.forEach((name, value) -> {
            var max = limits.get(name);
            if (max == null || store.getString(name, "").length() > max) {
                throw Fields.malformed("sceneInfo.store_info." + name, "is unknown or too long");
            }
        });
        return store;
    }

    private static JsonObjectBuilder detail(JsonObject v2) {
        var v3 = Json.createObjectBuilder();
        if (v2.containsKey("cost_price")) v3.add("cost_price", v2.get("cost_price"));
        if (v2.containsKey("receipt_id")) v3.add("invoice_id", v2.get("receipt_id"));
        var goods = v2.getJsonArray("goods_detail");
        if (goods == null) return v3;
        var list = Json.createArrayBuilder();
        for (var item : goods.getValuesAs(JsonObject.class)) {
            var one = Json.createObjectBuilder();
            item.forEach((name, value) -> {
                if (GOODS.containsKey(name)) one.add(GOODS.get(name), value);
            });
            list.add(one);
        }
        return v3.add("goods_detail", list);
    }
}
