package io.cashdesk.health;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.signal.Signals;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import javax.sql.DataSource;

/** For load balancers and orchestrators: on the main port, open to anybody, and telling nobody anything secret. */
@RequestScoped
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    @Inject
    Settings settings;

    @Inject
    Signals signals;

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
        var body = Json.createObjectBuilder()
                .add("status", database ? "UP" : "DOWN")
                .add("database", database ? "UP" : "DOWN")
                .add("listening", signals.listening())
                .add("waiting", signals.waitingNow())
                .add("development", settings.development());
        return Response.status(database ? 200 : 503).entity(body.build()).build();
    }

    @GET
    public Response both() {
        return ready();
    }

    private boolean databaseAnswers() {
        try (var connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }
}
