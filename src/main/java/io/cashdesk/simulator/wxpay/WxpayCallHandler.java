package io.cashdesk.simulator.wxpay;

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
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Carries out v3's calls: verifies the request's signature, runs the operation, signs the answer. */
@ApplicationScoped
class WxpayCallHandler {
    private static final String JSON = "application/json; charset=utf-8";
    private static final Duration TOO_OLD = Duration.ofMinutes(10);
    /** The faults that concern answers, the first before the others. */
    private static final List<Fault> ANSWERS = List.of(
            CommonFault.ANSWER_SYSTEM_ERROR,
            CommonFault.ANSWER_HTML,
            CommonFault.ANSWER_BADLY_SIGNED,
            WxpayFault.ANSWER_STALE,
            WxpayFault.ANSWER_OF_UNKNOWN_SERIAL);

    private static final List<String> LOGGED_HEADERS =
            List.of(HttpHeaders.AUTHORIZATION, "Wechatpay-Serial", HttpHeaders.CONTENT_TYPE, HttpHeaders.ACCEPT);

    private static final Set<String> SIGN_INFORMATION = Set.of("method", "url", "truncated_sign_message");

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    WxpayRefundStore refunds;

    @Inject
    WxpayPlatform platform;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Verifies a request, runs the operation for the caller's account and signs the answer; a refusal is answered as
     * WeChat Pay does.
     *
     * @param number of the order, for the log and the faults; if it is empty, it is looked for in the body
     */
    CompletionStage<Response> answer(
            HttpServletRequest request, String number, byte[] bytes, Function<Account, WxpayAnswer> operation) {
        var body = new String(bytes, StandardCharsets.UTF_8);
        var named = number.isEmpty() ? inBody(body, "out_trade_no").orElse("?") : number;
        var about = about(request, named, body);
        try {
            var account = caller(request, body, about);
            var answer = operation.apply(account);
            var response = signed(account, answer, named, about);
            return FaultyAnswer.of(response, answer.late());
        } catch (WxpayRefusal refused) {
            return CompletableFuture.completedFuture(refusal(refused, about));
        }
    }

    /** The account that a request names and the order that it is about, for the log. */
    private record About(UUID account, String number) {
        Exchange line(Exchange.Way way, String what) {
            return Exchange.of(account, number, way, what);
        }
    }

    private About about(HttpServletRequest request, String named, String body) {
        var account = claimed(request).map(Account::id);
        return new About(
                account.orElse(null), account.map(a -> orderOf(a, named, body)).orElse(named));
    }

    /** The account that a request names, before its signature is verified. */
    private Optional<Account> claimed(HttpServletRequest request) {
        try {
            var authorization = WxpayAuthorization.parse(request.getHeader(HttpHeaders.AUTHORIZATION));
            return accounts.byMchNo(WxpayServer.NAME, authorization.mchid());
        } catch (WxpayRefusal unreadable) {
            return Optional.empty();
        }
    }

    /**
     * The merchant's number of the order that a call is about. Calls also name an order by WeChat Pay's number, and a
     * refund by either number.
     */
    private String orderOf(UUID account, String named, String body) {
        if (inBody(body, "out_trade_no").isPresent()
                || trades.find(account, named).isPresent()) return named;
        var number = inBody(body, "transaction_id").orElse(named);
        var found = number.matches("42000\\d{23}")
                ? trades.paidByTransactionId(account, number)
                : refunds.find(account, number)
                        .or(() -> refunds.byRefundId(account, number))
                        .map(refund -> trades.get(refund.tradeId()));
        return found.map(Trade::number).orElse(named);
    }

    /** The same for a download, whose answer has no signature. */
    Response file(HttpServletRequest request, String what, Function<Account, Response> operation) {
        var about = about(request, what, "");
        try {
            return operation.apply(caller(request, "", about));
        } catch (WxpayRefusal refused) {
            return refusal(refused, about);
        }
    }

    /** The signed answer, or what one of the order's faults makes of it. */
    private Response signed(Account account, WxpayAnswer answer, String number, About about) {
        var body = answer.body();
        var fault = fault(account, number);
        if (fault == CommonFault.ANSWER_SYSTEM_ERROR)
            throw new WxpayRefusal(500, "SYSTEM_ERROR", "系统错误", WxpayRefusal.GENERAL);
        if (fault == CommonFault.ANSWER_HTML) {
            log.add(about.line(Exchange.Way.ANSWER, "")
                    .status(502)
                    .verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
            return FaultyAnswer.proxyPage();
        }
        var text = body == null ? "" : body.toString();
        var response = body == null ? Response.noContent() : Response.ok(text, JSON);
        var at = fault == WxpayFault.ANSWER_STALE ? clock.instant().minus(TOO_OLD) : clock.instant();
        var headers = platform.headers(account, fault == CommonFault.ANSWER_BADLY_SIGNED ? text + " " : text, at);
        if (fault == WxpayFault.ANSWER_OF_UNKNOWN_SERIAL) headers.put("Wechatpay-Serial", "0".repeat(40));
        headers.forEach(response::header);
        log.add(about.line(Exchange.Way.ANSWER, "")
                .status(body == null ? 204 : 200)
                .late(answer.late())
                .signed(fault)
                .headers(headers)
                .body(text));
        return response.header("Request-ID", UUID.randomUUID() + "-0").build();
    }

    /** The fault that concerns the answer to a call about this order, or null. */
    private Fault fault(Account account, String number) {
        return trades.find(account.id(), number)
                .flatMap(trade -> trades.takeFirst(trade, ANSWERS))
                .orElse(null);
    }

    private Account caller(HttpServletRequest request, String body, About about) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        var target = request.getRequestURI().substring(WxpayServer.PATH.length()) + query;
        var authorization = WxpayAuthorization.parse(request.getHeader(HttpHeaders.AUTHORIZATION));
        var account = accounts.byMchNo(WxpayServer.NAME, authorization.mchid())
                .orElseThrow(() -> WxpayAuthorization.refused("unknown mchid"));
        var line = about.line(Exchange.Way.CALL, request.getMethod() + " " + target)
                .headers(headers(request))
                .body(body);
        try {
            authorization.check(account, request.getMethod(), target, body, clock.instant());
        } catch (WxpayRefusal refused) {
            log.add(line.verdict(Exchange.Verdict.WRONG, WxpayAuthorization.reason(refused)));
            throw refused;
        }
        log.add(line.verdict(Exchange.Verdict.RIGHT, ""));
        checkHeaders(request, target);
        return account;
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        var headers = new LinkedHashMap<String, String>();
        for (var name : LOGGED_HEADERS) {
            if (request.getHeader(name) != null) headers.put(name, request.getHeader(name));
        }
        return headers;
    }

    private static void checkHeaders(HttpServletRequest request, String target) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        var anything = target.startsWith("/v3/billdownload/");
        if (!anything && (accept == null || !(accept.contains("application/json") || accept.contains("*/*")))) {
            throw header("Accept 必须是 application/json");
        }
        var agent = request.getHeader(HttpHeaders.USER_AGENT);
        if (agent == null || agent.isBlank()) throw header("缺少 User-Agent");
        var type = request.getContentType();
        if (request.getMethod().equals("POST") && (type == null || !type.startsWith("application/json"))) {
            throw header("Content-Type 必须是 application/json");
        }
    }

    private static WxpayRefusal header(String message) {
        return new WxpayRefusal(400, "PARAM_ERROR", message, Map.of());
    }

    private Response refusal(WxpayRefusal refused, About about) {
        var body = Json.createObjectBuilder().add("code", refused.code).add("message", refused.getMessage());
        if (!refused.detail.isEmpty()) {
            body.add("detail", detail(refused.detail));
        }
        var text = body.build().toString();
        log.add(about.line(Exchange.Way.ANSWER, "").status(refused.status).body(text));
        return Response.status(refused.status)
                .type(JSON)
                .header("Request-ID", UUID.randomUUID() + "-" + refused.number)
                .entity(text)
                .build();
    }

    /** The names of what was signed are in an object of their own. */
    private static JsonObjectBuilder detail(Map<String, String> texts) {
        var detail = Json.createObjectBuilder();
        var signed = Json.createObjectBuilder();
        texts.forEach((name, value) -> {
            if (name.equals("sign_message_length")) signed.add(name, Integer.parseInt(value));
            else if (SIGN_INFORMATION.contains(name)) signed.add(name, value);
            else detail.add(name, value);
        });
        return texts.containsKey("sign_message_length") ? detail.add("sign_information", signed) : detail;
    }

    private static Optional<String> inBody(String body, String name) {
        var matcher =
                Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]{1,64})\"").matcher(body);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static JsonObject object(byte[] bytes) {
        try (var reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw WxpayRefusal.parameter("", "the body is no JSON object");
        }
    }
}
