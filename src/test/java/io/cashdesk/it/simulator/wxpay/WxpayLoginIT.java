package io.cashdesk.it.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat's logins as the simulator imitates them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayLoginIT extends SimulatedWxpay {
    @Nested
    class A_login {
        String authorize(String changed) {
            var backTo = URLEncoder.encode(node.base() + "/checkout/wechat/callback", StandardCharsets.UTF_8);
            var query = "appid=" + merchant.appId + "&redirect_uri=" + backTo
                    + "&response_type=code&scope=snsapi_base&state=abc123";
            var at = changed.indexOf("=>");
            if (at >= 0) query = query.replace(changed.substring(0, at), changed.substring(at + 2));
            return "/simulator/wxpay/connect/oauth2/authorize?" + query;
        }

        String exchange(String code) {
            return "/sns/oauth2/access_token?appid=" + merchant.appId + "&secret=" + merchant.secret + "&code=" + code
                    + "&grant_type=authorization_code";
        }

        @Test
        void on_a_page_needs_no_consent_and_its_code_is_valid_once() {
            var sent = browse(authorize(""), IN_WECHAT, null)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();

            assertThat(sent).matches(node.base() + "/checkout/wechat/callback\\?code=\\w{32}&state=abc123");
            var code = sent.replaceFirst(".*code=(\\w+)&.*", "$1");
            assertThat(merchant.login(exchange(code)).getString("openid"))
                    .startsWith("o" + merchant.appId.substring(2));
            assertThat(merchant.login(exchange(code)).getInt("errcode")).isEqualTo(40163);
            assertThat(merchant.login(exchange("0" + code.substring(1, 31) + "-"))
                            .getInt("errcode"))
                    .isEqualTo(40029);
            assertThat(merchant.login(exchange(code).replace(merchant.secret, "wrong"))
                            .getInt("errcode"))
                    .isEqualTo(40125);
            assertThat(merchant.login(exchange("")).getInt("errcode")).isEqualTo(41008);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "response_type=code&scope=snsapi_base=>scope=snsapi_base&response_type=code",
                    "snsapi_base=>snsapi_login",
                    "state=abc123=>state=a-b",
                    "&state=abc123=>",
                    "localhost=>evil.example",
                })
        void on_a_page_is_refused(String changed) {
            assertThat(browse(authorize(changed), IN_WECHAT, null).statusCode()).isEqualTo(200);
            assertThat(browse(authorize(changed), IN_WECHAT, null).body()).contains("data-state=\"refused\"");
        }

        @Test
        void outside_wechat_is_refused() {
            assertThat(browse(authorize(""), PHONE, null).body()).contains("请在微信客户端打开链接");
        }

        @Test
        void for_the_payers_profile_lets_the_payer_choose_and_refuse() {
            var forProfile = authorize("snsapi_base=>snsapi_userinfo");

            assertThat(browse(forProfile, IN_WECHAT, null).body()).contains("id=\"payer-SECOND\"");
            assertThat(browse(forProfile + "&choice=refuse", IN_WECHAT, null)
                            .headers()
                            .firstValue("Location")
                            .orElseThrow())
                    .endsWith("/callback?state=abc123");
            var second = browse(forProfile + "&choice=SECOND", IN_WECHAT, null)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            assertThat(merchant.login(exchange(second.replaceFirst(".*code=(\\w+)&.*", "$1")))
                            .getString("openid"))
                    .endsWith("SimulatedP2");
        }

        @Test
        void of_a_mini_program_is_made_on_the_phone() {
            var issued =
                    control("login", "{\"app_id\":\"" + merchant.appId + "\"}").json();
            var target = "/sns/jscode2session?appid=" + merchant.appId + "&secret=" + merchant.secret + "&js_code="
                    + issued.getString("login_code") + "&grant_type=authorization_code";

            var session = merchant.login(target);

            assertThat(session.getString("openid")).isEqualTo(issued.getString("openid"));
            assertThat(session.getString("session_key")).isNotEmpty();
            assertThat(merchant.login(target).getInt("errcode")).isEqualTo(40163);
        }

        @Test
        void can_fail_as_busy_and_can_be_of_a_snapshot_user() {
            var busy = control("login", "{\"app_id\":\"" + merchant.appId + "\",\"kind\":\"PAGE\",\"errcode\":-1}")
                    .json()
                    .getString("login_code");
            var snapshot = control(
                            "login", "{\"app_id\":\"" + merchant.appId + "\",\"kind\":\"PAGE\",\"snapshot\":true}")
                    .json()
                    .getString("login_code");

            assertThat(merchant.login(exchange(busy)).getInt("errcode")).isEqualTo(-1);
            assertThat(merchant.login(exchange(snapshot)).getInt("is_snapshotuser"))
                    .isEqualTo(1);
        }
    }
}
