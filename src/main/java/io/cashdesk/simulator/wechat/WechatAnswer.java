package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.RandomText;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** Answers of api.weixin.qq.com: JSON with the content type of a text. A refusal has the status 200 too. */
public final class WechatAnswer {
    private WechatAnswer() {}

    /** What the call gives, or its refusal. */
    public static Response of(Supplier<JsonObject> call) {
        JsonObject answer;
        try {
            answer = call.get();
        } catch (WechatRefusal refused) {
            answer = refused(refused);
        }
        return response(answer);
    }

    public static JsonObject refused(WechatRefusal refusal) {
        return Json.createObjectBuilder()
                .add("errcode", refusal.errcode())
                .add("errmsg", refusal.getMessage() + " rid: " + RandomText.hex(8) + "-" + RandomText.hex(8))
                .build();
    }

    public static Response response(JsonObject answer) {
        return Response.ok(answer.toString(), "text/plain; charset=utf-8").build();
    }
}
