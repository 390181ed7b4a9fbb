package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.SelfSignedCertificate;
import io.cashdesk.simulator.SimulatedProvider;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletStyle;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.wechat.WechatApplications;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/** WeChat Pay for the shared part of the simulator. */
@ApplicationScoped
public class WxpayServer implements SimulatedProvider {
    public static final String NAME = "wxpay";

    /** The address of WeChat Pay's server, below which v3, v2 and the payer's pages are. */
    public static final String PATH = "/simulator/" + NAME;

    /** In seconds. */
    private static final List<Integer> SCHEDULE =
            List.of(15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600);

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            CommonFault.NOTIFY_FORGED,
            CommonFault.NOTIFY_WRONG_AMOUNT,
            WxpayFault.NOTIFY_PROBED_FIRST,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED,
            WxpayFault.ANSWER_STALE,
            WxpayFault.ANSWER_OF_UNKNOWN_SERIAL,
            CommonFault.REVERSE_ONCE_MORE,
            WxpayFault.REFUND_ABNORMAL,
            CommonFault.REFUND_CLOSED,
            WxpayFault.REFUND_SLOW,
            CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.REFUND_FOUND_LATE,
            CommonFault.REFUND_REPETITION_LIMITED,
            CommonFault.REFUND_NOT_ENOUGH,
            CommonFault.REFUND_FREQUENCY_LIMITED);

    /** After this the payer's WeChat refuses a prepay id, whatever the order's own expiry is. */
    static final Duration LIFE_OF_A_PREPAY = Duration.ofHours(2);

    @Inject
    WxpayOrderStore orderStore;

    @Inject
    WxpayRefundStore refundStore;

    @Inject
    WxpayProfiles profiles;

    @Inject
    WechatApplications applications;

    @Inject
    Payers payers;

    @Inject
    ExchangeLog log;

    @Inject
    WxpayRefunds refunds;

    @Inject
    WxpayNotifications notifications;

    @Inject
    WxpayPlatform platform;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String gatewayPath() {
        return PATH;
    }

    // accounts

    @Override
    public Account newAccount(UUID merchantId, AccountNumbers numbers) {
        var certificates = numbers.kind().equals(Account.CERTIFICATE);
        var pair = Rsa.newPair();
        var serial = SelfSignedCertificate.newSerial();
        var appId = applications.of(merchantId, numbers).appId();
        var mchId = "16" + numbers.digits("mchId", 8);
        var v3Key = RandomText.letters(32);
        var node = Json.createObjectBuilder()
                .add("appId", appId)
                .add("mchId", mchId)
                .add("version", 3)
                .add("v3Key", v3Key)
                .add("appCertContent", SelfSignedCertificate.pem(pair, mchId, serial, clock.instant()))
                .add("appPrivateKeyContent", Rsa.pem("PRIVATE KEY", Rsa.base64(pair.getPrivate())));
        if (!certificates) {
            var publicKey = platform.key(WxpayPlatform.PUBLIC_KEY);
            node.add("wxpayPublicKeyId", publicKey.id())
                    .add(
                            "wxpayPublicKeyContent",
                            Rsa.pem("PUBLIC KEY", publicKey.key().publicKey()));
        }
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                mchId,
                appId,
                Rsa.base64(pair.getPublic()),
                SelfSignedCertificate.serialText(serial),
                v3Key,
                node.build().toString(),
                numbers.pid());
    }

    /** With the secret, the sub-merchant and the H5 scene, which are not stored in the node. */
    @Override
    public JsonObject node(Account account) {
        var profile = profiles.of(account);
        var scene = Json.createObjectBuilder()
                .add("type", "Wap")
                .add("wap_url", settings.baseUrl())
                .add("wap_name", "Cashdesk");
        return Json.createObjectBuilder(account.storedNode())
                .add("secret", profile.secret())
                .add("subMerchants", Json.createArrayBuilder().add(profile.subMchid()))
                .add("subAppId", profile.subAppid())
                .add("sceneInfo", Json.createObjectBuilder().add("h5_info", scene))
                .build();
    }

    @Override
    public JsonObject identifiers(Account account) {
        var profile = profiles.of(account);
        var payers = Json.createArrayBuilder();
        for (var payer : WechatPayer.values()) {
            payers.add(Json.createObjectBuilder()
                    .add("name", payer.name())
                    .add("openid", payer.openid(account.appId()))
                    .add("subOpenid", payer.openid(profile.subAppid())));
        }
        return Json.createObjectBuilder()
                .add("appId", account.appId())
                .add("mchId", account.mchNo())
                .add("subMerchants", Json.createArrayBuilder().add(profile.subMchid()))
                .add("subAppId", profile.subAppid())
                .add("payers", payers)
                .build();
    }

    // trades

    @Override
    public String newTransactionId(Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd").format(now.atOffset(ZoneOffset.ofHours(8)));
        return "42000" + RandomText.digits(5) + day + RandomText.digits(10);
    }

    /** While the payer enters the password for a payment code, the decision may have come. */
    @Override
    public void refresh(Trade trade) {
        if (!trade.state().equals("USERPAYING") || !orderStore.decide(trade.id())) return;
        payers.pay(trade); // logs first that the wallet was topped up
        log.add(Exchange.event(trade, Exchange.Event.PAID_BY_CODE, Yuan.grouped(trade.amount())));
    }

    @Override
    public String payer(Trade trade) {
        var detail = orderStore.withDetail(trade).detail();
        return WechatPayer.ofOpenid(detail.openid().isEmpty() ? detail.subOpenid() : detail.openid())
                .name();
    }

    @Override
    public boolean cannotBeOpened(Trade trade) {
        return orderStore
                .prepay(trade.code())
                .filter(p -> p.madeAt().plus(LIFE_OF_A_PREPAY).isBefore(clock.instant()))
                .isPresent();
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        orderStore.age(tradeId, by);
        refundStore.age(tradeId, by);
    }

    @Override
    public List<JsonObject> refunds(Trade trade) {
        return refundStore.ofTrade(trade.id()).stream()
                .map(refunds::current)
                .map(r -> Json.createObjectBuilder()
                        .add("out_refund_no", r.number())
                        .add("refund_id", r.refundId())
                        .add("amount", r.amount())
                        .add("state", r.state())
                        .add("at", (r.succeededAt() == null ? r.createdAt() : r.succeededAt()).toString())
                        .build())
                .toList();
    }

    // notifications

    @Override
    public List<Duration> notificationSchedule() {
        return SCHEDULE.stream().map(Duration::ofSeconds).toList();
    }

    @Override
    public NotificationMessage message(Account account, Trade trade, Notification notification) {
        return notifications.message(account, trade, notification);
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

    /** The {@code redirect_url} with which an H5 payment was opened. */
    @Override
    public String merchantPage(Trade trade) {
        return orderStore
                .prepay(trade.code())
                .map(WxpayOrderStore.Prepay::redirectUrl)
                .orElse("");
    }
}
