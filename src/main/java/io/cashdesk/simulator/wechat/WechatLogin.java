package io.cashdesk.simulator.wechat;

import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;

/**
 * Login codes. A page inside WeChat is sent back with one, a mini-program gets one from the phone; the merchant's
 * server exchanges it for the openid, once and within five minutes, at any of WeChat's servers.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html">pages</a>
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html">mini-programs</a>
 */
@ApplicationScoped
public class WechatLogin {
    public static final String PAGE = "PAGE";
    public static final String MINI_PROGRAM = "MINI_PROGRAM";

    @Inject
    WechatApplications applications;

    @Inject
    WechatLoginStore loginStore;

    @Inject
    WechatSessions sessions;

    @Inject
    Clock clock;

    /**
     * A new login code.
     *
     * @param kind {@link #PAGE} or {@link #MINI_PROGRAM}
     * @param snapshot true if the exchange says that the payer is a snapshot user
     * @param errcode the error with which the exchange is answered; 0 for none
     */
    public String issue(String appId, String openid, String kind, String scope, boolean snapshot, int errcode) {
        var code = "0" + RandomText.of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 31);
        loginStore.add(new WechatLoginStore.LoginCode(
                code, appId, openid, kind, scope, snapshot, errcode, clock.instant(), null));
        return code;
    }

    /**
     * The answer of {@code /sns/oauth2/access_token} and {@code /sns/jscode2session}; parameters may be null.
     *
     * @throws WechatRefusal with WeChat's number
     */
    public JsonObject exchange(String kind, String appId, String secret, String code, String grantType) {
        checkSecret(appId, secret);
        if (code == null || code.isEmpty()) throw new WechatRefusal(41008, "missing code");
        if (!"authorization_code".equals(grantType)) throw new WechatRefusal(40002, "invalid grant_type");
        var login = loginStore
                .find(code)
                .filter(l -> l.appId().equals(appId) && l.kind().equals(kind))
                .orElseThrow(() -> new WechatRefusal(40029, "invalid code"));
        if (login.errcode() != 0) throw new WechatRefusal(login.errcode(), "chosen by a test");
        if (login.usedAt() != null) throw new WechatRefusal(40163, "code been used");
        if (!loginStore.use(login)) throw new WechatRefusal(40029, "invalid code");
        var answer = Json.createObjectBuilder();
        if (kind.equals(MINI_PROGRAM)) {
            return answer.add("session_key", sessions.renew(appId, login.openid()))
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

    /**
     * Checks who calls; parameters may be null.
     *
     * @throws WechatRefusal 41002, 41004, 40013 or 40125
     */
    void checkSecret(String appId, String secret) {
        if (appId == null || appId.isEmpty()) throw new WechatRefusal(41002, "appid missing");
        if (secret == null || secret.isEmpty()) throw new WechatRefusal(41004, "appsecret missing");
        var right = applications.secret(appId).orElseThrow(() -> new WechatRefusal(40013, "invalid appid"));
        if (!secret.equals(right)) throw new WechatRefusal(40125, "invalid appsecret");
    }
}
