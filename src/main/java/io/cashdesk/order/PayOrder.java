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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * One thing that a merchant wants paid once. Every change of it, its attempts, receipts and refunds is made under its
 * lock.
 */
@Entity
public class PayOrder {
    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
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
    private String epay;
    private String[] providers = {};
    private String payMethod;
    private String goods;
    private String subMchid;
    private String subAppid;
    private String sealedToken;

    @Enumerated(EnumType.STRING)
    private OrderState state;

    private Instant expiresAt;

    @SuppressWarnings("unused") // only statements read it
    private Instant nextCloseAt;

    private String checkoutToken;
    private int attempts;

    /** Counts changes that only the payer's page shows, so that {@link #version} grows with them. */
    @SuppressWarnings("unused") // its change is what counts
    private int pageChanges;

    /** Counts changes of a receipt or a refund, of which most orders have one at most. */
    private int moneyChanges;

    private Instant phoneOpenedAt;

    /** The first reason why an operator must decide, or null. */
    private String needsPerson;

    private Instant needsPersonSince;
    private String openReasons;

    private String payType;
    private String providerMerchantNo;
    private String providerAppId;

    /** Of the attempt that paid it, or else of the last one. */
    private String notifyUrl;

    /** Likewise; masked. */
    private String appAuthToken;

    private UUID paidReceipt;
    private String transactionId;
    private String openid;
    private Instant paidAt;
    private Instant notifiedAt;
    private Integer notifyMode;
    private Instant closedAt;
    private long refundFee;
    private int refundNum;
    private boolean whollyRefunded;
    private String originalOutTradeNo;
    private boolean handlerExpected;
    private Boolean userOrderSuccess;
    private Instant createdAt;

    protected PayOrder() {} // for JPA

    /** Unpaid, with a checkout page of its own. */
    public PayOrder(UUID merchantId, Mode mode, NewOrder wanted, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.outTradeNo = wanted.outTradeNo().value();
        this.totalFee = wanted.goods().total().minor();
        this.currency = wanted.goods().total().currency();
        this.subject = wanted.goods().subject();
        this.type = wanted.goods().type();
        this.custom = wanted.goods().custom();
        this.userId = wanted.buyer().userId();
        this.nickname = wanted.buyer().nickname();
        this.platform = wanted.origin().platform();
        this.appid = wanted.origin().appid();
        this.clientIp = wanted.origin().clientIp();
        this.returnUrl = wanted.origin().returnUrl();
        this.callback = wanted.origin().callback();
        this.epay =
                wanted.origin().epay() == null ? null : wanted.origin().epay().toJson();
        this.providers = wanted.providers().toArray(String[]::new);
        this.payMethod = wanted.special().payMethod();
        this.goods = wanted.special().priced();
        this.state = OrderState.UNPAID;
        this.expiresAt = wanted.deadline().at();
        this.nextCloseAt = wanted.deadline().at();
        this.checkoutToken = Ids.randomToken(16);
        this.createdAt = now;
    }

    /** A field in which a repeated request differs from the stored order. */
    public record Difference(String field, String stored, String requested) {}

    /** What a payment that arrived means for its order. */
    public enum PaymentOutcome {
        /** It pays the order. */
        PAYS,
        /** The amount is not what is owed: the order is not paid by it, and an operator must decide. */
        AMOUNT_DIFFERS,
        /** The order was closed and its merchant does not accept late payments. */
        LATE,
        /** The order was paid by another payment already. */
        DUPLICATE
    }

    /**
     * The first field in which the same number is requested with other values (docs/api.md, "The same number again").
     */
    public Optional<Difference> differsFrom(NewOrder wanted) {
        var goods = wanted.goods();
        var named = goods.total().minor() > 0; // otherwise only the provider's store says what is paid
        if (named && goods.total().minor() != totalFee) {
            return Optional.of(new Difference(
                    "total_fee",
                    Long.toString(totalFee),
                    Long.toString(goods.total().minor())));
        }
        if (!goods.type().equals(type)) return Optional.of(new Difference("type", type, goods.type()));
        if (!goods.subject().equals(subject)) return Optional.of(new Difference("subject", subject, goods.subject()));
        var priced = wanted.special().priced();
        if (priced != null && this.goods != null && !priced.equals(this.goods)) {
            return Optional.of(new Difference("expand_data", this.goods, priced));
        }
        var repeated = wanted.origin().epay();
        return repeated == null ? Optional.empty() : differsFrom(repeated);
    }

    private Optional<Difference> differsFrom(EpayOrigin repeated) {
        if (epay == null) return Optional.of(new Difference("notify_url", "", repeated.notifyUrl()));
        var stored = EpayOrigin.parse(epay);
        if (!stored.notifyUrl().equals(repeated.notifyUrl())) {
            return Optional.of(new Difference("notify_url", stored.notifyUrl(), repeated.notifyUrl()));
        }
        if (!stored.returnUrl().equals(repeated.returnUrl())) {
            return Optional.of(new Difference("return_url", stored.returnUrl(), repeated.returnUrl()));
        }
        return stored.param().equals(repeated.param())
                ? Optional.empty()
                : Optional.of(new Difference("param", stored.param(), repeated.param()));
    }

    /** Takes over what a repeated request may change. */
    public void refresh(NewOrder wanted) {
        custom = wanted.goods().custom();
        userId = wanted.buyer().userId();
        nickname = wanted.buyer().nickname();
        var origin = wanted.origin();
        if (origin.returnUrl() != null) returnUrl = origin.returnUrl();
        if (origin.clientIp() != null) clientIp = origin.clientIp();
        var special = wanted.special();
        if (special.payMethod() != null) payMethod = special.payMethod();
        if (special.priced() != null) goods = special.priced();
        if (epay != null && origin.epay() != null) { // another wallet, or a shop that has moved to version 2
            epay = origin.epay().toJson();
            providers = wanted.providers().toArray(String[]::new);
            payMethod = special.payMethod();
        }
    }

    /**
     * On whose behalf this order is collected; empty if no call has named it. {@code createCheckout} without any stores
     * {@link AttemptRequest.SubMerchant#NONE}: its page collects for the account itself.
     *
     * @see #collectFor
     */
    public Optional<AttemptRequest.SubMerchant> onBehalf() {
        return subMchid == null
                ? Optional.empty()
                : Optional.of(new AttemptRequest.SubMerchant(
                        subMchid, subAppid, sealedToken, "")); // masked again from the token
    }

    /**
     * Stores for whom it is collected. A part that is named stays: another merchant would be paid otherwise.
     *
     * @param sub with the token sealed for {@link AttemptRequest#place}
     */
    public void collectFor(AttemptRequest.SubMerchant sub) {
        var other = subMchid != null && !subMchid.isEmpty() && !subMchid.equals(sub.mchId());
        if (other) throw new IllegalStateException(outTradeNo + " is collected for " + onBehalf());
        subMchid = sub.mchId();
        subAppid = sub.appId();
        sealedToken = sub.sealedToken();
    }

    /**
     * Can be paid until another moment, because a repeated request names it.
     *
     * @return whether it is another moment
     */
    public boolean moveDeadline(Instant deadline) {
        if (deadline.equals(expiresAt)) return false;
        expiresAt = deadline;
        nextCloseAt = deadline;
        return true;
    }

    /** Takes the next attempt's ordinal: 1, 2, … */
    public int nextAttempt() {
        if (!takesAttempts()) throw new IllegalStateException(outTradeNo + " takes no attempts");
        return ++attempts;
    }

    /**
     * An attempt, a payment or a refund of this order has changed, which the payer's page shows: pages that are open
     * must be loaded again.
     */
    public void pageChanged() {
        pageChanges++;
    }

    /** The same for a receipt or a refund. */
    public void moneyChanged() {
        moneyChanges++;
    }

    /**
     * Whether it is paid by one payment that is not refunded in any part, and no other payment came for it; known
     * without a look at its receipts and refunds.
     */
    public boolean paidOnce() {
        return paid() && needsPerson == null && refundNum == 0 && moneyChanges <= 1;
    }

    /** When a phone last opened the code for any phone; see {@link PayOrders#openedOnPhone}. */
    public Optional<Instant> phoneOpenedAt() {
        return Optional.ofNullable(phoneOpenedAt);
    }

    /**
     * Whether any money may have arrived for it, as far as the order itself shows: a payment changes the payer's page.
     * Saves a query for most unpaid orders.
     */
    public boolean mayHaveReceipts() {
        return state != OrderState.UNPAID || needsPerson != null || moneyChanges > 0;
    }

    /** Whether any attempt was ever made. */
    public boolean tried() {
        return attempts > 0;
    }

    /** What this payment means now; changes nothing. */
    public PaymentOutcome outcomeOf(Money received, boolean acceptsLate) {
        if (!received.equals(total())) return PaymentOutcome.AMOUNT_DIFFERS; // guessing what was meant would cost money
        return switch (state) {
            case UNPAID -> PaymentOutcome.PAYS;
            case CLOSED -> acceptsLate ? PaymentOutcome.PAYS : PaymentOutcome.LATE;
            case PAID -> PaymentOutcome.DUPLICATE;
        };
    }

    /**
     * Becomes paid by this receipt.
     *
     * @param openid who paid, as the provider names the payer, or null
     * @param notified whether a notification reported the payment, or else the answer to a query
     */
    public void paidBy(
            Receipt receipt, Attempt attempt, String providerAppId, String openid, boolean notified, Instant now) {
        become(OrderState.PAID);
        paidReceipt = receipt.id();
        transactionId = receipt.transactionId();
        paidAt = receipt.paidAt();
        payType = attempt.payType();
        providerMerchantNo = attempt.merchantNo();
        this.providerAppId = providerAppId;
        this.openid = openid;
        receipt.payMethod().ifPresent(used -> payMethod = used);
        requestedBy(attempt);
        notifyMode = notified ? 1 : 0;
        notifiedAt = now;
        closedAt = null; // a late payment that is accepted leaves no trace of the closing
    }

    /**
     * The store has said what was paid for an order without an amount: that is its amount from now on. Does nothing to
     * an order with one.
     */
    public void costs(Money price) {
        if (totalFee == 0 && price.currency().equals(currency)) totalFee = price.minor();
    }

    /** Is a renewal of the subscription whose first purchase paid this order, or whose renewal this order is. */
    public void renews(PayOrder earlier) {
        originalOutTradeNo = earlier.originalOutTradeNo().orElse(earlier.outTradeNo);
    }

    /**
     * A part of what paid it was refunded; status 2 or 3 follows.
     *
     * @param all whether nothing is left, which the amounts need not show
     */
    public void refunded(Money part, boolean all) {
        if (state != OrderState.PAID || refundFee + part.minor() > totalFee) {
            throw new IllegalStateException(
                    part + " cannot be refunded of " + outTradeNo + ", of which " + refundFee + " were");
        }
        refundFee += part.minor();
        refundNum++;
        if (all || (totalFee > 0 && refundFee == totalFee)) whollyRefunded = true;
    }

    /** Becomes closed. The caller has made sure at the provider that it cannot be paid any more. */
    public void close(Instant now) {
        become(OrderState.CLOSED);
        closedAt = now;
    }

    /**
     * From now on an operator must decide: no attempt is opened, and no job closes it. Every reason is kept until there
     * is a decision; a reason that is open already changes nothing.
     */
    public void requirePerson(String reason) {
        require(OpenReason.now(reason, null));
    }

    /** As {@link #requirePerson(String)}, about a payment: the decision about it closes the reason. */
    public void requirePerson(String reason, Receipt about) {
        require(OpenReason.now(reason, about.id()));
    }

    private void require(OpenReason reason) {
        var open = new ArrayList<>(openReasons());
        if (open.stream()
                .anyMatch(r -> r.text().equals(reason.text()) && r.receipt().equals(reason.receipt()))) return;
        open.add(reason);
        keep(open);
    }

    /**
     * There is a decision about this payment: what an operator had to decide about it is no longer open. A reason of
     * another kind stays.
     */
    public void decided(Receipt about) {
        keep(openReasons().stream().filter(r -> !r.isAbout(about.id())).toList());
    }

    /**
     * There is a decision about these reasons. Payments that are still held stay reasons, with or without one of their
     * own before.
     *
     * @param reasons ids of {@link OpenReason}; those that are not open are ignored
     * @param held the order's held payments
     */
    public void decided(Set<UUID> reasons, List<Receipt> held) {
        keep(openReasons().stream().filter(r -> !reasons.contains(r.id())).toList());
        for (var receipt : held) {
            if (openReasons().stream().noneMatch(r -> r.isAbout(receipt.id()))) {
                requirePerson(
                        "the payment " + receipt.transactionId() + " of " + receipt.amount() + " is held", receipt);
            }
        }
    }

    /** Whether a reason is open that is about this payment. */
    public boolean openAbout(Receipt receipt) {
        return openReasons().stream().anyMatch(reason -> reason.isAbout(receipt.id()));
    }

    /** The open reasons that are about none of these payments, which are held. */
    public List<OpenReason> openApartFrom(List<Receipt> held) {
        return openReasons().stream()
                .filter(reason -> held.stream().noneMatch(r -> reason.isAbout(r.id())))
                .toList();
    }

    private void keep(List<OpenReason> open) {
        openReasons = OpenReason.toJson(open);
        needsPerson = open.isEmpty() ? null : open.get(0).text();
        needsPersonSince = open.isEmpty() ? null : open.get(0).since();
    }

    /** All reasons why an operator must decide, the oldest first. */
    public List<OpenReason> openReasons() {
        return OpenReason.parse(openReasons);
    }

    /** A recipient on the merchant's side will be notified of the payment, so that there is a result to wait for. */
    public void expectHandler() {
        handlerExpected = true;
    }

    /** The result at the merchant's recipients; success is final (docs/api.md, "The active callback"). */
    public void delivered(boolean success) {
        if (!Boolean.TRUE.equals(userOrderSuccess)) userOrderSuccess = success;
    }

    /**
     * Which pay type the payer chose last.
     *
     * @param application the id at the provider of the account's application
     */
    public void triedWith(Attempt attempt, String application) {
        if (state == OrderState.UNPAID) {
            payType = attempt.payType();
            providerMerchantNo = attempt.merchantNo();
            providerAppId = application;
            requestedBy(attempt);
        }
    }

    private void requestedBy(Attempt attempt) {
        var request = attempt.request();
        var token = request.sub().maskedToken();
        notifyUrl = request.notifyUrl().toString();
        if (clientIp == null) clientIp = request.payer().clientIp(); // an order of createCheckout: the browser's
        appAuthToken = token.isEmpty() ? null : token;
    }

    private void become(OrderState target) {
        if (!state.next().contains(target)) {
            throw new IllegalStateException(outTradeNo + " is " + state + " and cannot become " + target);
        }
        state = target;
    }

    /** Grows with each stored change. */
    public long version() {
        return version;
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

    public OrderKey key() {
        return new OrderKey(merchantId, id);
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

    /** The name of the endpoint that receives the payment in CloudPay's shape. */
    public Optional<String> callback() {
        return Optional.ofNullable(callback);
    }

    /** What a shop that speaks epay sent beside the order; empty if it came by another API. */
    public Optional<EpayOrigin> epay() {
        return Optional.ofNullable(epay).map(EpayOrigin::parse);
    }

    /** The providers that the merchant allows for this order; none named means all. */
    public List<String> providers() {
        return List.of(providers);
    }

    /** Which wallet of a provider that collects through several, as the merchant named it. */
    public Optional<String> payMethod() {
        return Optional.ofNullable(payMethod);
    }

    /** What is bought where the provider's price list decides the amount: a JSON object. */
    public Optional<String> goods() {
        return Optional.ofNullable(goods);
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

    /** Why an operator must decide what becomes of it, if one must: the first of {@link #openReasons}. */
    public Optional<String> needsPerson() {
        return Optional.ofNullable(needsPerson);
    }

    /** Since when an operator must decide. */
    public Optional<Instant> needsPersonSince() {
        return Optional.ofNullable(needsPersonSince);
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

    /** Where the provider was requested to send its notifications. */
    public Optional<String> notifyUrl() {
        return Optional.ofNullable(notifyUrl);
    }

    /** With which token a service provider collected for another merchant, masked: it is no token any more. */
    public Optional<String> maskedAppAuthToken() {
        return Optional.ofNullable(appAuthToken);
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

    /** 1 if a notification reported the payment, 0 if the answer to a query did. */
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

    /** Whether nothing of its payment is left. */
    public boolean whollyRefunded() {
        return whollyRefunded;
    }

    /** Of a renewal of a subscription: the number of the order of its first purchase. */
    public Optional<String> originalOutTradeNo() {
        return Optional.ofNullable(originalOutTradeNo);
    }

    /** Whether there is a result at the merchant to wait for. */
    public boolean handlerExpected() {
        return handlerExpected;
    }

    /** Whether the merchant handled the payment; absent until there is a result. */
    public Optional<Boolean> userOrderSuccess() {
        return Optional.ofNullable(userOrderSuccess);
    }

    public Instant createdAt() {
        return createdAt;
    }
}
