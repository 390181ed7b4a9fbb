package io.cashdesk.demo;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Whoever types only the address of a demo installation means its shop; elsewhere nothing stands at "/". */
@RequestScoped
@Path("/")
public class RootResource {
    @Inject
    Settings settings;

    @GET
    public Response toTheShop() {
        if (settings.demoFile().isEmpty()) throw new NotFoundException();
        return Response.seeOther(URI.create("/demo/")).build();
    }
}
