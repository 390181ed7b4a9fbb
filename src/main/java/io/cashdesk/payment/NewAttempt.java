package io.cashdesk.payment;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.lease.Lease;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptRequest;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderEvent;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PaymentProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;

/** Builds and stores an order's next attempt: its number at the provider, its end, and the request. */
@ApplicationScoped
class NewAttempt {
    @Inject
    PayOrders orders;

    @Inject
    Attempts attempts;

    @Inject
    Settings settings;

    @Inject
    SealedSubMerchants subMerchants;

    @Inject
    Clock clock;

    /**
     * Within the transaction that holds the order's lock.
     *
     * @param lease of the call that follows the commit
     */
    Attempt of(PayOrder order, CollectRequest request, Lease lease, Instant now) {
        var provider = request.provider();
        var identity = provider.identity(request.account());
        var merchantNo = identity.merchantNo();
        var n = order.nextAttempt();
        var number = number(order, provider, merchantNo);
        if (request.code().isPresent() && !number.equals(order.outTradeNo())) { // it never gets a second number
            throw ProblemType.NUMBER_DOES_NOT_FIT.with(order.outTradeNo(), provider.name());
        }
        var expiresAt = expiry(order, request, now);
        var attempt = new Attempt(
                order.key(),
                new Attempt.Numbered(n, number),
                new Attempt.Target(
                        request.account().id(),
                        provider.name().value(),
                        merchantNo,
                        request.payType().toString()),
                new Attempt.Requested(
                        stored(order, request, expiresAt),
                        request.key(),
                        expiresAt,
                        request.code().isPresent() ? expiresAt : order.expiresAt(),
                        request.codeHash()),
                lease,
                now);
        attempts.add(attempt);
        order.triedWith(attempt, identity.appId());
        orders.record(new OrderEvent(
                order.key(),
                attempt.id(),
                clock.instant(), // not before the events of the transaction that held the lock
                "attempt.opened",
                request.payType().toString()));
        return attempt;
    }

    private AttemptRequest stored(PayOrder order, CollectRequest request, Instant expiresAt) {
        var notifyUrl = settings.baseUrl() + "/notify/" + request.provider().name() + "/"
                + request.account().id();
        var payer = request.payer();
        return new AttemptRequest(
                expiresAt,
                URI.create(notifyUrl),
                new AttemptRequest.Payer(
                        payer.clientIp(), payer.openid(), payer.screen().name(), payer.payMethod()),
                subMerchants.sealed(order.key(), request.sub()),
                request.returnUrl(),
                request.other(),
                request.provider() instanceof Creates creates ? creates.environment(request.account()) : "");
    }

    /**
     * The merchant's own number where the provider takes it and has not had it; otherwise a generated one
     * (docs/adr/0008).
     */
    private String number(PayOrder order, PaymentProvider provider, String merchantNo) {
        var own = order.outTradeNo();
        var free = provider.fits(own) && !attempts.isUsed(provider.name().value(), merchantNo, own);
        return free ? own : Ids.next().toString().replace("-", "");
    }

    /**
     * As long as the attempt should live, never beyond the order's deadline, never shorter than the provider keeps;
     * whole seconds.
     */
    private static Instant expiry(PayOrder order, CollectRequest request, Instant now) {
        var wanted = now.plus(request.codeLife());
        var cut = wanted.isBefore(order.expiresAt()) ? wanted : order.expiresAt();
        var least = shortest(request, now);
        return cut.isBefore(least) ? least : Instant.ofEpochSecond(cut.getEpochSecond());
    }

    /** The earliest end that the provider keeps, in whole seconds: perhaps after the order's deadline. */
    static Instant shortest(CollectRequest request, Instant now) {
        var life = request.provider().products().get(request.payType()).shortestLife();
        return Instant.ofEpochSecond(now.plus(life).plusMillis(999).getEpochSecond());
    }
}
