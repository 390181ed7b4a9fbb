package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * Who the payer is to an application.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ailc">alipay.system.oauth.token</a>
 */
@ApplicationScoped
class AlipayLogin {
    private static final Duration LIFE = Duration.ofDays(15);

    @Inject
    AlipayBooks alipay;

    @Inject
    Clock clock;

    /** A code is good once, for its own application. It answers without a {@code code} of its own when it succeeds. */
    JsonObjectBuilder token(Books.Account application, Map<String, String> fields) {
        if (!"authorization_code".equals(fields.get("grant_type"))) {
            throw new AlipayRules.Refused("40002", "isv.grant-type-invalid", "授权类型无效");
        }
        var openIdOnly = alipay.takeLogin(application.appId(), fields.getOrDefault("code", ""))
                .orElseThrow(() -> new AlipayRules.Refused("40002", "isv.code-invalid", "授权码code无效"));
        var answer = Json.createObjectBuilder();
        if (!openIdOnly) answer.add("user_id", AlipayMessages.PAYER);
        return answer.add("open_id", openId(application.appId()))
                .add("access_token", "authbseB" + Keys.letters(32))
                .add("auth_start", AlipayMessages.time(clock.instant()))
                .add("expires_in", Long.toString(LIFE.toSeconds()))
                .add("re_expires_in", Long.toString(LIFE.multipliedBy(2).toSeconds()))
                .add("refresh_token", "authbseB" + Keys.letters(32));
    }

    /** The payer as this application alone knows him, always the same. */
    static String openId(String appId) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest((appId + AlipayMessages.PAYER).getBytes(StandardCharsets.UTF_8));
            return "0" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
