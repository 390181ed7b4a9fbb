package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.http.IpAddress;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.DateTimeException;
import java.time.Instant;
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

    static String tradeType(Fields fields) {
        return fields.oneOf("tradeType", "JSAPI", "NATIVE", "APP", "MWEB").orElse("JSAPI");
    }

    /** The node that collects orders of this trade type; that of JSAPI, the default, for every other text. */
    static String node(String tradeType) {
        return switch (tradeType) {
            case "NATIVE" -> "wxpay_h5";
            case "APP" -> "wxpay_app-plus";
            case "MWEB" -> "wxpay_mweb";
            default -> CloudPayResource.MINI_PROGRAM;
        };
    }

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

    /**
     * A moment as CloudPay writes it.
     *
     * @param milliseconds a Unix time; what is none stays as it is
     * @param up to the next whole second, otherwise to the one before
     */
    static String beijing(String milliseconds, boolean up) {
        if (!milliseconds.matches("\\d{1,14}")) return milliseconds;
        var moment = Instant.ofEpochMilli(Long.parseLong(milliseconds) + (up ? 999 : 0));
        return V2_TIME.format(moment.atOffset(CHINA));
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
     * @param scene the store in which the payer is, and with MWEB the page or app
     */
    record Extras(
            Optional<String> attach,
            Optional<String> goodsTag,
            Optional<String> limitPay,
            Optional<String> receipt,
            Optional<String> deviceInfo,
            Optional<GoodsDetail> detail,
            Optional<Scene> scene) {
        static Extras of(Fields fields, String tradeType) {
            fields.oneOf("feeType", "CNY");
            return new Extras(
                    fields.text("attach", 127),
                    fields.text("goodsTag", 32),
                    fields.oneOf("limitPay", "no_credit"),
                    fields.oneOf("receipt", "Y"),
                    fields.text("deviceInfo", 32),
                    GoodsDetail.of(fields),
                    Scene.of(fields, tradeType));
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
            scene.map(Scene::inV2).filter(v -> !v.isEmpty()).ifPresent(v -> other.add("scene_info", v));
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
            var sceneInfo = Json.createObjectBuilder(scene.map(Scene::inV3).orElse(JsonObject.EMPTY_JSON_OBJECT));
            deviceInfo.ifPresent(v -> sceneInfo.add("device_id", v));
            var written = sceneInfo.build();
            if (!written.isEmpty()) other.add("scene_info", written);
            return other.build();
        }
    }

    /**
     * Where the payer is.
     *
     * @param store {@code store_info}, whose names are the same in both versions
     * @param page {@code h5_info}, with the names of API v2
     */
    record Scene(Optional<Fields> store, Optional<Fields> page) {
        /** Longest text that the version takes there as a whole, in bytes. */
        private static final int LONGEST = 256;

        /** Names of v2 in {@code h5_info}, and those of v3. */
        private static final Map<String, String> V3 = Map.of(
                "wapName", "app_name",
                "appName", "app_name",
                "wapUrl", "app_url",
                "bundleId", "bundle_id",
                "packageName", "package_name");

        private static final List<String> NAMES = V3.keySet().stream().sorted().toList();

        static Optional<Scene> of(Fields fields, String tradeType) {
            var known = tradeType.equals("MWEB") ? new String[] {"storeInfo", "h5Info"} : new String[] {"storeInfo"};
            return fields.object("sceneInfo", LONGEST, known).map(scene -> {
                var store = scene.object("storeInfo", LONGEST, "id", "name", "areaCode", "address");
                var page = scene.object(
                        "h5Info", LONGEST, "type", "wapName", "wapUrl", "appName", "bundleId", "packageName");
                if (store.isEmpty() && page.isEmpty()) {
                    var names = tradeType.equals("MWEB") ? "h5_info" : "store_info";
                    throw fields.malformed("sceneInfo", "含有 " + names + " 的 JSON 对象", "a JSON object with " + names);
                }
                var read = new Scene(store, page);
                read.inV2(); // checks what both versions have in common
                return read;
            });
        }

        JsonObject inV2() {
            var scene = Json.createObjectBuilder();
            store.map(Scene::store).filter(v -> !v.isEmpty()).ifPresent(v -> scene.add("store_info", v));
            page.ifPresent(p -> {
                var json = Json.createObjectBuilder().add("type", type(p));
                for (var name : NAMES) {
                    text(p, name, LONGEST).ifPresent(v -> json.add(Fields.snake(name), v));
                }
                scene.add("h5_info", json);
            });
            return scene.build();
        }

        /** A store needs its number there, and each text of a page has a limit of its own. */
        JsonObject inV3() {
            var scene = Json.createObjectBuilder();
            store.ifPresent(s -> {
                var json = store(s);
                if (!json.isEmpty() && !json.containsKey("id")) throw s.missing("id");
                if (!json.isEmpty()) scene.add("store_info", json);
            });
            page.ifPresent(p -> {
                var json = Json.createObjectBuilder().add("type", type(p).equals("IOS") ? "iOS" : type(p));
                for (var name : NAMES) {
                    var v3 = V3.get(name);
                    text(p, name, v3.equals("app_name") ? 64 : 128).ifPresent(v -> json.add(v3, v));
                }
                scene.add("h5_info", json);
            });
            return scene.build();
        }

        private static JsonObject store(Fields store) {
            var json = Json.createObjectBuilder();
            text(store, "id", 32).ifPresent(v -> json.add("id", v));
            text(store, "name", 64).ifPresent(v -> json.add("name", v));
            text(store, "areaCode", 6).ifPresent(v -> json.add("area_code", v));
            text(store, "address", 128).ifPresent(v -> json.add("address", v));
            return json.build();
        }

        /** In the spelling of v2; v3 writes iOS. */
        private static String type(Fields page) {
            var type = page.oneOf("type", "Wap", "IOS", "iOS", "Android").orElseThrow(() -> page.missing("type"));
            return type.equals("iOS") ? "IOS" : type;
        }

        private static Optional<String> text(Fields fields, String name, int max) {
            return fields.text(name, max).filter(text -> !text.isBlank());
        }
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
