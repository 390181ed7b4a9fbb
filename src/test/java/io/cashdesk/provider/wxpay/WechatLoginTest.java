package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Openids from WeChat's login. */
class WechatLoginTest extends WireTest<V3Wire> {
    WechatLoginTest() {
        super(new V3Wire(V3Wire.Keys.PUBLIC_KEY));
    }

    @Test
    void an_openid_is_requested_with_the_application_secret() {
        var node = Json.createObjectBuilder(wire.node()).add("secret", "s3cret").build();
        server.answers(request -> new Answer(
                200,
                Map.of("Content-Type", "text/plain"),
                "{\"openid\":\"oX\",\"session_key\":\"k\",\"unionid\":\"u\"}"));
        var account = account(node);

        var openid = wire.provider().openid(account, PayType.of("wxpay_mp-weixin"), "c0de");
        var miniProgram = lastRequest();
        wire.provider().openid(account, PayType.of("wxpay_h5-weixin"), "c0de");

        assertThat(openid.openid()).isEqualTo("oX");
        assertThat(openid.unionid()).contains("u");
        assertThat(miniProgram.path()).endsWith("/sns/jscode2session");
        assertThat(miniProgram.query())
                .isEqualTo("appid=wx8888888888888888&secret=s3cret&js_code=c0de&grant_type=authorization_code");
        assertThat(lastRequest().path()).endsWith("/sns/oauth2/access_token");
    }

    @Test
    void a_used_code_is_declined_without_revealing_the_secret() {
        var node = Json.createObjectBuilder(wire.node()).add("secret", "s3cret").build();
        var account = account(node);
        server.answers(new Answer(200, Map.of(), "{\"errcode\":40163,\"errmsg\":\"code been used\"}"));

        var failure = failure(() -> wire.provider().openid(account, PayType.of("wxpay_h5-weixin"), "c"));

        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(failure.providerCode()).isEqualTo("40163");
        server.answers(Answer.hangUp());
        assertThat(failure(() -> wire.provider().openid(account, PayType.of("wxpay_h5-weixin"), "c")))
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void the_authorisation_page_gets_its_parameters_in_wechats_order() {
        var address = wire.provider()
                .authorize(
                        settings(wire.node(), wire.provider().configuration().gateway()),
                        URI.create("https://pay.example.com/back"),
                        "st8");

        assertThat(address)
                .hasToString("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx8888888888888888"
                        + "&redirect_uri=https%3A%2F%2Fpay.example.com%2Fback&response_type=code&scope=snsapi_base"
                        + "&state=st8#wechat_redirect");
    }
}
