package io.cashdesk.health;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** Logs a warning at every start if this node is configured for development. */
@ApplicationScoped
class DevelopmentWarning {
    private static final Logger LOG = Logger.getLogger(DevelopmentWarning.class);

    @Inject
    Settings settings;

    void atStart(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        if (settings.development()) {
            LOG.warn(
                    "CASHDESK_DEVELOPMENT is on: plain-http gateways, webhook targets on private addresses and rootCertificates of"
                            + " live nodes are allowed; whoever has the key of such a certificate can make purchases that"
                            + " count as paid."
                            + " Never run with real money like this.");
        }
        if (settings.foreignAppleRoots()) {
            LOG.warn(
                    "CASHDESK_APPLE_ROOTS has a certificate that is not Apple Root CA - G3: whoever has its key can make"
                            + " purchases in the App Store that count as paid.");
        }
    }
}
