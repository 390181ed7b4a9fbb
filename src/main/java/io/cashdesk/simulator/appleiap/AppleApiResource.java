package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.appleiap.AppleCalls.Call;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** What Apple's servers of one environment are for merchants' servers, on the loopback listener alone. */
public abstract class AppleApiResource {
    @Inject
    AppleCalls calls;

    @Inject
    AppleApi api;

    @Inject
    AppleReceiptCheck receipts;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    abstract Environment environment();

    @GET
    @Path("inApps/v1/transactions/{id}")
    public CompletionStage<Response> transaction(
            @PathParam("id") String id, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return calls.answer(call("/inApps/v1/transactions/" + id, authorization, ""), id, api::transaction);
    }

    @GET
    @Path("inApps/v2/history/{id}")
    public CompletionStage<Response> history(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @QueryParam("revision") @DefaultValue("") String revision,
            @QueryParam("sort") @DefaultValue("") String sort) {
        return calls.answer(
                call("/inApps/v2/history/" + id, authorization, ""),
                id,
                (app, purchase, signing) -> api.history(app, purchase, signing, revision, sort));
    }

    @GET
    @Path("inApps/v2/refund/lookup/{id}")
    public CompletionStage<Response> refunds(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @QueryParam("revision") @DefaultValue("") String revision) {
        return calls.answer(
                call("/inApps/v2/refund/lookup/" + id, authorization, ""),
                id,
                (app, purchase, signing) -> api.refunds(app, purchase, signing, revision));
    }

    @GET
    @Path("inApps/v1/subscriptions/{id}")
    public CompletionStage<Response> subscriptions(
            @PathParam("id") String id, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return calls.answer(call("/inApps/v1/subscriptions/" + id, authorization, ""), id, api::subscriptions);
    }

    @PUT
    @Path("inApps/{version: v[12]}/transactions/consumption/{id}")
    public CompletionStage<Response> consumption(
            @PathParam("version") String version,
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        return calls.answer(
                call("/inApps/" + version + "/transactions/consumption/" + id, authorization, text),
                id,
                (app, purchase, signing) -> api.consumption(purchase, version, object(text)));
    }

    @POST
    @Path("inApps/v1/notifications/test")
    public Response sendTest(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return calls.answer(
                call("/inApps/v1/notifications/test", authorization, ""), app -> api.sendTest(app, environment()));
    }

    @GET
    @Path("inApps/v1/notifications/test/{token}")
    public Response testResult(
            @PathParam("token") String token, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return calls.answer(
                call("/inApps/v1/notifications/test/" + token, authorization, ""),
                app -> api.testResult(app, environment(), token));
    }

    @POST
    @Path("inApps/v1/notifications/history")
    public Response notificationHistory(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @QueryParam("paginationToken") @DefaultValue("") String token,
            byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        return calls.answer(
                call("/inApps/v1/notifications/history", authorization, text),
                app -> api.notificationHistory(app, environment(), object(text), token));
    }

    @POST
    @Path("verifyReceipt")
    public CompletionStage<Response> verifyReceipt(byte[] bytes) {
        forServers();
        return receipts.answer(environment(), new String(bytes, StandardCharsets.UTF_8));
    }

    @GET
    @Path("verifyReceipt")
    public Response verifyReceiptByGet() {
        return notPost();
    }

    @PUT
    @Path("verifyReceipt")
    public Response verifyReceiptByPut() {
        return notPost();
    }

    @DELETE
    @Path("verifyReceipt")
    public Response verifyReceiptByDelete() {
        return notPost();
    }

    private Response notPost() {
        forServers();
        return AppleReceiptCheck.status(AppleReceiptCheck.NOT_POST);
    }

    private static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            throw AppleRefusal.badRequest();
        }
    }

    private Call call(String path, String authorization, String body) {
        forServers();
        return new Call(environment(), request.getMethod() + " " + path, authorization, body);
    }

    private void forServers() {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
    }
}
