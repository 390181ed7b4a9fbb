package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatorDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The table {@code sim_alipay_login}: login codes. */
@ApplicationScoped
class AlipayLoginStore {
    private static final Duration LIFE = Duration.ofDays(1);

    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** A new login code. With {@code openIdOnly} its exchange has the open id and no user id. */
    String create(String appId, boolean openIdOnly) {
        var code = RandomText.letters(32).toLowerCase(Locale.ROOT);
        database.update(
                "insert into sim_alipay_login (code, app_id, made_at, used, open_id_only) values (?, ?, ?, false, ?)",
                code,
                appId,
                clock.instant(),
                openIdOnly);
        return code;
    }

    /** Uses a login code, once and within a day, and returns its {@code openIdOnly}; empty if there is no such code. */
    Optional<Boolean> take(String appId, String code) {
        return database.first(
                """
                update sim_alipay_login set used = true
                where code = ? and app_id = ? and not used and made_at > ?
                returning open_id_only""", r -> r.getBoolean(1), code, appId, clock.instant().minus(LIFE));
    }
}
