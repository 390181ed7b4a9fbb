package io.cashdesk.provider.wechat;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Openid;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SessionKey;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * WeChat's login, which gives a payer's openid and session key, and the access token of an application. It is another
 * service than WeChat Pay: it has other addresses, and an application secret instead of signatures. Answers are HTTP
 * 200 even for errors, and their content type may be text/plain.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html">pages</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html">mini-programs</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">tokens</a>
 */
public final class WechatLogin {
    /** The host of the login and of access tokens. */
    public static final String API = "https://api.weixin.qq.com";

    private static final String PAGES = "https://open.weixin.qq.com";
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private WechatLogin() {}

    /**
     * The page that gives a code. WeChat requires this order of the parameters, and the fragment.
     *
     * @param usual the gateway of the product for accounts that name none
     */
    public static URI authorize(AccountSettings settings, String usual, URI backTo, String state) {
        return URI.create(settings.pages().map(URI::toString).orElseGet(() -> base(settings, usual, PAGES))
                + "/connect/oauth2/authorize?appid=" + encoded(settings.text("appId"))
                + "&redirect_uri=" + encoded(backTo.toString())
                + "&response_type=code&scope=snsapi_base&state=" + encoded(state) + "#wechat_redirect");
    }

    /**
     * Who the payer is, by a code.
     *
     * @param usual the gateway of the product for accounts that name none
     * @param miniProgram whether it is a mini-program's code, whose answer has a session key; otherwise a page's
     */
    public static Openid openid(
            OkHttpClient client, AccountSettings settings, String usual, boolean miniProgram, String code) {
        var secret = secret(settings);
        var address = HttpUrl.get(
                        base(settings, usual, API) + (miniProgram ? "/sns/jscode2session" : "/sns/oauth2/access_token"))
                .newBuilder()
                .addQueryParameter("appid", settings.text("appId"))
                .addQueryParameter("secret", secret)
                .addQueryParameter(miniProgram ? "js_code" : "code", code)
                .addQueryParameter("grant_type", "authorization_code")
                .build();
        var answer = answer(client, new Request.Builder().url(address).build());
        if (answer.getInt("is_snapshotuser", 0) == 1) {
            throw new ProviderFailure(
                    Kind.DECLINED, "snapshot", "the page runs in WeChat's preview, whose payer is not a real one");
        }
        var openid = answer.getString("openid", "");
        if (openid.isEmpty()) throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer without openid");
        var session = Optional.ofNullable(answer.getString("session_key", null))
                .filter(key -> miniProgram && !key.isEmpty())
                .map(SessionKey::new);
        return new Openid(openid, Optional.ofNullable(answer.getString("unionid", null)), session);
    }

    /**
     * An access token of the application: the one that is in use, until five minutes before it ends; then a new one.
     * The former stays valid meanwhile.
     *
     * @param usual the gateway of the product for accounts that name none
     * @throws ProviderFailure DECLINED or UNREACHABLE: whatever the token is needed for was not sent
     */
    public static AccessTokens.Fetched token(OkHttpClient client, AccountSettings settings, String usual) {
        var body = Json.createObjectBuilder()
                .add("grant_type", "client_credential")
                .add("appid", settings.text("appId"))
                .add("secret", secret(settings))
                .add("force_refresh", false)
                .build()
                .toString();
        var request = new Request.Builder()
                .url(base(settings, usual, API) + "/cgi-bin/stable_token")
                .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8), JSON))
                .build();
        JsonObject answer;
        try {
            answer = answer(client, request);
        } catch (ProviderFailure failure) {
            if (failure.kind() == Kind.DECLINED) throw failure;
            throw new ProviderFailure(
                    Kind.UNREACHABLE, failure.providerCode(), "no access token: " + failure.getMessage());
        }
        if (!(answer.get("access_token") instanceof JsonString token)
                || token.getString().isEmpty()
                || !(answer.get("expires_in") instanceof JsonNumber seconds)
                || seconds.intValue() <= 0) {
            throw new ProviderFailure(Kind.UNREACHABLE, "", "an answer without an access token");
        }
        return new AccessTokens.Fetched(token.getString(), Duration.ofSeconds(seconds.intValue()));
    }

    private static String secret(AccountSettings settings) {
        var secret = settings.text("secret");
        if (!secret.isEmpty()) return secret;
        throw new ProviderFailure(
                Kind.DECLINED,
                "secret",
                "node " + settings.node() + " has no secret, without which WeChat's login cannot be called");
    }

    /**
     * The login's base address: the node's {@code loginGateway}, otherwise its own gateway, so that test accounts never
     * call the real server.
     */
    private static String base(AccountSettings settings, String usual, String production) {
        var own = settings.text("loginGateway");
        if (!own.isEmpty()) return own.replaceAll("/+$", "");
        return settings.gateway().toString().equals(usual)
                ? production
                : settings.gateway().toString();
    }

    private static JsonObject answer(OkHttpClient client, Request request) {
        JsonObject answer;
        try (var response = client.newCall(request).execute();
                var reader = Json.createReader(new StringReader(response.body().string()))) {
            answer = reader.readObject();
        } catch (JsonException e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer is not JSON", e);
        } catch (IOException e) {
            var kind = ProviderTransport.nothingWasSent(e) ? Kind.UNREACHABLE : Kind.OUTCOME_UNKNOWN;
            // without a cause: the exception contains the address and thus the secret
            throw new ProviderFailure(kind, "", "WeChat's login did not answer");
        }
        int error = answer.getInt("errcode", 0);
        if (error == 0) return answer;
        var kind = error == -1 ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED; // -1: the server is busy
        throw new ProviderFailure(kind, Integer.toString(error), answer.getString("errmsg", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
