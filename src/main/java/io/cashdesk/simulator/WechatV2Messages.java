package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** v2's notifications: of payments, signed like an answer; of refunds, unsigned and sealed with the merchant's key. */
@ApplicationScoped
class WechatV2Messages {
    private static final String XML = "text/xml";

    @Inject
    WechatV2Books v2;

    @Inject
    WechatBooks wechat;

    /** What is told of a payment or refund that was asked for through v2; empty if it was not. */
    Optional<Notifier.Message> message(Books.Account account, WechatBooks.Order order, Books.Notice notice) {
        UUID about = notice.refundId() == null ? order.trade().id() : notice.refundId();
        var key = v2.key(account.id()).map(WechatV2Books.Key::apiKey);
        var type = v2.signType(about);
        if (key.isEmpty() || type.isEmpty()) return Optional.empty();
        var fields = notice.refundId() == null
                ? payment(account, order, notice, key.get(), type.get())
                : refund(account, order, notice, key.get());
        return Optional.of(new Notifier.Message(XML, Map.of(), WechatV2Words.write("xml", fields)));
    }

    private static SortedMap<String, String> payment(
            Books.Account account, WechatBooks.Order order, Books.Notice notice, String key, String type) {
        var fields = WechatV2Orders.payment(account, order);
        fields.put("return_code", "SUCCESS");
        fields.put("result_code", "SUCCESS");
        fields.put("nonce_str", Keys.letters(32));
        if (!type.equals(WechatV2Words.MD5)) fields.put("sign_type", type);
        fields.put("sign", WechatV2Words.sign(fields, notice.forged() ? Keys.letters(32) : key, type));
        return fields;
    }

    private SortedMap<String, String> refund(
            Books.Account account, WechatBooks.Order order, Books.Notice notice, String key) {
        var refund = wechat.refund(notice.refundId());
        var trade = order.trade();
        var total = Long.toString(trade.reported());
        var amount = Long.toString(refund.amount());
        var state = notice.refundState() == null ? refund.state() : notice.refundState();
        var content = new TreeMap<String, String>();
        content.put("transaction_id", trade.transactionId());
        content.put("out_trade_no", trade.number());
        content.put("refund_id", refund.refundId());
        content.put("out_refund_no", refund.number());
        content.put("total_fee", total);
        content.put("settlement_total_fee", total);
        content.put("refund_fee", amount);
        content.put("settlement_refund_fee", amount);
        content.put("refund_status", WechatV2Refunds.state(state));
        content.put("refund_recv_accout", WechatMessages.RECEIVED_ON);
        content.put("refund_account", "REFUND_SOURCE_UNSETTLED_FUNDS");
        content.put("refund_request_source", "API");
        if (state.equals("SUCCESS")) content.put("success_time", WechatV2Refunds.time(refund.succeededAt()));
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "SUCCESS");
        fields.put("appid", order.detail().appId());
        fields.put("mch_id", account.mchNo());
        if (order.detail().partner()) fields.put("sub_mch_id", order.detail().subMchid());
        fields.put("nonce_str", Keys.letters(32));
        var sealedWith = notice.forged() ? Keys.letters(32) : key;
        fields.put("req_info", WechatV2Words.seal(WechatV2Words.write("root", content), sealedWith));
        return fields;
    }

    static boolean isV2(Notifier.Message message) {
        return message.contentType().equals(XML);
    }

    /** Whether the merchant said that he has it: nothing else counts, whatever the status beside it. */
    static boolean heard(String answer) {
        try {
            var fields = WechatV2Words.read(answer.getBytes(StandardCharsets.UTF_8));
            return fields.getOrDefault("return_code", "").equals("SUCCESS");
        } catch (WechatV2Words.Unreadable e) {
            return false;
        }
    }
}
