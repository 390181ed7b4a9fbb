package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * WeChat's login. A page inside WeChat sends the browser back with a code, a mini-program gets one from the phone; the
 * merchant's server exchanges it for the openid, once and within five minutes.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html">pages</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html">mini-programs</a>
 */
@ApplicationScoped
class WxpayLogin {
    static final String PAGE = "PAGE";
    static final String MINI_PROGRAM = "MINI_PROGRAM";

    /** In another order the page answers that the scope is wrong. */
    private static final List<String> ORDER = List.of("appid", "redirect_uri", "response_type", "scope", "state");

    @Inject
    AccountStore accounts;

    @Inject
    WxpayProfiles profiles;

    @Inject
    WxpayLoginStore loginStore;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A refusal with WeChat's own number, which is on the page or in {@code errcode}; 0 for none. */
    static final class Refused extends RuntimeException {
        final int number;

        Refused(int number, String message) {
            super(message, null, false, false);
            this.number = number;
        }
    }

    /** The login that a page requests. */
    record LoginRequest(String appId, String redirectUri, String scope, String state) {
        /** Whether the payer is sent back without a question. */
        boolean silent() {
            return scope.equals("snsapi_base");
        }
    }

    /**
     * Reads the parameters of the login page.
     *
     * @param query as it was sent, because the order matters
     * @param agent the header User-Agent, or null
     */
    LoginRequest read(String query, String agent) {
        if (agent == null || !agent.contains("MicroMessenger")) throw new Refused(0, "请在微信客户端打开链接");
        var given = parameters(query == null ? "" : query);
        if (given.getOrDefault("appid", "").isEmpty()) throw new Refused(10012, "appid 不能为空");
        if (given.getOrDefault("redirect_uri", "").isEmpty()) throw new Refused(10011, "redirect_uri 不能为空");
        if (given.getOrDefault("scope", "").isEmpty()) throw new Refused(10010, "scope 不能为空");
        if (given.getOrDefault("state", "").isEmpty()) throw new Refused(10013, "state 不能为空");
        var inOrder = new ArrayList<>(given.keySet()).subList(0, Math.min(ORDER.size(), given.size()));
        var scope = given.get("scope");
        if (!inOrder.equals(ORDER)
                || !given.get("response_type").equals("code")
                || !List.of("snsapi_base", "snsapi_userinfo").contains(scope)) {
            throw new Refused(10005, "Scope 参数错误或没有 Scope 权限");
        }
        if (!given.get("state").matches("[a-zA-Z0-9]{1,128}")) throw new Refused(10013, "state 参数错误");
        secret(given.get("appid"), 10016);
        checkDomain(given.get("redirect_uri"));
        return new LoginRequest(given.get("appid"), given.get("redirect_uri"), scope, given.get("state"));
    }

    private static Map<String, String> parameters(String query) {
        var given = new LinkedHashMap<String, String>();
        for (var pair : query.split("&")) {
            int at = pair.indexOf('=');
            if (at > 0) {
                given.putIfAbsent(
                        pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return given;
    }

    /** The registered domain is that of this installation. A port is refused unless it is the installation's own. */
    private void checkDomain(String redirectUri) {
        var wrong = new Refused(10003, "redirect_uri域名与后台配置不一致");
        try {
            var to = URI.create(redirectUri);
            var registered = URI.create(settings.baseUrl());
            if (!registered.getHost().equalsIgnoreCase(to.getHost())) throw wrong;
            if (to.getPort() != -1 && to.getPort() != registered.getPort()) throw wrong;
        } catch (IllegalArgumentException malformed) {
            throw wrong;
        }
    }

    /** The address to which the browser goes when this payer has agreed. */
    URI back(LoginRequest request, WxpayPayer payer) {
        var code = issue(request.appId(), payer.openid(request.appId()), PAGE, request.scope(), false, 0);
        return back(request, "code=" + code + "&");
    }

    /** The address to which the browser goes when the payer has refused: without a code. */
    static URI refused(LoginRequest request) {
        return back(request, "");
    }

    private static URI back(LoginRequest request, String code) {
        var to = request.redirectUri();
        var fragment = to.indexOf('#') < 0 ? "" : to.substring(to.indexOf('#'));
        var bare = to.substring(0, to.length() - fragment.length());
        var state = URLEncoder.encode(request.state(), StandardCharsets.UTF_8);
        return URI.create(bare + (bare.contains("?") ? "&" : "?") + code + "state=" + state + fragment);
    }

    /** A new login code; the parameters are those of {@link WxpayLoginStore.LoginCode}. */
    String issue(String appId, String openid, String kind, String scope, boolean snapshot, int errcode) {
        var code = "0" + RandomText.of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 31);
        loginStore.add(new WxpayLoginStore.LoginCode(
                code, appId, openid, kind, scope, snapshot, errcode, clock.instant(), null));
        return code;
    }

    /** The answer of {@code /sns/oauth2/access_token} and {@code /sns/jscode2session}. */
    JsonObject exchange(String kind, String appId, String secret, String code, String grantType) {
        if (appId == null || appId.isEmpty()) throw new Refused(41002, "appid missing");
        if (secret == null || secret.isEmpty()) throw new Refused(41004, "appsecret missing");
        if (code == null || code.isEmpty()) throw new Refused(41008, "missing code");
        if (!"authorization_code".equals(grantType)) throw new Refused(40002, "invalid grant_type");
        if (!secret.equals(secret(appId, 40013))) throw new Refused(40125, "invalid appsecret");
        var login = loginStore
                .find(code)
                .filter(l -> l.appId().equals(appId) && l.kind().equals(kind))
                .orElseThrow(() -> new Refused(40029, "invalid code"));
        if (login.errcode() != 0) throw new Refused(login.errcode(), "chosen by a test");
        if (login.usedAt() != null) throw new Refused(40163, "code been used");
        if (!loginStore.use(login)) throw new Refused(40029, "invalid code");
        var answer = Json.createObjectBuilder();
        if (kind.equals(MINI_PROGRAM)) {
            return answer.add(
                            "session_key",
                            Base64.getEncoder()
                                    .encodeToString(RandomText.letters(16).getBytes(StandardCharsets.US_ASCII)))
                    .add("openid", login.openid())
                    .build();
        }
        answer.add("access_token", RandomText.letters(86))
                .add("expires_in", 7200)
                .add("refresh_token", RandomText.letters(86))
                .add("openid", login.openid())
                .add("scope", login.scope());
        if (login.snapshot()) answer.add("is_snapshotuser", 1);
        return answer.build();
    }

    /** The secret of an application: a merchant's, or a sub-merchant's. */
    private String secret(String appId, int otherwise) {
        return accounts.byAppId(WxpayServer.NAME, appId)
                .or(() -> profiles.accountBySubAppid(appId))
                .map(profiles::of)
                .map(WxpayProfile::secret)
                .orElseThrow(() -> new Refused(otherwise, "invalid appid"));
    }
}
