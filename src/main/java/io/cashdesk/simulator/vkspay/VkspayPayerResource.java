package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletResource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/**
 * The address in a QR code, which is also the link for phones: leads to the wallet page. Inside WeChat or Alipay the
 * wallet of an aggregated code is known; in any other browser the payer picks it there.
 */
@RequestScoped
@Path("/simulator/vkspay/q")
public class VkspayPayerResource {
    @Inject
    TradeStore trades;

    @Inject
    VkspayStore store;

    @Inject
    Settings settings;

    @GET
    @Path("{id: [^/]+(/[0-9]+)?}")
    public Response open(@PathParam("id") String id, @HeaderParam("User-Agent") @DefaultValue("") String agent) {
        var trade = trades.byCode(settings.baseUrl() + VkspayServer.PATH + "/q/" + id)
                .orElseThrow(NotFoundException::new);
        var wallet = walletOf(agent);
        if (!wallet.isEmpty() && store.detail(trade.id()).wallet().isEmpty()) store.setWallet(trade.id(), wallet);
        return Redirect.inside(WalletResource.page(trade)).build();
    }

    static String walletOf(String agent) {
        if (agent.contains("MicroMessenger")) return "wxpay";
        return agent.contains("AlipayClient") ? "alipay" : "";
    }
}
