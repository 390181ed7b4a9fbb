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
 * Observes through JMX that the server is being suspended or resumed, and fires {@link Suspension}. After SIGTERM,
 * WildFly first refuses new requests and lets running ones finish; at that moment beans still work, so that they can
 * end cleanly. JMX is used because it needs none of WildFly's own classes.
 *
 * @see <a href="https://docs.wildfly.org/39/Admin_Guide.html#suspend-resume-and-graceful-shutdown">WildFly, Suspend,
 *     Resume and Graceful shutdown</a>
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
            // not WildFly: parked requests are woken only when the application is undeployed
            LOG.warnf("Suspension of the server cannot be observed: %s", e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        try {
            beans.removeNotificationListener(name(), this);
        } catch (JMException e) {
            LOG.debug("The listener of the server's state was not registered", e);
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
