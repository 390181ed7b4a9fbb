package io.cashdesk.health;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Checks the bearer token of {@code /metrics} and of the detail of {@code /health}. */
@ApplicationScoped
class MetricsToken {
    @Inject
    Settings settings;

    /**
     * Whether this Authorization header has the token: false if there is no header, or no token is configured.
     *
     * @throws io.cashdesk.ground.problem.Problem {@link ProblemType#METRICS_TOKEN} if the token is wrong
     */
    boolean accepts(String authorization) {
        var expected = settings.metricsToken();
        if (expected.isEmpty() || authorization == null) return false;
        var sent = authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
        if (!Digest.constantTimeEquals(sent, expected.get())) throw ProblemType.METRICS_TOKEN.with();
        return true;
    }
}
