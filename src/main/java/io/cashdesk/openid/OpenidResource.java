package io.cashdesk.openid;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.merchant.ApiKeys;
import io.cashdesk.merchant.Authority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** The merchant API for payers' openids; the {@code code2Session…} names are those of vk-uni-pay's clients. */
@RequestScoped
@Path("/api/pay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OpenidResource {
    @Inject
    ApiKeys keys;

    @Inject
    ExchangeCode whoPays;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    String authorization;

    private Authority authority() {
        return keys.authority(authorization).secret();
    }

    @POST
    @Path("getOpenid")
    public JsonObject getOpenid(byte[] body) {
        return whoPays.getOpenid(authority(), JsonBody.parse(body));
    }

    @POST
    @Path("code2SessionWeixin")
    public JsonObject miniProgram(byte[] body) {
        return whoPays.codeToSession(authority(), JsonBody.parse(body), "wxpay", "mp-weixin");
    }

    @POST
    @Path("code2SessionWeixinH5")
    public JsonObject officialAccount(byte[] body) {
        return whoPays.codeToSession(authority(), JsonBody.parse(body), "wxpay", "h5-weixin");
    }

    @POST
    @Path("code2SessionAlipay")
    public JsonObject alipay(byte[] body) {
        return whoPays.codeToSession(authority(), JsonBody.parse(body), "alipay", "mp-alipay");
    }
}
