package io.cashdesk.health;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Who may see more than that we are alive. */
@ApplicationScoped
class MetricsToken {
    @Inject
    Settings settings;

    /** Whether this header carries the token; false if it carries none, or if none was set; a problem if it is wrong. */
    boolean shown(String authorization) {
        var wanted = settings.metricsToken();
        if (wanted.isEmpty() || authorization == null) return false;
        var given = authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
        if (!Digest.constantTimeEquals(given, wanted.get())) throw ProblemType.METRICS_TOKEN.with();
        return true;
    }
}
