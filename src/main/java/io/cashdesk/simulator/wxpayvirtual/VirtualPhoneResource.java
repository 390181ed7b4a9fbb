package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.page.Language;
import io.cashdesk.ground.page.View;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.wechat.WechatLogin;
import io.cashdesk.simulator.wechat.WechatPayer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.util.Optional;
import java.util.Set;

/** A mini-program on the payer's phone, on the public listener: its call, and a page that plays it. */
@RequestScoped
@Path(VirtualServer.PATH)
public class VirtualPhoneResource {
    private static final Set<String> PLATFORMS = Set.of("android", "ios");

    @Inject
    VirtualCall call;

    @Inject
    MiniProgramPage page;

    @Inject
    WechatLogin login;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /**
     * What {@code wx.requestVirtualPayment} does with its arguments. Three more are the tester's: {@code openid} of the
     * user who holds the phone, {@code platform}, and {@code outcome}, which is what happens to the order.
     */
    @POST
    @Path("request")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject requestVirtualPayment(byte[] bytes) {
        forPayers();
        var body =
                JsonBody.parse(bytes).only("mode", "signData", "paySig", "signature", "openid", "platform", "outcome");
        var platform = body.text("platform", 16).orElse("android");
        if (!PLATFORMS.contains(platform)) throw body.malformed("platform", LocalizedText.oneOf(PLATFORMS));
        var outcome = VirtualOutcome.of(body.text("outcome", 16).orElse("pay"))
                .orElseThrow(() -> body.malformed("outcome", LocalizedText.oneOf(VirtualOutcome.texts())));
        return call.play(body.json(), body.text("openid", 64).orElse(""), platform.equals("ios"), outcome)
                .json();
    }

    /**
     * The page.
     *
     * @param app the application's id
     * @param payer FIRST or SECOND
     * @param parameters JSON of createPayment's answer or of its {@code orderInfo}
     */
    @GET
    @Path("mini-program")
    @Produces(MediaType.TEXT_HTML)
    public Response miniProgram(
            @QueryParam("app") @DefaultValue("") String app,
            @QueryParam("payer") @DefaultValue("FIRST") String payer,
            @QueryParam("parameters") @DefaultValue("") String parameters) {
        forPayers();
        return shown(new MiniProgramPage.Phone(app.strip(), user(payer), parameters), Optional.empty(), "");
    }

    /** {@code wx.login}: shows the code. */
    @POST
    @Path("mini-program/login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response login(@FormParam("app") @DefaultValue("") String app, @FormParam("payer") String payer) {
        forPayers();
        var phone = new MiniProgramPage.Phone(app, user(payer), "");
        if (!page.exists(app)) return shown(phone, Optional.empty(), "");
        var code = login.issue(app, phone.payer().openid(app), WechatLogin.MINI_PROGRAM, "snsapi_base", false, 0);
        return shown(phone, Optional.empty(), code);
    }

    /** {@code wx.requestVirtualPayment} with pasted parameters: shows the result. */
    @POST
    @Path("mini-program/request")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.TEXT_HTML)
    public Response pay(
            @FormParam("app") @DefaultValue("") String app,
            @FormParam("payer") String payer,
            @FormParam("platform") String platform,
            @FormParam("parameters") @DefaultValue("") String parameters,
            @FormParam("outcome") @DefaultValue("pay") String outcome) {
        forPayers();
        var phone = new MiniProgramPage.Phone(app, user(payer), parameters);
        var result = call.play(
                arguments(parameters),
                page.exists(app) ? phone.payer().openid(app) : "",
                "ios".equals(platform),
                VirtualOutcome.of(outcome).orElse(VirtualOutcome.PAY));
        return shown(phone, Optional.of(result), "");
    }

    /** The arguments among what was pasted: the whole answer of createPayment, its orderInfo, or the object itself. */
    private static JsonObject arguments(String pasted) {
        try (var reader = Json.createReader(new StringReader(pasted))) {
            var object = reader.readObject();
            return object.get("orderInfo") instanceof JsonObject inside ? inside : object;
        } catch (RuntimeException notJson) { // the parser has other types for too deep and too long
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }

    private static WechatPayer user(String name) {
        return WechatPayer.named(name == null ? "" : name).orElse(WechatPayer.FIRST);
    }

    private Response shown(MiniProgramPage.Phone phone, Optional<VirtualCall.Result> result, String loginCode) {
        var language = Language.of(request);
        var model = page.model(phone, result, loginCode, language);
        var response = Response.ok(new View("simulator/wxpayvirtual/mini-program", language, model));
        // of a POST, getParameter would consume the body
        var switched = request.getMethod().equals("GET") && request.getParameter(Language.NAME) != null;
        return !switched
                ? response.build()
                : response.cookie(Language.remember(language, settings.isHttps()))
                        .build();
    }

    private void forPayers() {
        if (request.getLocalPort() == settings.simulatorPort()) throw new NotFoundException();
    }
}
