package io.cashdesk.simulator.alipay;

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
import io.cashdesk.simulator.SelfSignedCertificate;
import io.cashdesk.simulator.SimulatedProvider;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletStyle;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/** Alipay for the shared part of the simulator. */
@ApplicationScoped
public class AlipayServer implements SimulatedProvider {
    static final String NAME = "alipay";
    static final String PATH = "/simulator/" + NAME;
    static final String GATEWAY = PATH + "/gateway.do";

    /** In seconds. */
    private static final List<Integer> SCHEDULE = List.of(240, 600, 600, 3600, 7200, 21_600, 54_000);

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            CommonFault.NOTIFY_FORGED,
            CommonFault.NOTIFY_WRONG_AMOUNT,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED,
            CommonFault.REVERSE_ONCE_MORE,
            CommonFault.REFUND_CLOSED,
            CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.REFUND_FOUND_LATE,
            CommonFault.REFUND_REPETITION_LIMITED,
            CommonFault.REFUND_NOT_ENOUGH,
            CommonFault.REFUND_FREQUENCY_LIMITED,
            AlipayFault.ANSWER_REFUSED_UNSIGNED,
            AlipayFault.ANSWER_SIGNED_UNESCAPED,
            AlipayFault.REFUND_NOT_ALLOWED);

    @Inject
    AccountStore accounts;

    @Inject
    PlatformKeys platformKeys;

    @Inject
    AlipayTradeStore tradeStore;

    @Inject
    AlipayRefundStore refundStore;

    @Inject
    AlipayTrades alipayTrades;

    @Inject
    AlipayNotifications notifications;

    @Inject
    AlipayAnswers answers;

    @Inject
    Clock clock;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String gatewayPath() {
        return GATEWAY;
    }

    // accounts

    @Override
    public Account newAccount(UUID merchantId, AccountNumbers numbers) {
        var certificates = numbers.kind().equals(Account.CERTIFICATE);
        var platform = platformKeys.get(NAME);
        var pair = Rsa.newPair();
        var serial = SelfSignedCertificate.newSerial();
        var appId = "2021" + numbers.digits("appId", 12);
        var seller = "2088" + numbers.digits("mchId", 12);
        var node = Json.createObjectBuilder()
                .add("appId", appId)
                .add("mchId", seller)
                .add("website", "wap") // so that a phone's browser opens the wallet
                .add("privateKey", Rsa.base64(pair.getPrivate()));
        if (certificates) {
            node.add("appCertContent", SelfSignedCertificate.pem(pair, appId, serial, clock.instant()))
                    .add("alipayPublicCertContent", platform.certificate())
                    .add("alipayRootCertContent", platform.certificate());
        } else {
            node.add("alipayPublicKey", platform.publicKey());
        }
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                seller,
                appId,
                Rsa.base64(pair.getPublic()),
                AlipayCertificates.serial("CN=" + appId, serial),
                "",
                node.build().toString(),
                numbers.pid());
    }

    /** The payer's id is a user id; an application that gets open ids only knows the payer as {@code openId}. */
    @Override
    public JsonObject identifiers(Account account) {
        var payer = Json.createObjectBuilder()
                .add("name", "FIRST")
                .add("openid", AlipayFormat.PAYER)
                .add("openId", AlipayLogin.openId(account.appId()));
        return Json.createObjectBuilder()
                .add("appId", account.appId())
                .add("mchId", account.mchNo())
                .add("payers", Json.createArrayBuilder().add(payer))
                .build();
    }

    // trades

    @Override
    public String newTransactionId(Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd").format(now.atOffset(AlipayFormat.CHINA));
        return day + "22001" + RandomText.digits(15);
    }

    /** The close is reported at once, not only after the expiry that was planned. */
    @Override
    public void expired(Trade trade) {
        tradeStore.watchNow(trade.id());
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        refundStore.age(tradeId, by);
        tradeStore.age(tradeId, by);
    }

    @Override
    public List<JsonObject> refunds(Trade trade) {
        return refundStore.ofTrade(trade.id()).stream()
                .map(r -> Json.createObjectBuilder()
                        .add("out_refund_no", r.requestNo())
                        .add("amount", r.amount())
                        .add("state", r.shown() ? "SUCCESS" : "CLOSED")
                        .add("at", r.at().toString())
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
        alipayTrades.settleDue();
    }

    // pages

    @Override
    public List<Fault> faults() {
        return FAULTS;
    }

    @Override
    public WalletStyle walletStyle() {
        return new WalletStyle("#0f62d6");
    }

    /** The {@code return_url} after a payment, otherwise the {@code quit_url}. */
    @Override
    public String merchantPage(Trade trade) {
        var detail = tradeStore.detail(trade.id());
        if (detail.isEmpty()) return "";
        if (!trade.state().equals("SUCCESS")) return detail.get().quitUrl();
        if (detail.get().returnUrl().isEmpty()) return "";
        return answers.returnAddress(accounts.get(trade.accountId()), trade, detail.get());
    }
}
