package io.cashdesk.order;

import io.cashdesk.ground.lease.Lease;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An attempt to get an order paid. By default by WeChat Pay in a phone's browser, begun at {@link AnOrder#NOON} under a
 * lease of 45 s, payable for 300 s, its number the order's.
 */
public final class AnAttempt {
    private final OrderKey order;
    private final int n;
    private String number;
    private Attempt.Target target = new Attempt.Target(UUID.randomUUID(), "wxpay", "1600000000", "wxpay_h5");
    private Instant expiresAt = AnOrder.NOON.plusSeconds(300);
    private Instant closeAt;
    private String codeHash;
    private AttemptRequest.SubMerchant sub = AttemptRequest.SubMerchant.NONE;
    private Instant leaseUntil = AnOrder.NOON.plusSeconds(45);
    private Instant createdAt = AnOrder.NOON;
    private String key = "same";
    private String payMethod = "";
    private int queries;

    private AnAttempt(OrderKey order, int n, String number) {
        this.order = order;
        this.n = n;
        this.number = number;
    }

    /** The next attempt of this order. */
    public static AnAttempt of(PayOrder order) {
        return new AnAttempt(order.key(), order.nextAttempt(), order.outTradeNo());
    }

    /** An attempt of any order. */
    public static AnAttempt ofAnyOrder() {
        return new AnAttempt(new OrderKey(UUID.randomUUID(), UUID.randomUUID()), 1, "T1234567");
    }

    /** @param attemptNo its number at the provider; the order's by default */
    public AnAttempt numbered(String attemptNo) {
        number = attemptNo;
        return this;
    }

    public AnAttempt through(Attempt.Target target) {
        this.target = target;
        return this;
    }

    /** @param expiresAt the last moment to pay; by default also when we close it */
    public AnAttempt payableUntil(Instant expiresAt) {
        this.expiresAt = expiresAt;
        return this;
    }

    /** @param closeAt from when on we close it at the provider */
    public AnAttempt closedFrom(Instant closeAt) {
        this.closeAt = closeAt;
        return this;
    }

    /** @param codeHash the SHA-256 of the payer's payment code; none by default */
    public AnAttempt byPaymentCode(String codeHash) {
        this.codeHash = codeHash;
        return this;
    }

    /** @param sub on whose behalf; nobody's unless this is said */
    public AnAttempt onBehalfOf(AttemptRequest.SubMerchant sub) {
        this.sub = sub;
        return this;
    }

    /** @param key equal for requests that ask for the same; "same" unless this is said */
    public AnAttempt withKey(String key) {
        this.key = key;
        return this;
    }

    /** @param payMethod the wallet of a provider that collects through several; any by default */
    public AnAttempt with(String payMethod) {
        this.payMethod = payMethod;
        return this;
    }

    public AnAttempt at(Instant createdAt) {
        this.createdAt = createdAt;
        return this;
    }

    public AnAttempt leasedUntil(Instant leaseUntil) {
        this.leaseUntil = leaseUntil;
        return this;
    }

    /** @param times how often the provider was queried about it */
    public AnAttempt queried(int times) {
        queries = times;
        return this;
    }

    /** The attempt while its provider is called, the state in which every attempt begins. */
    public Attempt calling() {
        var attempt = new Attempt(
                order,
                new Attempt.Numbered(n, number),
                target,
                new Attempt.Requested(request(), key, expiresAt, closeAt == null ? expiresAt : closeAt, codeHash),
                Lease.take(createdAt, Duration.between(createdAt, leaseUntil)),
                createdAt);
        for (int i = 0; i < queries; i++) attempt.queried(createdAt, createdAt);
        return attempt;
    }

    private AttemptRequest request() {
        return new AttemptRequest(
                expiresAt,
                URI.create("https://cashdesk.example/notify/" + target.provider() + "/" + target.accountId()),
                new AttemptRequest.Payer("192.0.2.1", "", "CODE", payMethod),
                sub,
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    /** The attempt while its payer can pay: the lease is over. */
    public Attempt shown() {
        var attempt = calling();
        attempt.shown("{}", null, leaseUntil);
        return attempt;
    }
}
