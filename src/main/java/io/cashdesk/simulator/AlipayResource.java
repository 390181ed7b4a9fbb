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
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Alipay's own gateway, protocol V2, for codes on a screen, on the loopback listener alone.
 *
 * @see <a href="https://opendocs.alipay.com/common/02mse7">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/alipay/gateway.do")
@Consumes(MediaType.WILDCARD)
public class AlipayResource {
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);
    private static final Duration LIFE_OF_A_CODE = Duration.ofHours(2);

    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    SimulatedAccounts accounts;

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
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var fields = new TreeMap<String, String>();
        decode(request.getQueryString() == null ? "" : request.getQueryString(), fields);
        decode(form, fields);
        var answer = Response.ok(answer(fields), "text/html;charset=utf-8").build();
        if (!late) return CompletableFuture.completedFuture(answer);
        var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.supplyAsync(() -> answer, afterwards);
    }

    private static void decode(String encoded, Map<String, String> fields) {
        for (var pair : encoded.split("&")) {
            int at = pair.indexOf('=');
            if (at <= 0) continue;
            fields.put(
                    URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
    }

    private String answer(Map<String, String> fields) {
        var method = fields.getOrDefault("method", "");
        var number = numberIn(fields.getOrDefault("biz_content", ""));
        try {
            var account = caller(fields);
            books.log(number, "←", method, "signature right", fields.getOrDefault("biz_content", ""));
            var node = deed(method, account, fields);
            return signed(
                    account,
                    method,
                    node.add("code", "10000").add("msg", "Success").build(),
                    number);
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
        var content = content(fields);
        return switch (method) {
            case "alipay.trade.precreate" -> precreate(account, fields, content);
            case "alipay.trade.query" -> query(account, content);
            case "alipay.trade.close" -> close(account, content);
            case "alipay.trade.cancel" -> cancel(account, content);
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
        if (!made) again(trade, content);
        if (trade.faults().contains(Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING)) {
            late = true;
            books.dial(trade.id(), EnumSet.noneOf(Fault.class));
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("qr_code", trade.code());
    }

    private static void again(Books.Trade trade, JsonObject content) {
        switch (trade.state()) {
            case "SUCCESS" -> throw AlipayRules.business("TRADE_HAS_SUCCESS", "交易已被支付");
            case "CLOSED" -> throw AlipayRules.business("TRADE_HAS_CLOSE", "交易已经关闭");
            default -> {
                if (!trade.request().equals(content.toString())) {
                    throw AlipayRules.business("CONTEXT_INCONSISTENT", "交易信息被篡改");
                }
            }
        }
    }

    private JsonObjectBuilder query(Books.Account account, JsonObject content) {
        var trade = existing(account, content);
        var answer = Json.createObjectBuilder()
                .add("out_trade_no", trade.number())
                .add("trade_no", trade.transactionId())
                .add("buyer_logon_id", "sim***@example.com")
                .add("buyer_user_id", "2088000000000001")
                .add("total_amount", AlipayMessages.yuan(trade.reported()))
                .add(
                        "trade_status",
                        switch (trade.state()) {
                            case "SUCCESS" -> "TRADE_SUCCESS";
                            case "CLOSED" -> "TRADE_CLOSED";
                            default -> "WAIT_BUYER_PAY";
                        });
        if (trade.paidAt() != null) answer.add("send_pay_date", AlipayMessages.time(trade.paidAt()));
        return answer;
    }

    private JsonObjectBuilder close(Books.Account account, JsonObject content) {
        var trade = existing(account, content);
        if (!trade.state().equals("NOTPAY") || !cashier.close(trade)) {
            throw AlipayRules.business("TRADE_STATUS_ERROR", "交易状态不合法");
        }
        return Json.createObjectBuilder().add("out_trade_no", trade.number()).add("trade_no", trade.transactionId());
    }

    /** For a trade that nobody has scanned it succeeds and does nothing. */
    private JsonObjectBuilder cancel(Books.Account account, JsonObject content) {
        var number = AlipayRules.number(content);
        var answer = Json.createObjectBuilder().add("out_trade_no", number).add("retry_flag", "N");
        var trade = books.trade(account.id(), number).map(cashier::current).orElse(null);
        if (trade == null || trade.state().equals("UNSCANNED")) return answer;
        if (trade.state().equals("SUCCESS")) throw AlipayRules.business("CANCEL_NOT_ALLOWED", "不允许撤销");
        cashier.close(trade);
        return answer.add("trade_no", trade.transactionId()).add("action", "close");
    }

    /** A code that nobody has scanned is no trade yet. */
    private Books.Trade existing(Books.Account account, JsonObject content) {
        return books.trade(account.id(), AlipayRules.number(content))
                .map(cashier::current)
                .filter(t -> !t.state().equals("UNSCANNED"))
                .orElseThrow(() -> AlipayRules.business("TRADE_NOT_EXIST", "交易不存在"));
    }

    private Books.Account caller(Map<String, String> fields) {
        for (var name : new String[] {"method", "app_id", "sign", "sign_type", "timestamp", "version", "charset"}) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw new AlipayRules.Refused(
                        "40001", "isv.missing-" + name.replace('_', '-').replace("sign", "signature"), "缺少参数 " + name);
            }
        }
        if (!fields.get("sign_type").equals("RSA2")) throw invalid("signature-type");
        if (!fields.get("version").equals("1.0")) throw invalid("version");
        if (!fields.get("charset").equalsIgnoreCase("utf-8")) throw invalid("charset");
        try {
            LocalDateTime.parse(fields.get("timestamp"), DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        } catch (DateTimeException e) {
            throw invalid("timestamp");
        }
        var account = books.accountByAppId("alipay", fields.get("app_id")).orElseThrow(() -> invalid("app-id"));
        if (account.certificates() && !account.serial().equals(fields.get("app_cert_sn"))) {
            throw new AlipayRules.Refused("40001", "isv.missing-app-cert-sn", "应用公钥证书序列号不正确");
        }
        var signed = new TreeMap<>(fields);
        signed.remove("sign");
        if (!Keys.verify(AlipayMessages.canonical(signed), fields.get("sign"), account.publicKey()))
            throw invalid("signature");
        return account;
    }

    private static AlipayRules.Refused invalid(String what) {
        return new AlipayRules.Refused("40002", "isv.invalid-" + what, "无效的参数：" + what);
    }

    private static JsonObject content(Map<String, String> fields) {
        try (var reader = Json.createReader(new StringReader(fields.getOrDefault("biz_content", "")))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw AlipayRules.business("INVALID_PARAMETER", "参数有误：biz_content");
        }
    }

    private static String numberIn(String content) {
        try (var reader = Json.createReader(new StringReader(content))) {
            return reader.readObject().getString("out_trade_no", "?");
        } catch (JsonException e) {
            return "?";
        }
    }

    /** The node's exact characters are what is signed. */
    private String signed(Books.Account account, String method, JsonObject node, String number) {
        var known = Set.of("alipay.trade.precreate", "alipay.trade.query", "alipay.trade.close", "alipay.trade.cancel");
        var name = known.contains(method) ? method.replace('.', '_') + "_response" : "error_response";
        var text = node.toString();
        var platform = accounts.platform("alipay");
        var certificate = account != null && account.certificates()
                ? "\"alipay_cert_sn\":\""
                        + Keys.alipaySerial("CN=Simulated alipay", new BigInteger(platform.serial(), 16)) + "\","
                : "";
        books.log(number, "→", node.getString("code"), "signed", text);
        return "{\"" + name + "\":" + text + "," + certificate + "\"sign\":\"" + Keys.sign(text, platform.privateKey())
                + "\"}";
    }
}
