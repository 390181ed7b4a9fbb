package io.cashdesk.manage;

import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signing.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The token that the management API demands. */
@ApplicationScoped
class ManageToken {
    @Inject
    Settings settings;

    /** @param authorization the header, or null */
    void check(String authorization) {
        var given = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
        if (!Digest.constantTimeEquals(given, settings.manageToken())) throw ProblemType.MANAGE_TOKEN.with();
    }
}
