package io.cashdesk.health;

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

/** For load balancers and orchestrators: on the main port, open to anybody, and telling nobody anything secret. */
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
    MetricsToken token;

    @Inject
    Detail detail;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    /** The process runs; restart it if this does not answer. */
    @GET
    @Path("live")
    public Response live() {
        return Response.ok(Json.createObjectBuilder().add("status", "UP").build())
                .build();
    }

    /** It can take requests: the database answers. */
    @GET
    @Path("ready")
    public Response ready() {
        var database = databaseAnswers();
        return answer(database, simple(database));
    }

    /**
     * The same; with the token also what our books, the database and the jobs look like. A broken promise needs a person and not
     * another node, so it changes neither the status nor "UP".
     */
    @GET
    public Response both(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        var more = token.shown(authorization);
        var database = databaseAnswers();
        var body = simple(database);
        if (!more || !database) return answer(database, body);
        try {
            detail.addTo(body);
        } catch (SQLException e) {
            LOG.warn("The database stopped answering while it was asked for detail", e);
            return answer(false, simple(false));
        }
        return answer(true, body);
    }

    private JsonObjectBuilder simple(boolean database) {
        return Json.createObjectBuilder()
                .add("status", database ? "UP" : "DOWN")
                .add("database", database ? "UP" : "DOWN")
                .add("listening", signals.listening())
                .add("waiting", signals.parkedRequests())
                .add("development", settings.development());
    }

    private static Response answer(boolean up, JsonObjectBuilder body) {
        return Response.status(up ? 200 : 503).entity(body.build()).build();
    }

    private boolean databaseAnswers() {
        try (var connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }
}
