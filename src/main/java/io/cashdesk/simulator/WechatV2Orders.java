package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
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
 * Payments through v2, on the same books as v3's: an order made through one can be asked about through the other.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">payment codes</a>
 */
@ApplicationScoped
class WechatV2Orders {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    /** Divided by the simulator's hurry, like its other pauses. */
    private static final Duration BEFORE_CLOSING = Duration.ofMinutes(5);

    private static final Duration LONGEST_REVERSE = Duration.ofDays(7);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    WechatV2Books v2;

    @Inject
    WechatOrders orders;

    @Inject
    WechatCodes codes;

    @Inject
    Cashier cashier;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A new order, or the same one again with a fresh permission to open the cashier. */
    WechatV2Gate.Answer order(WechatV2Gate.Asked asked) {
        var product = product(asked.text("trade_type"));
        var wanted = wanted(asked, product);
        orders.checkWho(asked.account(), wanted);
        var trade = orders.place(asked.account(), wanted, request(asked)).trade();
        v2.asked(trade.id(), asked.signType());
        var late = books.took(trade, Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
        var answer = new TreeMap<String, String>();
        if (asked.has("device_info")) answer.put("device_info", asked.text("device_info"));
        answer.put("trade_type", product.tradeType);
        if (product == WechatProduct.NATIVE) {
            answer.put("prepay_id", orders.permission(WechatProduct.JSAPI));
            answer.put("code_url", trade.code());
        } else {
            answer.put("prepay_id", trade.code());
        }
        if (product == WechatProduct.H5) {
            answer.put(
                    "mweb_url",
                    settings.baseUrl() + "/simulator/wxpay/h5?prepay_id=" + trade.code() + "&package="
                            + Keys.digits(10));
        }
        return new WechatV2Gate.Answer(answer, null, late);
    }

    private static WechatProduct product(String tradeType) {
        for (var product : WechatProduct.values()) if (product.tradeType.equals(tradeType)) return product;
        throw new IllegalArgumentException(tradeType);
    }

    private static WechatRules.Order wanted(WechatV2Gate.Asked asked, WechatProduct product) {
        return new WechatRules.Order(
                product,
                asked.has("sub_mch_id"),
                asked.text("appid"),
                asked.text("mch_id"),
                asked.text("sub_appid"),
                asked.text("sub_mch_id"),
                asked.text("out_trade_no"),
                asked.text("body"),
                asked.text("notify_url"),
                Long.parseLong(asked.text("total_fee")),
                asked.has("time_expire") ? moment(asked) : null,
                asked.text("openid"),
                asked.text("sub_openid"),
                asked.text("attach"),
                asked.text("device_info"),
                asked.text("spbill_create_ip"),
                asked.text("auth_code"));
    }

    private static Instant moment(WechatV2Gate.Asked asked) {
        try {
            return LocalDateTime.parse(asked.text("time_expire"), TIME).toInstant(CHINA);
        } catch (DateTimeException e) {
            throw asked.call().wrong("time_expire");
        }
    }

    /** What must be the same when a number comes again. */
    private static JsonObject request(WechatV2Gate.Asked asked) {
        var request = Json.createObjectBuilder();
        asked.fields().forEach((name, value) -> {
            if (!Set.of("nonce_str", "sign", "sign_type").contains(name)) request.add(name, value);
        });
        return request.build();
    }

    // at the till

    /** While the payer types his password, the answer is a no that is none. */
    WechatV2Gate.Answer micropay(WechatV2Gate.Asked asked) {
        var account = asked.account();
        var known = books.trade(account.id(), asked.text("out_trade_no"));
        if (known.filter(t -> t.state().equals("REVOKED")).isPresent()) {
            throw asked.refused("ORDERREVERSED", "当前交易已被撤销");
        }
        var answer = codes.pay(account, wanted(asked, WechatProduct.CODE), request(asked));
        var order = wechat.order(
                books.trade(account.id(), asked.text("out_trade_no")).orElseThrow());
        if (!order.trade().state().equals("SUCCESS")) throw asked.refused("USERPAYING", "用户支付中，需要输入密码");
        return new WechatV2Gate.Answer(payment(account, order), null, answer.late());
    }

    WechatV2Gate.Answer reverse(WechatV2Gate.Asked asked) {
        var order = find(asked, "INVALID_TRANSACTIONID", "订单号非法");
        var trade = order.trade();
        if (order.detail().product() != WechatProduct.CODE) {
            throw asked.refused("TRADE_STATE_ERROR", "仅付款码支付的订单可以撤销");
        }
        if (Duration.between(trade.createdAt(), clock.instant()).compareTo(LONGEST_REVERSE) > 0) {
            throw asked.refused("REVERSE_EXPIRE", "订单超过7天，无法撤销");
        }
        if (books.took(trade, Fault.REVERSE_ONCE_MORE)) return WechatV2Gate.Answer.of(Map.of("recall", "Y"));
        codes.reverse(asked.account(), trade.number(), asked.text("sub_mch_id"), JsonObject.EMPTY_JSON_OBJECT);
        return WechatV2Gate.Answer.of(Map.of("recall", "N"));
    }

    // asked about and closed

    WechatV2Gate.Answer query(WechatV2Gate.Asked asked) {
        var order = find(asked, "ORDERNOTEXIST", "此交易订单号不存在");
        var trade = order.trade();
        var refunded = !wechat.refundsOf(trade.id()).isEmpty();
        var state = refunded && trade.state().equals("SUCCESS") ? "REFUND" : trade.state();
        // of what is not paid the documents promise no more than this
        var answer = trade.state().equals("SUCCESS")
                ? payment(asked.account(), order)
                : new TreeMap<>(Map.of("out_trade_no", trade.number()));
        if (!order.detail().attach().isEmpty())
            answer.put("attach", order.detail().attach());
        answer.put("trade_state", state);
        answer.put("trade_state_desc", WechatMessages.description(state));
        return WechatV2Gate.Answer.of(answer);
    }

    WechatV2Gate.Answer close(WechatV2Gate.Asked asked) {
        var order = find(asked, "ORDERNOTEXIST", "订单不存在");
        var trade = order.trade();
        if (order.detail().product() == WechatProduct.CODE) {
            throw asked.refused("TRADE_STATE_ERROR", "付款码支付的订单不能关闭，请使用撤销");
        }
        if (trade.state().equals("CLOSED")) throw asked.refused("ORDERCLOSED", "订单已关闭");
        if (trade.paidAt() != null) throw asked.refused("ORDERPAID", "订单已支付，不能发起关单");
        var age = Duration.between(trade.createdAt(), clock.instant());
        if (age.compareTo(BEFORE_CLOSING.dividedBy(settings.simulatorHurry())) < 0) {
            throw asked.refused("TRADE_STATE_ERROR", "订单生成后5分钟内不能关闭");
        }
        if (!cashier.close(trade)) throw asked.refused("ORDERPAID", "订单已支付，不能发起关单");
        return WechatV2Gate.Answer.of(Map.of("result_msg", "OK"));
    }

    /** The order that a message names, by WeChat Pay's number or else by the merchant's. */
    private WechatBooks.Order find(WechatV2Gate.Asked asked, String code, String message) {
        var account = asked.account();
        var trade = asked.has("transaction_id")
                ? books.tradeByTransaction(account.id(), asked.text("transaction_id"))
                : books.trade(account.id(), asked.text("out_trade_no"));
        return trade.map(t -> wechat.order(cashier.current(t)))
                .filter(o -> o.detail().subMchid().equals(asked.text("sub_mch_id")))
                .orElseThrow(() -> asked.refused(code, message));
    }

    /** What a paid order says of its payment; in answers and in notifications. */
    static SortedMap<String, String> payment(Books.Account account, WechatBooks.Order order) {
        var trade = order.trade();
        var detail = order.detail();
        var total = Long.toString(trade.reported());
        var payment = new TreeMap<String, String>();
        payment.put("appid", detail.appId());
        payment.put("mch_id", account.mchNo());
        payment.put("openid", WechatMessages.openidOr(detail.openid(), detail.appId()));
        payment.put("is_subscribe", "N");
        if (detail.partner()) payment.put("sub_mch_id", detail.subMchid());
        if (!detail.subAppid().isEmpty()) {
            payment.put("sub_appid", detail.subAppid());
            payment.put("sub_openid", WechatMessages.openidOr(detail.subOpenid(), detail.subAppid()));
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
