package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Who comes in to WeChat Pay's v3 and how answers leave: verified before anything else, signed at the end. */
@ApplicationScoped
class WechatGate {
    private static final String PREFIX = "/simulator/wxpay";
    private static final String JSON = "application/json; charset=utf-8";
    private static final Duration TOO_OLD = Duration.ofMinutes(10);
    private static final List<Fault> ANSWERS = List.of(
            Fault.ANSWER_SYSTEM_ERROR,
            Fault.ANSWER_HTML,
            Fault.ANSWER_BADLY_SIGNED,
            Fault.ANSWER_STALE,
            Fault.ANSWER_OF_UNKNOWN_SERIAL);
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);

    private static final Set<String> SIGN_INFORMATION = Set.of("method", "url", "truncated_sign_message");

    @Inject
    Books books;

    @Inject
    WechatMessages messages;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** What is answered to a call: a text, or nothing at all (204). */
    record Answer(JsonObject body, boolean late) {
        static Answer of(JsonObject body) {
            return new Answer(body, false);
        }

        static Answer nothing() {
            return new Answer(null, false);
        }
    }

    /** Checks who asks, does it, and signs the answer; a refusal is answered as WeChat Pay would. */
    CompletionStage<Response> answer(
            HttpServletRequest request, String number, byte[] bytes, Function<Books.Account, Answer> deed) {
        var body = new String(bytes, StandardCharsets.UTF_8);
        var logged = number.isEmpty() ? numberIn(body) : number;
        try {
            var account = caller(request, body, logged);
            var answer = deed.apply(account);
            var response = signed(account, answer.body(), logged);
            if (!answer.late()) return CompletableFuture.completedFuture(response);
            var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
            return CompletableFuture.supplyAsync(() -> response, afterwards);
        } catch (WechatRules.Refused refused) {
            return CompletableFuture.completedFuture(refusal(refused, logged));
        }
    }

    /** The same for what is answered as a file, which carries no signature. */
    Response file(HttpServletRequest request, String what, Function<Books.Account, Response> deed) {
        try {
            return deed.apply(caller(request, "", what));
        } catch (WechatRules.Refused refused) {
            return refusal(refused, what);
        }
    }

    /** The answer as it leaves, unless the order's dial says that something happens to it. */
    private Response signed(Books.Account account, JsonObject body, String number) {
        var fault = fault(account, number);
        if (fault == Fault.ANSWER_SYSTEM_ERROR) throw new WechatRules.Refused(500, "SYSTEM_ERROR", "系统错误", 268435461);
        if (fault == Fault.ANSWER_HTML) {
            books.log(number, "→", "502", "a proxy's page", "");
            return Response.status(502)
                    .type("text/html")
                    .entity("<h1>Bad Gateway</h1>")
                    .build();
        }
        var text = body == null ? "" : body.toString();
        var response = body == null ? Response.noContent() : Response.ok(text, JSON);
        var at = fault == Fault.ANSWER_STALE ? clock.instant().minus(TOO_OLD) : clock.instant();
        var headers = messages.signed(account, fault == Fault.ANSWER_BADLY_SIGNED ? text + " " : text, at);
        if (fault == Fault.ANSWER_OF_UNKNOWN_SERIAL) headers.put("Wechatpay-Serial", "0".repeat(40));
        headers.forEach(response::header);
        books.log(number, "→", body == null ? "204" : "200", fault == null ? "signed" : fault.name(), text);
        return response.header("Request-ID", UUID.randomUUID() + "-0").build();
    }

    /** What happens to the answer to a call about this order, or null; each happens once. */
    private Fault fault(Books.Account account, String number) {
        var trade = books.trade(account.id(), number);
        if (trade.isEmpty()) return null;
        for (var fault : ANSWERS) if (books.took(trade.get(), fault)) return fault;
        return null;
    }

    private Books.Account caller(HttpServletRequest request, String body, String logged) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        var target = request.getRequestURI().substring(PREFIX.length()) + query;
        var authorization = WechatAuthorization.parse(request.getHeader(HttpHeaders.AUTHORIZATION));
        var account = books.accountByMchNo("wxpay", authorization.mchid())
                .orElseThrow(() -> WechatAuthorization.refused("unknown mchid"));
        authorization.check(account, request.getMethod(), target, body, clock.instant());
        checkHeaders(request, target);
        books.log(logged, "←", request.getMethod() + " " + target, "signature right", body);
        return account;
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

    private static WechatRules.Refused header(String message) {
        return new WechatRules.Refused(400, "PARAM_ERROR", message, Map.of());
    }

    private Response refusal(WechatRules.Refused refused, String logged) {
        var words = refused.getMessage() + " " + refused.detail;
        books.log(logged, "→", refused.status + " " + refused.code, "refused", words);
        var body = Json.createObjectBuilder().add("code", refused.code).add("message", refused.getMessage());
        if (!refused.detail.isEmpty()) {
            body.add("detail", detail(refused.detail));
        }
        return Response.status(refused.status)
                .type(JSON)
                .header("Request-ID", UUID.randomUUID() + "-" + refused.number)
                .entity(body.build().toString())
                .build();
    }

    /** What was signed stands in an object of its own. */
    private static JsonObjectBuilder detail(Map<String, String> said) {
        var detail = Json.createObjectBuilder();
        var signed = Json.createObjectBuilder();
        said.forEach((name, value) -> {
            if (name.equals("sign_message_length")) signed.add(name, Integer.parseInt(value));
            else if (SIGN_INFORMATION.contains(name)) signed.add(name, value);
            else detail.add(name, value);
        });
        return said.containsKey("sign_message_length") ? detail.add("sign_information", signed) : detail;
    }

    private static String numberIn(String body) {
        var matcher =
                Pattern.compile("\"out_trade_no\"\\s*:\\s*\"([^\"]{1,64})\"").matcher(body);
        return matcher.find() ? matcher.group(1) : "?";
    }

    static JsonObject object(byte[] bytes) {
        try (var reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw WechatRules.parameter("", "the body is no JSON object");
        }
    }
}
