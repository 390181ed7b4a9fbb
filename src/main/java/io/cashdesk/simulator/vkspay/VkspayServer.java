package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.SimulatedProvider;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletStyle;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** VksPay and its epay site for the shared part of the simulator. */
@ApplicationScoped
public class VkspayServer implements SimulatedProvider {
    static final String NAME = "vkspay";
    static final String PATH = "/simulator/" + NAME;
    static final String EPAY = PATH + "/epay";

    /** The wallets behind an aggregated code, in the order in which the cashier shows them. */
    static final List<String> WALLETS = List.of("wxpay", "alipay");

    /** In seconds between two deliveries: 1 minute, 3 and 20 minutes, 1 and 2 hours after the payment. */
    private static final List<Integer> SCHEDULE = List.of(60, 120, 1020, 2400, 3600);

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            CommonFault.NOTIFY_FORGED,
            VkspayFault.NOTIFY_UNSIGNED,
            CommonFault.NOTIFY_WRONG_AMOUNT,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED,
            VkspayFault.NAME_HIDDEN,
            VkspayFault.MONEY_WITH_ZERO,
            VkspayFault.MONEY_AS_NUMBER,
            VkspayFault.REPLY_NESTED,
            VkspayFault.STATUS_AS_TEXT,
            VkspayFault.URLS_SITE_RELATIVE,
            VkspayFault.CLOSE_NOT_POSSIBLE,
            VkspayFault.REFUND_NOT_ENABLED,
            CommonFault.REFUND_CLOSED,
            CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.REFUND_FOUND_LATE,
            CommonFault.REFUND_NOT_ENOUGH);

    @Inject
    AccountStore accounts;

    @Inject
    PlatformKeys platformKeys;

    @Inject
    VkspayStore store;

    @Inject
    VkspayNotifications notifications;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String gatewayPath() {
        return PATH;
    }

    // accounts

    /** One account for all dialects: its key is that of the MD5 signatures, its RSA key pair that of epay V2. */
    @Override
    public Account newAccount(UUID merchantId, AccountNumbers numbers) {
        var pair = Rsa.newPair();
        var merchant = "1" + numbers.digits("mchId", 8);
        var key = RandomText.letters(32);
        var node = Json.createObjectBuilder()
                .add("mchId", merchant)
                .add("key", key)
                .add("privateKey", Rsa.base64(pair.getPrivate()))
                .build();
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                merchant,
                "",
                Rsa.base64(pair.getPublic()),
                "",
                key,
                node.toString(),
                numbers.pid());
    }

    @Override
    public JsonObject node(Account account) {
        return node(account, VkspayDialect.VKSPAY);
    }

    /** The account's node in this dialect, without the gateway. */
    JsonObject node(Account account, VkspayDialect dialect) {
        var node = Json.createObjectBuilder().add("mchId", account.mchNo()).add("dialect", dialect.word);
        if (dialect != VkspayDialect.EPAY_V2)
            return node.add("key", account.sharedKey()).build();
        return node.add("privateKey", account.storedNode().getString("privateKey"))
                .add("publicKey", platformKeys.get(NAME).publicKey())
                .build();
    }

    @Override
    public JsonObject identifiers(Account account) {
        return Json.createObjectBuilder()
                .add("mchId", account.mchNo())
                .add("payers", Json.createArrayBuilder())
                .build();
    }

    // trades

    /** 19 digits, as an epay site gives them. */
    @Override
    public String newTransactionId(Instant now) {
        return VkspayFormat.digits(now) + RandomText.digits(5);
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        store.age(tradeId, by);
    }

    @Override
    public List<JsonObject> refunds(Trade trade) {
        return store.refunds(trade.id()).stream()
                .map(r -> Json.createObjectBuilder()
                        .add("out_refund_no", r.outRefundNo().isEmpty() ? r.refundNo() : r.outRefundNo())
                        .add("amount", r.amount())
                        .add("state", r.state())
                        .add("at", r.at().toString())
                        .build())
                .toList();
    }

    @Override
    public List<String> wallets(Trade trade) {
        var wallet = store.detail(trade.id()).wallet();
        return wallet.isEmpty() ? WALLETS : List.of(wallet);
    }

    @Override
    public void choose(Trade trade, String wallet) {
        store.setWallet(trade.id(), wallet);
    }

    // notifications

    @Override
    public boolean notifiesTwice(Trade trade) {
        return store.detail(trade.id()).dialect() == VkspayDialect.VKSPAY;
    }

    @Override
    public List<Duration> notificationSchedule() {
        return SCHEDULE.stream().map(Duration::ofSeconds).toList();
    }

    @Override
    public NotificationMessage message(Account account, Trade trade, Notification notification) {
        return notifications.message(account, trade, notification);
    }

    /** Refunds are final at once. */
    @Override
    public void settleDue() {}

    // pages

    @Override
    public List<Fault> faults() {
        return FAULTS;
    }

    @Override
    public WalletStyle walletStyle() {
        return new WalletStyle("#b4431f");
    }

    /** The {@code return_url} after a payment; at an epay site with the signed parameters of the notification. */
    @Override
    public String merchantPage(Trade trade) {
        var detail = store.detail(trade.id());
        if (!trade.state().equals("SUCCESS") || detail.returnUrl().isEmpty()) return "";
        if (detail.dialect() == VkspayDialect.VKSPAY) return detail.returnUrl();
        return notifications.returnAddress(accounts.get(trade.accountId()), trade, detail);
    }
}
