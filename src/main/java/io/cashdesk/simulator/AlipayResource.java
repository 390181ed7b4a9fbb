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
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Alipay's own gateway, protocol V2: for merchants on the loopback listener, for payers' browsers on the public one.
 *
 * @see <a href="https://opendocs.alipay.com/common/02mse7">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/alipay/gateway.do")
@Consumes(MediaType.WILDCARD)
public class AlipayResource {
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);
    private static final String LOGIN = "alipay.system.oauth.token";
    private static final Set<String> CASHIER = Set.of("alipay.trade.page.pay", "alipay.trade.wap.pay");
    private static final Set<String> METHODS = Set.of(
            LOGIN,
            "alipay.trade.precreate",
            "alipay.trade.create",
            "alipay.trade.pay",
            "alipay.trade.query",
            "alipay.trade.close",
            "alipay.trade.cancel",
            "alipay.trade.refund",
            "alipay.trade.fastpay.refund.query");
    private static final Duration LIFE_OF_A_CODE = Duration.ofHours(2);

    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    AlipayGate gate;

    @Inject
    AlipayTrades trades;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    /** What the fault dial makes of this one answer. */
    private boolean late;

    @GET
    public CompletionStage<Response> get() {
        return call("");
    }

    @POST
    public CompletionStage<Response> post(byte[] body) {
        return call(new String(body, StandardCharsets.UTF_8));
    }

    private CompletionStage<Response> call(String form) {
        var fields = AlipayGate.decoded(request.getQueryString() == null ? "" : request.getQueryString(), form);
        if (request.getLocalPort() != settings.simulatorPort())
            return CompletableFuture.completedFuture(browser(fields));
        var answer = Response.ok(answer(fields), "text/html;charset=utf-8").build();
        if (!late) return CompletableFuture.completedFuture(answer);
        var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.supplyAsync(() -> answer, afterwards);
    }

    /** A payer's browser comes with a request that the merchant signed: only now is there a trade. */
    private Response browser(Map<String, String> fields) {
        var method = fields.getOrDefault("method", "");
        if (!CASHIER.contains(method)) throw new NotFoundException();
        try {
            var account = gate.caller(fields);
            var content = AlipayGate.content(fields);
            var product = method.substring("alipay.trade.".length());
            checkProduct(product, content);
            books.log(AlipayRules.number(content), "←", method, "signature right", content.toString());
            var trade = trades.make(account, product, fields, content, AlipayTrades.Detailed.NONE);
            return Response.seeOther(URI.create(
                            "/simulator/wallet?code=" + URLEncoder.encode(trade.code(), StandardCharsets.UTF_8)))
                    .build();
        } catch (AlipayRules.Refused refused) {
            return Response.status(400)
                    .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                    .entity(refused.subCode + " " + refused.getMessage())
                    .build();
        }
    }

    private static void checkProduct(String product, JsonObject content) {
        var wanted = product.equals("page.pay") ? "FAST_INSTANT_TRADE_PAY" : "QUICK_WAP_WAY";
        if (!wanted.equals(content.getString("product_code", ""))) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：product_code");
        }
        if (product.equals("wap.pay") && content.getString("quit_url", "").isEmpty()) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：quit_url");
        }
    }

    private String answer(Map<String, String> fields) {
        var method = fields.getOrDefault("method", "");
        var number = numberIn(fields.getOrDefault("biz_content", ""));
        try {
            var account = gate.caller(fields);
            books.log(number, "←", method, "signature right", fields.getOrDefault("biz_content", ""));
            var node = deed(method, account, fields).build();
            var codeless = method.equals(LOGIN) || node.containsKey("code"); // a login succeeds without one
            var whole = codeless
                    ? node
                    : Json.createObjectBuilder()
                            .add("code", "10000")
                            .add("msg", "Success")
                            .addAll(Json.createObjectBuilder(node))
                            .build();
            return signed(account, method, whole, number);
        } catch (AlipayRules.Refused refused) {
            var node = Json.createObjectBuilder()
                    .add("code", refused.code)
                    .add("msg", refused.code.equals("40004") ? "Business Failed" : "Invalid Arguments")
                    .add("sub_code", refused.subCode)
                    .add("sub_msg", refused.getMessage());
            if (refused.code.equals("40004")) node.add("out_trade_no", number);
            var account = books.accountByAppId("alipay", fields.getOrDefault("app_id", ""))
                    .orElse(null);
            return signed(account, method, node.build(), number);
        }
    }

    private JsonObjectBuilder deed(String method, Books.Account account, Map<String, String> fields) {
        if (method.equals(LOGIN)) return trades.token(account, fields);
        var content = AlipayGate.content(fields);
        return switch (method) {
            case "alipay.trade.precreate" -> precreate(account, fields, content);
            case "alipay.trade.create" -> trades.create(account, fields, content);
            case "alipay.trade.pay" -> trades.pay(account, fields, content);
            case "alipay.trade.query" -> trades.query(existing(account, content));
            case "alipay.trade.close" -> close(account, content);
            case "alipay.trade.cancel" -> trades.cancel(account, content);
            case "alipay.trade.refund" -> refund(account, content);
            case "alipay.trade.fastpay.refund.query" -> trades.refundQuery(existing(account, content), content);
            default -> throw new AlipayRules.Refused("40002", "isv.invalid-method", "不存在的方法名");
        };
    }

    private JsonObjectBuilder precreate(Books.Account account, Map<String, String> fields, JsonObject content) {
        var now = clock.instant();
        var wish = AlipayRules.precreate(content, now);
        var code = "https://qr.alipay.com/bax" + Keys.letters(20).toLowerCase(Locale.ROOT);
        var expiry = wish.expiresAt() == null ? now.plus(LIFE_OF_A_CODE) : wish.expiresAt();
        var made = cashier.make(new Cashier.Wish(
                account,
                wish.number(),
                code,
                wish.amount(),
                wish.subject(),
                fields.getOrDefault("notify_url", ""),
                content.toString(),
                "UNSCANNED",
                expiry));
        var trade = cashier.current(books.trade(account.id(), wish.number()).orElseThrow());
        if (!made) AlipayTrades.again(trade, content);
        if (trade.faults().contains(Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING)) {
            late = true;
            books.dial(trade.id(), EnumSet.noneOf(Fault.class));
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("qr_code", trade.code());
    }

    private JsonObjectBuilder refund(Books.Account account, JsonObject content) {
        var trade = existing(account, content);
        if (books.took(trade, Fault.REFUND_TIMES_OUT_AFTER_ACCEPTING)) late = true;
        return trades.refund(trade, content);
    }

    private JsonObjectBuilder close(Books.Account account, JsonObject content) {
        var trade = existing(account, content);
        if (!trade.state().equals("NOTPAY") || !cashier.close(trade)) {
            throw AlipayRules.business("TRADE_STATUS_ERROR", "交易状态不合法");
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("trade_no", trade.transactionId());
    }

    /** A code that nobody has scanned is no trade yet. */
    private Books.Trade existing(Books.Account account, JsonObject content) {
        return books.trade(account.id(), AlipayRules.number(content))
                .map(trades::current)
                .filter(t -> !t.state().equals("UNSCANNED"))
                .orElseThrow(() -> AlipayRules.business("TRADE_NOT_EXIST", "交易不存在"));
    }

    private static String numberIn(String content) {
        try (var reader = Json.createReader(new StringReader(content))) {
            return reader.readObject().getString("out_trade_no", "?");
        } catch (JsonException e) {
            return "?";
        }
    }

    private String signed(Books.Account account, String method, JsonObject node, String number) {
        var name = METHODS.contains(method) ? method.replace('.', '_') + "_response" : "error_response";
        books.log(number, "→", node.getString("code", "10000"), "signed", node.toString());
        return gate.signed(account, name, node);
    }
}
