package io.cashdesk.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.metric.Metrics;
import io.cashdesk.notification.NotificationsResource;
import io.cashdesk.provider.Providers;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpMeterTest {
    private final Metrics metrics = new Metrics();
    private final HttpMeter meter = new HttpMeter();

    /** A stub whose only method with a result is the named one. */
    private static <T> T stub(Class<T> type, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, resource, arguments) -> resource.getName().equals(method) ? answer : null));
    }

    @BeforeEach
    void register() {
        meter.metrics = metrics;
        meter.providers = new Providers() {
            @Override
            public boolean knows(String name) {
                return name.equals("wxpay");
            }
        };
        var notify = Arrays.stream(NotificationsResource.class.getMethods())
                .filter(m -> m.isAnnotationPresent(POST.class))
                .findFirst()
                .orElseThrow();
        meter.resource = stub(ResourceInfo.class, "getResourceMethod", notify);
        meter.register();
    }

    private void respond(String provider, int status) {
        var parameters = new MultivaluedHashMap<String, String>();
        parameters.add("provider", provider);
        var uri = stub(UriInfo.class, "getPathParameters", parameters);
        meter.filter(
                stub(ContainerRequestContext.class, "getUriInfo", uri),
                stub(ContainerResponseContext.class, "getStatus", status));
    }

    private Stream<String> labels() {
        return metrics.registry().scrape("cashdesk_notifications"::equals).stream()
                .map(CounterSnapshot.class::cast)
                .flatMap(s -> s.getDataPoints().stream())
                .map(p -> p.getLabels().get("provider") + " " + p.getLabels().get("status"));
    }

    @Test
    void a_notification_is_counted_by_its_provider() {
        respond("wxpay", 200);
        respond("wxpay", 503);

        assertThat(labels()).containsExactlyInAnyOrder("wxpay 200", "wxpay 503");
    }

    @Test
    void an_unknown_provider_name_is_not_used_as_a_label() {
        respond("wxpay", 404);
        respond("made-up", 404);
        respond("made-up-too", 503); // without the database the account is not known to be missing

        assertThat(labels()).containsExactlyInAnyOrder("nobody 404", "nobody 503");
    }
}
