package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
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
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Alipay's own gateway, protocol V2: for merchants on the loopback listener alone, for payers' browsers on
 * the public one too.
 *
 * @see <a href="https://opendocs.alipay.com/common/02mse7">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/alipay/gateway.do")
@Consumes(MediaType.WILDCARD)
public class AlipayResource {
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);
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

    /** Those that make a trade. */
    private static final Set<String> MAKING =
            Set.of("alipay.trade.precreate", "alipay.trade.create", "alipay.trade.pay");

    private static final List<Fault> ANSWERS = List.of(
            Fault.ANSWER_SYSTEM_ERROR,
            Fault.ANSWER_HTML,
            Fault.ANSWER_BADLY_SIGNED,
            Fault.ANSWER_REFUSED_UNSIGNED,
            Fault.ANSWER_SIGNED_UNESCAPED);

    @Inject
    Books books;

    @Inject
    AlipayGate gate;

    @Inject
    AlipayTrades trades;

    @Inject
    AlipayTill till;

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
            fields = AlipayGate.decoded(query, form);
        } catch (AlipayRules.Refused refused) {
            if (publicly) return CompletableFuture.completedFuture(refusedInBrowser(refused));
            var node = AlipayGate.refusal(refused);
            return CompletableFuture.completedFuture(json(gate.signed(null, "error_response", node, null)));
        }
        var page = AlipayProduct.ofMethod(fields.getOrDefault("method", "")).filter(AlipayProduct::inBrowser);
        if (page.isPresent()) return CompletableFuture.completedFuture(browser(page.get(), fields));
        if (publicly) throw new NotFoundException();
        var answer = answer(fields);
        if (!answer.late()) return CompletableFuture.completedFuture(answer.response());
        var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.supplyAsync(answer::response, afterwards);
    }

    private static Response json(String text) {
        return Response.ok(text, "text/html;charset=utf-8").build(); // as the real one calls it
    }

    /** A payer's browser comes with a request that the merchant signed: only now is there a trade. */
    private Response browser(AlipayProduct product, Map<String, String> fields) {
        try {
            var caller = gate.caller(fields);
            var content = AlipayGate.content(fields);
            books.log(AlipayRules.number(content), "←", fields.get("method"), "signature right", content.toString());
            var trade = trades.make(caller, product, fields, content, AlipayTrades.Decision.NONE);
            return Response.seeOther(URI.create(
                            "/simulator/wallet?code=" + URLEncoder.encode(trade.code(), StandardCharsets.UTF_8)))
                    .build();
        } catch (AlipayRules.Refused refused) {
            return refusedInBrowser(refused);
        }
    }

    private static Response refusedInBrowser(AlipayRules.Refused refused) {
        return Response.status(400)
                .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                .entity(refused.subCode + " " + refused.getMessage())
                .build();
    }

    private record Answer(Response response, boolean late) {}

    private Answer answer(Map<String, String> fields) {
        var method = fields.getOrDefault("method", "");
        var said = fields.getOrDefault("biz_content", "");
        var number = numberIn(said);
        try {
            var caller = gate.caller(fields);
            // a payment code is money for a minute, so no log has all of it
            books.log(number, "←", method, "signature right", said.replaceAll("(\"auth_code\":\"..)[^\"]*", "$1…"));
            var answer = deed(method, caller, fields);
            var node = method.equals(LOGIN) ? answer.build() : AlipayGate.success(answer);
            var trade = books.trade(caller.seller().id(), number);
            var late = trade.isPresent() && comesLate(method, trade.get());
            var fault = trade.map(this::fault).orElse(null);
            return new Answer(signed(caller.application(), method, node, fault, number), late);
        } catch (AlipayRules.Refused refused) {
            var node = Json.createObjectBuilder(AlipayGate.refusal(refused));
            if (refused.code.equals("40004") && !number.equals("?")) node.add("out_trade_no", number);
            var account = books.accountByAppId("alipay", fields.getOrDefault("app_id", ""));
            return new Answer(signed(account.orElse(null), method, node.build(), null, number), false);
        }
    }

    private JsonObjectBuilder deed(String method, AlipayGate.Caller caller, Map<String, String> fields) {
        if (!METHODS.contains(method)) throw AlipayGate.invalid("method");
        if (method.equals(LOGIN)) return login.token(caller.application(), fields);
        var content = AlipayGate.content(fields);
        var seller = caller.seller();
        return switch (method) {
            case "alipay.trade.precreate" -> trades.precreate(caller, fields, content);
            case "alipay.trade.create" -> trades.create(caller, fields, content);
            case "alipay.trade.pay" -> till.pay(caller, fields, content);
            case "alipay.trade.query" -> trades.query(trades.existing(seller, content), content);
            case "alipay.trade.close" -> trades.close(seller, content);
            case "alipay.trade.cancel" -> till.cancel(seller, content);
            case REFUND -> refunds.refund(trades.existing(seller, content), content);
            case BILL -> bills.offer(seller, content);
            default -> refunds.query(trades.existing(seller, content), content);
        };
    }

    private boolean comesLate(String method, Books.Trade trade) {
        return (MAKING.contains(method) && books.took(trade, Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING))
                || (method.equals(REFUND) && books.took(trade, Fault.REFUND_TIMES_OUT_AFTER_ACCEPTING));
    }

    /** What happens to the answer to a call about this order, or null; each happens once. */
    private Fault fault(Books.Trade asked) {
        var trade = books.trade(asked.id());
        for (var fault : ANSWERS) if (books.took(trade, fault)) return fault;
        return null;
    }

    private Response signed(Books.Account account, String method, JsonObject node, Fault fault, String number) {
        var name = METHODS.contains(method) ? method.replace('.', '_') + "_response" : "error_response";
        if (fault == Fault.ANSWER_HTML) {
            books.log(number, "→", "502", "a proxy's page", "");
            return Response.status(502)
                    .type("text/html")
                    .entity("<h1>Bad Gateway</h1>")
                    .build();
        }
        var said = node;
        if (fault == Fault.ANSWER_SYSTEM_ERROR) said = AlipayGate.refusal(AlipayGate.unknown());
        if (fault == Fault.ANSWER_REFUSED_UNSIGNED) {
            said = AlipayGate.refusal(AlipayRules.business("ACCESS_FORBIDDEN", "无权限使用接口"));
        }
        var verdict = fault == null ? "signed" : fault.name();
        books.log(number, "→", said.getString("code", "10000"), verdict, said.toString());
        return json(gate.signed(account, name, said, fault));
    }

    /** The number that a call is about, for the log and the dial; by Alipay's own number there is none. */
    private static String numberIn(String content) {
        try (var reader = Json.createReader(new StringReader(content))) {
            return reader.readObject().getString("out_trade_no", "?");
        } catch (JsonException | ClassCastException e) {
            return "?";
        }
    }
}
