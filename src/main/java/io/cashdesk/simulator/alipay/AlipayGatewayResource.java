package io.cashdesk.simulator.alipay;

import io.cashdesk.ground.http.Redirect;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.WalletResource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
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

    private static final List<Fault> WRONGLY_SIGNED =
            List.of(CommonFault.ANSWER_BADLY_SIGNED, AlipayFault.ANSWER_SIGNED_UNESCAPED);

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
            log.add(AlipayRequestVerifier.line(
                            caller.seller(),
                            AlipayRules.number(content),
                            Exchange.Way.PAYER,
                            request.getMethod(),
                            fields)
                    .verdict(Exchange.Verdict.RIGHT, ""));
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
        var account = accounts.byAppId(AlipayServer.NAME, fields.getOrDefault("app_id", ""))
                .orElse(null);
        try {
            var caller = caller(fields, account, content);
            account = caller.seller();
            var answer = operation(method, caller, fields);
            var node = method.equals(LOGIN) ? answer.build() : AlipayAnswers.success(answer);
            var trade = trades.find(caller.seller().id(), number);
            var late = trade.isPresent() && comesLate(method, trade.get());
            var fault = trade.map(this::fault).orElse(null);
            var line = line(caller.seller(), content).late(late);
            return new Answer(signed(caller.application(), method, node, fault, line), late);
        } catch (AlipayRefusal refused) {
            var node = Json.createObjectBuilder(AlipayAnswers.refusal(refused));
            if (refused.code.equals("40004") && !number.equals("?")) node.add("out_trade_no", number);
            var application = accounts.byAppId(AlipayServer.NAME, fields.getOrDefault("app_id", ""));
            var line = line(account, content);
            return new Answer(signed(application.orElse(null), method, node.build(), null, line), false);
        }
    }

    private AlipayCaller caller(Map<String, String> fields, Account claimed, String content) {
        try {
            var caller = verifier.caller(fields);
            log.add(call(caller.seller(), content, fields).verdict(Exchange.Verdict.RIGHT, ""));
            return caller;
        } catch (AlipayRefusal refused) {
            log.add(call(claimed, content, fields).verdict(Exchange.Verdict.WRONG, refused.reason()));
            throw refused;
        }
    }

    private Exchange call(Account seller, String content, Map<String, String> fields) {
        return AlipayRequestVerifier.line(
                seller, orderOf(seller, content), Exchange.Way.CALL, request.getMethod(), fields);
    }

    private Exchange line(Account seller, String content) {
        return Exchange.of(seller == null ? null : seller.id(), orderOf(seller, content), Exchange.Way.ANSWER, "");
    }

    /** The merchant's number of the order that a call is about; calls also name it by Alipay's number. */
    private String orderOf(Account seller, String content) {
        var number = textIn(content, "out_trade_no");
        if (!number.equals("?") || seller == null || textIn(content, "trade_no").equals("?")) return number;
        return trades.paidByTransactionId(seller.id(), textIn(content, "trade_no"))
                .map(Trade::number)
                .orElse("?");
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

    private Response signed(Account account, String method, JsonObject node, Fault fault, Exchange line) {
        var name = METHODS.contains(method) ? method.replace('.', '_') + "_response" : "error_response";
        if (fault == CommonFault.ANSWER_HTML) {
            log.add(line.status(502).verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
            return FaultyAnswer.proxyPage();
        }
        var sent = node;
        if (fault == CommonFault.ANSWER_SYSTEM_ERROR) sent = AlipayAnswers.refusal(AlipayRefusal.unknown());
        if (fault == AlipayFault.ANSWER_REFUSED_UNSIGNED) {
            sent = AlipayAnswers.refusal(AlipayRefusal.business("ACCESS_FORBIDDEN", "无权限使用接口"));
        }
        var text = answers.signed(account, name, sent, fault);
        var verdict = fault == AlipayFault.ANSWER_REFUSED_UNSIGNED
                ? line.verdict(Exchange.Verdict.NONE, fault.name())
                : line.signed(fault != null && WRONGLY_SIGNED.contains(fault) ? fault : null);
        log.add(verdict.status(200).body(text));
        return json(text);
    }

    /** The merchant's number in a call, for the log and the faults; "?" if the call has none. */
    private static String numberIn(String content) {
        return textIn(content, "out_trade_no");
    }

    private static String textIn(String content, String name) {
        try (var reader = Json.createReader(new StringReader(content))) {
            return reader.readObject().getString(name, "?");
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            return "?";
        }
    }
}
