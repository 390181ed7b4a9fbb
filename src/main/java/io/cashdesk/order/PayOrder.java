package io.cashdesk.order;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.money.Money;
import io.cashdesk.merchant.Mode;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One thing that a merchant wants paid once. It decides what news means; whoever changes it holds its lock. */
@Entity
public class PayOrder {
    @Id
    private UUID id;

    @Version
    private long version;

    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String outTradeNo;
    private long totalFee;
    private String currency;
    private String subject;
    private String type;
    private String custom;
    private String userId;
    private String nickname;
    private String platform;
    private String appid;
    private String clientIp;
    private String returnUrl;
    private String callback;
    private String[] providers = {};

    @Enumerated(EnumType.STRING)
    private OrderState state;

    private Instant expiresAt;
    private String checkoutToken;
    private int attempts;
    private String needsPerson;
    private String payType;
    private String providerMerchantNo;
    private String providerAppId;
    private UUID paidReceipt;
    private String transactionId;
    private String openid;
    private Instant paidAt;
    private Instant notifiedAt;
    private Integer notifyMode;
    private Instant closedAt;
    private long refundFee;
    private int refundNum;
    private boolean handlerExpected;
    private Boolean userOrderSuccess;
    private Instant createdAt;

    protected PayOrder() {} // for JPA

    public PayOrder(UUID merchantId, Mode mode, NewOrder wanted, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.outTradeNo = wanted.outTradeNo().value();
        this.totalFee = wanted.total().minor();
        this.currency = wanted.total().currency();
        this.subject = wanted.subject();
        this.type = wanted.type();
        this.custom = wanted.custom();
        this.userId = wanted.userId();
        this.nickname = wanted.nickname();
        this.platform = wanted.platform();
        this.appid = wanted.appid();
        this.clientIp = wanted.clientIp();
        this.returnUrl = wanted.returnUrl();
        this.callback = wanted.callback();
        this.providers = wanted.providers().toArray(String[]::new);
        this.state = OrderState.UNPAID;
        this.expiresAt = wanted.expiresAt();
        this.checkoutToken = Ids.randomToken(16);
        this.createdAt = now;
    }

    /** What a merchant asks for; the values that make one order. */
    public record NewOrder(
            OutTradeNo outTradeNo,
            Money total,
            String subject,
            String type,
            String custom,
            String userId,
            String nickname,
            String platform,
            String appid,
            String clientIp,
            String returnUrl,
            List<String> providers,
            Instant expiresAt,
            String callback) {
        /** Nobody is told in CloudPay's shape. */
        public NewOrder(
                OutTradeNo outTradeNo,
                Money total,
                String subject,
                String type,
                String custom,
                String userId,
                String nickname,
                String platform,
                String appid,
                String clientIp,
                String returnUrl,
                List<String> providers,
                Instant expiresAt) {
            this(
                    outTradeNo,
                    total,
                    subject,
                    type,
                    custom,
                    userId,
                    nickname,
                    platform,
                    appid,
                    clientIp,
                    returnUrl,
                    providers,
                    expiresAt,
                    null);
        }
    }

    /** A field in which a repeated request differs from the stored order. */
    public record Difference(String field, String stored, String asked) {}

    /** What an order learned from hearing of money. */
    public enum Heard {
        /** It is paid now. */
        NEWS,
        /** The amount is not what is owed: never paid by this, a person must look. */
        AMOUNT_DIFFERS,
        /** It was closed, and the money stays what it is: late. */
        LATE,
        /** It was paid by another payment: this one is too much. */
        DUPLICATE
    }

    /** The first field in which the same number is asked for with other values (D6). */
    public Optional<Difference> differsFrom(NewOrder wanted) {
        if (wanted.total().minor() != totalFee) {
            return Optional.of(new Difference(
                    "total_fee",
                    Long.toString(totalFee),
                    Long.toString(wanted.total().minor())));
        }
        if (!wanted.type().equals(type)) return Optional.of(new Difference("type", type, wanted.type()));
        if (!wanted.subject().equals(subject)) {
            return Optional.of(new Difference("subject", subject, wanted.subject()));
        }
        return Optional.empty();
    }

    /** Takes over what a repeated request may change. */
    public void refresh(NewOrder wanted) {
        custom = wanted.custom();
        userId = wanted.userId();
        nickname = wanted.nickname();
        if (wanted.returnUrl() != null) returnUrl = wanted.returnUrl();
        if (wanted.clientIp() != null) clientIp = wanted.clientIp();
    }

    /** Takes the next attempt's ordinal: 1, 2, … */
    public int nextAttempt() {
        if (!takesAttempts()) throw new IllegalStateException(outTradeNo + " takes no attempts");
        return ++attempts;
    }

    /** Whether any attempt was ever made. */
    public boolean tried() {
        return attempts > 0;
    }

    /** Hears that money arrived. Decides what that means; the caller writes the receipt first and passes its id. */
    public Heard judge(Money received, boolean acceptsLate) {
        if (!received.equals(total())) return Heard.AMOUNT_DIFFERS; // a person decides; guessing costs money
        return switch (state) {
            case UNPAID -> Heard.NEWS;
            case CLOSED -> acceptsLate ? Heard.NEWS : Heard.LATE;
            case PAID -> Heard.DUPLICATE;
        };
    }

    /** Becomes paid by this receipt. */
    public void paidBy(
            Receipt receipt, Attempt attempt, String providerAppId, String openid, boolean told, Instant now) {
        become(OrderState.PAID);
        paidReceipt = receipt.id();
        transactionId = receipt.transactionId();
        paidAt = receipt.paidAt();
        payType = attempt.payType();
        providerMerchantNo = attempt.merchantNo();
        this.providerAppId = providerAppId;
        this.openid = openid;
        notifyMode = told ? 1 : 0;
        notifiedAt = now;
        closedAt = null; // late money that was accepted: paid, and nothing else
    }

    /** Some of what paid it has gone back; status 2 and 3 follow. */
    public void refunded(Money part) {
        if (state != OrderState.PAID || refundFee + part.minor() > totalFee) {
            throw new IllegalStateException(
                    part + " cannot go back from " + outTradeNo + ", of which " + refundFee + " have");
        }
        refundFee += part.minor();
        refundNum++;
    }

    /** Becomes closed: nobody can pay it any more, as far as the provider has said. */
    public void close(Instant now) {
        become(OrderState.CLOSED);
        closedAt = now;
    }

    /** From now on a person decides; nothing moves by itself. The first reason stays. */
    public void needPerson(String reason) {
        if (needsPerson == null) needsPerson = reason;
    }

    /** Somebody on the merchant's side is to hear that this was paid, so there is a result to wait for (D12). */
    public void expectHandler() {
        handlerExpected = true;
    }

    /** What the merchant's own handling came to: true once everybody who wanted to hear has (D12), and then for good. */
    public void delivered(boolean success) {
        if (!Boolean.TRUE.equals(userOrderSuccess)) userOrderSuccess = success;
    }

    /** Which pay type the payer chose last. */
    public void triedWith(Attempt attempt) {
        if (state == OrderState.UNPAID) {
            payType = attempt.payType();
            providerMerchantNo = attempt.merchantNo();
        }
    }

    private void become(OrderState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(outTradeNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    public boolean paid() {
        return state == OrderState.PAID;
    }

    /** Whether another attempt may be opened as far as the order itself is concerned. */
    public boolean takesAttempts() {
        return state == OrderState.UNPAID && needsPerson == null;
    }

    /** As merchants read it: -1 closed, 0 unpaid, 1 paid, 2 partly refunded, 3 fully refunded. */
    public int status() {
        return OrderStatus.of(this).code();
    }

    public UUID id() {
        return id;
    }

    public UUID merchantId() {
        return merchantId;
    }

    public Mode mode() {
        return mode;
    }

    public String outTradeNo() {
        return outTradeNo;
    }

    public Money total() {
        return new Money(totalFee, currency);
    }

    public String subject() {
        return subject;
    }

    public String type() {
        return type;
    }

    /** A JSON object. */
    public String custom() {
        return custom;
    }

    public Optional<String> userId() {
        return Optional.ofNullable(userId);
    }

    public Optional<String> nickname() {
        return Optional.ofNullable(nickname);
    }

    public String platform() {
        return platform;
    }

    public Optional<String> appid() {
        return Optional.ofNullable(appid);
    }

    public Optional<String> clientIp() {
        return Optional.ofNullable(clientIp);
    }

    public Optional<String> returnUrl() {
        return Optional.ofNullable(returnUrl);
    }

    /** The name of the endpoint that hears of the payment in CloudPay's shape. */
    public Optional<String> callback() {
        return Optional.ofNullable(callback);
    }

    /** The providers that the merchant allows for this order; none named means all. */
    public List<String> providers() {
        return List.of(providers);
    }

    public OrderState state() {
        return state;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    public String checkoutToken() {
        return checkoutToken;
    }

    public Optional<String> needsPerson() {
        return Optional.ofNullable(needsPerson);
    }

    public Optional<String> payType() {
        return Optional.ofNullable(payType);
    }

    public Optional<String> providerMerchantNo() {
        return Optional.ofNullable(providerMerchantNo);
    }

    public Optional<String> providerAppId() {
        return Optional.ofNullable(providerAppId);
    }

    public Optional<UUID> paidReceipt() {
        return Optional.ofNullable(paidReceipt);
    }

    public Optional<String> transactionId() {
        return Optional.ofNullable(transactionId);
    }

    public Optional<String> openid() {
        return Optional.ofNullable(openid);
    }

    public Optional<Instant> paidAt() {
        return Optional.ofNullable(paidAt);
    }

    public Optional<Instant> notifiedAt() {
        return Optional.ofNullable(notifiedAt);
    }

    /** 1 if the provider told us, 0 if we asked. */
    public Optional<Integer> notifyMode() {
        return Optional.ofNullable(notifyMode);
    }

    public Optional<Instant> closedAt() {
        return Optional.ofNullable(closedAt);
    }

    public long refundFee() {
        return refundFee;
    }

    public int refundNum() {
        return refundNum;
    }

    /** Whether the merchant's handling is to be waited for. */
    public boolean handlerExpected() {
        return handlerExpected;
    }

    /** Absent until the merchant has been told; then whether he handled it. */
    public Optional<Boolean> userOrderSuccess() {
        return Optional.ofNullable(userOrderSuccess);
    }

    public Instant createdAt() {
        return createdAt;
    }
}
