package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Douyin for the shared part of the simulator. */
@ApplicationScoped
public class DouyinServer implements SimulatedProvider {
    static final String NAME = "douyin";
    static final String PATH = "/simulator/" + NAME;

    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    /** In seconds between two deliveries of ecpay's callbacks: 16 deliveries. */
    private static final List<Integer> ECPAY = List.of(
            15,
            15,
            30,
            3 * MINUTE,
            10 * MINUTE,
            20 * MINUTE,
            30 * MINUTE,
            30 * MINUTE,
            30 * MINUTE,
            HOUR,
            3 * HOUR,
            3 * HOUR,
            3 * HOUR,
            6 * HOUR,
            6 * HOUR);

    /** Of a payment of the general trade system; then 1 to 7 minutes. */
    private static final List<Integer> TRADE = List.of(12, 12, 33);

    /** Of everything else there; then 1 to 8 minutes. */
    private static final List<Integer> TRADE_REFUND = List.of(10, 10, 30);

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            CommonFault.NOTIFY_FORGED,
            CommonFault.NOTIFY_WRONG_AMOUNT,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            DouyinFault.ANSWER_BUSY,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            DouyinFault.ORDER_TOKEN_MISSING,
            DouyinFault.AMOUNTS_AS_TEXT,
            DouyinFault.NUMBERS_AS_TEXT,
            CommonFault.REFUND_CLOSED,
            DouyinFault.REFUND_SLOW,
            CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.REFUND_FOUND_LATE,
            CommonFault.REFUND_REPETITION_LIMITED,
            CommonFault.REFUND_NOT_ENOUGH,
            CommonFault.REFUND_FREQUENCY_LIMITED,
            DouyinFault.SETTLE_FAILS);

    @Inject
    PlatformKeys platformKeys;

    @Inject
    DouyinStore store;

    @Inject
    DouyinOrders orders;

    @Inject
    DouyinRefundStore refundStore;

    @Inject
    DouyinRefunds refunds;

    @Inject
    DouyinSettlementStore settlementStore;

    @Inject
    DouyinSettlements settlements;

    @Inject
    DouyinNotifications notifications;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String gatewayPath() {
        return PATH;
    }

    // accounts

    /**
     * One application for both dialects: its salt and token are for ecpay, its key pair for the general trade system.
     */
    @Override
    public Account newAccount(UUID merchantId, AccountNumbers numbers) {
        var pair = Rsa.newPair();
        var appId = "tt" + numbers.hex("appId", 18);
        var merchant = "7" + numbers.digits("mchId", 18);
        var salt = RandomText.letters(40);
        var node = Json.createObjectBuilder()
                .add("appId", appId)
                .add("secret", RandomText.hex(40))
                .add("mchId", merchant)
                .add("salt", salt)
                .add("token", RandomText.letters(24))
                .add("privateKey", Rsa.base64(pair.getPrivate()))
                .build();
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                merchant,
                appId,
                Rsa.base64(pair.getPublic()),
                "",
                salt,
                node.toString(),
                numbers.pid());
    }

    @Override
    public JsonObject node(Account account) {
        return node(account, DouyinDialect.ECPAY);
    }

    /** The account's node in this dialect, without the gateway. */
    JsonObject node(Account account, DouyinDialect dialect) {
        var all = account.storedNode();
        var node = Json.createObjectBuilder()
                .add("dialect", dialect.word)
                .add("appId", account.appId())
                .add("secret", all.getString("secret"))
                .add("mchId", account.mchNo());
        if (dialect == DouyinDialect.ECPAY) {
            return node.add("salt", all.getString("salt"))
                    .add("token", all.getString("token"))
                    .build();
        }
        return node.add("privateKey", all.getString("privateKey"))
                .add("keyVersion", "1")
                .add("platformPublicKey", platformKeys.get(NAME).publicKey())
                .add("requestOrder", requestOrder(account))
                .build();
    }

    /** What an order of this application has besides the merchant's values. */
    private static JsonObject requestOrder(Account account) {
        var sku = Json.createObjectBuilder()
                .add("skuId", "1")
                .add("type", 401)
                .add("tagGroupId", "tag_group_000000000000000001")
                .add("imageList", Json.createArrayBuilder().add("https://merchant.example/goods.png"));
        return Json.createObjectBuilder()
                .add("skuList", Json.createArrayBuilder().add(sku))
                .add(
                        "orderEntrySchema",
                        Json.createObjectBuilder().add("path", "pages/order").add("params", "{}"))
                .add("merchantUid", account.mchNo())
                .build();
    }

    @Override
    public JsonObject identifiers(Account account) {
        return Json.createObjectBuilder()
                .add("appId", account.appId())
                .add("mchId", account.mchNo())
                .add("payers", Json.createArrayBuilder())
                .build();
    }

    @Override
    public void notifyAt(Account account, URI address) {
        store.storeNotifyUrl(account.id(), address.toString());
    }

    // trades

    /** 19 digits, as ecpay gives them. */
    @Override
    public String newTransactionId(Instant now) {
        return "7" + RandomText.digits(18);
    }

    @Override
    public void expired(Trade trade) {
        if (trade.state().equals("CLOSED")) orders.end(trade, DouyinOrders.TIME_OUT);
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        store.age(tradeId, by);
        refundStore.age(tradeId, by);
        settlementStore.age(tradeId, by);
    }

    @Override
    public List<JsonObject> refunds(Trade trade) {
        return refundStore.ofTrade(trade.id()).stream()
                .map(refunds::current)
                .map(r -> Json.createObjectBuilder()
                        .add("out_refund_no", r.outRefundNo().isEmpty() ? r.refundNo() : r.outRefundNo())
                        .add("refund_id", r.refundNo())
                        .add("amount", r.amount())
                        .add("state", r.state())
                        .add("audit_status", r.audit())
                        .add("deny_message", r.denyMessage())
                        .add("at", (r.endedAt() == null ? r.createdAt() : r.endedAt()).toString())
                        .build())
                .toList();
    }

    /** What the payer chose or, until then, what the merchant allows. */
    @Override
    public List<String> wallets(Trade trade) {
        var order = store.of(trade);
        var way = order.detail().way();
        var ways = way == 0 ? order.ways() : List.of(way);
        return ways.stream().map(DouyinOrder.WALLETS::get).toList();
    }

    @Override
    public void choose(Trade trade, String wallet) {
        store.choose(trade.id(), DouyinOrder.way(wallet));
    }

    // notifications

    /** Ecpay's, which are the same for everything. */
    @Override
    public List<Duration> notificationSchedule() {
        return seconds(ECPAY, 0);
    }

    @Override
    public List<Duration> notificationSchedule(Trade trade, Notification notification) {
        return schedule(store.detail(trade.id()).dialect(), notification.refundId() == null);
    }

    static List<Duration> schedule(DouyinDialect dialect, boolean ofPayment) {
        if (dialect == DouyinDialect.ECPAY) return seconds(ECPAY, 0);
        return ofPayment ? seconds(TRADE, 7) : seconds(TRADE_REFUND, 8);
    }

    /** @param minutes after these come pauses of 1, 2, … minutes, up to this */
    private static List<Duration> seconds(List<Integer> first, int minutes) {
        return IntStream.concat(
                        first.stream().mapToInt(Integer::intValue),
                        IntStream.rangeClosed(1, minutes).map(m -> m * MINUTE))
                .mapToObj(Duration::ofSeconds)
                .toList();
    }

    @Override
    public NotificationMessage message(Account account, Trade trade, Notification notification) {
        return notifications.message(account, trade, notification);
    }

    @Override
    public void settleDue() {
        orders.endDue();
        refunds.settleDue();
        settlements.settleDue();
    }

    // pages

    @Override
    public List<Fault> faults() {
        return FAULTS;
    }

    @Override
    public WalletStyle walletStyle() {
        return new WalletStyle("#c2264b");
    }

    @Override
    public String merchantPage(Trade trade) {
        return "";
    }
}
