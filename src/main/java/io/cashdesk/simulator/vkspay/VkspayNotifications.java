package io.cashdesk.simulator.vkspay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Notifications of payments, which are the only ones. VksPay posts a form with nothing but its number, unsigned; epay
 * sites send signed parameters in the address.
 */
@ApplicationScoped
class VkspayNotifications {
    private static final String FORM = "application/x-www-form-urlencoded";

    @Inject
    PlatformKeys platformKeys;

    @Inject
    VkspayStore store;

    @Inject
    Clock clock;

    NotificationMessage message(Account account, Trade trade, Notification notification) {
        var detail = store.detail(trade.id());
        if (detail.dialect() == VkspayDialect.VKSPAY) return hint(trade);
        var fields = fields(account, trade, detail);
        var unsigned = trade.has(VkspayFault.NOTIFY_UNSIGNED);
        if (!unsigned) sign(account, detail.dialect(), fields, notification.forged());
        var address = VkspayFormat.withQuery(trade.notifyUrl(), VkspayFormat.encoded(fields));
        var message = NotificationMessage.inAddress(address, (status, body) -> saysSuccess(body));
        return unsigned ? message.verdict(Exchange.Verdict.NONE) : message;
    }

    /** The merchant has to query; the query of its own {@code notify_url} stays. */
    private static NotificationMessage hint(Trade trade) {
        return new NotificationMessage(
                        trade.notifyUrl(),
                        FORM,
                        Map.of(),
                        VkspayFormat.encoded(Map.of("out_trade_no", trade.transactionId())),
                        (status, body) -> saysCodeSuccess(body))
                .verdict(Exchange.Verdict.NONE);
    }

    static boolean saysSuccess(String body) {
        return body.contains("success") || body.contains("SUCCESS") || body.contains("Success");
    }

    static boolean saysCodeSuccess(String body) {
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject().getString("code", "").equals("SUCCESS");
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return false;
        }
    }

    /** The payer's way back, with the same signed parameters. */
    String returnAddress(Account account, Trade trade, VkspayTradeDetail detail) {
        var fields = fields(account, trade, detail);
        sign(account, detail.dialect(), fields, false);
        return VkspayFormat.withQuery(detail.returnUrl(), VkspayFormat.encoded(fields));
    }

    private Map<String, String> fields(Account account, Trade trade, VkspayTradeDetail detail) {
        var fields = new TreeMap<String, String>();
        fields.put("pid", account.mchNo());
        fields.put("trade_no", trade.transactionId());
        fields.put("out_trade_no", trade.number());
        fields.put("type", detail.wallet());
        fields.put("name", shownName(trade));
        fields.put("money", money(trade));
        fields.put("trade_status", "TRADE_SUCCESS");
        if (!detail.param().isEmpty()) fields.put("param", detail.param());
        if (detail.dialect() == VkspayDialect.EPAY_V2) {
            fields.put("api_trade_no", walletNumber(trade, detail.wallet()));
            fields.put("buyer", buyer(trade, detail.wallet()));
            fields.put("addtime", VkspayFormat.time(trade.createdAt()));
            fields.put("endtime", VkspayFormat.time(trade.paidAt()));
            fields.put("timestamp", timestamp(clock.instant()));
        }
        return fields;
    }

    private static String money(Trade trade) {
        return trade.has(VkspayFault.MONEY_WITH_ZERO)
                ? VkspayFormat.withDecimal(trade.reported())
                : VkspayFormat.phpFloat(trade.reported());
    }

    /** The order's name, or "product" if the operator hides names. */
    static String shownName(Trade trade) {
        return trade.has(VkspayFault.NAME_HIDDEN) ? "product" : trade.subject();
    }

    /** The wallet's own number of the payment. */
    static String walletNumber(Trade trade, String wallet) {
        var day = VkspayFormat.digits(trade.paidAt()).substring(0, 8);
        var digits = VkspayFormat.digitsOf(trade.id(), 16);
        return wallet.equals("alipay") ? day + "2200" + digits : "4200" + day + digits;
    }

    /** The payer's id at the wallet. */
    static String buyer(Trade trade, String wallet) {
        return wallet.equals("alipay") ? "2088000000000001" : "oVks" + VkspayFormat.digitsOf(trade.accountId(), 24);
    }

    private void sign(Account account, VkspayDialect dialect, Map<String, String> fields, boolean wrongly) {
        var signed = new TreeMap<>(fields);
        if (wrongly) signed.put("money", signed.get("money") + "0");
        if (dialect == VkspayDialect.EPAY_V2) {
            fields.put("sign", ofPlatform(VkspaySignature.epayText(signed)));
            fields.put("sign_type", "RSA");
        } else {
            fields.put("sign", VkspaySignature.ofEpay(signed, account.sharedKey()));
            fields.put("sign_type", "MD5");
        }
    }

    /** The site's RSA signature. */
    String ofPlatform(String text) {
        return Rsa.sign(text, platformKeys.get(VkspayServer.NAME).privateKey());
    }

    /** Ten digits: seconds. */
    static String timestamp(Instant now) {
        return Long.toString(now.getEpochSecond());
    }
}
