package io.cashdesk.simulator.wxpay;

import static io.cashdesk.simulator.wxpay.JsonShape.bytes;
import static io.cashdesk.simulator.wxpay.JsonShape.flag;
import static io.cashdesk.simulator.wxpay.JsonShape.list;
import static io.cashdesk.simulator.wxpay.JsonShape.oneOf;
import static io.cashdesk.simulator.wxpay.JsonShape.pattern;
import static io.cashdesk.simulator.wxpay.JsonShape.shape;
import static io.cashdesk.simulator.wxpay.JsonShape.text;
import static io.cashdesk.simulator.wxpay.JsonShape.whole;

import jakarta.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of WeChat Pay's v3 calls, as its documents list them. Lengths are in characters; those of description,
 * attach and reason in bytes of UTF-8, as its refusals count them although the documents say characters. Amounts are in
 * fen.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">direct</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/partner/4012714902">service providers</a>
 */
final class WxpayFields {
    private static final JsonRule NUMBER = pattern("[0-9A-Za-z_|*-]{6,32}", "6-32 of 0-9A-Za-z_-|*");
    private static final JsonRule ADDRESS = pattern("[0-9a-fA-F:.]{2,45}", "an IPv4 or IPv6 address");
    private static final JsonRule CHINESE_MONEY = oneOf("CNY");

    private static final JsonShape AMOUNT = shape().must("total", whole(1)).may("currency", CHINESE_MONEY);
    private static final JsonShape SETTLE = shape().may("profit_sharing", flag());
    private static final JsonRule LIMITS = list(oneOf("no_balance", "no_credit", "no_debit", "balance_only"));

    /** In a code payment a store's id is WeChat Pay's own number for it; elsewhere it is the merchant's. */
    private static final JsonShape STORE = shape().must("id", text(32))
            .may("name", text(256))
            .may("area_code", text(32))
            .may("address", text(512));

    private static final JsonShape H5_INFO = shape().must("type", oneOf("Wap", "iOS", "Android"))
            .may("app_name", text(64))
            .may("app_url", text(128))
            .may("bundle_id", text(128))
            .may("package_name", text(128));

    private static final Map<WxpayProduct, JsonShape> DIRECT = new EnumMap<>(WxpayProduct.class);
    private static final Map<WxpayProduct, JsonShape> PARTNER = new EnumMap<>(WxpayProduct.class);

    static {
        for (var product : WxpayProduct.values()) {
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

    private static final JsonShape REFUND = shape().may("sub_mchid", text(32))
            .may("transaction_id", text(32))
            .may("out_trade_no", text(32))
            .must("out_refund_no", pattern("[0-9A-Za-z_|*@-]{1,64}", "1-64 of 0-9A-Za-z_-|*@"))
            .may("reason", bytes(80))
            .may("notify_url", JsonShape::notifyUrl)
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

    private WxpayFields() {}

    /** Refuses a body that does not have the fields of a prepay or a code payment. */
    static void checkOrder(WxpayProduct product, boolean partner, JsonObject body) {
        (partner ? PARTNER : DIRECT).get(product).check("", body);
    }

    static void checkRefund(JsonObject body) {
        REFUND.check("", body);
    }

    /** The body in which a merchant names another destination for a refund that could not reach the payer. */
    static void checkAbnormalRefund(JsonObject body) {
        shape().may("sub_mchid", text(32))
                .must("out_refund_no", text(64))
                .must("type", oneOf("USER_BANK_CARD", "MERCHANT_BANK_CARD"))
                .may("bank_type", text(16))
                .may("bank_account", text(1024))
                .may("real_name", text(1024))
                .check("", body);
        if (body.getString("type").equals("USER_BANK_CARD")) {
            for (var name : List.of("bank_type", "bank_account", "real_name")) {
                if (!body.containsKey(name)) throw WxpayRefusal.parameter(name, "missing");
            }
        }
    }

    /** The caller's ids in the body of a close (without applications) or a reverse (with them). */
    static void checkIds(JsonObject body, boolean partner, boolean applications) {
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

    private static JsonShape body(WxpayProduct product) {
        var pointOfSale = product == WxpayProduct.CODE;
        var body = shape().must("description", bytes(127))
                .must("out_trade_no", NUMBER)
                .must("amount", AMOUNT)
                .may("attach", bytes(128))
                .may("goods_tag", text(32))
                .may("support_fapiao", flag())
                .may("detail", detail(pointOfSale ? "wxpay_goods_id" : "wechatpay_goods_id"))
                .may("settle_info", SETTLE);
        if (pointOfSale) {
            return body.must(
                            "payer",
                            shape().must("auth_code", pattern("1[0-5]\\d{16}", "18 digits that begin with 10 to 15")))
                    .must("scene_info", pointOfSale());
        }
        body.must("notify_url", JsonShape::notifyUrl)
                .may("time_expire", JsonShape::time)
                .may("limit_pay", LIMITS);
        var scene = shape().must("payer_client_ip", ADDRESS)
                .may("device_id", text(32))
                .may("store_info", STORE);
        return product == WxpayProduct.H5
                ? body.must("scene_info", scene.must("h5_info", H5_INFO))
                : body.may("scene_info", scene);
    }

    private static JsonShape pointOfSale() {
        var ids = shape().may("id", text(32)).may("out_id", text(32));
        return shape().may("device_id", text(32)).may("device_ip", ADDRESS).must("store_info", (path, value) -> {
            ids.check(path, value);
            if (value.asJsonObject().isEmpty()) throw WxpayRefusal.parameter(path, "one of id and out_id");
        });
    }

    private static JsonShape detail(String goodsIdField) {
        return shape().may("cost_price", whole(0))
                .may("invoice_id", text(32))
                .may(
                        "goods_detail",
                        list(shape().must("merchant_goods_id", text(32))
                                .may(goodsIdField, text(32))
                                .may("goods_name", text(256))
                                .must("quantity", whole(1))
                                .must("unit_price", whole(0))));
    }

    private static JsonShape payer(WxpayProduct product, JsonShape payer) {
        return product == WxpayProduct.JSAPI ? shape().must("payer", payer) : shape();
    }
}
