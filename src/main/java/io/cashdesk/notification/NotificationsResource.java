package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.json.JsonRequestFilter;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.RawNotification;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.UUID;

/**
 * Where providers send notifications: any method, because some providers call with GET; the adapter gets the raw query
 * and bytes.
 */
@RequestScoped
@Path("/notify/{provider}/{account}")
public class NotificationsResource {
    @Inject
    Providers providers;

    @Inject
    Accounts accounts;

    @Inject
    Inbox inbox;

    @Context
    HttpServletRequest request;

    @Context
    HttpHeaders headers;

    @GET
    public Response get(@PathParam("provider") String provider, @PathParam("account") UUID account) {
        return receive(provider, account, new byte[0]);
    }

    @PUT
    public Response put(@PathParam("provider") String provider, @PathParam("account") UUID account, byte[] body) {
        return receive(provider, account, body);
    }

    @POST
    public Response post(@PathParam("provider") String provider, @PathParam("account") UUID account, byte[] body) {
        return receive(provider, account, body);
    }

    private Response receive(String providerName, UUID accountId, byte[] body) {
        var account = accounts.byId(accountId)
                .filter(a -> a.settings().provider().value().equals(providerName))
                .orElseThrow(NotFoundException::new);
        if (body.length > JsonRequestFilter.LARGEST) return Response.status(413).build();
        var first = new HashMap<String, String>();
        headers.getRequestHeaders().forEach((name, values) -> first.put(name, values.get(0)));
        var query = request.getQueryString();
        var raw = new RawNotification(request.getMethod(), query == null ? "" : query, first, body);
        var acknowledgement = inbox.take(providers.named(providerName), account, raw);
        var answer = Response.status(acknowledgement.status());
        if (!acknowledgement.body().isEmpty())
            answer.type(acknowledgement.mediaType()).entity(acknowledgement.body());
        return answer.build();
    }
}
