package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Path;

/** api.storekit.apple.com and buy.itunes.apple.com. */
@RequestScoped
@Path(AppleServer.PATH)
public class AppleProductionResource extends AppleApiResource {
    @Override
    Environment environment() {
        return Environment.PRODUCTION;
    }
}
