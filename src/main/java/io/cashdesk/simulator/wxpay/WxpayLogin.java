package io.cashdesk.simulator.wxpay;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.wechat.WechatApplications;
import io.cashdesk.simulator.wechat.WechatLogin;
import io.cashdesk.simulator.wechat.WechatPayer;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * WeChat's login page: sends the browser back with a code.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html">pages</a>
 */
@ApplicationScoped
class WxpayLogin {
    /** In another order the page answers that the scope is wrong. */
    private static final List<String> ORDER = List.of("appid", "redirect_uri", "response_type", "scope", "state");

    @Inject
    WechatApplications applications;

    @Inject
    WechatLogin login;

    @Inject
    Settings settings;

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
        if (agent == null || !agent.contains("MicroMessenger")) throw new WechatRefusal(0, "请在微信客户端打开链接");
        var given = parameters(query == null ? "" : query);
        if (given.getOrDefault("appid", "").isEmpty()) throw new WechatRefusal(10012, "appid 不能为空");
        if (given.getOrDefault("redirect_uri", "").isEmpty()) throw new WechatRefusal(10011, "redirect_uri 不能为空");
        if (given.getOrDefault("scope", "").isEmpty()) throw new WechatRefusal(10010, "scope 不能为空");
        if (given.getOrDefault("state", "").isEmpty()) throw new WechatRefusal(10013, "state 不能为空");
        var inOrder = new ArrayList<>(given.keySet()).subList(0, Math.min(ORDER.size(), given.size()));
        var scope = given.get("scope");
        if (!inOrder.equals(ORDER)
                || !given.get("response_type").equals("code")
                || !List.of("snsapi_base", "snsapi_userinfo").contains(scope)) {
            throw new WechatRefusal(10005, "Scope 参数错误或没有 Scope 权限");
        }
        if (!given.get("state").matches("[a-zA-Z0-9]{1,128}")) throw new WechatRefusal(10013, "state 参数错误");
        if (applications.secret(given.get("appid")).isEmpty()) throw new WechatRefusal(10016, "invalid appid");
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
        var wrong = new WechatRefusal(10003, "redirect_uri域名与后台配置不一致");
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
    URI back(LoginRequest request, WechatPayer payer) {
        var code = login.issue(
                request.appId(), payer.openid(request.appId()), WechatLogin.PAGE, request.scope(), false, 0);
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
}
