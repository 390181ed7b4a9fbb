package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The coins of users: the tables {@code sim_virtual_coins} (balances) and {@code sim_virtual_coin_entry} (each change,
 * once for each number). A balance has a part that was bought and a part that was given; the given part is spent first.
 */
@ApplicationScoped
class Coins {
    static final int REPEATED = 268490004;
    static final int RETURNED = 268490005;
    static final int NOT_ENOUGH = 268490006;

    @Inject
    SimulatorDatabase database;

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    /** A user's coins in one environment. */
    record Owner(UUID account, String openid, int env) {}

    /**
     * @param bought the part of the balance that was bought
     * @param given the part that was given
     * @param sumBought bought ever
     * @param sumGiven given ever
     * @param sumSpent spent and not given back since
     */
    record Balance(long bought, long given, long sumBought, long sumGiven, long sumSpent) {
        static final Balance NONE = new Balance(0, 0, 0, 0, 0);

        long all() {
            return bought + given;
        }

        /** Spends the given part first. */
        Balance spend(long amount) {
            var ofGiven = Math.min(given, amount);
            return new Balance(bought - (amount - ofGiven), given - ofGiven, sumBought, sumGiven, sumSpent + amount);
        }

        Balance giveBack(long amount, long ofGiven) {
            return new Balance(bought + amount - ofGiven, given + ofGiven, sumBought, sumGiven, sumSpent - amount);
        }

        Balance buy(long amount) {
            return new Balance(bought + amount, given, sumBought + amount, sumGiven, sumSpent);
        }

        Balance receive(long amount) {
            return new Balance(bought, given + amount, sumBought, sumGiven + amount, sumSpent);
        }
    }

    /**
     * A change of a balance.
     *
     * @param number the merchant's; used once in an account
     * @param kind BOUGHT, GIVEN, SPENT or RETURNED
     * @param ofGiven the part of it that concerns given coins
     * @param about the number of the spending that a return is about, or an empty text
     */
    record Entry(String number, String kind, long amount, long ofGiven, String about) {}

    /** What a spending did. */
    record Spent(Balance balance, long ofGiven) {}

    Balance balance(Owner owner) {
        return database.first(
                        "select * from sim_virtual_coins where account_id = ? and openid = ? and env = ?",
                        Coins::read,
                        owner.account(),
                        owner.openid(),
                        owner.env())
                .orElse(Balance.NONE);
    }

    /** A recharge was paid; repeated for the same order, it changes nothing. */
    void buy(Owner owner, String number, long amount) {
        transactions.runInCurrentOrNew(() -> {
            var before = locked(owner);
            if (entry(owner.account(), number).isEmpty()) {
                store(owner, before.buy(amount), new Entry(number, "BOUGHT", amount, 0, ""));
            }
        });
    }

    /** @throws WechatRefusal if the number was used, whatever for, or if there are too few coins */
    Spent spend(Owner owner, String number, long amount) {
        return transactions.inNew(() -> {
            var before = locked(owner);
            refuseRepetition(owner, number);
            if (before.all() < amount) throw new WechatRefusal(NOT_ENOUGH, "coins not enough");
            var after = before.spend(amount);
            var ofGiven = before.given() - after.given();
            store(owner, after, new Entry(number, "SPENT", amount, ofGiven, ""));
            return new Spent(after, ofGiven);
        });
    }

    /**
     * Gives back coins that were spent; of a part, the given coins first.
     *
     * @param spending the number with which they were spent
     */
    void giveBack(Owner owner, String spending, String number, long amount) {
        transactions.runInNew(() -> {
            var before = locked(owner);
            if (entry(owner.account(), number).isPresent()) {
                throw new WechatRefusal(RETURNED, "already returned by cancel_currency_pay");
            }
            var spent = entry(owner.account(), spending)
                    .filter(e -> e.kind().equals("SPENT"))
                    .filter(e -> isOf(owner, e.number()))
                    .orElseThrow(() -> XpayFields.unknown("pay_order_id"));
            var returned = entries("account_id = ? and about = ?", owner.account(), spending);
            var left =
                    spent.amount() - returned.stream().mapToLong(Entry::amount).sum();
            if (left == 0) throw new WechatRefusal(RETURNED, "already returned by cancel_currency_pay");
            if (amount > left) throw XpayFields.wrong("amount is more than was spent");
            var givenLeft = spent.ofGiven()
                    - returned.stream().mapToLong(Entry::ofGiven).sum();
            var ofGiven = Math.min(givenLeft, amount);
            store(owner, before.giveBack(amount, ofGiven), new Entry(number, "RETURNED", amount, ofGiven, spending));
        });
    }

    private boolean isOf(Owner owner, String number) {
        return !database.query("""
                        select 1 from sim_virtual_coin_entry
                        where account_id = ? and number = ? and openid = ? and env = ?""", r -> true, owner.account(), number, owner.openid(), owner.env())
                .isEmpty();
    }

    /** @throws WechatRefusal if the number was used, whatever for */
    Balance give(Owner owner, String number, long amount) {
        return transactions.inNew(() -> {
            var before = locked(owner);
            refuseRepetition(owner, number);
            var after = before.receive(amount);
            store(owner, after, new Entry(number, "GIVEN", amount, amount, ""));
            return after;
        });
    }

    private void refuseRepetition(Owner owner, String number) {
        if (entry(owner.account(), number).isPresent()) {
            throw new WechatRefusal(REPEATED, "repeated operation, the earlier one succeeded");
        }
    }

    /** Newest first. */
    List<Entry> entries(Owner owner) {
        return entries("account_id = ? and openid = ? and env = ?", owner.account(), owner.openid(), owner.env());
    }

    private Optional<Entry> entry(UUID account, String number) {
        return entries("account_id = ? and number = ?", account, number).stream()
                .findFirst();
    }

    private List<Entry> entries(String where, Object... parameters) {
        return database.query(
                "select * from sim_virtual_coin_entry where " + where + " order by id desc",
                r -> new Entry(
                        r.getString("number"),
                        r.getString("kind"),
                        r.getLong("amount"),
                        r.getLong("of_given"),
                        r.getString("about")),
                parameters);
    }

    /** The balance; other changes of it wait until the transaction ends. */
    private Balance locked(Owner owner) {
        database.update("""
                insert into sim_virtual_coins (account_id, openid, env, bought, given, sum_bought, sum_given, sum_spent)
                values (?, ?, ?, 0, 0, 0, 0, 0) on conflict do nothing""", owner.account(), owner.openid(), owner.env());
        return database.first(
                        "select * from sim_virtual_coins where account_id = ? and openid = ? and env = ? for update",
                        Coins::read,
                        owner.account(),
                        owner.openid(),
                        owner.env())
                .orElseThrow();
    }

    private void store(Owner owner, Balance b, Entry e) {
        database.update(
                """
                insert into sim_virtual_coin_entry (id, account_id, number, openid, env, kind, amount, of_given, about, at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                Ids.next(),
                owner.account(),
                e.number(),
                owner.openid(),
                owner.env(),
                e.kind(),
                e.amount(),
                e.ofGiven(),
                e.about(),
                clock.instant());
        database.update(
                """
                update sim_virtual_coins set bought = ?, given = ?, sum_bought = ?, sum_given = ?, sum_spent = ?
                where account_id = ? and openid = ? and env = ?""",
                b.bought(),
                b.given(),
                b.sumBought(),
                b.sumGiven(),
                b.sumSpent(),
                owner.account(),
                owner.openid(),
                owner.env());
    }

    private static Balance read(ResultSet r) throws SQLException {
        return new Balance(
                r.getLong("bought"),
                r.getLong("given"),
                r.getLong("sum_bought"),
                r.getLong("sum_given"),
                r.getLong("sum_spent"));
    }
}
