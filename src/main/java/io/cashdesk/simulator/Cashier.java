package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What happens to an order at a simulated provider: made, scanned, paid, closed, expired. */
@ApplicationScoped
class Cashier {
    private static final Duration LIFE_OF_A_PERMISSION = Duration.ofHours(2);

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    Notifier notifier;

    @Inject
    Clock clock;

    /** What a provider is asked to collect. */
    record Wish(
            Books.Account account,
            String number,
            String code,
            long amount,
            String subject,
            String notifyUrl,
            String request,
            String state,
            Instant expiresAt) {}

    /** Writes the order down; false if its number is taken. */
    boolean make(Wish wish) {
        var now = clock.instant();
        return books.add(new Books.Trade(
                Ids.next(),
                wish.account().id(),
                wish.account().provider(),
                wish.number(),
                wish.code(),
                wish.amount(),
                wish.subject(),
                wish.notifyUrl(),
                wish.request(),
                wish.state(),
                wish.amount(),
                transactionId(wish.account().provider(), now),
                books.dialledAhead(wish.number()),
                wish.expiresAt(),
                now,
                null));
    }

    private static String transactionId(String provider, Instant now) {
        var day = DateTimeFormatter.ofPattern("yyyyMMdd").format(now.atOffset(ZoneOffset.ofHours(8)));
        return provider.equals("wxpay")
                ? "42000" + Keys.digits(5) + day + Keys.digits(10)
                : day + "22001" + Keys.digits(15);
    }

    /** The order as it is now: past its expiry it is closed, at the till decided, whoever looks first. */
    Books.Trade current(Books.Trade trade) {
        if (trade.state().equals("USERPAYING")) wechat.decide(trade.id());
        if (trade.expired(clock.instant()) && books.move(trade.id(), "NOTPAY", "CLOSED")) {
            books.log(trade.number(), "–", "expired", "", "nobody paid in time");
        }
        return books.trade(trade.id());
    }

    /** The payer's wallet has scanned the code: at Alipay that is what makes the trade. */
    Books.Trade scan(Books.Trade trade) {
        if (trade.state().equals("UNSCANNED") && !trade.expired(clock.instant()))
            books.move(trade.id(), "UNSCANNED", "NOTPAY");
        return current(trade);
    }

    /** The payer pays; false if that is not possible (any more). */
    boolean pay(Books.Trade scanned) {
        var trade = scan(scanned);
        if (stale(trade)) return false;
        var reported = trade.faults().contains(Fault.NOTIFY_WRONG_AMOUNT) ? trade.amount() + 1 : trade.amount();
        if (!books.pay(trade.id(), reported)) return false;
        books.log(trade.number(), "–", "paid", "", "by the payer in the wallet");
        notifier.announce(books.trade(trade.id()));
        return true;
    }

    /** WeChat's permission to open the cashier has run out, whatever the order's own expiry is. */
    boolean stale(Books.Trade trade) {
        return wechat.prepay(trade.code())
                .filter(p -> p.madeAt().plus(LIFE_OF_A_PERMISSION).isBefore(clock.instant()))
                .isPresent();
    }

    /** The payer does not pay; only at the till does the provider learn of it. */
    void decline(Books.Trade trade) {
        books.move(trade.id(), "USERPAYING", "PAYERROR");
        books.log(trade.number(), "–", "declined", "", "by the payer in the wallet; the provider tells nobody");
    }

    /** The merchant closes it; false if it is paid. */
    boolean close(Books.Trade trade) {
        return books.move(trade.id(), "NOTPAY", "CLOSED")
                || books.trade(trade.id()).state().equals("CLOSED");
    }
}
