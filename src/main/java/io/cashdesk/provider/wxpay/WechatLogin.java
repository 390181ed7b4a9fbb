package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * WeChat's login, which gives a payer's openid. It is another service than WeChat Pay: it has other addresses, and an
 * application secret instead of signatures. Access tokens and session keys are discarded.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html">pages</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html">mini-programs</a>
 */
final class WechatLogin {
    private static final String API = "https://api.weixin.qq.com";
    private static final String PAGES = "https://open.weixin.qq.com";

    private WechatLogin() {}

    /** WeChat requires this order of the parameters, and the fragment. */
    static URI authorize(AccountSettings settings, URI backTo, String state) {
        return URI.create(settings.pages().map(URI::toString).orElseGet(() -> login(settings, PAGES))
                + "/connect/oauth2/authorize?appid=" + encoded(settings.text("appId"))
                + "&redirect_uri=" + encoded(backTo.toString())
                + "&response_type=code&scope=snsapi_base&state=" + encoded(state) + "#wechat_redirect");
    }

    static Openid openid(OkHttpClient client, AccountSettings settings, boolean miniProgram, String code) {
        var secret = settings.text("secret");
        if (secret.isEmpty()) {
            throw new ProviderFailure(
                    Kind.DECLINED,
                    "secret",
                    "node " + settings.node() + " has no secret, without which no openid can be asked for");
        }
        var address = HttpUrl.get(
                        login(settings, API) + (miniProgram ? "/sns/jscode2session" : "/sns/oauth2/access_token"))
                .newBuilder()
                .addQueryParameter("appid", settings.text("appId"))
                .addQueryParameter("secret", secret)
                .addQueryParameter(miniProgram ? "js_code" : "code", code)
                .addQueryParameter("grant_type", "authorization_code")
                .build();
        var answer = answer(client, address);
        int error = answer.getInt("errcode", 0);
        if (error != 0) {
            var kind = error == -1 ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED; // -1: the server is busy
            throw new ProviderFailure(kind, Integer.toString(error), answer.getString("errmsg", ""));
        }
        if (answer.getInt("is_snapshotuser", 0) == 1) {
            throw new ProviderFailure(
                    Kind.DECLINED, "snapshot", "the page runs in WeChat's preview, whose payer is not a real one");
        }
        var openid = answer.getString("openid", "");
        if (openid.isEmpty()) throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer without openid");
        return new Openid(openid, Optional.ofNullable(answer.getString("unionid", null)));
    }

    /**
     * The login's base address; an account with its own gateway uses that, so that test accounts never call the real
     * server.
     */
    private static String login(AccountSettings settings, String production) {
        var own = settings.text("loginGateway");
        if (!own.isEmpty()) return own.replaceAll("/+$", "");
        return settings.gateway().toString().equals(V3Client.HOST)
                ? production
                : settings.gateway().toString();
    }

    private static JsonObject answer(OkHttpClient client, HttpUrl address) {
        try (var response = client.newCall(new Request.Builder().url(address).build())
                        .execute();
                var reader = Json.createReader(new StringReader(response.body().string()))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer is not JSON", e);
        } catch (IOException e) {
            var kind = ProviderTransport.nothingWasSent(e) ? Kind.UNREACHABLE : Kind.OUTCOME_UNKNOWN;
            throw new ProviderFailure(
                    kind,
                    "",
                    "WeChat's login did not answer"); // without a cause: the exception contains the address and thus
            // the secret
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
