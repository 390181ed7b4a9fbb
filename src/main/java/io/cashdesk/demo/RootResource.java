package io.cashdesk.demo;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Redirects "/" to the demo shop; 404 in an installation without demo. */
@RequestScoped
@Path("/")
public class RootResource {
    @Inject
    Settings settings;

    @GET
    public Response redirectToShop() {
        if (settings.demoFile().isEmpty()) throw new NotFoundException();
        return Redirect.inside("/demo/").build();
    }
}
