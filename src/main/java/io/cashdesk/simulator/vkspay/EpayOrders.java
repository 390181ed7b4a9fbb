package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.Trade;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * How an epay site takes an order, as the published 彩虹易支付 server does: first the merchant, then the signature, then the
 * fields; the same number with the same values is the same order.
 */
@ApplicationScoped
class EpayOrders {
    /** How long a number is remembered. */
    private static final Duration REMEMBERED = Duration.ofDays(10);

    private static final Duration SKEW = Duration.ofMinutes(5);

    @Inject
    AccountStore accounts;

    @Inject
    VkspayStore store;

    @Inject
    VkspayTrades vkspayTrades;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    // who calls

    /** The merchant of {@code pid}; the refusal of one that does not exist has this code. */
    Account merchant(Map<String, String> fields, int code) {
        var pid = fields.getOrDefault("pid", "");
        if (pid.isEmpty()) throw VkspayRefusal.of(code, "商户ID不能为空");
        return accounts.byMchNo(VkspayServer.NAME, pid).orElseThrow(() -> VkspayRefusal.of(code, "商户ID不存在"));
    }

    void checkMd5(Account account, Map<String, String> fields) {
        var right = VkspaySignature.ofEpay(fields, account.sharedKey());
        if (!right.equals(fields.get("sign"))) throw VkspayRefusal.signature();
    }

    void checkRsa(Account account, Map<String, String> fields) {
        if (!fields.getOrDefault("sign_type", "").equals("RSA")) throw VkspayRefusal.of("签名类型(sign_type)应为RSA");
        var text = VkspaySignature.epayText(fields);
        if (!Rsa.verify(text, fields.getOrDefault("sign", ""), account.publicKey())) throw VkspayRefusal.signature();
        var timestamp = fields.getOrDefault("timestamp", "");
        if (!timestamp.matches("[0-9]{10}")) throw VkspayRefusal.of("时间戳(timestamp)不正确");
        var off = Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp));
        if (off > SKEW.toSeconds()) throw VkspayRefusal.of("时间戳(timestamp)已过期，请检查服务器时间");
    }

    // orders

    /**
     * Stores an order, or finds it.
     *
     * @param fields of a request whose signature was verified
     * @param cashier whether {@code type} may be absent: then the payer chooses the wallet
     * @param returns whether {@code return_url} is required
     */
    Trade take(Account account, VkspayDialect dialect, Map<String, String> fields, boolean cashier, boolean returns) {
        var type = type(fields, cashier);
        var number = required(fields, "out_trade_no", "订单号");
        if (!number.matches("[a-zA-Z0-9._\\-|]+")) throw VkspayRefusal.of("订单号(out_trade_no)格式不正确");
        var notifyUrl = address(required(fields, "notify_url", "通知地址"), "notify_url");
        var returnUrl = returns ? required(fields, "return_url", "回调地址") : fields.getOrDefault("return_url", "");
        if (!returnUrl.isEmpty()) address(returnUrl, "return_url");
        var name = VkspayFormat.cutName(required(fields, "name", "商品名称"));
        var fen = VkspayFormat.fen(required(fields, "money", "金额")).orElseThrow(() -> VkspayRefusal.of("金额(money)不合法"));
        var detail = new VkspayTradeDetail(
                null, dialect, type, fields.getOrDefault("param", ""), returnUrl, fields.getOrDefault("clientip", ""));
        var order = new VkspayTrades.Order(number, fen, name, notifyUrl, detail);
        return vkspayTrades.add(account, order).orElseGet(() -> again(account, order));
    }

    private static String type(Map<String, String> fields, boolean mayBeAbsent) {
        var type = fields.getOrDefault("type", "");
        if (type.isEmpty() && mayBeAbsent) return "";
        if (type.isEmpty()) throw VkspayRefusal.of("支付方式(type)不能为空");
        if (!VkspayServer.WALLETS.contains(type)) throw VkspayRefusal.of("支付方式(type)不存在");
        return type;
    }

    static String required(Map<String, String> fields, String name, String chinese) {
        var value = fields.getOrDefault(name, "");
        if (value.isEmpty()) throw VkspayRefusal.of(chinese + "(" + name + ")不能为空");
        return value;
    }

    private static String address(String value, String name) {
        if (!value.matches("https?://[^\\s/]+\\S*")) throw VkspayRefusal.of("网址(" + name + ")不正确");
        return value;
    }

    /** The number exists. After ten days the site has forgotten it; this one then refuses it, see docs/simulator.md. */
    private Trade again(Account account, VkspayTrades.Order order) {
        var trade = vkspayTrades.find(account, "", order.number()).orElseThrow();
        if (trade.createdAt().plus(REMEMBERED).isBefore(clock.instant())) throw VkspayRefusal.of("该订单号已使用，请更换");
        if (trade.paidAt() != null) throw VkspayRefusal.of("该订单(" + trade.number() + ")已完成支付，请勿重复提交");
        var known = store.detail(trade.id());
        var asked = order.detail();
        var same = trade.subject().equals(order.name())
                && trade.amount() == order.fen()
                && trade.notifyUrl().equals(order.notifyUrl())
                && known.returnUrl().equals(asked.returnUrl())
                && known.param().equals(asked.param());
        if (!same) throw VkspayRefusal.of("该订单(" + trade.number() + ")已存在，且支付参数不一致");
        if (trade.state().equals("CLOSED")) throw VkspayRefusal.of("该订单(" + trade.number() + ")已关闭");
        store.setWallet(trade.id(), asked.wallet());
        return trade;
    }

    /** The order that {@code trade_no}, which wins, or {@code out_trade_no} names. */
    Trade existing(Account account, Map<String, String> fields) {
        var tradeNo = fields.getOrDefault("trade_no", "");
        var number = fields.getOrDefault("out_trade_no", "");
        if (tradeNo.isEmpty() && number.isEmpty()) throw VkspayRefusal.of(VkspayRefusal.NOTHING_SENT, "订单号不能为空");
        return vkspayTrades.find(account, tradeNo, number).orElseThrow(() -> VkspayRefusal.of("订单号不存在"));
    }

    /** Where the payer's browser opens an order: an address, or the path alone if the site gives no more. */
    String payerAddress(Trade trade) {
        return trade.has(VkspayFault.URLS_SITE_RELATIVE)
                ? URI.create(trade.code()).getPath()
                : trade.code();
    }

    /** The public address of the site. */
    String site() {
        return settings.baseUrl() + VkspayServer.EPAY;
    }
}
