package io.cashdesk.face.cloudpay;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Authority;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.payment.ClosePayment;
import io.cashdesk.payment.CreatePayment;
import io.cashdesk.payment.QueryPayment;
import io.cashdesk.reconciliation.TradeBills;
import io.cashdesk.refund.Refund;
import io.cashdesk.refund.RefundPayment;
import io.cashdesk.refund.Refunds;
import io.cashdesk.webhook.Endpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** CloudPay's six calls in our own words and back. */
@ApplicationScoped
class CloudPayCalls {
    private static final String MINI_PROGRAM = "wxpay_mp-weixin";

    /** What CloudPay answers is made from WeChat Pay v3's answers. */
    private static final OptionalInt V3 = OptionalInt.of(3);

    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter V2_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final int PAGE = 10;

    /** What a v2 goods list calls its fields, and what v3 does. */
    private static final Map<String, String> GOODS = Map.of(
            "goods_id", "merchant_goods_id",
            "wxpay_goods_id", "wechatpay_goods_id",
            "goods_name", "goods_name",
            "quantity", "quantity",
            "price", "unit_price");

    @Inject
    CreatePayment createPayment;

    @Inject
    QueryPayment queryPayment;

    @Inject
    ClosePayment closePayment;

    @Inject
    RefundPayment refundPayment;

    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Receipts receipts;

    @Inject
    Refunds refunds;

    @Inject
    TradeBills bills;

    @Inject
    Endpoints endpoints;

    // unifiedOrder

    CompletionStage<JsonObject> unifiedOrder(Authority authority, Fields fields, String callerAddress) {
        var callback = callback(authority, fields);
        var subMchId = fields.required("subMchId", 32);
        fields.text("nonceStr", 32);
        var tradeType = fields.text("tradeType", 16).orElse("JSAPI");
        var subOpenid = fields.text("subOpenid", 128);
        var openid = subOpenid.or(() -> fields.text("openid", 128));
        if (tradeType.equals("JSAPI") && openid.isEmpty()) throw Fields.lacks("openid or subOpenid");
        var data = Json.createObjectBuilder()
                .add("out_trade_no", number(fields))
                .add("total_fee", fields.fen("totalFee"))
                .add("subject", description(fields))
                .add("type", "cloudpay")
                .add("sub_mchid", subMchId)
                .add("other", other(fields));
        openid.ifPresent(id -> data.add("openid", id));
        expiry(fields).ifPresent(ms -> data.add("time_expire", ms));
        var context = Json.createObjectBuilder().add("CLIENTIP", fields.required("spbillCreateIp", 64));
        var body = Json.createObjectBuilder().add("provider", "wxpay").add("data", data);
        switch (tradeType) {
            case "JSAPI" -> context.add("PLATFORM", "mp-weixin");
            case "APP" -> context.add("PLATFORM", "app-plus");
            case "NATIVE" -> body.add("needQRcode", true);
            case "MWEB" -> context.add("CLIENTUA", "Mobile");
            default -> throw Fields.malformed("tradeType", "must be JSAPI, NATIVE, APP or MWEB");
        }
        var terms = new CreatePayment.Terms(callback, V3, true, subOpenid.isPresent());
        var deviceInfo = fields.text("deviceInfo", 32).orElse("");
        return createPayment
                .of(authority, JsonBody.of(body.add("context", context).build()), callerAddress, terms)
                .thenApply(made -> ordered(made, tradeType, subMchId, deviceInfo));
    }

    private static JsonObject ordered(JsonObject made, String tradeType, String subMchId, String deviceInfo) {
        var info = made.getJsonObject("orderInfo");
        var answer = Answer.success("unifiedOrder")
                .put("appid", made.getString("provider_appid"))
                .put("mchId", made.getString("mch_id"))
                .put("subAppid", made.getString("sub_appid"))
                .put("subMchId", subMchId)
                .put("deviceInfo", deviceInfo)
                .put("tradeType", tradeType)
                .put("codeUrl", info.getString("codeUrl", ""))
                .put("mwebUrl", info.getString("h5Url", ""))
                .put("prepayId", info.getString("package", "").replaceFirst("^prepay_id=", ""));
        if (tradeType.equals("JSAPI")) {
            var payment = Json.createObjectBuilder();
            for (var name : List.of("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")) {
                payment.add(name, info.getString(name));
            }
            answer.put("payment", payment.build());
        }
        if (tradeType.equals("APP")) answer.put("payment", info).put("prepayId", info.getString("prepayid"));
        return answer.done();
    }

    /** The name of a callback target that the merchant has registered with us. */
    private String callback(Authority authority, Fields fields) {
        var name = fields.required("functionName", 64);
        var envId = fields.required("envId", 64);
        var merchant = authority.merchant(null);
        if (!endpoints.hasCallback(merchant, authority.mode(), name, "cloudpay", envId)) {
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "functionName " + name + " is no endpoint of format cloudpay in environment " + envId);
        }
        return name;
    }

    private static String number(Fields fields) {
        var number = fields.required("outTradeNo", 32);
        if (!number.matches("[0-9A-Za-z_|*-]{6,32}")) {
            throw Fields.malformed("outTradeNo", "must be 6 to 32 of digits, letters and _ - | *");
        }
        return number;
    }

    /** One character less than v2 took: a text is refused rather than cut. */
    private static String description(Fields fields) {
        return fields.required("body", 127);
    }

    private static Optional<Long> expiry(Fields fields) {
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

    private static JsonObject other(Fields fields) {
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
        var store = fields.object("sceneInfo", 256).map(CloudPayCalls::store);
        var address = fields.required("spbillCreateIp", 64);
        if (address.length() > 45) throw Fields.malformed("spbillCreateIp", "is no IP address");
        if (device.isPresent() || store.isPresent()) {
            var scene = Json.createObjectBuilder().add("payer_client_ip", address);
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

    // the other calls, about an order of this sub-merchant

    CompletionStage<JsonObject> queryOrder(Authority authority, Fields fields) {
        var order = find(authority, fields);
        var ask = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .build();
        return queryPayment
                .of(authority, JsonBody.of(ask))
                .thenApply(asked -> state(orders.byId(order.id()).orElseThrow(), subMerchant(order)));
    }

    private JsonObject state(PayOrder order, String subMchId) {
        var answer = Answer.success("queryOrder");
        if (order.paid()) {
            Transaction.put(answer, payment(order));
            var state = order.refundNum() > 0 ? "REFUND" : "SUCCESS";
            return answer.put("tradeState", state)
                    .put("tradeStateDesc", state.equals("REFUND") ? "转入退款" : "支付成功")
                    .done();
        }
        var closed = order.status() == -1;
        return answer.put("subMchId", subMchId)
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", order.total().minor())
                .put("tradeState", closed ? "CLOSED" : "NOTPAY")
                .put("tradeStateDesc", closed ? "订单已关闭" : "订单未支付")
                .done();
    }

    JsonObject closeOrder(Authority authority, Fields fields) {
        fields.required("outTradeNo", 32);
        var order = find(authority, fields);
        var body = Json.createObjectBuilder()
                .add("out_trade_no", order.outTradeNo())
                .build();
        closePayment.of(authority, JsonBody.of(body));
        return Answer.success("closeOrder")
                .put("subMchId", subMerchant(order))
                .put("resultMsg", "OK")
                .done();
    }

    JsonObject refund(Authority authority, Fields fields) {
        var callback = callback(authority, fields);
        if (fields.values().containsKey("transactionId") && fields.values().containsKey("outTradeNo")) {
            throw Refusal.business("INVALID_REQUEST", "give transactionId or outTradeNo, not both");
        }
        var number = fields.required("outRefundNo", 64);
        if (!number.matches("[0-9A-Za-z_|*@-]{1,64}")) {
            throw Fields.malformed("outRefundNo", "must be digits, letters and _ - | * @");
        }
        var total = fields.fen("totalFee");
        var fee = fields.fen("refundFee");
        if (!fields.text("refundFeeType", 8).orElse("CNY").equals("CNY")) {
            throw Fields.malformed("refundFeeType", "must be CNY");
        }
        var sources = Set.of("REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS");
        if (!sources.contains(fields.text("refundAccount", 30).orElse("REFUND_SOURCE_UNSETTLED_FUNDS"))) {
            throw Fields.malformed("refundAccount", "must be one of " + sources);
        }
        var reason = fields.text("refundDesc", 80).orElse("");
        var order = find(authority, fields);
        if (total != order.total().minor()) {
            throw Refusal.business(
                    "INVALID_REQUEST",
                    "totalFee is not the order's " + order.total().minor());
        }
        var made = refundPayment.of(
                order, new RefundPayment.Wish(Optional.of(number), Optional.of(fee), reason, callback));
        var said = made.evidence().map(CloudPayEvents::object).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var amount = said.getJsonObject("amount");
        var answer = Answer.success("refund");
        Transaction.ids(answer, payment(order));
        return answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("outRefundNo", made.outRefundNo())
                .put("refundId", made.refundId().orElse(""))
                .put("refundFee", made.amount().minor())
                .put(
                        "settlementRefundFee",
                        of(amount, "settlement_refund", made.amount().minor()))
                .put("totalFee", order.total().minor())
                .put(
                        "settlementTotalFee",
                        of(amount, "settlement_total", order.total().minor()))
                .put("feeType", "CNY")
                .put("cashFee", of(amount, "payer_total", order.total().minor()))
                .put("cashRefundFee", of(amount, "payer_refund", made.amount().minor()))
                .put("couponRefundFee", of(amount, "discount_refund", 0))
                .put("couponRefundCount", 0)
                .put("couponTypeList", Json.createArrayBuilder())
                .put("couponRefundIdList", Json.createArrayBuilder())
                .put("couponRefundFeeList", Json.createArrayBuilder())
                .done();
    }

    private static long of(JsonObject amount, String name, long otherwise) {
        return amount != null && amount.containsKey(name)
                ? amount.getJsonNumber(name).longValueExact()
                : otherwise;
    }

    /** From our own books, each refreshed first, because v3 can be asked by {@code out_refund_no} only. */
    JsonObject queryRefund(Authority authority, Fields fields) {
        var offset = fields.whole("offset").orElse(0L).intValue();
        var order = findForRefund(authority, fields);
        var wanted = refunds.of(order.id()).stream()
                .filter(r -> fields.text("refundId", 32)
                        .map(id -> r.refundId().filter(id::equals).isPresent())
                        .orElseGet(() -> fields.text("outRefundNo", 64)
                                .map(no -> r.outRefundNo().equals(no))
                                .orElse(true)))
                .toList();
        if (wanted.isEmpty()) throw Refusal.business("REFUNDNOTEXIST", "there is no such refund");
        if (offset >= wanted.size()) throw Fields.malformed("offset", "is past the end");
        var page = wanted.subList(offset, Math.min(wanted.size(), offset + PAGE));
        for (var refund : page) {
            if (!refund.state().ended()) refundPayment.resume(refund.id());
        }
        var now = page.stream().map(r -> refunds.byId(r.id()).orElseThrow()).toList();
        var answer = Answer.success("queryRefund");
        Transaction.ids(answer, payment(order));
        return answer.put("transactionId", order.transactionId().orElse(""))
                .put("outTradeNo", order.outTradeNo())
                .put("totalFee", order.total().minor())
                .put("cashFee", order.total().minor())
                .put("totalRefundCount", wanted.size())
                .put("refundCount", now.size())
                .put("outRefundNoList", texts(now, Refund::outRefundNo))
                .put("refundIdList", texts(now, r -> r.refundId().orElse("")))
                .put("refundChannel", texts(now, r -> said(r, "channel")))
                .put("refundFeeList", numbers(now, r -> r.amount().minor()))
                .put("settlementRefundFeeList", numbers(now, r -> r.amount().minor()))
                .put("couponRefundFeeList", numbers(now, r -> 0L))
                .put("couponRefundCountList", numbers(now, r -> 0L))
                .put("couponTypeArray", Json.createArrayBuilder())
                .put("couponRefundIdArray", Json.createArrayBuilder())
                .put("couponRefundFeeArray", Json.createArrayBuilder())
                .put("refundStatusList", texts(now, r -> CloudPayEvents.state(r.state())))
                .put("refundAccountList", texts(now, r -> "REFUND_SOURCE_UNSETTLED_FUNDS"))
                .put("refundRecvAccoutList", texts(now, r -> said(r, "user_received_account")))
                .put(
                        "refundSuccessTimeList",
                        texts(now, r -> Transaction.moment(said(r, "success_time"), "yyyy-MM-dd HH:mm:ss")))
                .done();
    }

    private static JsonArrayBuilder texts(List<Refund> all, Function<Refund, String> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }

    private static JsonArrayBuilder numbers(List<Refund> all, Function<Refund, Long> of) {
        var list = Json.createArrayBuilder();
        all.forEach(r -> list.add(of.apply(r)));
        return list;
    }

    private static String said(Refund refund, String name) {
        return refund.evidence()
                .map(CloudPayEvents::object)
                .map(e -> e.getString(name, ""))
                .orElse("");
    }

    String downloadBill(Authority authority, Fields fields) {
        fields.text("nonceStr", 32);
        var type = fields.text("billType", 32).orElse("ALL");
        if (!Set.of("ALL", "SUCCESS", "REFUND").contains(type)) {
            throw Refusal.call("invalid bill_type");
        }
        if (fields.text("tarType", 16).isPresent()) throw Refusal.call("tar_type is not offered: bills come as text");
        LocalDate day;
        try {
            day = LocalDate.parse(fields.required("billDate", 8), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            throw Refusal.call("data format error: bill_date must be like 20251227");
        }
        var sub = fields.text("subMchId", 32).orElse("");
        return bills.of(authority.merchant(null), authority.mode(), MINI_PROGRAM, sub, day, type);
    }

    private PayOrder find(Authority authority, Fields fields) {
        var sub = fields.required("subMchId", 32);
        fields.text("nonceStr", 32);
        var merchant = authority.merchant(null);
        var byId = fields.text("transactionId", 32);
        var found = byId.isPresent()
                ? orders.byTransaction(merchant, authority.mode(), byId.get())
                : orders.byNumber(merchant, authority.mode(), fields.required("outTradeNo", 32));
        return found.filter(o -> isHis(o, sub))
                .orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(
                        byId.orElseGet(() -> fields.text("outTradeNo", 32).orElse(""))));
    }

    /** By {@code refund_id} or {@code out_refund_no} before anything else, as v2 has it. */
    private PayOrder findForRefund(Authority authority, Fields fields) {
        var sub = fields.required("subMchId", 32);
        var merchant = authority.merchant(null);
        Optional<UUID> byRefund = fields.text("refundId", 32)
                .map(id -> refunds.orderByRefundId(merchant, authority.mode(), id))
                .orElseGet(() -> fields.text("outRefundNo", 64)
                        .flatMap(no -> refunds.orderByNumber(merchant, authority.mode(), no)));
        if (byRefund.isPresent()) {
            return orders.byId(byRefund.get())
                    .filter(o -> isHis(o, sub))
                    .orElseThrow(() -> Refusal.business("REFUNDNOTEXIST", "there is no such refund"));
        }
        if (fields.text("refundId", 32).isPresent()
                || fields.text("outRefundNo", 64).isPresent()) {
            throw Refusal.business("REFUNDNOTEXIST", "there is no such refund");
        }
        return find(authority, fields);
    }

    /** An order that was paid through v2 has no answers from which this shape could be made. */
    private boolean isHis(PayOrder order, String subMchId) {
        return subMerchant(order).equals(subMchId)
                && receipts.of(order.id()).stream()
                        .map(Receipt::evidence)
                        .map(CloudPayEvents::object)
                        .noneMatch(said -> said.containsKey("mch_id"));
    }

    private String subMerchant(PayOrder order) {
        return attempts.latestOf(order.id()).map(a -> a.request().sub().mchId()).orElse("");
    }

    private JsonObject payment(PayOrder order) {
        return receipts.of(order.id()).stream()
                .filter(r -> order.paidReceipt().filter(r.id()::equals).isPresent())
                .map(Receipt::evidence)
                .map(CloudPayEvents::object)
                .findFirst()
                .orElseThrow(() -> ProblemType.ORDER_UNPAID.with(order.outTradeNo()));
    }
}
