package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletResource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Alipay's gateway, protocol V2. Merchants' servers call it on the loopback listener alone, payers' browsers on the
 * public one too.
 *
 * @see <a href="https://opendocs.alipay.com/common/02mse7">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/alipay/gateway.do")
@Consumes(MediaType.WILDCARD)
public class AlipayGatewayResource {
    private static final String LOGIN = "alipay.system.oauth.token";
    private static final String BILL = "alipay.data.dataservice.bill.downloadurl.query";
    private static final String REFUND = "alipay.trade.refund";

    /** What a merchant's server may call. */
    private static final Set<String> METHODS = Set.of(
            LOGIN,
            BILL,
            REFUND,
            "alipay.trade.precreate",
            "alipay.trade.create",
            "alipay.trade.pay",
            "alipay.trade.query",
            "alipay.trade.close",
            "alipay.trade.cancel",
            "alipay.trade.fastpay.refund.query");

    /** The methods that make a trade. */
    private static final Set<String> MAKING =
            Set.of("alipay.trade.precreate", "alipay.trade.create", "alipay.trade.pay");

    private static final List<Fault> ANSWERS = List.of(
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED,
            AlipayFault.ANSWER_REFUSED_UNSIGNED,
            AlipayFault.ANSWER_SIGNED_UNESCAPED);

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    AlipayAnswers answers;

    @Inject
    AlipayRequestVerifier verifier;

    @Inject
    AlipayTrades alipayTrades;

    @Inject
    AlipayPaymentCodes codes;

    @Inject
    AlipayRefunds refunds;

    @Inject
    AlipayBills bills;

    @Inject
    AlipayLogin login;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @GET
    public CompletionStage<Response> get() {
        return call("");
    }

    @POST
    public CompletionStage<Response> post(byte[] body) {
        return call(new String(body, StandardCharsets.UTF_8));
    }

    private CompletionStage<Response> call(String form) {
        var query = request.getQueryString() == null ? "" : request.getQueryString();
        var publicly = request.getLocalPort() != settings.simulatorPort();
        Map<String, String> fields;
        try {
            fields = AlipayRequestVerifier.decoded(query, form);
        } catch (AlipayRefusal refused) {
            if (publicly) return CompletableFuture.completedFuture(refusedInBrowser(refused));
            var node = AlipayAnswers.refusal(refused);
            return CompletableFuture.completedFuture(json(answers.signed(null, "error_response", node, null)));
        }
        var page = AlipayProduct.ofMethod(fields.getOrDefault("method", "")).filter(AlipayProduct::inBrowser);
        if (page.isPresent()) return CompletableFuture.completedFuture(browser(page.get(), fields));
        if (publicly) throw new NotFoundException();
        var answer = answer(fields);
        return FaultyAnswer.of(answer.response(), answer.late());
    }

    private static Response json(String text) {
        return Response.ok(text, "text/html;charset=utf-8").build(); // as Alipay sends it
    }

    /** A payer's browser brings a request that the merchant has signed. The trade is made now. */
    private Response browser(AlipayProduct product, Map<String, String> fields) {
        try {
            var caller = verifier.caller(fields);
            var content = AlipayRequestVerifier.content(fields);
            log.add(AlipayRules.number(content), "←", fields.get("method"), "signature right", content.toString());
            var trade = alipayTrades.make(caller, product, fields, content, AlipayTrades.Decision.NONE);
            return Redirect.inside(WalletResource.page(trade)).build();
        } catch (AlipayRefusal refused) {
            return refusedInBrowser(refused);
        }
    }

    private static Response refusedInBrowser(AlipayRefusal refused) {
        return Response.status(400)
                .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                .entity(refused.subCode + " " + refused.getMessage())
                .build();
    }

    private record Answer(Response response, boolean late) {}

    private Answer answer(Map<String, String> fields) {
        var method = fields.getOrDefault("method", "");
        var content = fields.getOrDefault("biz_content", "");
        var number = numberIn(content);
        try {
            var caller = verifier.caller(fields);
            // who has a payment code can charge it for a minute, so the log does not have all of it
            log.add(number, "←", method, "signature right", content.replaceAll("(\"auth_code\":\"..)[^\"]*", "$1…"));
            var answer = operation(method, caller, fields);
            var node = method.equals(LOGIN) ? answer.build() : AlipayAnswers.success(answer);
            var trade = trades.find(caller.seller().id(), number);
            var late = trade.isPresent() && comesLate(method, trade.get());
            var fault = trade.map(this::fault).orElse(null);
            return new Answer(signed(caller.application(), method, node, fault, number), late);
        } catch (AlipayRefusal refused) {
            var node = Json.createObjectBuilder(AlipayAnswers.refusal(refused));
            if (refused.code.equals("40004") && !number.equals("?")) node.add("out_trade_no", number);
            var account = accounts.byAppId(AlipayServer.NAME, fields.getOrDefault("app_id", ""));
            return new Answer(signed(account.orElse(null), method, node.build(), null, number), false);
        }
    }

    private JsonObjectBuilder operation(String method, AlipayCaller caller, Map<String, String> fields) {
        if (!METHODS.contains(method)) throw AlipayRefusal.invalid("method");
        if (method.equals(LOGIN)) return login.token(caller.application(), fields);
        var content = AlipayRequestVerifier.content(fields);
        var seller = caller.seller();
        return switch (method) {
            case "alipay.trade.precreate" -> alipayTrades.precreate(caller, fields, content);
            case "alipay.trade.create" -> alipayTrades.create(caller, fields, content);
            case "alipay.trade.pay" -> codes.pay(caller, fields, content);
            case "alipay.trade.query" -> alipayTrades.query(alipayTrades.existing(seller, content), content);
            case "alipay.trade.close" -> alipayTrades.close(seller, content);
            case "alipay.trade.cancel" -> codes.cancel(seller, content);
            case REFUND -> refunds.refund(alipayTrades.existing(seller, content), content);
            case BILL -> bills.offer(seller, content);
            default -> refunds.query(alipayTrades.existing(seller, content), content);
        };
    }

    private boolean comesLate(String method, Trade trade) {
        return (MAKING.contains(method) && trades.takeFault(trade, CommonFault.ANSWER_TIMES_OUT_AFTER_ACCEPTING))
                || (method.equals(REFUND) && trades.takeFault(trade, CommonFault.REFUND_TIMES_OUT_AFTER_ACCEPTING));
    }

    /** The fault that concerns the answer to a call about this order, or null. */
    private Fault fault(Trade trade) {
        return trades.takeFirst(trades.get(trade.id()), ANSWERS).orElse(null);
    }

    private Response signed(Account account, String method, JsonObject node, Fault fault, String number) {
        var name = METHODS.contains(method) ? method.replace('.', '_') + "_response" : "error_response";
        if (fault == CommonFault.ANSWER_HTML) {
            log.add(number, "→", "502", "a proxy's page", "");
            return FaultyAnswer.proxyPage();
        }
        var sent = node;
        if (fault == CommonFault.ANSWER_SYSTEM_ERROR) sent = AlipayAnswers.refusal(AlipayRefusal.unknown());
        if (fault == AlipayFault.ANSWER_REFUSED_UNSIGNED) {
            sent = AlipayAnswers.refusal(AlipayRefusal.business("ACCESS_FORBIDDEN", "无权限使用接口"));
        }
        var verdict = fault == null ? "signed" : fault.name();
        log.add(number, "→", sent.getString("code", "10000"), verdict, sent.toString());
        return json(answers.signed(account, name, sent, fault));
    }

    /** The merchant's number in a call, for the log and the faults; "?" if the call has none. */
    private static String numberIn(String content) {
        try (var reader = Json.createReader(new StringReader(content))) {
            return reader.readObject().getString("out_trade_no", "?");
        } catch (JsonException | ClassCastException e) {
            return "?";
        }
    }
}
