package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.json.JsonMerge;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.OtherParameters;
import io.cashdesk.provider.PaymentRequest;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * {@code data} of {@code tt.requestOrder}: the account's {@code requestOrder}, over it the call's {@code other}, over
 * it what the payment says. There is one entry in {@code skuList}, and its price times its quantity is the total.
 *
 * @see <a
 *     href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/payment/trade-system/general/order/request-order-data-sign">data
 *     of an order</a>
 */
final class TradeOrder {
    private static final String LIST = "skuList";
    private static final String SCHEMA = "orderEntrySchema";
    private static final String MERCHANT = "merchantUid";
    private static final long MOST_OF_ONE = 100;

    /** Seconds; the payer's time begins when the mini-program requests the order. */
    private static final long LONGEST = 172_800;

    /** What the payment determines; a currency would change what its amount means. */
    private static final Set<String> OF_PAYMENT =
            Set.of("outOrderNo", "totalAmount", "payExpireSeconds", "payNotifyUrl", "currency");

    /** What {@code other} cannot replace. Whom the money reaches, the account determines. */
    private static final OtherParameters RESERVED = new OtherParameters(
            Set.of("outOrderNo", "totalAmount", "payExpireSeconds", "payNotifyUrl", "currency", "merchantUid"));

    private static final LocalizedText ONE_ENTRY = new LocalizedText("只有一个对象的列表", "a list of exactly one object");

    private static final LocalizedText COUNT = new LocalizedText("1 到 100 的整数", "a whole number from 1 to 100");

    private static final LocalizedText PRICE = new LocalizedText("正整数（分）", "a positive whole number of fen");

    private static final LocalizedText PAGE = new LocalizedText(
            "对象，其中 path 为小程序的订单页，例如 {\"path\": \"pages/order\", \"params\": \"{}\"}",
            "an object whose path is the mini-program's page of an order, for instance {\"path\": \"pages/order\","
                    + " \"params\": \"{}\"}");

    /** What a member must be. */
    private record Kind(LocalizedText expected, Predicate<JsonValue> fits) {}

    private static final Kind TEXT = new Kind(new LocalizedText("文本，要加引号", "a text, in quotes"), TradeOrder::isText);

    /** What the entry of {@code skuList} must have beside price, quantity and title. */
    private static final Map<String, Kind> REQUIRED = new LinkedHashMap<>();

    static {
        REQUIRED.put("skuId", TEXT);
        REQUIRED.put(
                "imageList",
                new Kind(
                        new LocalizedText("只有一个地址的列表", "a list of exactly one address"),
                        value -> value instanceof JsonArray array && array.size() == 1 && isText(array.get(0))));
        REQUIRED.put(
                "type",
                new Kind(
                        new LocalizedText(
                                "整数：商品类目，例如 401", "a whole number: the category of the goods, for instance 401"),
                        value -> JsonBody.wholeNumber(value).isPresent()));
        REQUIRED.put("tagGroupId", TEXT);
    }

    private TradeOrder() {}

    // the account

    /**
     * The node's {@code requestOrder}; an empty object if there is none.
     *
     * @throws io.cashdesk.provider.WrongNodeValue if it cannot be used
     */
    static JsonObject checkedDefaults(AccountSettings settings) {
        var given = settings.values().get("requestOrder");
        if (given == null || given == JsonValue.NULL) return JsonValue.EMPTY_JSON_OBJECT;
        require(
                given instanceof JsonObject,
                "requestOrder 应为对象：tt.requestOrder 的 data 中固定的字段，例如 {\"skuList\": [{…}], \"orderEntrySchema\": {…}}",
                "requestOrder must be an object with what stays the same in data of tt.requestOrder, for instance"
                        + " {\"skuList\": [{…}], \"orderEntrySchema\": {…}}");
        var defaults = given.asJsonObject();
        for (var name : OF_PAYMENT) {
            require(
                    !defaults.containsKey(name),
                    "requestOrder." + name + " 由每笔付款决定，请去掉",
                    "requestOrder." + name + " is set for each payment: leave it out");
        }
        defaults.forEach((name, value) -> require(
                value != JsonValue.NULL,
                "requestOrder." + name + " 为 null，请填写或去掉",
                "requestOrder." + name + " is null: give a value, or leave it out"));
        if (defaults.containsKey(LIST)) checkDefaultSku(defaults.get(LIST));
        if (defaults.containsKey(SCHEMA)) checkDefaultSchema(defaults.get(SCHEMA));
        var merchant = defaults.get(MERCHANT);
        require(
                merchant == null
                        || (merchant instanceof JsonString text
                                && text.getString().matches("[!-~]{1,64}")),
                "requestOrder.merchantUid 应为文本：收款商户号，要加引号，不含空格",
                "requestOrder.merchantUid must be a text: the number of the merchant that collects, in quotes and without"
                        + " blanks");
        return defaults;
    }

    /** The merchant that the account's orders name; an empty text if they name none. */
    static String merchantUid(JsonObject defaults) {
        return Members.text(defaults, MERCHANT);
    }

    /** @param merchant an empty text: none */
    static JsonObject withMerchantUid(JsonObject defaults, String merchant) {
        var changed = Json.createObjectBuilder(defaults).remove(MERCHANT);
        return (merchant.isEmpty() ? changed : changed.add(MERCHANT, merchant)).build();
    }

    private static void checkDefaultSku(JsonValue list) {
        require(
                list instanceof JsonArray array && array.size() == 1 && array.get(0) instanceof JsonObject,
                "requestOrder.skuList 应为只有一个对象的列表",
                "requestOrder.skuList must be a list of exactly one object");
        var sku = list.asJsonArray().getJsonObject(0);
        for (var name : List.of("price", "quantity", "title")) {
            require(
                    !sku.containsKey(name),
                    "requestOrder.skuList[0]." + name + " 由每笔付款决定，请去掉",
                    "requestOrder.skuList[0]." + name + " is set for each payment: leave it out");
        }
        REQUIRED.forEach((name, kind) -> {
            var value = sku.get(name);
            require(
                    value == null || kind.fits().test(value),
                    "requestOrder.skuList[0]." + name + " 应为" + kind.expected().zh(),
                    "requestOrder.skuList[0]." + name + " must be "
                            + kind.expected().en());
        });
    }

    private static boolean isText(JsonValue value) {
        return value instanceof JsonString text && !text.getString().isBlank();
    }

    private static boolean isPage(JsonValue schema) {
        return schema instanceof JsonObject object && object.containsKey("path") && isText(object.get("path"));
    }

    private static void checkDefaultSchema(JsonValue schema) {
        require(
                isPage(schema),
                "requestOrder.orderEntrySchema 应为对象，其中 path 为小程序的订单页，例如 {\"path\": \"pages/order\", \"params\": \"{}\"}",
                "requestOrder.orderEntrySchema must be an object whose path is the mini-program's page of an order, for"
                        + " instance {\"path\": \"pages/order\", \"params\": \"{}\"}");
    }

    /**
     * The mini-program's page of an order as refunds name it, with {@code params} as a text.
     *
     * @return an empty object if the account names none
     */
    static JsonObject entrySchema(JsonObject defaults) {
        return defaults.get(SCHEMA) instanceof JsonObject schema ? withTextParams(schema) : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject withTextParams(JsonObject schema) {
        if (!(schema.get("params") instanceof JsonObject params)) return schema;
        return Json.createObjectBuilder(schema).add("params", params.toString()).build();
    }

    // the call

    /**
     * Checks what a caller adds.
     *
     * @param total of the order, or null if it is not known yet
     * @throws Problem OTHER_RESERVED or FIELD, which names what is wrong
     */
    static void check(JsonObject defaults, JsonObject other, Money total) {
        RESERVED.check(other);
        if (other.containsKey(SCHEMA) && !(other.get(SCHEMA) instanceof JsonObject)) {
            throw OtherParameters.refusal("other." + SCHEMA, OtherParameters.OBJECT, other.get(SCHEMA));
        }
        var list = other.get(LIST);
        if (list == null) {
            if (!(defaults.get(LIST) instanceof JsonArray)) {
                throw missing(LIST, new LocalizedText("只有一个对象的列表", "a list of exactly one object"));
            }
        } else {
            if (!(list instanceof JsonArray array) || array.size() != 1 || !(array.get(0) instanceof JsonObject sku)) {
                throw ProblemType.field("data.other." + LIST, ONE_ENTRY, JsonBody.shown(list));
            }
            checkSku(sku, total);
        }
        checkComplete(JsonMerge.merged(first(defaults.get(LIST)), first(list)));
        var schema = JsonMerge.merged(defaults, other).get(SCHEMA);
        if (schema == null) throw missing(SCHEMA, PAGE);
        if (!isPage(schema)) throw ProblemType.field("data.other." + SCHEMA, PAGE, JsonBody.shown(schema));
    }

    /** Without these, {@code tt.requestOrder} would be refused on the payer's phone. */
    private static void checkComplete(JsonObject sku) {
        REQUIRED.forEach((name, kind) -> {
            var value = sku.get(name);
            var at = LIST + "[0]." + name;
            if (value == null) throw missing(at, kind.expected());
            if (!kind.fits().test(value)) {
                throw ProblemType.field("data.other." + at, kind.expected(), JsonBody.shown(value));
            }
        });
    }

    private static Problem missing(String name, LocalizedText expected) {
        return ProblemType.field(
                "data.other." + name,
                new LocalizedText(
                        expected.zh() + "（也可以在节点的 requestOrder." + name + " 中统一配置）",
                        expected.en() + "; the node may have it for all payments, as requestOrder." + name),
                new LocalizedText("空", "missing"));
    }

    private static void checkSku(JsonObject sku, Money total) {
        var at = "data.other." + LIST + "[0].";
        sku.forEach((name, value) -> {
            if (value != JsonValue.NULL) return;
            throw ProblemType.field(
                    at + name, new LocalizedText("有值的字段，或不传", "a value, or no such key"), JsonBody.shown(value));
        });
        var quantity = sku.get("quantity");
        var count = quantity == null ? 1 : JsonBody.wholeNumber(quantity).orElse(0L);
        if (count < 1 || count > MOST_OF_ONE) throw ProblemType.field(at + "quantity", COUNT, JsonBody.shown(quantity));
        var title = sku.get("title");
        if (title != null && !(title instanceof JsonString)) {
            throw ProblemType.field(at + "title", new LocalizedText("文本", "a text"), JsonBody.shown(title));
        }
        var price = sku.get("price");
        if (price == null) {
            if (total == null || total.minor() % count == 0) return;
            throw ProblemType.field(
                    at + "quantity",
                    new LocalizedText(
                            "能整除 total_fee（" + total.minor() + "）的数量，或同时给出 price",
                            "a quantity by which total_fee (" + total.minor() + ") can be divided, or with a price"),
                    JsonBody.shown(quantity));
        }
        var fen = JsonBody.wholeNumber(price).orElse(0L);
        if (fen < 1 || (total != null && fen > total.minor())) {
            throw total == null || fen < 1
                    ? ProblemType.field(at + "price", PRICE, JsonBody.shown(price))
                    : unequal(at, total, fen, count);
        }
        if (total != null && fen * count != total.minor()) throw unequal(at, total, fen, count);
    }

    private static Problem unequal(String at, Money total, long price, long quantity) {
        return ProblemType.field(
                at + "price",
                new LocalizedText(
                        "乘以 quantity 后等于 total_fee（" + total.minor() + "）的单价",
                        "a price which times quantity is total_fee (" + total.minor() + ")"),
                LocalizedText.same(price + " × " + quantity));
    }

    /**
     * The text that is signed, and that the mini-program hands on unchanged.
     *
     * @param now in seconds
     */
    static String data(JsonObject defaults, PaymentRequest request, long now) {
        var merged = JsonMerge.merged(defaults, request.other());
        var all = Json.createObjectBuilder(merged)
                .add(LIST, Json.createArrayBuilder().add(sku(defaults, request)))
                .add("outOrderNo", request.attemptNo())
                .add("totalAmount", request.amount().minor())
                .add("payExpireSeconds", expireSeconds(request, now))
                .add("payNotifyUrl", request.notifyUrl().toString());
        if (merged.get(SCHEMA) instanceof JsonObject schema) all.add(SCHEMA, withTextParams(schema));
        return all.build().toString();
    }

    /** The call's entry over the account's, with what the payment says where the call does not. */
    private static JsonObjectBuilder sku(JsonObject defaults, PaymentRequest request) {
        var sku = JsonMerge.merged(
                first(defaults.get(LIST)), first(request.other().get(LIST)));
        var quantity = JsonBody.wholeNumber(sku.getOrDefault("quantity", Json.createValue(1)))
                .orElse(1L);
        var built = Json.createObjectBuilder(sku).add("quantity", quantity);
        if (!sku.containsKey("price")) built.add("price", request.amount().minor() / quantity);
        var title = sku.get("title") instanceof JsonString own ? own.getString() : request.subject();
        return built.add("title", DouyinTexts.TITLE.shortened(DouyinTexts.trimmed(title)));
    }

    private static JsonObject first(JsonValue list) {
        return list instanceof JsonArray array && !array.isEmpty() && array.get(0) instanceof JsonObject sku
                ? sku
                : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static long expireSeconds(PaymentRequest request, long now) {
        return Math.max(1, Math.min(LONGEST, request.expiresAt().getEpochSecond() - now));
    }

    /** Whether the entry's price times its quantity is the total, as Douyin requires. */
    static boolean addsUp(JsonObject data) {
        var sku = first(data.get(LIST));
        return Members.whole(sku, "price").orElse(0L)
                        * Members.whole(sku, "quantity").orElse(0L)
                == Members.whole(data, "totalAmount").orElse(-1L);
    }
}
