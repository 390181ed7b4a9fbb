package io.cashdesk.simulator.douyin;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.FaultyAnswer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** What developer.toutiao.com is for merchants' servers: ecpay, on the loopback listener alone. */
@RequestScoped
@Path(EcpayResource.PATH)
@Consumes(MediaType.WILDCARD)
public class EcpayResource {
    static final String PATH = DouyinServer.PATH + "/api/apps/ecpay/v1";

    @Inject
    AccountStore accounts;

    @Inject
    EcpayCalls calls;

    @Inject
    DouyinAnswers answers;

    @Inject
    ExchangeLog log;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @POST
    @Path("{name: [a-z_]+}")
    public CompletionStage<Response> call(@PathParam("name") String name, byte[] bytes) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        if (!EcpayCalls.NAMES.contains(name)) throw new NotFoundException();
        try {
            var type = request.getContentType();
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
                throw DouyinRefusal.parameter("Content-Type 应为 application/json");
            }
            var fields = DouyinFields.parse(bytes, DouyinRefusal.PARAMETER);
            var account = accounts.byAppId(
                            DouyinServer.NAME, fields.text("app_id").orElse(""))
                    .orElseThrow(() -> new DouyinRefusal(DouyinRefusal.APP_ID, "app_id 不存在"));
            return answered(name, account, fields, new String(bytes, StandardCharsets.UTF_8));
        } catch (DouyinRefusal refused) { // of no account, so there is no log for it
            return FaultyAnswer.of(DouyinAnswers.json(200, EcpayCalls.refusal(refused, name)), false);
        }
    }

    private CompletionStage<Response> answered(String name, Account account, DouyinFields fields, String body) {
        var number = calls.numberOf(name, account, fields);
        var line = Exchange.of(account.id(), number, Exchange.Way.CALL, "POST " + PATH + "/" + name)
                .body(body);
        try {
            checkSign(account, fields);
            log.add(line.verdict(Exchange.Verdict.RIGHT, ""));
            if (answers.busy(account, number)) throw new DouyinRefusal(DouyinRefusal.BUSY, "系统繁忙，请重试");
            return answers.sent(account, calls.run(name, account, fields), failed(name));
        } catch (DouyinRefusal refused) {
            if (refused.ofSignature()) log.add(line.verdict(Exchange.Verdict.WRONG, Exchange.MISMATCH));
            return answers.refused(account, number, EcpayCalls.refusal(refused, name));
        }
    }

    private static void checkSign(Account account, DouyinFields fields) {
        var right = EcpaySignature.ofRequest(fields.json(), account.storedNode().getString("salt"));
        var given = fields.json().get("sign");
        if (given == null || !given.toString().equals("\"" + right + "\"")) {
            throw new DouyinRefusal(DouyinRefusal.SIGNATURE, "签名校验异常，请检查 salt 与参与签名的参数");
        }
    }

    private static JsonObject failed(String name) {
        return EcpayCalls.refusal(new DouyinRefusal(DouyinRefusal.SYSTEM, "系统错误"), name);
    }
}
