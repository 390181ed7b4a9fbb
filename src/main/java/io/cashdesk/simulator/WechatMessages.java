package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What WeChat Pay says: transactions, notifications, and the signature over either. */
@ApplicationScoped
class WechatMessages {
    static final String RECEIVED_ON = "支付用户零钱";

    @Inject
    SimulatedAccounts accounts;

    @Inject
    WechatBooks books;

    @Inject
    WechatV2Messages older;

    @Inject
    Clock clock;

    static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(ZoneOffset.ofHours(8)));
    }

    /** The transaction object of queries and notifications; {@code refunded} once a refund of it was accepted. */
    static JsonObject transaction(Books.Account account, WechatBooks.Order order, boolean refunded) {
        var trade = order.trade();
        var state = refunded && trade.state().equals("SUCCESS") ? "REFUND" : trade.state();
        var transaction = ids(account, order.detail())
                .add("out_trade_no", trade.number())
                .add("trade_state", state.equals("UNSCANNED") ? "NOTPAY" : state)
                .add("trade_state_desc", description(state));
        if (trade.paidAt() != null && !state.equals("CLOSED")) {
            addPayment(transaction, order);
        } else {
            transaction.add(
                    "amount",
                    Json.createObjectBuilder().add("total", trade.amount()).add("currency", "CNY"));
        }
        return transaction.build();
    }

    /** Whose it is: the merchant's, or the service provider's and his sub-merchant's. */
    private static JsonObjectBuilder ids(Books.Account account, WechatBooks.Detail detail) {
        var ids = Json.createObjectBuilder();
        if (!detail.partner()) return ids.add("appid", detail.appId()).add("mchid", account.mchNo());
        ids.add("sp_appid", detail.appId()).add("sp_mchid", account.mchNo());
        if (!detail.subAppid().isEmpty()) ids.add("sub_appid", detail.subAppid());
        return ids.add("sub_mchid", detail.subMchid());
    }

    static String description(String state) {
        return switch (state) {
            case "SUCCESS" -> "支付成功";
            case "REFUND" -> "订单发生过退款，退款详情请查询退款单";
            case "CLOSED" -> "订单已关闭";
            case "REVOKED" -> "订单已撤销";
            case "USERPAYING" -> "用户支付中，需要输入密码";
            case "PAYERROR" -> "支付失败";
            default -> "订单未支付";
        };
    }

    private static void addPayment(JsonObjectBuilder transaction, WechatBooks.Order order) {
        var trade = order.trade();
        var detail = order.detail();
        var payer = Json.createObjectBuilder();
        if (detail.partner()) {
            payer.add("sp_openid", openidOr(detail.openid(), detail.appId()));
            if (!detail.subAppid().isEmpty()) payer.add("sub_openid", openidOr(detail.subOpenid(), detail.subAppid()));
        } else {
            payer.add("openid", openidOr(detail.openid(), detail.appId()));
        }
        transaction
                .add("transaction_id", trade.transactionId())
                .add("trade_type", detail.product().tradeType)
                .add("bank_type", "OTHERS")
                .add("success_time", time(trade.paidAt()))
                .add("payer", payer)
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("payer_total", trade.reported())
                                .add("currency", "CNY")
                                .add("payer_currency", "CNY"));
        if (!detail.attach().isEmpty()) transaction.add("attach", detail.attach());
        if (!detail.deviceId().isEmpty()) {
            transaction.add("scene_info", Json.createObjectBuilder().add("device_id", detail.deviceId()));
        }
    }

    static String openidOr(String openid, String appId) {
        return openid.isEmpty() ? WechatPayer.FIRST.openid(appId) : openid;
    }

    /** The refund object of answers. */
    static JsonObject refund(WechatBooks.Order order, WechatBooks.Refund refund) {
        var trade = order.trade();
        var answer = Json.createObjectBuilder()
                .add("refund_id", refund.refundId())
                .add("out_refund_no", refund.number())
                .add("transaction_id", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("channel", "ORIGINAL")
                .add("user_received_account", RECEIVED_ON)
                .add("create_time", time(refund.createdAt()))
                .add("status", refund.state())
                .add("funds_account", "AVAILABLE")
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("refund", refund.amount())
                                .add("payer_total", trade.reported())
                                .add("payer_refund", refund.amount())
                                .add("settlement_refund", refund.amount())
                                .add("settlement_total", trade.reported())
                                .add("discount_refund", 0)
                                .add("currency", "CNY"));
        if (refund.succeededAt() != null) answer.add("success_time", time(refund.succeededAt()));
        return answer.build();
    }

    /** The refund object of notifications: with whose it is, and its state under another name. */
    private static JsonObject refundTold(
            Books.Account account, WechatBooks.Order order, WechatBooks.Refund refund, String state) {
        var trade = order.trade();
        var told = Json.createObjectBuilder();
        if (order.detail().partner()) {
            told.add("sp_mchid", account.mchNo())
                    .add("sub_mchid", order.detail().subMchid());
        } else {
            told.add("mchid", account.mchNo());
        }
        told.add("transaction_id", trade.transactionId())
                .add("out_trade_no", trade.number())
                .add("refund_id", refund.refundId())
                .add("out_refund_no", refund.number())
                .add("refund_status", state)
                .add("user_received_account", RECEIVED_ON)
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("refund", refund.amount())
                                .add("payer_total", trade.reported())
                                .add("payer_refund", refund.amount()));
        if (state.equals("SUCCESS")) told.add("success_time", time(refund.succeededAt()));
        return told.build();
    }

    /** The headers that prove a body to be ours. */
    Map<String, String> signed(Books.Account account, String body) {
        return signed(account, body, clock.instant());
    }

    /** @param at the moment that they say it is */
    Map<String, String> signed(Books.Account account, String body, Instant at) {
        var certificate = accounts.profile(account).signsWithCertificate();
        var platform = accounts.platform(certificate ? SimulatedAccounts.WXPAY_CERTIFICATE : "wxpay");
        var timestamp = Long.toString(at.getEpochSecond());
        var nonce = Keys.letters(32);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Wechatpay-Timestamp", timestamp);
        headers.put("Wechatpay-Nonce", nonce);
        headers.put("Wechatpay-Serial", certificate ? platform.serial() : platform.publicKeyId());
        headers.put(
                "Wechatpay-Signature", Keys.sign(timestamp + "\n" + nonce + "\n" + body + "\n", platform.privateKey()));
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        return headers;
    }

    /** The same with a signature that only somebody who does not verify would take. */
    static Notifier.Message probe(Notifier.Message message) {
        var headers = new LinkedHashMap<>(message.headers());
        headers.put("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + Keys.letters(300));
        return new Notifier.Message(message.contentType(), headers, message.body());
    }

    Notifier.Message message(Books.Account account, Books.Trade trade, Books.Notice notice) {
        var order = books.order(trade);
        var inV2 = older.message(account, order, notice);
        if (inV2.isPresent()) return inV2.get();
        if (notice.refundId() == null) {
            return message(account, notice, "TRANSACTION.SUCCESS", "支付成功", transaction(account, order, false));
        }
        var refund = books.refund(notice.refundId());
        var state = notice.refundState() == null ? refund.state() : notice.refundState();
        var summary = switch (state) {
            case "SUCCESS" -> "退款成功";
            case "CLOSED" -> "退款关闭";
            default -> "退款异常";
        };
        return message(account, notice, "REFUND." + state, summary, refundTold(account, order, refund, state));
    }

    private Notifier.Message message(
            Books.Account account, Books.Notice notice, String event, String summary, JsonObject resource) {
        var type = event.startsWith("REFUND") ? "refund" : "transaction";
        var nonce = Keys.letters(12);
        var body = Json.createObjectBuilder()
                .add("id", notice.noticeNo())
                .add("create_time", time(clock.instant()))
                .add("resource_type", "encrypt-resource")
                .add("event_type", event)
                .add("summary", summary)
                .add(
                        "resource",
                        Json.createObjectBuilder()
                                .add("original_type", type)
                                .add("algorithm", "AEAD_AES_256_GCM")
                                .add("ciphertext", Keys.encrypt(resource.toString(), account.v3Key(), nonce, type))
                                .add("associated_data", type)
                                .add("nonce", nonce))
                .build()
                .toString();
        var headers = signed(account, notice.forged() ? body + " " : body);
        return new Notifier.Message("application/json", headers, body);
    }
}
