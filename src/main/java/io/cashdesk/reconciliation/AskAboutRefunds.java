package io.cashdesk.reconciliation;

import io.cashdesk.ground.job.Recurring;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.refund.GiveBack;
import io.cashdesk.refund.Refunds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks about refunds until they have ended, and finishes those whose call nobody finished. */
@ApplicationScoped
class AskAboutRefunds implements Recurring {
    private static final Logger LOG = Logger.getLogger(AskAboutRefunds.class);
    private static final int AT_ONCE = 100;

    @Inject
    Refunds refunds;

    @Inject
    GiveBack giveBack;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "ask-about-refunds";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var id : refunds.toAskAbout(clock.instant(), AT_ONCE)) about(id);
    }

    private void about(UUID id) {
        try {
            giveBack.resume(id);
        } catch (ProviderFailure | Problem notNow) {
            LOG.infof("Refund %s stays open: %s", id, notNow.getMessage());
        } catch (RuntimeException e) { // one broken refund must not keep the others waiting
            LOG.errorf(e, "Asking about refund %s broke", id);
        }
    }
}
