package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code sim_wechat_session}: the session key of each user of each application. A new login replaces it; it
 * has no announced end of its own, so only a test ends it.
 */
@ApplicationScoped
public class WechatSessions {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /**
     * @param key Base64 of 16 bytes, used as this text and never decoded
     * @param expired true once a test has ended it
     */
    public record Session(String openid, String key, boolean expired) {}

    /** A new session key for this user; the one before is not valid any more. */
    public String renew(String appId, String openid) {
        var bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        var key = Base64.getEncoder().encodeToString(bytes);
        database.update("""
                insert into sim_wechat_session (app_id, openid, session_key, made_at, expired) values (?, ?, ?, ?, false)
                on conflict (app_id, openid) do update
                set session_key = excluded.session_key, made_at = excluded.made_at, expired = false""", appId, openid, key, clock.instant());
        return key;
    }

    public Optional<Session> of(String appId, String openid) {
        return database.first(
                "select * from sim_wechat_session where app_id = ? and openid = ?",
                WechatSessions::read,
                appId,
                openid);
    }

    /** Of all users of this application. */
    public List<Session> all(String appId) {
        return database.query(
                "select * from sim_wechat_session where app_id = ? order by openid", WechatSessions::read, appId);
    }

    /** A test ends or revives a session; returns false if this user has none. */
    boolean setExpired(String appId, String openid, boolean expired) {
        return database.update(
                        "update sim_wechat_session set expired = ? where app_id = ? and openid = ?",
                        expired,
                        appId,
                        openid)
                == 1;
    }

    private static Session read(ResultSet r) throws SQLException {
        return new Session(r.getString("openid"), r.getString("session_key"), r.getBoolean("expired"));
    }
}
