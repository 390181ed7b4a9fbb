package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.NewTrade;
import io.cashdesk.simulator.Payers;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeOperations;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Orders of all dialects: made, found and paid with a payment code. */
@ApplicationScoped
class VkspayTrades {
    /** No dialect has an expiry. */
    private static final Duration OPEN = Duration.ofDays(3650);

    private static final int MOST_DRAWS = 20;

    @Inject
    TradeStore trades;

    @Inject
    TradeOperations operations;

    @Inject
    VkspayStore store;

    @Inject
    ExchangeLog log;

    @Inject
    Payers payers;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * An order that a merchant makes.
     *
     * @param number the merchant's number; empty: the gateway gives one
     */
    record Order(String number, long fen, String name, String notifyUrl, VkspayTradeDetail detail) {}

    /** Stores an order that carries the merchant's number; empty if there is one with this number. */
    Optional<Trade> add(Account account, Order order) {
        return add(account, order, order.number(), "", "");
    }

    /** Stores an order under a new number of the gateway, 20 digits, with which the address of its page ends. */
    Trade addNumbered(Account account, Order order) {
        for (int i = 0; i < MOST_DRAWS; i++) {
            var number = VkspayFormat.digits(clock.instant()) + RandomText.digits(6);
            var made = add(account, order, number, number, "/" + number);
            if (made.isPresent()) return made.get();
        }
        throw new IllegalStateException("no free number in this second");
    }

    private Optional<Trade> add(Account account, Order order, String number, String transactionId, String codeEnd) {
        return transactions.inNew(() -> {
            var made = operations.create(new NewTrade(
                    account,
                    number,
                    settings.baseUrl() + VkspayServer.PATH + "/q/" + RandomText.letters(24) + codeEnd,
                    order.fen(),
                    order.name(),
                    order.notifyUrl(),
                    "",
                    "NOTPAY",
                    transactionId,
                    clock.instant().plus(OPEN)));
            if (!made) return Optional.<Trade>empty();
            var trade = trades.find(account.id(), number).orElseThrow();
            var d = order.detail();
            store.add(
                    new VkspayTradeDetail(trade.id(), d.dialect(), d.wallet(), d.param(), d.returnUrl(), d.clientIp()));
            return Optional.of(trade);
        });
    }

    /** By the gateway's number, which wins, or by the merchant's. */
    Optional<Trade> find(Account account, String tradeNo, String number) {
        var found = tradeNo.isEmpty() ? trades.find(account.id(), number) : store.byTradeNo(account.id(), tradeNo);
        return found.map(operations::current);
    }

    /** The payer has shown a payment code. A payment code has no notification. */
    boolean payWithCode(Trade trade, String wallet) {
        store.setWallet(trade.id(), wallet);
        if (!trades.markPaid(trade.id(), trade.amountToReport())) return false;
        payers.pay(trade);
        log.add(Exchange.event(trade, Exchange.Event.PAID_BY_CODE, Yuan.grouped(trade.amount())));
        return true;
    }
}
