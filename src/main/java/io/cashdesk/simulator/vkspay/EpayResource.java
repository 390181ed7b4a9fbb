package io.cashdesk.simulator.vkspay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.WalletResource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * An epay site, V1. One site serves payers' browsers and merchants' servers, so it answers on both listeners. A payer's
 * cashier is the wallet page, where the payer picks a wallet if the order has none.
 */
@RequestScoped
@Path("/simulator/vkspay/epay")
@Consumes(MediaType.WILDCARD)
public class EpayResource {
    private static final Set<String> DEVICES = Set.of("pc", "mobile", "qq", "wechat", "alipay", "jump");

    @Inject
    EpayOrders orders;

    @Inject
    EpayMessages messages;

    @Inject
    EpayActs acts;

    @Context
    HttpServletRequest request;

    @GET
    @Path("submit.php")
    @Produces(MediaType.TEXT_HTML)
    public Response submit() {
        return opened(query());
    }

    /** The parameters are in the form, unless the address has them. */
    @POST
    @Path("submit.php")
    @Produces(MediaType.TEXT_HTML)
    public Response submit(byte[] form) {
        var query = query();
        return opened(query.contains("pid=") ? query : text(form));
    }

    private Response opened(String parameters) {
        try {
            var fields = VkspayFormat.decoded(parameters);
            var account = orders.merchant(fields, VkspayRefusal.GENERAL);
            orders.checkMd5(account, fields);
            var trade = orders.take(account, VkspayDialect.EPAY_V1, fields, true, true);
            messages.logCall(account, trade, Exchange.Way.PAYER, what("submit.php"), fields, null);
            return Redirect.inside(WalletResource.page(trade)).build();
        } catch (VkspayRefusal refused) {
            return refusedPage(request, refused);
        }
    }

    /** The site's own text on a page. */
    static Response refusedPage(HttpServletRequest request, VkspayRefusal refused) {
        var model = Map.<String, Object>of("sentence", refused.getMessage());
        return Response.ok(new View("simulator/vkspay/refused", Language.of(request), model))
                .build();
    }

    @POST
    @Path("mapi.php")
    public CompletionStage<Response> mapi(byte[] form) {
        Account account = null;
        Trade trade = null;
        try {
            var fields = VkspayFormat.decoded(text(form));
            if (fields.isEmpty()) throw VkspayRefusal.of(VkspayRefusal.NOTHING_SENT, "未传入任何参数");
            account = orders.merchant(fields, VkspayRefusal.GENERAL);
            orders.checkMd5(account, fields);
            EpayOrders.required(fields, "clientip", "用户IP地址");
            trade = orders.take(account, VkspayDialect.EPAY_V1, fields, false, false);
            messages.logCall(account, trade, Exchange.Way.CALL, what("mapi.php"), fields, null);
            return messages.v1(account, made(trade, fields));
        } catch (VkspayRefusal refused) {
            return messages.v1(account, new EpayMessages.Outcome(EpayMessages.refusal(refused), trade, null));
        }
    }

    /** A computer gets the content of a QR code, every other device an address to open. */
    private EpayMessages.Outcome made(Trade trade, Map<String, String> fields) {
        var device = fields.getOrDefault("device", "");
        var code = device.isEmpty() || device.equals("pc") || !DEVICES.contains(device);
        var answer = Json.createObjectBuilder()
                .add("code", 1)
                .add("msg", "")
                .add("trade_no", trade.transactionId())
                .add(code ? "qrcode" : "payurl", code ? trade.code() : orders.payerAddress(trade));
        return new EpayMessages.Outcome(answer.build(), trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
    }

    @GET
    @Path("api.php")
    public CompletionStage<Response> act() {
        return act("");
    }

    @POST
    @Path("api.php")
    public CompletionStage<Response> act(byte[] form) {
        return act(text(form));
    }

    private CompletionStage<Response> act(String form) {
        Account account = null;
        Trade trade = null;
        try {
            var fields = new HashMap<>(VkspayFormat.decoded(query()));
            fields.putAll(VkspayFormat.decoded(form));
            var act = fields.getOrDefault("act", "");
            if (!EpayActs.NAMES.contains(act)) throw VkspayRefusal.of(VkspayRefusal.UNKNOWN_ACT, "No Act!");
            account = orders.merchant(fields, VkspayRefusal.UNKNOWN_MERCHANT);
            if (!account.sharedKey().equals(fields.get("key"))) {
                throw VkspayRefusal.of(VkspayRefusal.UNKNOWN_MERCHANT, "商户密钥错误");
            }
            if (act.equals("order") || act.equals("refund")) {
                trade = orders.existing(account, fields);
                messages.logCall(account, trade, Exchange.Way.CALL, what("api.php"), fields, null);
            }
            if (act.equals("refund") && !request.getMethod().equals("POST")) throw VkspayRefusal.of("请使用POST方式提交");
            return messages.v1(account, acts.carryOut(act, account, trade, fields));
        } catch (VkspayRefusal refused) {
            return messages.v1(account, new EpayMessages.Outcome(EpayMessages.refusal(refused), trade, null));
        }
    }

    private String query() {
        return request.getQueryString() == null ? "" : request.getQueryString();
    }

    private static String text(byte[] form) {
        return new String(form, StandardCharsets.UTF_8);
    }

    private String what(String script) {
        return request.getMethod() + " " + VkspayServer.EPAY + "/" + script;
    }
}
