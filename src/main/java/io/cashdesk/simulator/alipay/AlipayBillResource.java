package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** The downloads of bills, on the loopback listener alone. The address has a random token and needs no signature. */
@RequestScoped
@Path("/simulator/alipay/bill")
public class AlipayBillResource {
    @Inject
    AlipayBills bills;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @GET
    public Response file(@QueryParam("token") @DefaultValue("") String token) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var bill = bills.fetch(token).orElseThrow(NotFoundException::new);
        return Response.ok(bill.content(), "application/octet-stream")
                .header("Content-Disposition", "attachment; filename=" + bill.fileName())
                .build();
    }
}
