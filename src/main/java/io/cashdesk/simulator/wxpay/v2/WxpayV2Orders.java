package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wxpay.WxpayObjects;
import io.cashdesk.simulator.wxpay.WxpayOrder;
import io.cashdesk.simulator.wxpay.WxpayOrderRequest;
import io.cashdesk.simulator.wxpay.WxpayOrderStore;
import io.cashdesk.simulator.wxpay.WxpayOrders;
import io.cashdesk.simulator.wxpay.WxpayPaymentCodes;
import io.cashdesk.simulator.wxpay.WxpayProduct;
import io.cashdesk.simulator.wxpay.WxpayRefundStore;
import io.cashdesk.simulator.wxpay.WxpayServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Payments through v2, on the same orders as v3: an order made through one can be queried through the other.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">payment codes</a>
 */
@ApplicationScoped
class WxpayV2Orders {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    /** Divided by {@code CASHDESK_SIMULATOR_HURRY}. */
    private static final Duration BEFORE_CLOSING = Duration.ofMinutes(5);

    private static final Duration LONGEST_REVERSE = Duration.ofDays(7);

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations operations;

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    WxpayV2Store v2;

    @Inject
    WxpayOrders orders;

    @Inject
    WxpayPaymentCodes codes;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A new order, or the same one again with a new code or prepay id. */
    WxpayV2CallHandler.Answer order(WxpayV2Request request) {
        var product = product(request.text("trade_type"));
        var orderRequest = orderRequest(request, product);
        orders.checkCaller(request.account(), orderRequest);
        var trade = orders.place(request.account(), orderRequest, comparable(request))
                .trade();
        v2.recordSignType(trade.id(), request.signType());
        var late = trades.takeFault(trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var answer = new TreeMap<String, String>();
        if (request.has("device_info")) answer.put("device_info", request.text("device_info"));
        answer.put("trade_type", product.tradeType);
        if (product == WxpayProduct.NATIVE) {
            answer.put("prepay_id", orders.newCode(WxpayProduct.JSAPI));
            answer.put("code_url", trade.code());
        } else {
            answer.put("prepay_id", trade.code());
        }
        if (product == WxpayProduct.H5) {
            answer.put(
                    "mweb_url",
                    settings.baseUrl() + WxpayServer.PATH + "/h5?prepay_id=" + trade.code() + "&package="
                            + RandomText.digits(10));
        }
        return new WxpayV2CallHandler.Answer(answer, null, late);
    }

    private static WxpayProduct product(String tradeType) {
        for (var product : WxpayProduct.values()) if (product.tradeType.equals(tradeType)) return product;
        throw new IllegalArgumentException(tradeType);
    }

    private static WxpayOrderRequest orderRequest(WxpayV2Request request, WxpayProduct product) {
        return new WxpayOrderRequest(
                product,
                request.has("sub_mch_id"),
                request.text("appid"),
                request.text("mch_id"),
                request.text("sub_appid"),
                request.text("sub_mch_id"),
                request.text("out_trade_no"),
                request.text("body"),
                request.text("notify_url"),
                Long.parseLong(request.text("total_fee")),
                request.has("time_expire") ? moment(request) : null,
                request.text("openid"),
                request.text("sub_openid"),
                request.text("attach"),
                request.text("device_info"),
                request.text("spbill_create_ip"),
                request.text("auth_code"));
    }

    private static Instant moment(WxpayV2Request request) {
        try {
            return LocalDateTime.parse(request.text("time_expire"), TIME).toInstant(CHINA);
        } catch (DateTimeException e) {
            throw request.call().wrong("time_expire");
        }
    }

    /** The fields that must be the same when a number is used again. */
    private static JsonObject comparable(WxpayV2Request request) {
        var fields = Json.createObjectBuilder();
        request.fields().forEach((name, value) -> {
            if (!Set.of("nonce_str", "sign", "sign_type").contains(name)) fields.add(name, value);
        });
        return fields.build();
    }

    // payment codes

    /** While the payer enters the password, the answer is an error that leaves the outcome open. */
    WxpayV2CallHandler.Answer micropay(WxpayV2Request request) {
        var account = request.account();
        var known = trades.find(account.id(), request.text("out_trade_no"));
        if (known.filter(t -> t.state().equals("REVOKED")).isPresent()) {
            throw request.refused("ORDERREVERSED", "当前交易已被撤销");
        }
        var answer = codes.pay(account, orderRequest(request, WxpayProduct.CODE), comparable(request));
        var order = orderStore.withDetail(
                trades.find(account.id(), request.text("out_trade_no")).orElseThrow());
        if (!order.trade().state().equals("SUCCESS")) throw request.refused("USERPAYING", "用户支付中，需要输入密码");
        return new WxpayV2CallHandler.Answer(payment(account, order), null, answer.late());
    }

    WxpayV2CallHandler.Answer reverse(WxpayV2Request request) {
        var order = find(request, "INVALID_TRANSACTIONID", "订单号非法");
        var trade = order.trade();
        if (order.detail().product() != WxpayProduct.CODE) {
            throw request.refused("TRADE_STATE_ERROR", "仅付款码支付的订单可以撤销");
        }
        if (Duration.between(trade.createdAt(), clock.instant()).compareTo(LONGEST_REVERSE) > 0) {
            throw request.refused("REVERSE_EXPIRE", "订单超过7天，无法撤销");
        }
        if (trades.takeFault(trade, CommonFault.REVERSE_ONCE_MORE))
            return WxpayV2CallHandler.Answer.of(Map.of("recall", "Y"));
        codes.reverse(request.account(), trade.number(), request.text("sub_mch_id"), JsonObject.EMPTY_JSON_OBJECT);
        return WxpayV2CallHandler.Answer.of(Map.of("recall", "N"));
    }

    // queries and closing

    WxpayV2CallHandler.Answer query(WxpayV2Request request) {
        var order = find(request, "ORDERNOTEXIST", "此交易订单号不存在");
        var trade = order.trade();
        var refunded = !refundStore.ofTrade(trade.id()).isEmpty();
        var state = refunded && trade.state().equals("SUCCESS") ? "REFUND" : trade.state();
        // the documents promise no other field of an order that is not paid
        var answer = trade.state().equals("SUCCESS")
                ? payment(request.account(), order)
                : new TreeMap<>(Map.of("out_trade_no", trade.number()));
        if (!order.detail().attach().isEmpty())
            answer.put("attach", order.detail().attach());
        answer.put("trade_state", state);
        answer.put("trade_state_desc", WxpayObjects.description(state));
        return WxpayV2CallHandler.Answer.of(answer);
    }

    WxpayV2CallHandler.Answer close(WxpayV2Request request) {
        var order = find(request, "ORDERNOTEXIST", "订单不存在");
        var trade = order.trade();
        if (order.detail().product() == WxpayProduct.CODE) {
            throw request.refused("TRADE_STATE_ERROR", "付款码支付的订单不能关闭，请使用撤销");
        }
        if (trade.state().equals("CLOSED")) throw request.refused("ORDERCLOSED", "订单已关闭");
        if (trade.paidAt() != null) throw request.refused("ORDERPAID", "订单已支付，不能发起关单");
        var age = Duration.between(trade.createdAt(), clock.instant());
        if (age.compareTo(BEFORE_CLOSING.dividedBy(settings.simulatorHurry())) < 0) {
            throw request.refused("TRADE_STATE_ERROR", "订单生成后5分钟内不能关闭");
        }
        if (!operations.close(trade)) throw request.refused("ORDERPAID", "订单已支付，不能发起关单");
        return WxpayV2CallHandler.Answer.of(Map.of("result_msg", "OK"));
    }

    /** The order that a message names, by WeChat Pay's number or, without it, by the merchant's. */
    private WxpayOrder find(WxpayV2Request request, String code, String message) {
        var account = request.account();
        var trade = request.has("transaction_id")
                ? trades.paidByTransactionId(account.id(), request.text("transaction_id"))
                : trades.find(account.id(), request.text("out_trade_no"));
        return trade.map(t -> orderStore.withDetail(operations.current(t)))
                .filter(o -> o.detail().subMchid().equals(request.text("sub_mch_id")))
                .orElseThrow(() -> request.refused(code, message));
    }

    /** The fields of a paid order, in answers and in notifications. */
    static SortedMap<String, String> payment(Account account, WxpayOrder order) {
        var trade = order.trade();
        var detail = order.detail();
        var total = Long.toString(trade.reported());
        var payment = new TreeMap<String, String>();
        payment.put("appid", detail.appId());
        payment.put("mch_id", account.mchNo());
        payment.put("openid", WxpayObjects.openidOr(detail.openid(), detail.appId()));
        payment.put("is_subscribe", "N");
        if (detail.partner()) payment.put("sub_mch_id", detail.subMchid());
        if (!detail.subAppid().isEmpty()) {
            payment.put("sub_appid", detail.subAppid());
            payment.put("sub_openid", WxpayObjects.openidOr(detail.subOpenid(), detail.subAppid()));
            payment.put("sub_is_subscribe", "N");
        }
        payment.put("trade_type", detail.product().tradeType);
        payment.put("bank_type", "OTHERS");
        payment.put("total_fee", total);
        payment.put("fee_type", "CNY");
        payment.put("cash_fee", total);
        payment.put("cash_fee_type", "CNY");
        payment.put("transaction_id", trade.transactionId());
        payment.put("out_trade_no", trade.number());
        payment.put("time_end", TIME.format(trade.paidAt().atOffset(CHINA)));
        if (!detail.attach().isEmpty()) payment.put("attach", detail.attach());
        if (!detail.deviceId().isEmpty()) payment.put("device_info", detail.deviceId());
        return payment;
    }
}
