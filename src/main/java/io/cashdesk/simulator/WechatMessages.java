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
    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(at.atOffset(ZoneOffset.ofHours(8)));
    }

    /** The transaction object of queries and notifications. */
    static JsonObject transaction(Books.Account account, Books.Trade trade) {
        var paid = trade.state().equals("SUCCESS");
        var transaction = Json.createObjectBuilder()
                .add("appid", account.appId())
                .add("mchid", account.mchNo())
                .add("out_trade_no", trade.number())
                .add("trade_state", trade.state().equals("UNSCANNED") ? "NOTPAY" : trade.state())
                .add("trade_state_desc", paid ? "支付成功" : trade.state().equals("CLOSED") ? "订单已关闭" : "订单未支付");
        if (paid) addPayment(transaction, trade);
        return transaction.build();
    }

    private static void addPayment(JsonObjectBuilder transaction, Books.Trade trade) {
        transaction
                .add("transaction_id", trade.transactionId())
                .add("trade_type", "NATIVE")
                .add("bank_type", "OTHERS")
                .add("success_time", time(trade.paidAt()))
                .add("payer", Json.createObjectBuilder().add("openid", "oSimulatedPayer0000000000000"))
                .add(
                        "amount",
                        Json.createObjectBuilder()
                                .add("total", trade.reported())
                                .add("payer_total", trade.reported())
                                .add("currency", "CNY")
                                .add("payer_currency", "CNY"));
    }

    /** The headers that prove a body to be ours. */
    Map<String, String> signed(Books.Account account, String body) {
        var platform = accounts.platform("wxpay");
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        var nonce = Keys.letters(32);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Wechatpay-Timestamp", timestamp);
        headers.put("Wechatpay-Nonce", nonce);
        headers.put("Wechatpay-Serial", account.certificates() ? platform.serial() : platform.publicKeyId());
        headers.put(
                "Wechatpay-Signature", Keys.sign(timestamp + "\n" + nonce + "\n" + body + "\n", platform.privateKey()));
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        return headers;
    }

    Notifier.Message message(Books.Account account, Books.Trade trade, Books.Notice notice) {
        var nonce = Keys.letters(12);
        var ciphertext = Keys.encrypt(transaction(account, trade).toString(), account.v3Key(), nonce, "transaction");
        var body = Json.createObjectBuilder()
                .add("id", notice.noticeNo())
                .add("create_time", time(clock.instant()))
                .add("resource_type", "encrypt-resource")
                .add("event_type", "TRANSACTION.SUCCESS")
                .add("summary", "支付成功")
                .add(
                        "resource",
                        Json.createObjectBuilder()
                                .add("original_type", "transaction")
                                .add("algorithm", "AEAD_AES_256_GCM")
                                .add("ciphertext", ciphertext)
                                .add("associated_data", "transaction")
                                .add("nonce", nonce))
                .build()
                .toString();
        var headers = signed(account, notice.forged() ? body + " " : body);
        return new Notifier.Message("application/json", headers, body);
    }
}
