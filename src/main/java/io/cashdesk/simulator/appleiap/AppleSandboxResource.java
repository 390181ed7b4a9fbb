package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Path;

/** api.storekit-sandbox.apple.com and sandbox.itunes.apple.com. */
@RequestScoped
@Path(AppleServer.SANDBOX)
public class AppleSandboxResource extends AppleApiResource {
    @Override
    Environment environment() {
        return Environment.SANDBOX;
    }
}
