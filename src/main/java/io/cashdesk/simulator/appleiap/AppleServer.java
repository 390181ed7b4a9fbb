package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Notification;
import io.cashdesk.simulator.NotificationMessage;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.SimulatedProvider;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletStyle;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The App Store for the shared part of the simulator. */
@ApplicationScoped
public class AppleServer implements SimulatedProvider {
    public static final String NAME = "appleiap";

    /** The address of Apple's production servers; those of the sandbox are below it. */
    public static final String PATH = "/simulator/" + NAME;

    static final String SANDBOX = PATH + "/sandbox";

    /** After the delivery before, as Apple's documents say; from the sandbox there is a single delivery. */
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofHours(1),
            Duration.ofHours(12),
            Duration.ofHours(24),
            Duration.ofHours(48),
            Duration.ofHours(72));

    /** In the order of the wallet page. */
    private static final List<Fault> FAULTS = List.of(
            CommonFault.NOTIFY_LATE,
            CommonFault.NOTIFY_LOST,
            CommonFault.NOTIFY_TWICE_AT_ONCE,
            CommonFault.NOTIFY_FORGED,
            AppleFault.NOTIFY_INNER_FORGED,
            AppleFault.NOTIFY_OF_OTHER_APP,
            AppleFault.PURCHASE_OF_OTHER_PRODUCT,
            AppleFault.PURCHASE_FAMILY_SHARED,
            AppleFault.PURCHASE_FOUND_LATE,
            CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING,
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED);

    @Inject
    AppleApps apps;

    @Inject
    ApplePurchases purchases;

    @Inject
    AppleNotices notices;

    @Inject
    AppleSigner signer;

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
        var bundleId = "cn.example.app" + numbers.digits("bundleId", 8);
        var pair = Ec.newPair();
        var keyId = RandomText.of("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 10);
        var password = RandomText.hex(32);
        var privateKey = Rsa.pem("PRIVATE KEY", Rsa.base64(pair.getPrivate()));
        var node = Json.createObjectBuilder()
                .add("bundleId", bundleId)
                .add("appAppleId", Long.parseLong("6" + numbers.digits("appAppleId", 9)))
                .add("issuerId", UUID.randomUUID().toString())
                .add("keyId", keyId)
                .add("privateKey", privateKey)
                .add("password", password)
                .add("sandbox", false)
                .add("acceptSandbox", true)
                .build();
        return new Account(
                Ids.next(),
                merchantId,
                NAME,
                numbers.kind(),
                bundleId,
                bundleId,
                Rsa.base64(pair.getPublic()),
                keyId,
                password,
                node.toString(),
                numbers.pid());
    }

    /** With the root of this installation, which is not stored with the account. */
    @Override
    public JsonObject node(Account account) {
        return Json.createObjectBuilder(account.storedNode())
                .add("rootCertificates", signer.root())
                .build();
    }

    @Override
    public JsonObject identifiers(Account account) {
        var goods = Json.createArrayBuilder();
        for (var product : AppleProduct.ALL) {
            goods.add(Json.createObjectBuilder()
                    .add("product_id", product.id())
                    .add("type", product.type())
                    .add("price", product.price()));
        }
        return Json.createObjectBuilder()
                .add("bundleId", account.mchNo())
                .add("appAppleId", AppleApp.of(account).appAppleId())
                .add("products", goods)
                .build();
    }

    @Override
    public void notifyAt(Account account, URI address) {
        apps.notifyAt(account.id(), address.toString());
    }

    // trades

    @Override
    public String newTransactionId(Instant now) {
        return AppleSales.newId(Environment.PRODUCTION);
    }

    @Override
    public void age(UUID tradeId, Duration by) {
        purchases.age(tradeId, by);
    }

    /** The one that Apple made, unless it reversed it. */
    @Override
    public List<JsonObject> refunds(Trade trade) {
        return purchases.of(trade).filter(p -> p.detail().revocation() != null).map(AppleServer::refund).stream()
                .toList();
    }

    private static JsonObject refund(ApplePurchase p) {
        Revocation revocation = p.detail().revocation();
        return Json.createObjectBuilder()
                .add("out_refund_no", revocation.type())
                .add("amount", p.refunded())
                .add("state", "SUCCESS")
                .add("at", revocation.at().toString())
                .build();
    }

    @Override
    public Optional<LocalizedText> paidElsewhere() {
        return Optional.of(new LocalizedText(
                "苹果内购由付款人的设备下单，模拟器事先不知道订单；请用 orderInfo 中的 appAccountToken 调用 POST " + PATH + "/buy，或打开 " + PATH
                        + "/store 页面购买",
                "the payer's device makes the purchase, so the simulator does not know the order: use POST " + PATH
                        + "/buy with the appAccountToken of orderInfo, or the page " + PATH + "/store"));
    }

    // notifications

    @Override
    public List<Duration> notificationSchedule() {
        return SCHEDULE;
    }

    @Override
    public List<Duration> notificationSchedule(Trade trade, Notification notification) {
        var environment = notices.ofTrade(trade.id())
                .map(AppleNotices.Notice::environment)
                .orElse(Environment.PRODUCTION);
        return environment == Environment.SANDBOX ? List.of() : SCHEDULE;
    }

    /** Always: a purchase is reported with what Apple knows of it, which is stored after the trade. */
    @Override
    public boolean reportsPaymentLater(Trade trade) {
        return true;
    }

    @Override
    public NotificationMessage message(Account account, Trade trade, Notification notification) {
        return notices.message(account, trade, notification);
    }

    /** Nothing becomes due by itself: a test or the page decides about renewals and refunds. */
    @Override
    public void settleDue() {}

    // pages

    @Override
    public List<Fault> faults() {
        return FAULTS;
    }

    @Override
    public WalletStyle walletStyle() {
        return new WalletStyle("#0066cc");
    }

    @Override
    public String merchantPage(Trade trade) {
        return "";
    }
}
