package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.Notifier;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatedProvider;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletStyle;
import io.cashdesk.simulator.wechat.WechatApplications;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/** Virtual payment for the shared part of the simulator. */
@ApplicationScoped
public class VirtualServer implements SimulatedProvider {
    public static final String NAME = "wxpay-virtual";

    /** The address of api.weixin.qq.com for virtual payment, and of the payer's phone. */
    public static final String PATH = "/simulator/" + NAME;

    private static final int MOST_REPETITIONS = 15;

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            VirtualFault.NOTIFY_AFTER_REFUND,
            CommonFault.NOTIFY_FORGED,
            CommonFault.NOTIFY_WRONG_AMOUNT,
            VirtualFault.NOTIFY_TAMPERED,
            VirtualFault.NOTIFY_OF_OTHER_APPLICATION,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.REFUND_CLOSED,
            VirtualFault.REFUND_SLOW,
            CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.REFUND_FOUND_LATE,
            CommonFault.REFUND_REPETITION_LIMITED,
            CommonFault.REFUND_FREQUENCY_LIMITED);

    @Inject
    WechatApplications applications;

    @Inject
    VirtualProfiles profiles;

    @Inject
    VirtualProducts products;

    @Inject
    VirtualOrderStore orders;

    @Inject
    VirtualRefundStore refundStore;

    @Inject
    VirtualRefunds refunds;

    @Inject
    VirtualPush push;

    @Inject
    Coins coins;

    @Inject
    TradeStore trades;

    @Inject
    Notifier notifier;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String gatewayPath() {
        return PATH;
    }

    // accounts

    /** Of the merchant's application that its account at WeChat Pay has too. */
    @Override
    public Account newAccount(UUID merchantId, AccountNumbers numbers) {
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                "16" + numbers.digits("mchId", 8),
                applications.of(merchantId, numbers).appId(),
                "",
                "",
                "",
                "{}",
                numbers.pid());
    }

    /** All of it is stored elsewhere, because the console can change it. */
    @Override
    public JsonObject node(Account account) {
        var profile = profiles.of(account);
        return Json.createObjectBuilder()
                .add("appId", account.appId())
                .add("secret", applications.secret(account.appId()).orElseThrow())
                .add("mchId", account.mchNo())
                .add("offerId", profile.offerId())
                .add("appKey", profile.appKey())
                .add("sandboxAppKey", profile.sandboxAppKey())
                .add("rate", profile.rate())
                .add("token", profile.token())
                .add("encodingAESKey", profile.aesKey())
                .add("sandbox", profile.sandbox())
                .add("ios", profile.ios())
                .build();
    }

    @Override
    public JsonObject identifiers(Account account) {
        var profile = profiles.of(account);
        var payers = Json.createArrayBuilder();
        for (var payer : WechatPayer.values()) {
            payers.add(
                    Json.createObjectBuilder().add("name", payer.name()).add("openid", payer.openid(account.appId())));
        }
        var goods = Json.createArrayBuilder();
        for (var product : products.all(account.id())) {
            goods.add(Json.createObjectBuilder().add("product_id", product.id()).add("goods_price", product.price()));
        }
        return Json.createObjectBuilder()
                .add("appId", account.appId())
                .add("mchId", account.mchNo())
                .add("offerId", profile.offerId())
                .add("rate", profile.rate())
                .add("products", goods)
                .add("payers", payers)
                .build();
    }

    @Override
    public void notifyAt(Account account, URI address) {
        profiles.storePushUrl(profiles.of(account).accountId(), address.toString());
    }

    // trades

    @Override
    public String newTransactionId(Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).format(now.atOffset(ZoneOffset.ofHours(8)));
        return "42000" + RandomText.digits(5) + day + RandomText.digits(10);
    }

    /** The coins of a recharge belong to the user at once. */
    @Override
    public void paid(Trade trade) {
        var detail = orders.of(trade).detail();
        if (detail.coins()) {
            var owner = new Coins.Owner(trade.accountId(), detail.openid(), detail.env());
            coins.buy(owner, trade.number(), detail.quantity());
        }
    }

    @Override
    public String payer(Trade trade) {
        return WechatPayer.ofOpenid(orders.of(trade).detail().openid()).name();
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        orders.age(tradeId, by);
        refundStore.age(tradeId, by);
    }

    @Override
    public List<JsonObject> refunds(Trade trade) {
        return refundStore.ofTrade(trade.id()).stream()
                .map(refunds::current)
                .map(r -> Json.createObjectBuilder()
                        .add("out_refund_no", r.number())
                        .add("refund_id", r.wxRefundId())
                        .add("amount", r.amount())
                        .add("state", r.state())
                        .add("at", (r.endedAt() == null ? r.createdAt() : r.endedAt()).toString())
                        .build())
                .toList();
    }

    // notifications

    @Override
    public List<Duration> notificationSchedule() {
        return IntStream.rangeClosed(1, MOST_REPETITIONS)
                .mapToObj(i -> Duration.ofSeconds(1L << i))
                .toList();
    }

    @Override
    public boolean reportsPaymentLater(Trade trade) {
        return trade.has(VirtualFault.NOTIFY_AFTER_REFUND);
    }

    @Override
    public NotificationMessage message(Account account, Trade trade, Notification notification) {
        return push.message(account, trade, notification);
    }

    /** To acknowledge the event of a payment is to confirm the delivery. */
    @Override
    public void answered(Trade trade, Notification notification, boolean acknowledged) {
        if (notification.refundId() == null) {
            if (acknowledged) orders.delivered(trade.id());
            else orders.delivering(trade.id());
            return;
        }
        if (acknowledged) refundStore.acknowledged(notification.refundId());
        if (trades.takeFault(trades.get(trade.id()), VirtualFault.NOTIFY_AFTER_REFUND)) {
            notifier.announcePayment(trades.get(trade.id()));
        }
    }

    @Override
    public void settleDue() {
        refundStore.due().forEach(refunds::current);
    }

    // pages

    @Override
    public List<Fault> faults() {
        return FAULTS;
    }

    @Override
    public WalletStyle walletStyle() {
        return new WalletStyle("#07833d");
    }

    @Override
    public String merchantPage(Trade trade) {
        return "";
    }
}
