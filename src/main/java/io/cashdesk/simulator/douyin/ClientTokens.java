package io.cashdesk.simulator.douyin;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The table {@code sim_douyin_token}: access tokens for an application's server. Each lives two hours; a new one ends
 * the earlier ones five minutes later.
 */
@ApplicationScoped
class ClientTokens {
    static final Duration LIFE = Duration.ofHours(2);
    private static final Duration OVERLAP = Duration.ofMinutes(5);

    @Inject
    SimulatorDatabase database;

    @Inject
    AccountStore accounts;

    @Inject
    Clock clock;

    private record Token(UUID account, Instant expiresAt, boolean ended) {}

    String give(Account account) {
        var now = clock.instant();
        database.update(
                "update sim_douyin_token set expires_at = least(expires_at, ?) where account_id = ? and expires_at > ?",
                now.plus(OVERLAP),
                account.id(),
                now);
        var token = "clt." + RandomText.letters(64);
        database.update(
                "insert into sim_douyin_token (token, account_id, made_at, expires_at, ended) values (?, ?, ?, ?, false)",
                token,
                account.id(),
                now,
                now.plus(LIFE));
        return token;
    }

    /** The application that has this token; refused if it is not valid (any more). */
    Account holder(String token) {
        var found = database.first(
                        "select account_id, expires_at, ended from sim_douyin_token where token = ?",
                        r -> new Token(
                                r.getObject("account_id", UUID.class),
                                SimulatorDatabase.instant(r, "expires_at"),
                                r.getBoolean("ended")),
                        token == null ? "" : token)
                .filter(t -> !t.ended())
                .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.TOKEN, "[11002] access_token 无效"));
        if (!found.expiresAt().isAfter(clock.instant())) {
            throw new DouyinRefusal(DouyinRefusal.TOKEN_EXPIRED, "[11002] access_token 过期，请刷新或重新授权");
        }
        return accounts.get(found.account());
    }

    /** @param invalid whether the tokens of the application are unknown from now on; otherwise they are expired */
    void end(Account account, boolean invalid) {
        if (invalid) {
            database.update("update sim_douyin_token set ended = true where account_id = ?", account.id());
        } else {
            database.update(
                    "update sim_douyin_token set expires_at = least(expires_at, ?) where account_id = ?",
                    clock.instant(),
                    account.id());
        }
    }
}
