package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * The table {@code sim_payer}: the money that simulated payers have. A payment lowers the balance, a refund raises it.
 * Each merchant's account has payers of its own, so that no tester sees what another one pays. If the balance is too
 * small for an amount, the wallet is topped up, so every amount can be paid.
 */
@ApplicationScoped
public class Payers {
    /** Fen; the balance at the beginning, and after a payment for which the wallet was topped up. */
    static final long START = 888_800;

    @Inject
    SimulatorDatabase database;

    @Inject
    SimulatedProviders providers;

    @Inject
    ExchangeLog log;

    /** In fen, of the payer of this trade. */
    long balance(Trade trade) {
        return database.first(
                        "select balance from sim_payer where account_id = ? and payer = ?",
                        r -> r.getLong(1),
                        trade.accountId(),
                        payer(trade))
                .orElse(START);
    }

    /** Fen that are added before an amount is paid from this balance; 0: the balance is enough. */
    static long topUp(long balance, long amount) {
        return balance >= amount ? 0 : amount + START - balance;
    }

    /** The trade was paid. */
    public void pay(Trade trade) {
        pay(trade, trade.amount());
    }

    /**
     * Takes an amount from the payer for this trade.
     *
     * @param amount fen
     */
    public void pay(Trade trade, long amount) {
        add(trade, 0);
        var before = database.first(
                        """
                with old as (select balance from sim_payer where account_id = ? and payer = ? for update)
                update sim_payer p set balance = case when old.balance >= ? then old.balance - ? else ? end
                from old where p.account_id = ? and p.payer = ? returning old.balance""",
                        r -> r.getLong(1),
                        trade.accountId(),
                        payer(trade),
                        amount,
                        amount,
                        START,
                        trade.accountId(),
                        payer(trade))
                .orElse(START);
        var added = topUp(before, amount);
        if (added > 0) log.add(Exchange.event(trade, Exchange.Event.TOPPED_UP, Yuan.grouped(added)));
    }

    /**
     * The payer gets money back.
     *
     * @param amount fen
     */
    public void refund(Trade trade, long amount) {
        add(trade, amount);
    }

    private void add(Trade trade, long amount) {
        database.update("""
                insert into sim_payer (account_id, payer, balance) values (?, ?, ?)
                on conflict (account_id, payer) do update set balance = sim_payer.balance + ?""", trade.accountId(), payer(trade), START + amount, amount);
    }

    private String payer(Trade trade) {
        return providers.of(trade).payer(trade);
    }
}
