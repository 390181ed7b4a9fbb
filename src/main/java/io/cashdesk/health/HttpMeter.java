package io.cashdesk.health;

import io.cashdesk.ground.metric.Metrics;
import io.cashdesk.provider.Providers;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and measures HTTP requests by route (the path template, not the values of its parameters) and status. */
@Provider
@PreMatching
@Priority(0)
@ApplicationScoped
public class HttpMeter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String START = HttpMeter.class.getName();

    @Inject
    Metrics metrics;

    @Inject
    Providers providers;

    @Context
    ResourceInfo resource;

    private final Map<Method, String> routes = new ConcurrentHashMap<>();
    private Counter requests;
    private Histogram seconds;
    private Counter notifications;

    @PostConstruct
    void register() {
        requests = Counter.builder()
                .name("cashdesk_http_requests_total")
                .help("Requests by route and status")
                .labelNames("route", "status")
                .register(metrics.registry());
        seconds = Histogram.builder()
                .name("cashdesk_http_request_seconds")
                .help("Duration of requests; includes the time for which a request is parked")
                .labelNames("route")
                .classicOnly()
                .classicUpperBounds(0.005, 0.025, 0.1, 0.5, 1, 5, 25)
                .register(metrics.registry());
        notifications = Counter.builder()
                .name("cashdesk_notifications_total")
                .help(
                        "Notifications of providers by response status: 2xx acknowledged, 4xx not authentic, 5xx not applied")
                .labelNames("provider", "status")
                .register(metrics.registry());
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(START, System.nanoTime());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var status = Integer.toString(response.getStatus());
        var route = route();
        requests.labelValues(route, status).inc();
        if (request.getProperty(START) instanceof Long start) {
            seconds.labelValues(route).observe((System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1));
        }
        if (!route.startsWith("/notify/")) return;
        var name = request.getUriInfo().getPathParameters().getFirst("provider");
        // the caller chose the name: it becomes a label only if such a provider exists; 404 means an unknown account
        var known = response.getStatus() != 404 && name != null && providers.knows(name);
        notifications.labelValues(known ? name : "nobody", status).inc();
    }

    private String route() {
        var method = resource.getResourceMethod();
        return method == null ? "none" : routes.computeIfAbsent(method, HttpMeter::route);
    }

    private static String route(Method method) {
        var path = path(method.getDeclaringClass().getAnnotation(Path.class)) + path(method.getAnnotation(Path.class));
        return path.isEmpty() ? "/" : path;
    }

    private static String path(Path path) {
        if (path == null || path.value().isEmpty() || path.value().equals("/")) return "";
        return path.value().startsWith("/") ? path.value() : "/" + path.value();
    }
}
