package io.cashdesk.health;

import io.cashdesk.ground.metric.Metrics;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** The metrics in Prometheus' text format; requires the metrics token. */
@RequestScoped
@Path("/metrics")
public class MetricsResource {
    @Inject
    Settings settings;

    @Inject
    MetricsToken token;

    @Inject
    Metrics metrics;

    @GET
    public Response all(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        if (settings.metricsToken().isEmpty()) throw ProblemType.NOT_FOUND.with("/metrics");
        if (!token.accepts(authorization)) throw ProblemType.METRICS_TOKEN.with();
        return Response.ok(metrics.text(), Metrics.CONTENT_TYPE).build();
    }
}
