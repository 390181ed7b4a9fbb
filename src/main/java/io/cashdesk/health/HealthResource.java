package io.cashdesk.health;

import io.cashdesk.ground.clock.NodeClock;
import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Health checks for load balancers and orchestrators: on the main port, without authentication and without secrets. */
@RequestScoped
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    private static final Logger LOG = Logger.getLogger(HealthResource.class);

    @Inject
    Settings settings;

    @Inject
    Signals signals;

    @Inject
    NodeClock clock;

    @Inject
    MetricsToken token;

    @Inject
    HealthDetail detail;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    /** Liveness: the process runs. If there is no response, restart it. */
    @GET
    @Path("live")
    public Response live() {
        return Response.ok(Json.createObjectBuilder().add("status", "UP").build())
                .build();
    }

    /**
     * Readiness: the database responds and this node's clock is right, so it can serve requests; otherwise 503. A node
     * that has only a wrong clock still answers calls, with the corrected time; but it needs an operator, and other
     * nodes should have its load.
     */
    @GET
    @Path("ready")
    public Response ready() {
        var database = databaseResponds();
        var wrongClock = clock.isWrong();
        return response(database && !wrongClock, simple(database, wrongClock));
    }

    /**
     * As {@code ready}; with the metrics token also {@link HealthDetail}. A violated invariant needs an operator and
     * not another node, so it changes neither the HTTP status nor "UP".
     */
    @GET
    public Response both(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        var detailed = token.accepts(authorization);
        var database = databaseResponds();
        var wrongClock = clock.isWrong();
        var body = simple(database, wrongClock);
        if (!detailed || !database) return response(database && !wrongClock, body);
        try {
            HealthJson.add(body, detail.read());
        } catch (SQLException e) {
            LOG.warn("The database failed while the detail of /health was read", e);
            return response(false, simple(false, wrongClock));
        }
        return response(!wrongClock, body);
    }

    private JsonObjectBuilder simple(boolean database, boolean wrongClock) {
        var body = Json.createObjectBuilder()
                .add("status", database && !wrongClock ? "UP" : "DOWN")
                .add("database", database ? "UP" : "DOWN")
                .add("clock", wrongClock ? "DOWN" : "UP")
                .add("clock_offset_ms", clock.offset().toMillis())
                .add("listening", signals.listening())
                .add("waiting", signals.parkedRequests())
                .add("development", settings.development());
        if (!database) body.add("reason", "the database does not respond");
        else if (wrongClock) body.add("reason", clock.problem());
        return body;
    }

    private static Response response(boolean up, JsonObjectBuilder body) {
        return Response.status(up ? 200 : 503).entity(body.build()).build();
    }

    private boolean databaseResponds() {
        try (var connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }
}
