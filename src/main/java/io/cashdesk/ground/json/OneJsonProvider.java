package io.cashdesk.ground.json;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import org.jboss.logging.Logger;

/**
 * Finds the implementation of JSON-P once per process. {@link jakarta.json.Json} looks for it anew in every call of
 * every method: {@link java.util.ServiceLoader} then searches the class path with all its archives, which took a tenth
 * of the processor time of a payment. With the system property that names the class it only loads that class.
 *
 * @see <a
 *     href="https://jakarta.ee/specifications/jsonp/2.1/apidocs/jakarta.json/jakarta/json/spi/jsonprovider#provider()">JsonProvider.provider()</a>
 */
@ApplicationScoped
public class OneJsonProvider {
    static final String PROPERTY = "jakarta.json.provider";
    private static final Logger LOG = Logger.getLogger(OneJsonProvider.class);

    void start(
            @Observes @Initialized(ApplicationScoped.class) @Priority(Interceptor.Priority.PLATFORM_BEFORE)
                    Object atStart) {
        name();
    }

    /** Names the implementation that is there. An operator's own choice stays. */
    public static void name() {
        if (System.getProperty(PROPERTY) != null) return;
        System.setProperty(PROPERTY, JsonProvider.provider().getClass().getName());
        try {
            JsonProvider.provider();
        } catch (JsonException e) { // the API's class loader does not see it: searched for in every call, as before
            System.clearProperty(PROPERTY);
            LOG.warn("The implementation of JSON-P cannot be loaded by its name", e);
        }
    }
}
