package io.cashdesk.simulator.wechat;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Controls for tests about WeChat's applications: hand out login codes, end session keys and access tokens. Answered
 * with 404 unless {@code CASHDESK_DEVELOPMENT} is true.
 */
@RequestScoped
@Path("/simulator")
@Produces(MediaType.APPLICATION_JSON)
public class WechatControlResource {
    private static final String EXPIRED = "expired";
    private static final String INVALID = "invalid";

    @Inject
    WechatLogin login;

    @Inject
    WechatSessions sessions;

    @Inject
    WechatTokens tokens;

    @Inject
    Settings settings;

    /**
     * A login code as a phone's {@code wx.login} gets it or, with kind PAGE, as the login page gives it out; for the
     * first payer or the second. {@code errcode} makes its exchange fail, {@code snapshot} makes the payer a snapshot
     * user.
     */
    @POST
    @Path("login")
    public JsonObject login(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "kind", "payer", "snapshot", "errcode");
        var appId = body.requiredText("app_id", 32);
        var kind = body.text("kind", 16).orElse(WechatLogin.MINI_PROGRAM);
        if (!Set.of(WechatLogin.PAGE, WechatLogin.MINI_PROGRAM).contains(kind)) {
            throw body.malformed("kind", LocalizedText.oneOf(List.of(WechatLogin.PAGE, WechatLogin.MINI_PROGRAM)));
        }
        var payer = WechatPayer.named(body.text("payer", 16).orElse("FIRST"))
                .orElseThrow(() -> body.malformed("payer", LocalizedText.oneOf(List.of("FIRST", "SECOND"))));
        var errcode = body.whole("errcode").orElse(0L).intValue();
        var openid = payer.openid(appId);
        var code = login.issue(appId, openid, kind, "snsapi_base", body.flag("snapshot", false), errcode);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("login_code", code)
                .add("openid", openid)
                .build();
    }

    /** Ends the session key of a user, or makes it valid again ({@code "expired": false}). */
    @POST
    @Path("wechat/session")
    public JsonObject session(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "openid", "expired");
        var openid = body.requiredText("openid", 64);
        if (!sessions.setExpired(body.requiredText("app_id", 32), openid, body.flag("expired", true))) {
            throw ProblemType.ORDER_NOT_FOUND.with(openid);
        }
        return done();
    }

    /** Ends an application's access tokens ({@code end}: expired or invalid), or makes them older ({@code seconds}). */
    @POST
    @Path("wechat/token")
    public JsonObject token(byte[] bytes) {
        developmentOnly();
        var body = JsonBody.parse(bytes).only("app_id", "end", "seconds");
        var appId = body.requiredText("app_id", 32);
        var end = body.text("end", 16);
        if (end.isPresent()) {
            if (!Set.of(EXPIRED, INVALID).contains(end.get())) {
                throw body.malformed("end", LocalizedText.oneOf(List.of(EXPIRED, INVALID)));
            }
            tokens.end(appId, end.get().equals(INVALID));
        }
        body.whole("seconds").ifPresent(seconds -> tokens.age(appId, Duration.ofSeconds(seconds)));
        return done();
    }

    /** How often an application requested access tokens, and how many it was given. */
    @GET
    @Path("wechat/tokens")
    public JsonObject tokens(@QueryParam("app_id") String appId) {
        developmentOnly();
        var use = tokens.use(appId).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(appId));
        return Json.createObjectBuilder()
                .add("code", 0)
                .add("calls", use.calls())
                .add("issued", use.issued())
                .build();
    }

    private static JsonObject done() {
        return Json.createObjectBuilder().add("code", 0).build();
    }

    private void developmentOnly() {
        if (!settings.development()) throw new NotFoundException();
    }
}
