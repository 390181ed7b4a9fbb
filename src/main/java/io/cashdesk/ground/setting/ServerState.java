package io.cashdesk.ground.setting;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import javax.management.AttributeChangeNotification;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.jboss.logging.Logger;

/**
 * Hears from the server that it is being stopped, before anything is taken away: after SIGTERM it first refuses new requests and lets
 * those that run finish. It says so through JMX, which needs none of its own classes.
 *
 * @see <a href="https://docs.wildfly.org/39/Admin_Guide.html#suspend-resume-and-graceful-shutdown">WildFly, Suspend, Resume and
 *     Graceful shutdown</a>
 */
@ApplicationScoped
public class ServerState implements NotificationListener {
    private static final Logger LOG = Logger.getLogger(ServerState.class);
    private static final String SUSPENDING = "suspending";
    private static final String NORMAL = "normal";

    @Inject
    Event<Suspension> suspensions;

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        try {
            beans.addNotificationListener(name(), this, null, null);
        } catch (JMException e) {
            // another server than WildFly: requests that wait are woken when the application is taken away
            LOG.warnf("The server will not say when it is being stopped: %s", e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        try {
            beans.removeNotificationListener(name(), this);
        } catch (JMException e) {
            LOG.debug("The server does not know that we were listening", e);
        }
    }

    private static ObjectName name() throws MalformedObjectNameException {
        return new ObjectName("jboss.root:type=state");
    }

    @Override
    public void handleNotification(Notification notification, Object handback) {
        if (!(notification instanceof AttributeChangeNotification change)) return;
        if (!"RunningState".equals(change.getAttributeName())) return;
        var now = String.valueOf(change.getNewValue());
        if (now.equals(SUSPENDING)) suspensions.fire(new Suspension(true));
        else if (now.equals(NORMAL)) suspensions.fire(new Suspension(false));
    }
}
