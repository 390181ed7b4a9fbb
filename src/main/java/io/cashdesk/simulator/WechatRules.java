package io.cashdesk.simulator;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What WeChat Pay's v3 calls take, field by field, as its documents say. Lengths are in characters, amounts in fen.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">direct</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/partner/4012714902">service providers</a>
 */
final class WechatRules {
    private static final Rule NUMBER = pattern("[0-9A-Za-z_|*-]{6,32}", "6-32 of 0-9A-Za-z_-|*");
    private static final Rule ADDRESS = pattern("[0-9a-fA-F:.]{2,45}", "an IPv4 or IPv6 address");
    private static final Rule CHINESE_MONEY = oneOf("CNY");

    private static final Shape AMOUNT = shape().must("total", whole(1)).may("currency", CHINESE_MONEY);
    private static final Shape SETTLE = shape().may("profit_sharing", flag());
    private static final Rule LIMITS = list(oneOf("no_balance", "no_credit", "no_debit", "balance_only"));

    /** At the till a store's id is WeChat Pay's own number for it; elsewhere it is the merchant's. */
    private static final Shape STORE = shape().must("id", text(32))
            .may("name", text(256))
            .may("area_code", text(32))
            .may("address", text(512));

    private static final Shape H5_INFO = shape().must("type", oneOf("Wap", "iOS", "Android"))
            .may("app_name", text(64))
            .may("app_url", text(128))
            .may("bundle_id", text(128))
            .may("package_name", text(128));

    private static final Map<WechatProduct, Shape> DIRECT = new EnumMap<>(WechatProduct.class);
    private static final Map<WechatProduct, Shape> PARTNER = new EnumMap<>(WechatProduct.class);

    static {
        for (var product : WechatProduct.values()) {
            DIRECT.put(
                    product,
                    body(product)
                            .must("appid", text(32))
                            .must("mchid", text(32))
                            .with(payer(product, shape().must("openid", text(128)))));
            PARTNER.put(
                    product,
                    body(product)
                            .must("sp_appid", text(32))
                            .must("sp_mchid", text(32))
                            .may("sub_appid", text(32))
                            .must("sub_mchid", text(32))
                            .with(payer(
                                    product, shape().may("sp_openid", text(128)).may("sub_openid", text(128)))));
        }
    }

    private static final Shape REFUND = shape().may("sub_mchid", text(32))
            .may("transaction_id", text(32))
            .may("out_trade_no", text(32))
            .must("out_refund_no", pattern("[0-9A-Za-z_|*@-]{1,64}", "1-64 of 0-9A-Za-z_-|*@"))
            .may("reason", text(80))
            .may("notify_url", WechatRules::notifyUrl)
            .may("funds_account", oneOf("AVAILABLE", "UNSETTLED"))
            .must(
                    "amount",
                    shape().must("refund", whole(1))
                            .must("total", whole(1))
                            .must("currency", CHINESE_MONEY)
                            .may(
                                    "from",
                                    list(shape().must("account", oneOf("AVAILABLE", "UNAVAILABLE"))
                                            .must("amount", whole(1)))))
            .may(
                    "goods_detail",
                    list(shape().must("merchant_goods_id", text(32))
                            .may("wechatpay_goods_id", text(32))
                            .may("goods_name", text(256))
                            .must("unit_price", whole(0))
                            .must("refund_amount", whole(0))
                            .must("refund_quantity", whole(1))));

    private WechatRules() {}

    /** A refusal in WeChat Pay's words; the number is its own one for the reason, at the end of Request-ID. */
    static final class Refused extends RuntimeException {
        final int status;
        final String code;
        final transient Map<String, String> detail;
        final int number;

        Refused(int status, String code, String message, Map<String, String> detail) {
            this(status, code, message, detail, 268435461);
        }

        Refused(int status, String code, String message, Map<String, String> detail, int number) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
            this.detail = detail;
            this.number = number;
        }

        Refused(int status, String code, String message, int number) {
            this(status, code, message, Map.of(), number);
        }
    }

    static Refused parameter(String field, String issue) {
        return new Refused(
                400, "PARAM_ERROR", "参数错误", Map.of("field", "/" + field, "issue", issue, "location", "body"));
    }

    static Refused queryParameter(String field, String issue, int number) {
        return new Refused(
                400, "PARAM_ERROR", "参数错误", Map.of("field", field, "issue", issue, "location", "query"), number);
    }

    static Refused invalid(String message, int number) {
        return new Refused(400, "INVALID_REQUEST", message, number);
    }

    static Refused extra(String field) {
        return new Refused(
                400,
                "PARAM_ERROR",
                "参数错误",
                Map.of("field", "/" + field, "issue", "illegal additional parameter", "location", "body"),
                270924358);
    }

    /**
     * What a merchant orders, with any product.
     *
     * @param mchid who asks: the merchant, or the service provider
     * @param subMchid for whom a service provider asks, or an empty text
     * @param openid of the payer in {@code appId}, or an empty text where anybody may pay
     * @param expiresAt as asked, or null
     * @param authCode what the payer showed at the till, or an empty text
     */
    record Order(
            WechatProduct product,
            boolean partner,
            String appId,
            String mchid,
            String subAppid,
            String subMchid,
            String number,
            String description,
            String notifyUrl,
            long amount,
            Instant expiresAt,
            String openid,
            String subOpenid,
            String attach,
            String deviceId,
            String clientIp,
            String authCode) {}

    /** The order that a body asks for; refused as WeChat Pay would refuse it. */
    static Order order(WechatProduct product, boolean partner, JsonObject body) {
        if (partner && !body.containsKey("sub_mchid")) {
            throw new Refused(
                    400,
                    "PARAM_ERROR",
                    "缺少子商户号",
                    Map.of("field", "/sub_mchid", "issue", "missing", "location", "body"),
                    268443704);
        }
        if (product == WechatProduct.JSAPI && !body.containsKey("payer")) {
            throw new Refused(
                    400,
                    "PARAM_ERROR",
                    "JSAPI支付必须传openid",
                    Map.of("field", "/payer/openid", "issue", "missing", "location", "body"),
                    268501013);
        }
        if (product == WechatProduct.CODE && partner && !body.containsKey("sp_appid")) {
            throw new Refused(500, "SYSTEM_ERROR", "系统错误", 268435461); // so its users report, and not as a parameter
        }
        (partner ? PARTNER : DIRECT).get(product).check("", body);
        var payer = body.containsKey("payer") ? body.getJsonObject("payer") : JsonValue.EMPTY_JSON_OBJECT;
        if (product == WechatProduct.JSAPI && partner) checkPartnersPayer(body, payer);
        var scene = body.containsKey("scene_info") ? body.getJsonObject("scene_info") : JsonValue.EMPTY_JSON_OBJECT;
        return new Order(
                product,
                partner,
                body.getString(partner ? "sp_appid" : "appid"),
                body.getString(partner ? "sp_mchid" : "mchid"),
                body.getString("sub_appid", ""),
                body.getString("sub_mchid", ""),
                body.getString("out_trade_no"),
                body.getString("description"),
                body.getString("notify_url", ""),
                body.getJsonObject("amount").getJsonNumber("total").longValueExact(),
                body.containsKey("time_expire") ? moment(body.getString("time_expire")) : null,
                payer.getString(partner ? "sp_openid" : "openid", ""),
                payer.getString("sub_openid", ""),
                body.getString("attach", ""),
                scene.getString("device_id", ""),
                scene.getString("payer_client_ip", ""),
                payer.getString("auth_code", ""));
    }

    private static void checkPartnersPayer(JsonObject body, JsonObject payer) {
        if (payer.size() != 1) throw parameter("payer", "exactly one of sp_openid and sub_openid");
        if (payer.containsKey("sub_openid") && !body.containsKey("sub_appid")) {
            throw parameter("sub_appid", "missing, but payer/sub_openid is there");
        }
    }

    /** @param total what the merchant says the whole order was */
    record Refund(
            String subMchid,
            String transactionId,
            String outTradeNo,
            String number,
            String notifyUrl,
            long amount,
            long total) {}

    static Refund refund(JsonObject body) {
        REFUND.check("", body);
        if (body.containsKey("transaction_id") == body.containsKey("out_trade_no")) {
            throw parameter("out_trade_no", "exactly one of transaction_id and out_trade_no");
        }
        var amount = body.getJsonObject("amount");
        var refund = amount.getJsonNumber("refund").longValueExact();
        if (amount.containsKey("from")) {
            long from = amount.getJsonArray("from").getValuesAs(JsonObject.class).stream()
                    .mapToLong(f -> f.getJsonNumber("amount").longValueExact())
                    .sum();
            if (from != refund) throw parameter("amount/from", "does not add up to amount/refund");
        }
        return new Refund(
                body.getString("sub_mchid", ""),
                body.getString("transaction_id", ""),
                body.getString("out_trade_no", ""),
                body.getString("out_refund_no"),
                body.getString("notify_url", ""),
                refund,
                amount.getJsonNumber("total").longValueExact());
    }

    /** What a merchant says about a refund that could not reach the payer. */
    static void abnormal(JsonObject body) {
        shape().may("sub_mchid", text(32))
                .must("out_refund_no", text(64))
                .must("type", oneOf("USER_BANK_CARD", "MERCHANT_BANK_CARD"))
                .may("bank_type", text(16))
                .may("bank_account", text(1024))
                .may("real_name", text(1024))
                .check("", body);
        if (body.getString("type").equals("USER_BANK_CARD")) {
            for (var name : List.of("bank_type", "bank_account", "real_name")) {
                if (!body.containsKey(name)) throw parameter(name, "missing");
            }
        }
    }

    /** The ids of who asks, in the body of a close (without applications) or a reverse (with them). */
    static void ids(JsonObject body, boolean partner, boolean applications) {
        var ids = shape();
        if (partner) {
            ids.must("sp_mchid", text(32)).must("sub_mchid", text(32));
            if (applications) ids.may("sp_appid", text(32)).may("sub_appid", text(32));
        } else {
            ids.must("mchid", text(32));
            if (applications) ids.must("appid", text(32));
        }
        ids.check("", body);
    }

    private static Shape body(WechatProduct product) {
        var till = product == WechatProduct.CODE;
        var body = shape().must("description", text(127))
                .must("out_trade_no", NUMBER)
                .must("amount", AMOUNT)
                .may("attach", text(128))
                .may("goods_tag", text(32))
                .may("support_fapiao", flag())
                .may("detail", detail(till ? "wxpay_goods_id" : "wechatpay_goods_id"))
                .may("settle_info", SETTLE);
        if (till) {
            return body.must(
                            "payer",
                            shape().must("auth_code", pattern("1[0-5]\\d{16}", "18 digits that begin with 10 to 15")))
                    .must("scene_info", till());
        }
        body.must("notify_url", WechatRules::notifyUrl)
                .may("time_expire", WechatRules::time)
                .may("limit_pay", LIMITS);
        var scene = shape().must("payer_client_ip", ADDRESS)
                .may("device_id", text(32))
                .may("store_info", STORE);
        return product == WechatProduct.H5
                ? body.must("scene_info", scene.must("h5_info", H5_INFO))
                : body.may("scene_info", scene);
    }

    private static Shape till() {
        var ids = shape().may("id", text(32)).may("out_id", text(32));
        return shape().may("device_id", text(32)).may("device_ip", ADDRESS).must("store_info", (path, value) -> {
            ids.check(path, value);
            if (value.asJsonObject().isEmpty()) throw parameter(path, "one of id and out_id");
        });
    }

    private static Shape detail(String wechatsGoodsId) {
        return shape().may("cost_price", whole(0))
                .may("invoice_id", text(32))
                .may(
                        "goods_detail",
                        list(shape().must("merchant_goods_id", text(32))
                                .may(wechatsGoodsId, text(32))
                                .may("goods_name", text(256))
                                .must("quantity", whole(1))
                                .must("unit_price", whole(0))));
    }

    private static Shape payer(WechatProduct product, Shape payer) {
        return product == WechatProduct.JSAPI ? shape().must("payer", payer) : shape();
    }

    // what a field may be

    /** Refuses a value that a field may not have. */
    interface Rule {
        void check(String path, JsonValue value);
    }

    /** The fields of an object: some must be there, some may, no other. */
    static final class Shape implements Rule {
        private final Map<String, Rule> rules = new LinkedHashMap<>();
        private final Set<String> required = new LinkedHashSet<>();

        Shape must(String name, Rule rule) {
            required.add(name);
            return may(name, rule);
        }

        Shape may(String name, Rule rule) {
            rules.put(name, rule);
            return this;
        }

        Shape with(Shape more) {
            rules.putAll(more.rules);
            required.addAll(more.required);
            return this;
        }

        @Override
        public void check(String path, JsonValue value) {
            if (!(value instanceof JsonObject object)) throw parameter(path, "must be an object");
            var below = path.isEmpty() ? "" : path + "/";
            for (var name : object.keySet()) {
                if (!rules.containsKey(name)) throw extra(below + name);
                if (object.get(name) == JsonValue.NULL) throw parameter(below + name, "null is not allowed");
            }
            for (var name : required) {
                if (!object.containsKey(name)) throw parameter(below + name, "missing");
                if (object.get(name) instanceof JsonString s && s.getString().isEmpty()) {
                    throw parameter(below + name, "empty");
                }
            }
            object.forEach((name, field) -> rules.get(name).check(below + name, field));
        }
    }

    static Shape shape() {
        return new Shape();
    }

    static Rule text(int max) {
        return (path, value) -> {
            var text = string(path, value);
            if (text.codePointCount(0, text.length()) > max) throw parameter(path, "longer than " + max);
        };
    }

    private static Rule pattern(String regex, String wanted) {
        var pattern = Pattern.compile(regex);
        return (path, value) -> {
            if (!pattern.matcher(string(path, value)).matches()) throw parameter(path, wanted);
        };
    }

    private static Rule oneOf(String... values) {
        var allowed = Set.of(values);
        return (path, value) -> {
            if (!allowed.contains(string(path, value))) throw parameter(path, "one of " + Arrays.toString(values));
        };
    }

    private static Rule whole(long least) {
        return (path, value) -> {
            if (!(value instanceof JsonNumber n)
                    || !n.toString().matches("0|[1-9]\\d{0,11}")
                    || n.longValueExact() < least) {
                throw parameter(path, "must be an integer of at least " + least);
            }
        };
    }

    private static Rule flag() {
        return (path, value) -> {
            if (value != JsonValue.TRUE && value != JsonValue.FALSE) throw parameter(path, "must be true or false");
        };
    }

    private static Rule list(Rule of) {
        return (path, value) -> {
            if (!(value instanceof JsonArray array)) throw parameter(path, "must be a list");
            for (int i = 0; i < array.size(); i++) of.check(path + "/" + i, array.get(i));
        };
    }

    private static String string(String path, JsonValue value) {
        if (value instanceof JsonString s) return s.getString();
        throw parameter(path, "must be a string");
    }

    private static void notifyUrl(String path, JsonValue value) {
        text(255).check(path, value);
        try {
            var uri = URI.create(string(path, value));
            if (uri.getHost() != null
                    && uri.getRawQuery() == null
                    && List.of("http", "https").contains(uri.getScheme())) return;
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw parameter(path, "http(s) address without a query");
    }

    private static void time(String path, JsonValue value) {
        text(64).check(path, value);
        if (!string(path, value).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d")) {
            throw parameter(path, "must be like 2018-06-08T10:34:56+08:00");
        }
        moment(string(path, value));
    }

    private static Instant moment(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw parameter("time_expire", "is no moment");
        }
    }
}
