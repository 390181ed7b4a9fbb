package io.cashdesk.reconciliation;

import io.cashdesk.ground.job.Recurring;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.notification.Ask;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.payment.OpenAttempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Asks about attempts from which nobody has heard, and finishes calls that nobody finished: a server that died between its
 * row and the provider's answer leaves an attempt that this finds.
 */
@ApplicationScoped
class AskAboutSilence implements Recurring {
    private static final Logger LOG = Logger.getLogger(AskAboutSilence.class);
    private static final int AT_ONCE = 100;
    private static final int RESENDS = 5;

    @Inject
    Attempts attempts;

    @Inject
    Ask ask;

    @Inject
    OpenAttempt openAttempt;

    @Inject
    Clock clock;

    @Override
    public String kind() {
        return "ask-about-silence";
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
        for (var id : attempts.toAskAbout(clock.instant(), AT_ONCE)) about(id);
    }

    private void about(UUID id) {
        var attempt = attempts.byId(id).orElseThrow();
        try {
            if (!unfinished(attempt) || !openAttempt.resume(id))
                ask.aboutUnlessJustAsked(attempt, Duration.ofSeconds(1));
        } catch (Problem notNow) {
            LOG.infof("Attempt %s stays open: %s", attempt.attemptNo(), notNow.getMessage());
        } catch (RuntimeException e) { // one broken attempt must not keep the others waiting
            LOG.errorf(e, "Asking about attempt %s broke", attempt.attemptNo());
        }
    }

    private static boolean unfinished(Attempt attempt) {
        return (attempt.state() == AttemptState.CALLING || attempt.state() == AttemptState.UNKNOWN)
                && attempt.asks() < RESENDS;
    }
}
