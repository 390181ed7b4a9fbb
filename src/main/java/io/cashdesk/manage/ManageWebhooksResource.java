package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.Idempotent;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.webhook.Endpoints;
import io.cashdesk.webhook.Resend;
import io.cashdesk.webhook.WebhookLog;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.UUID;

/** The part of the management API for a merchant's webhooks: settings, log, resending. */
@RequestScoped
@Path("/api/manage/merchants/{pid}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
public class ManageWebhooksResource {
    private static final long LONGEST_GRACE = Duration.ofDays(7).toSeconds();
    private static final long USUAL_GRACE = Duration.ofDays(1).toSeconds();

    @Inject
    Merchants merchants;

    @Inject
    PutWebhook putWebhook;

    @Inject
    Endpoints endpoints;

    @Inject
    Resend resend;

    @Inject
    WebhookLog log;

    @Inject
    ManageCalls calls;

    @PathParam("pid")
    String pid;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    @GET
    public JsonObject all() {
        return calls.read(authorization, () -> {
            var all = log.endpoints(merchant().id());
            return success().add("webhooks", WebhookJson.endpoints(all)).build();
        });
    }

    @GET
    @Path("{name}")
    public JsonObject one(@PathParam("name") String name) {
        return calls.read(authorization, () -> endpoint(name));
    }

    @PUT
    @Path("{name}")
    @Idempotent(in = ManageDialect.class)
    public JsonObject put(@PathParam("name") String name, byte[] body) {
        return calls.write(authorization, () -> {
            var merchant = merchant();
            return withSecret(merchant, name, putWebhook.of(merchant, name, JsonBody.parse(body)));
        });
    }

    @POST
    @Path("{name}/rotate")
    @Idempotent(in = ManageDialect.class)
    public JsonObject rotate(@PathParam("name") String name, byte[] body) {
        return calls.write(authorization, () -> {
            var merchant = merchant();
            var request = JsonBody.parse(body).only("secret", "grace_seconds");
            var grace = request.whole("grace_seconds").orElse(USUAL_GRACE);
            if (grace < 0 || grace > LONGEST_GRACE) {
                throw request.malformed("grace_seconds", "0 至 " + LONGEST_GRACE, "0 to " + LONGEST_GRACE);
            }
            var secret = endpoints.rotate(merchant.id(), name, PutWebhook.secret(request), Duration.ofSeconds(grace));
            return withSecret(merchant, name, secret);
        });
    }

    @POST
    @Path("{name}/enable")
    @Idempotent(in = ManageDialect.class)
    public JsonObject enable(@PathParam("name") String name) {
        return calls.write(authorization, () -> {
            endpoints.enable(merchant().id(), name);
            return endpoint(name);
        });
    }

    @POST
    @Path("{name}/disable")
    @Idempotent(in = ManageDialect.class)
    public JsonObject disable(@PathParam("name") String name) {
        return calls.write(authorization, () -> {
            endpoints.disable(merchant().id(), name);
            return endpoint(name);
        });
    }

    @POST
    @Path("{name}/test")
    @Idempotent(in = ManageDialect.class)
    public JsonObject test(@PathParam("name") String name) {
        return calls.write(authorization, () -> {
            var merchant = merchant();
            return delivery(merchant, name, resend.test(merchant.id(), merchant.pid(), name));
        });
    }

    @GET
    @Path("{name}/deliveries")
    public JsonObject deliveries(@PathParam("name") String name, @Context UriInfo uri) {
        return calls.read(authorization, () -> {
            var merchant = merchant();
            var filter = DeliveryQuery.of(uri.getQueryParameters());
            return success()
                    .add("deliveries", WebhookJson.deliveries(log.deliveries(merchant.id(), name, filter)))
                    .build();
        });
    }

    @GET
    @Path("{name}/deliveries/{id}")
    public JsonObject delivery(@PathParam("name") String name, @PathParam("id") UUID id) {
        return calls.read(authorization, () -> delivery(merchant(), name, id));
    }

    @POST
    @Path("{name}/deliveries/{id}/resend")
    @Idempotent(in = ManageDialect.class)
    public JsonObject resend(@PathParam("name") String name, @PathParam("id") UUID id) {
        return calls.write(authorization, () -> {
            var merchant = merchant();
            resend.one(merchant.id(), name, id); // false: it is being sent, which is what the caller wants
            return delivery(merchant, name, id);
        });
    }

    @POST
    @Path("{name}/resend")
    @Idempotent(in = ManageDialect.class)
    public JsonObject resendRange(@PathParam("name") String name, byte[] body) {
        return calls.write(authorization, () -> {
            var merchant = merchant();
            var request = JsonBody.parse(body).only("from", "to", "acknowledged_too", "after");
            var range = resend.range(
                    merchant.id(),
                    name,
                    DeliveryQuery.moment(request, "from"),
                    DeliveryQuery.moment(request, "to"),
                    request.flag("acknowledged_too", false),
                    request.text("after", 64));
            var answer = success().add("resent", range.resent());
            range.next().ifPresent(n -> answer.add("next", n));
            return answer.build();
        });
    }

    private JsonObject endpoint(String name) {
        return success()
                .add("webhook", WebhookJson.endpoint(log.endpoint(merchant().id(), name)))
                .build();
    }

    private JsonObject delivery(Merchant merchant, String name, UUID delivery) {
        return success()
                .add("delivery", WebhookJson.delivery(log.delivery(merchant.id(), name, delivery)))
                .build();
    }

    private JsonObject withSecret(Merchant merchant, String name, String secret) {
        return success()
                .add("secret", secret)
                .add("webhook", WebhookJson.endpoint(log.endpoint(merchant.id(), name)))
                .build();
    }

    private static JsonObjectBuilder success() {
        return Json.createObjectBuilder().add("code", 0);
    }

    private Merchant merchant() {
        return merchants.byPid(pid).orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
    }
}
