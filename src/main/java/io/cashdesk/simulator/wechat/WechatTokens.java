package io.cashdesk.simulator.wechat;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The table {@code sim_wechat_token}: access tokens, given out by the rules of {@code /cgi-bin/stable_token}.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">the
 *     document</a>
 */
@ApplicationScoped
public class WechatTokens {
    private static final Duration LIFE = Duration.ofHours(2);

    /** In the last minutes of a token another one is given out; both are valid. */
    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(5);

    private static final int MOST_FORCED_A_DAY = 20;
    private static final Duration BETWEEN_FORCED = Duration.ofSeconds(30);

    @Inject
    SimulatorDatabase database;

    @Inject
    WechatLogin login;

    @Inject
    Transactions transactions;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** How often an application requested tokens, and how many different ones it was given. */
    public record Use(int calls, int issued) {}

    private record Token(String text, Instant expiresAt) {}

    /**
     * The answer of {@code stable_token}.
     *
     * @param force true ends the tokens before; at most 20 times a day, 30 seconds apart
     * @throws WechatRefusal with WeChat's number
     */
    public JsonObject give(String appId, String secret, boolean force) {
        login.checkSecret(appId, secret);
        var token = transactions.inNew(() -> given(appId, force));
        if (token.text().isEmpty()) throw limited(appId);
        return Json.createObjectBuilder()
                .add("access_token", token.text())
                .add(
                        "expires_in",
                        Duration.between(clock.instant(), token.expiresAt()).toSeconds())
                .build();
    }

    /** An empty token if it may not be forced now. */
    private Token given(String appId, boolean force) {
        // locks the application, so that two calls at the same moment are given the same token
        database.update(
                "update sim_wechat_app set token_calls = token_calls + 1 where app_id = ? or sub_app_id = ?",
                appId,
                appId);
        var now = clock.instant();
        if (!force) {
            var valid = database.first(
                    """
                    select token, expires_at from sim_wechat_token
                    where app_id = ? and not ended and expires_at > ? order by expires_at desc limit 1""",
                    r -> new Token(r.getString(1), SimulatorDatabase.instant(r, "expires_at")),
                    appId,
                    now.plus(RENEWED_BEFORE));
            if (valid.isPresent()) return valid.get();
        } else {
            var tooSoon = forcedSince(appId, now.minus(BETWEEN_FORCED.dividedBy(settings.simulatorHurry()))) > 0;
            if (tooSoon || forcedToday(appId) >= MOST_FORCED_A_DAY) return new Token("", now);
            database.update("update sim_wechat_token set ended = true where app_id = ?", appId);
        }
        var token = new Token("SIM_" + RandomText.letters(152), now.plus(LIFE));
        database.update(
                "insert into sim_wechat_token (token, app_id, made_at, expires_at, forced, ended)"
                        + " values (?, ?, ?, ?, ?, false)",
                token.text(),
                appId,
                now,
                token.expiresAt(),
                force);
        return token;
    }

    private WechatRefusal limited(String appId) {
        return forcedToday(appId) >= MOST_FORCED_A_DAY
                ? new WechatRefusal(45009, "reach max api daily quota limit")
                : new WechatRefusal(45011, "api minute-quota reach limit, must slower, retry next minute");
    }

    private int forcedToday(String appId) {
        return forcedSince(appId, clock.instant().minus(Duration.ofDays(1)));
    }

    private int forcedSince(String appId, Instant since) {
        return database.first(
                        "select count(*) from sim_wechat_token where app_id = ? and forced and made_at > ?",
                        r -> r.getInt(1),
                        appId,
                        since)
                .orElseThrow();
    }

    /**
     * The application to which an access token was given.
     *
     * @param token null if the call has none
     * @throws WechatRefusal 40001 if it is unknown or was ended, 42001 if its time is over
     */
    public String application(String token) {
        record Known(String appId, boolean ended, Instant expiresAt) {}
        if (token == null || token.isEmpty()) throw new WechatRefusal(41001, "access_token missing");
        var known = database.first(
                        "select * from sim_wechat_token where token = ?",
                        r -> new Known(
                                r.getString("app_id"),
                                r.getBoolean("ended"),
                                SimulatorDatabase.instant(r, "expires_at")),
                        token)
                .filter(t -> !t.ended())
                .orElseThrow(
                        () -> new WechatRefusal(40001, "invalid credential, access_token is invalid or not latest"));
        if (!known.expiresAt().isAfter(clock.instant())) throw new WechatRefusal(42001, "access_token expired");
        return known.appId();
    }

    /** A test ends all tokens of an application: their time is over, or they are not known any more. */
    void end(String appId, boolean invalid) {
        if (invalid) database.update("update sim_wechat_token set ended = true where app_id = ?", appId);
        else database.update("update sim_wechat_token set expires_at = ? where app_id = ?", clock.instant(), appId);
    }

    /** Moves back the times of an application's tokens. */
    void age(String appId, Duration by) {
        var seconds = (double) by.toSeconds();
        database.update("""
                update sim_wechat_token set made_at = made_at - make_interval(secs => ?),
                    expires_at = expires_at - make_interval(secs => ?)
                where app_id = ?""", seconds, seconds, appId);
    }

    /** Empty if there is no such application. */
    Optional<Use> use(String appId) {
        return database.first("""
                select token_calls, (select count(*) from sim_wechat_token t where t.app_id = ?)
                from sim_wechat_app where app_id = ? or sub_app_id = ?""", r -> new Use(r.getInt(1), r.getInt(2)), appId, appId, appId);
    }
}
