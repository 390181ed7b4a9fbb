package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
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
 * Alipay's login: exchanges a login code for the payer's ids.
 *
 * @see <a href="https://opendocs.alipay.com/open/02ailc">alipay.system.oauth.token</a>
 */
@ApplicationScoped
class AlipayLogin {
    private static final Duration LIFE = Duration.ofDays(15);

    @Inject
    AlipayLoginStore loginStore;

    @Inject
    Clock clock;

    /** A login code can be used once, by its own application. The answer of a success has no field {@code code}. */
    JsonObjectBuilder token(Account application, Map<String, String> fields) {
        if (!"authorization_code".equals(fields.get("grant_type"))) {
            throw new AlipayRefusal("40002", "isv.grant-type-invalid", "授权类型无效");
        }
        var openIdOnly = loginStore
                .take(application.appId(), fields.getOrDefault("code", ""))
                .orElseThrow(() -> new AlipayRefusal("40002", "isv.code-invalid", "授权码code无效"));
        var answer = Json.createObjectBuilder();
        if (!openIdOnly) answer.add("user_id", AlipayFormat.PAYER);
        return answer.add("open_id", openId(application.appId()))
                .add("access_token", "authbseB" + RandomText.letters(32))
                .add("auth_start", AlipayFormat.time(clock.instant()))
                .add("expires_in", Long.toString(LIFE.toSeconds()))
                .add("re_expires_in", Long.toString(LIFE.multipliedBy(2).toSeconds()))
                .add("refresh_token", "authbseB" + RandomText.letters(32));
    }

    /** The payer's open id in this application; always the same. */
    static String openId(String appId) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest((appId + AlipayFormat.PAYER).getBytes(StandardCharsets.UTF_8));
            return "0" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
