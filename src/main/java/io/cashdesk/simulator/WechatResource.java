package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * WeChat Pay's own server, v3, for Native payments, on the loopback listener alone.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/wxpay/v3")
@Consumes(MediaType.WILDCARD)
public class WechatResource {
    private static final String PREFIX = "/simulator/wxpay";
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);
    private static final Duration LIFE_OF_AN_ORDER = Duration.ofDays(7);

    @Inject
    Books books;

    @Inject
    Cashier cashier;

    @Inject
    WechatMessages messages;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @Context
    HttpHeaders headers;

    @POST
    @Path("pay/transactions/native")
    public CompletionStage<Response> prepay(byte[] bytes) {
        var late = new boolean[1];
        var answer = answer("", bytes, account -> {
            var body = object(bytes);
            if (!account.mchNo().equals(body.getString("mchid", "")))
                throw WechatAuthorization.refused("", "mchid differs");
            if (!account.appId().equals(body.getString("appid", account.appId()))) {
                throw new WechatRules.Refused(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配", Map.of());
            }
            var prepay = WechatRules.prepay(body);
            var trade = order(account, prepay, body.toString());
            late[0] = trade.faults().contains(Fault.ANSWER_TIMES_OUT_AFTER_ACCEPTING);
            if (late[0]) books.dial(trade.id(), EnumSet.noneOf(Fault.class));
            return Json.createObjectBuilder().add("code_url", trade.code()).build();
        });
        if (!late[0]) return CompletableFuture.completedFuture(answer);
        var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.supplyAsync(() -> answer, afterwards);
    }

    /** A new order, or the same one again with a fresh code: the earlier code stops working. */
    private Books.Trade order(Books.Account account, WechatRules.Prepay prepay, String request) {
        var now = clock.instant();
        var code = "weixin://wxpay/bizpayurl?pr=" + Keys.letters(9);
        var asked = prepay.expiresAt() == null ? now.plus(LIFE_OF_AN_ORDER) : prepay.expiresAt();
        var expiry = asked.isBefore(now.plusSeconds(60)) ? now.plusSeconds(60) : asked;
        var made = cashier.make(new Cashier.Wish(
                account,
                prepay.number(),
                code,
                prepay.amount(),
                prepay.description(),
                prepay.notifyUrl(),
                request,
                "NOTPAY",
                expiry));
        var trade = cashier.current(books.trade(account.id(), prepay.number()).orElseThrow());
        if (made) return trade;
        if (trade.state().equals("SUCCESS")) throw new WechatRules.Refused(400, "ORDERPAID", "该订单已支付", Map.of());
        if (trade.state().equals("CLOSED")) throw new WechatRules.Refused(400, "ORDER_CLOSED", "订单已关闭", Map.of());
        if (!trade.request().equals(request)) {
            throw new WechatRules.Refused(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致", Map.of());
        }
        books.recode(trade.id(), code);
        return books.trade(trade.id());
    }

    @GET
    @Path("pay/transactions/out-trade-no/{number}")
    public Response byNumber(@PathParam("number") String number, @QueryParam("mchid") String mchid) {
        return answer(number, new byte[0], account -> {
            sameMerchant(account, mchid);
            return WechatMessages.transaction(account, cashier.current(find(account, number)));
        });
    }

    @GET
    @Path("pay/transactions/id/{id}")
    public Response byTransaction(@PathParam("id") String id, @QueryParam("mchid") String mchid) {
        return answer(id, new byte[0], account -> {
            sameMerchant(account, mchid);
            return WechatMessages.transaction(
                    account, books.tradeByTransaction(account.id(), id).orElseThrow(WechatResource::noOrder));
        });
    }

    @POST
    @Path("pay/transactions/out-trade-no/{number}/close")
    public Response close(@PathParam("number") String number, byte[] bytes) {
        return answer(number, bytes, account -> {
            sameMerchant(account, object(bytes).getString("mchid", ""));
            var trade = cashier.current(find(account, number));
            if (!cashier.close(trade)) throw new WechatRules.Refused(400, "ORDERPAID", "该订单已支付", Map.of());
            return null;
        });
    }

    @GET
    @Path("certificates")
    public Response certificates() {
        return answer("certificates", new byte[0], account -> {
            if (!account.certificates()) throw new WechatRules.Refused(404, "NOT_FOUND", "无可用的平台证书", Map.of());
            var platform = accounts.platform("wxpay");
            var nonce = Keys.letters(12);
            var sealed = Keys.encrypt(platform.certificate(), account.v3Key(), nonce, "certificate");
            var now = clock.instant();
            return Json.createObjectBuilder()
                    .add(
                            "data",
                            Json.createArrayBuilder()
                                    .add(Json.createObjectBuilder()
                                            .add("serial_no", platform.serial())
                                            .add("effective_time", WechatMessages.time(now.minus(Duration.ofDays(1))))
                                            .add("expire_time", WechatMessages.time(now.plus(Duration.ofDays(1800))))
                                            .add(
                                                    "encrypt_certificate",
                                                    Json.createObjectBuilder()
                                                            .add("algorithm", "AEAD_AES_256_GCM")
                                                            .add("nonce", nonce)
                                                            .add("associated_data", "certificate")
                                                            .add("ciphertext", sealed))))
                    .build();
        });
    }

    private Books.Trade find(Books.Account account, String number) {
        return books.trade(account.id(), number).orElseThrow(WechatResource::noOrder);
    }

    private static WechatRules.Refused noOrder() {
        return new WechatRules.Refused(404, "ORDER_NOT_EXIST", "订单不存在", Map.of());
    }

    private static void sameMerchant(Books.Account account, String mchid) {
        if (!account.mchNo().equals(mchid)) throw WechatAuthorization.refused("", "mchid differs");
    }

    private static JsonObject object(byte[] bytes) {
        try (var reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw WechatRules.parameter("", "the body is no JSON object");
        }
    }

    /** Checks who asks, does it, and signs the answer; a refusal is answered as WeChat Pay would. */
    private Response answer(String number, byte[] bytes, Function<Books.Account, JsonObject> deed) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        var body = new String(bytes, StandardCharsets.UTF_8);
        var target = request.getRequestURI().substring(PREFIX.length())
                + (request.getQueryString() == null ? "" : "?" + request.getQueryString());
        var logged = number.isEmpty() ? numberIn(body) : number;
        try {
            var account = caller(target, body);
            books.log(logged, "←", request.getMethod() + " " + target, "signature right", body);
            var answer = deed.apply(account);
            var text = answer == null ? "" : answer.toString();
            var response = answer == null ? Response.noContent() : Response.ok(text, "application/json; charset=utf-8");
            messages.signed(account, text).forEach(response::header);
            books.log(logged, "→", answer == null ? "204" : "200", "signed", text);
            return response.header("Request-ID", UUID.randomUUID() + "-0").build();
        } catch (WechatRules.Refused refused) {
            books.log(
                    logged,
                    "→",
                    refused.status + " " + refused.code,
                    "refused",
                    refused.getMessage() + " " + refused.detail);
            return refusal(refused);
        }
    }

    private static String numberIn(String body) {
        var matcher = Pattern.compile("\"out_trade_no\":\"([^\"]{1,64})\"").matcher(body);
        return matcher.find() ? matcher.group(1) : "?";
    }

    private Books.Account caller(String target, String body) {
        var authorization = WechatAuthorization.parse(headers.getHeaderString(HttpHeaders.AUTHORIZATION));
        var account = books.accountByMchNo("wxpay", authorization.mchid())
                .orElseThrow(() -> WechatAuthorization.refused("", "unknown mchid"));
        authorization.check(account, request.getMethod(), target, body, clock.instant());
        var accept = headers.getHeaderString(HttpHeaders.ACCEPT);
        if (accept == null || !(accept.contains("application/json") || accept.contains("*/*"))) {
            throw new WechatRules.Refused(400, "PARAM_ERROR", "Accept 必须是 application/json", Map.of());
        }
        var agent = headers.getHeaderString(HttpHeaders.USER_AGENT);
        if (agent == null || agent.isBlank())
            throw new WechatRules.Refused(400, "PARAM_ERROR", "缺少 User-Agent", Map.of());
        var type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (request.getMethod().equals("POST") && (type == null || !type.startsWith("application/json"))) {
            throw new WechatRules.Refused(400, "PARAM_ERROR", "Content-Type 必须是 application/json", Map.of());
        }
        return account;
    }

    private static Response refusal(WechatRules.Refused refused) {
        var body = Json.createObjectBuilder().add("code", refused.code).add("message", refused.getMessage());
        if (!refused.detail.isEmpty()) {
            var detail = Json.createObjectBuilder();
            refused.detail.forEach(detail::add);
            body.add("detail", detail);
        }
        return Response.status(refused.status)
                .type("application/json; charset=utf-8")
                .header("Request-ID", UUID.randomUUID() + "-268435461")
                .entity(body.build().toString())
                .build();
    }
}
