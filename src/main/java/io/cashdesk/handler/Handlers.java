package io.cashdesk.handler;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The handlers in this WAR, by the order type that each names. */
@ApplicationScoped
class Handlers {
    private static final Logger LOG = Logger.getLogger(Handlers.class);

    @Inject
    @Any
    Instance<PaidHandler> found;

    private Map<String, PaidHandler> byType;

    /** Not in {@link #start}, because background work may need handlers before that observer is called. */
    @PostConstruct
    void find() {
        var all = new TreeMap<String, PaidHandler>();
        for (var handler : found) {
            var type = handler.type();
            if (type == null || type.isEmpty()) {
                throw new IllegalStateException(
                        "the handler " + handler.getClass().getName() + " names no type");
            }
            var other = all.put(type, handler);
            if (other != null) {
                throw new IllegalStateException("two handlers name the type " + type + ": "
                        + other.getClass().getName() + " and "
                        + handler.getClass().getName());
            }
        }
        byType = all;
        if (!all.isEmpty()) LOG.infof("Orders of these types are handled in this WAR: %s", all.keySet());
    }

    /** Creates this bean, so that a mistake in a handler stops the start and not the first order. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {}

    Optional<PaidHandler> of(String type) {
        return Optional.ofNullable(byType.get(type));
    }
}
