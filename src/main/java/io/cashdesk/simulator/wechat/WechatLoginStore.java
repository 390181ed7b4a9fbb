package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The table {@code sim_wechat_login}: login codes. */
@ApplicationScoped
class WechatLoginStore {
    private static final Duration LIFE = Duration.ofMinutes(5);

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /**
     * A login code, which can be exchanged once.
     *
     * @param kind {@link WechatLogin#PAGE} or {@link WechatLogin#MINI_PROGRAM}
     * @param snapshot true if the exchange says that the payer is a snapshot user
     * @param errcode the error with which the exchange is answered; 0 for none
     * @param usedAt null until it is exchanged
     */
    record LoginCode(
            String code,
            String appId,
            String openid,
            String kind,
            String scope,
            boolean snapshot,
            int errcode,
            Instant madeAt,
            Instant usedAt) {}

    void add(LoginCode l) {
        database.update(
                "insert into sim_wechat_login values (?, ?, ?, ?, ?, ?, ?, ?)",
                l.code(),
                l.appId(),
                l.openid(),
                l.kind(),
                l.scope(),
                l.snapshot(),
                l.errcode(),
                l.madeAt());
    }

    Optional<LoginCode> find(String code) {
        return database.first(
                "select * from sim_wechat_login where code = ?",
                r -> new LoginCode(
                        r.getString("code"),
                        r.getString("app_id"),
                        r.getString("openid"),
                        r.getString("kind"),
                        r.getString("scope"),
                        r.getBoolean("snapshot"),
                        r.getInt("errcode"),
                        SimulatorDatabase.instant(r, "made_at"),
                        SimulatorDatabase.instant(r, "used_at")),
                code);
    }

    /** Returns false if it was used before or is more than five minutes old. */
    boolean use(LoginCode login) {
        return database.update(
                        "update sim_wechat_login set used_at = ? where code = ? and used_at is null and made_at > ?",
                        clock.instant(),
                        login.code(),
                        clock.instant().minus(LIFE))
                == 1;
    }
}
