package io.cashdesk.it.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.AlipayMerchant;
import io.cashdesk.testing.AlipayMerchant.Answer;
import jakarta.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins of the simulated Alipay. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayLoginIT extends SimulatedAlipay {
    @Nested
    class A_login {
        static Answer token(AlipayMerchant who, String code) {
            return who.call(
                    LOGIN,
                    Json.createObjectBuilder(),
                    Map.of("biz_content", "", "grant_type", "authorization_code", "code", code));
        }

        @Test
        void on_a_page_returns_the_browser_with_a_code_that_is_valid_once() {
            var back = "https://shop.example.com/back?from=alipay";
            var login = location(open("/simulator/alipay/oauth2/publicAppAuthorize.htm?app_id=" + merchant.appId
                    + "&scope=auth_base&state=a%26b&redirect_uri=" + URLEncoder.encode(back, StandardCharsets.UTF_8)));
            assertThat(login).startsWith(back + "&auth_code=");
            var query = AlipayMerchant.decoded(URI.create(login).getRawQuery());

            var first = token(merchant, query.get("auth_code"));
            var second = token(merchant, query.get("auth_code"));

            assertThat(query)
                    .containsEntry("state", "a&b")
                    .containsEntry("app_id", merchant.appId)
                    .containsEntry("scope", "auth_base");
            assertThat(first.name()).isEqualTo("alipay_system_oauth_token_response");
            assertThat(first.json().getString("user_id")).isEqualTo(PAYER);
            assertThat(first.json()).containsKeys("open_id", "access_token").doesNotContainKey("code");
            assertThat(second.subCode()).isEqualTo("isv.code-invalid");
        }

        @Test
        void in_a_newer_mini_program_returns_only_the_open_id() {
            var code = control("alipay/auth-code", "{\"appId\":\"" + merchant.appId + "\",\"openIdOnly\":true}")
                    .json()
                    .getString("authCode");

            var notified = token(merchant, code).json();

            assertThat(notified).doesNotContainKey("user_id");
            assertThat(notified.getString("open_id")).matches("[0-9A-Za-z_-]{44}");
        }

        @Test
        void is_valid_only_for_its_own_application() {
            var code = control("alipay/auth-code", "{\"appId\":\"" + merchant.appId + "\"}")
                    .json()
                    .getString("authCode");

            assertThat(token(merchant.withCertificates(), code).subCode()).isEqualTo("isv.code-invalid");
            assertThat(token(merchant, code).json().getString("user_id")).isEqualTo(PAYER);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"app_id=2021999999999999&scope=auth_base", "scope=auth_base", "app_id=APP&scope=auth_admin"})
        void with_a_wrong_parameter_is_refused(String query) {
            var answer = open("/simulator/alipay/oauth2/publicAppAuthorize.htm?redirect_uri=https%3A%2F%2Fshop.example&"
                    + query.replace("APP", merchant.appId));

            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }
}
