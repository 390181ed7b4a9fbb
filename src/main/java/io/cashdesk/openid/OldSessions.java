package io.cashdesk.openid;

import io.cashdesk.ground.job.OldRows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** Session keys of users who have not logged in for 30 days. They have no effect from that age on. */
@ApplicationScoped
class OldSessions implements OldRows {
    private static final int AT_ONCE = 500;

    @Inject
    Sessions sessions;

    @Override
    public String name() {
        return "session keys";
    }

    @Override
    public boolean deleteSome(Instant now) {
        return sessions.deleteOld(now, AT_ONCE) == AT_ONCE;
    }
}
