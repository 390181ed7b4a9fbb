package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** What open.douyin.com is for merchants' servers: the general trade system, on the loopback listener alone. */
@RequestScoped
@Path(DouyinServer.PATH)
@Consumes(MediaType.WILDCARD)
public class TradeResource {
    private static final String CALLS = "/api/trade_basic/v1/developer/";

    /** {@code error_code} of the token's answer. */
    private static final int MALFORMED = 10002;

    private static final int CLIENT_KEY = 10003;
    private static final int CLIENT_SECRET = 10013;

    @Inject
    AccountStore accounts;

    @Inject
    ClientTokens tokens;

    @Inject
    TradeCalls calls;

    @Inject
    DouyinAnswers answers;

    @Inject
    ExchangeLog log;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** An access token for the application's server. */
    @POST
    @Path("oauth/client_token")
    public Response token(byte[] bytes) {
        forServers();
        try {
            var fields = DouyinFields.parse(bytes, MALFORMED);
            if (!fields.required("grant_type", 64).equals("client_credential")) {
                throw fields.wrong("grant_type", "应为 client_credential");
            }
            var account = accounts.byAppId(DouyinServer.NAME, fields.required("client_key", 64))
                    .orElseThrow(() -> new DouyinRefusal(CLIENT_KEY, "client_key 错误"));
            var secret = account.storedNode().getString("secret");
            if (!secret.equals(fields.required("client_secret", 128))) {
                throw new DouyinRefusal(CLIENT_SECRET, "client_key 或 client_secret 报错");
            }
            return token(0, "", tokens.give(account));
        } catch (DouyinRefusal refused) {
            return token(refused.errNo, refused.getMessage(), "");
        }
    }

    private static Response token(int code, String description, String token) {
        var data = Json.createObjectBuilder()
                .add("access_token", token)
                .add("captcha", "")
                .add("desc_url", "")
                .add("description", description)
                .add("error_code", code)
                .add("expires_in", token.isEmpty() ? 0 : ClientTokens.LIFE.toSeconds())
                .add("log_id", RandomText.hex(34));
        return DouyinAnswers.json(
                200,
                Json.createObjectBuilder()
                        .add("data", data)
                        .add("message", token.isEmpty() ? "error" : "success")
                        .build());
    }

    @POST
    @Path("api/trade_basic/v1/developer/{name: [a-z_]+}")
    public CompletionStage<Response> call(
            @PathParam("name") String name, @HeaderParam("access-token") String token, byte[] bytes) {
        forServers();
        if (!TradeCalls.NAMES.contains(name)) throw new NotFoundException();
        try {
            var account = tokens.holder(token);
            var fields = DouyinFields.parse(bytes, DouyinRefusal.TRADE_PARAMETER);
            return answered(name, account, fields, new String(bytes, StandardCharsets.UTF_8));
        } catch (DouyinRefusal refused) { // of no account, so there is no log for it
            return FaultyAnswer.of(DouyinAnswers.json(200, TradeCalls.refusal(refused)), false);
        }
    }

    /** The access token is not part of the log. */
    private CompletionStage<Response> answered(String name, Account account, DouyinFields fields, String body) {
        var number = calls.numberOf(account, fields);
        log.add(Exchange.of(account.id(), number, Exchange.Way.CALL, "POST " + DouyinServer.PATH + CALLS + name + "/")
                .body(body));
        try {
            if (answers.busy(account, number)) throw new DouyinRefusal(DouyinRefusal.TRADE_BUSY, "系统繁忙，请稍候再试");
            return answers.sent(account, calls.run(name, account, fields), failed());
        } catch (DouyinRefusal refused) {
            return answers.refused(account, number, TradeCalls.refusal(refused));
        }
    }

    private static JsonObject failed() {
        return TradeCalls.refusal(new DouyinRefusal(DouyinRefusal.TRADE_SYSTEM, "[13000] 系统内部错误"));
    }

    private void forServers() {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
    }
}
