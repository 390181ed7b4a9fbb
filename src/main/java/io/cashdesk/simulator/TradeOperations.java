package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;

/**
 * What happens to an order at every provider: it is created, opened by the payer, paid, declined, closed, or expires.
 */
@ApplicationScoped
public class TradeOperations {
    @Inject
    TradeStore trades;

    @Inject
    FaultSettings faults;

    @Inject
    ExchangeLog log;

    @Inject
    SimulatedProviders providers;

    @Inject
    Notifier notifier;

    @Inject
    Payers payers;

    @Inject
    Clock clock;

    /** Stores a new order; returns false if the account has one with this number. */
    public boolean create(NewTrade order) {
        var now = clock.instant();
        var provider = providers.named(order.account().provider());
        return trades.add(new Trade(
                Ids.next(),
                order.account().id(),
                provider.name(),
                order.number(),
                order.code(),
                order.amount(),
                order.subject(),
                order.notifyUrl(),
                order.request(),
                order.state(),
                order.amount(),
                order.transactionId().isEmpty() ? provider.newTransactionId(now) : order.transactionId(),
                faults.ofNew(order.account(), order.number()),
                order.expiresAt(),
                now,
                null));
    }

    /**
     * The trade as it is now. What is due is written down first: the payer's decision, and closing after its expiry.
     */
    public Trade current(Trade trade) {
        providers.of(trade).refresh(trade);
        if (trade.expired(clock.instant()) && trades.changeState(trade.id(), "NOTPAY", "CLOSED")) {
            log.add(Exchange.event(trade, Exchange.Event.EXPIRED, ""));
        }
        return trades.get(trade.id());
    }

    /** The payer's wallet has scanned the code. An UNSCANNED trade begins with this. */
    public Trade scan(Trade trade) {
        if (trade.state().equals("UNSCANNED") && !trade.expired(clock.instant())) {
            trades.changeState(trade.id(), "UNSCANNED", "NOTPAY");
        }
        return current(trade);
    }

    /** The payer pays; returns false if the trade cannot be paid (any more). The merchant is notified. */
    public boolean pay(Trade scanned) {
        return pay(scanned, "");
    }

    /** @param wallet one of {@link SimulatedProvider#wallets}; any other text: the first of them */
    boolean pay(Trade scanned, String wallet) {
        var trade = scan(scanned);
        var provider = providers.of(trade);
        if (provider.cannotBeOpened(trade)) return false;
        var wallets = provider.wallets(trade);
        if (!wallets.isEmpty()) provider.choose(trade, wallets.contains(wallet) ? wallet : wallets.get(0));
        if (!trades.markPaid(trade.id(), trade.amountToReport())) return false;
        payers.pay(trade); // logs first that the wallet was topped up
        providers.of(trade).paid(trades.get(trade.id()));
        log.add(Exchange.event(trade, Exchange.Event.PAID, Yuan.grouped(trade.amount())));
        notifier.announcePayment(trades.get(trade.id()));
        return true;
    }

    /** The payer does not pay. Nothing changes, except for a payment code: there the payment has failed. */
    public void decline(Trade trade) {
        trades.changeState(trade.id(), "USERPAYING", "PAYERROR");
        log.add(Exchange.event(trade, Exchange.Event.DECLINED, ""));
    }

    /** The merchant closes it; returns false if it is paid. */
    public boolean close(Trade trade) {
        return trades.changeState(trade.id(), "NOTPAY", "CLOSED")
                || trades.get(trade.id()).state().equals("CLOSED");
    }

    /** A tester lets it expire. */
    public void expire(Trade trade) {
        trades.expireNow(trade.id());
        var expired = current(trades.get(trade.id()));
        providers.of(trade).expired(expired);
    }
}
