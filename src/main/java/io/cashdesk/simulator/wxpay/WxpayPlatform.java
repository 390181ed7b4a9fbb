package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.PlatformKey;
import io.cashdesk.simulator.PlatformKeys;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * WeChat Pay's own keys and its v3 signatures. There are two key pairs: one is known to merchants as a public key with
 * an id, the other as a platform certificate with a serial.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012154180">certificates and public keys</a>
 */
@ApplicationScoped
class WxpayPlatform {
    static final String PUBLIC_KEY = "PUBLIC_KEY";
    static final String CERTIFICATE = "CERTIFICATE";

    private static final String CERTIFICATE_PAIR = WxpayServer.NAME + "-certificate";

    @Inject
    PlatformKeys platformKeys;

    @Inject
    WxpayProfiles profiles;

    @Inject
    Clock clock;

    /** A key with the id or serial by which messages name it. */
    record NamedKey(String id, PlatformKey key) {}

    /** @param kind {@link #PUBLIC_KEY} or {@link #CERTIFICATE} */
    NamedKey key(String kind) {
        if (kind.equals(CERTIFICATE)) {
            var key = platformKeys.get(CERTIFICATE_PAIR);
            return new NamedKey(key.serial(), key);
        }
        var key = platformKeys.get(WxpayServer.NAME);
        return new NamedKey(publicKeyId(key), key);
    }

    /** PUB_KEY_ID_0 and 24 digits, made of the serial. */
    private static String publicKeyId(PlatformKey key) {
        return "PUB_KEY_ID_0" + key.serial().replaceAll("\\D", "1").substring(0, 24);
    }

    /** Whether the text was encrypted with the key that has this id or serial. */
    boolean canDecrypt(String encrypted, String id) {
        return List.of(PUBLIC_KEY, CERTIFICATE).stream()
                .map(this::key)
                .anyMatch(k -> k.id().equals(id)
                        && WxpayCipher.canDecrypt(encrypted, k.key().privateKey()));
    }

    /** The headers that sign a body, for this moment. */
    Map<String, String> headers(Account account, String body) {
        return headers(account, body, clock.instant());
    }

    /** @param at the moment of the signature */
    Map<String, String> headers(Account account, String body, Instant at) {
        var key = key(profiles.of(account).signsWith());
        var timestamp = Long.toString(at.getEpochSecond());
        var nonce = RandomText.letters(32);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Wechatpay-Timestamp", timestamp);
        headers.put("Wechatpay-Nonce", nonce);
        headers.put("Wechatpay-Serial", key.id());
        headers.put(
                "Wechatpay-Signature",
                Rsa.sign(
                        timestamp + "\n" + nonce + "\n" + body + "\n", key.key().privateKey()));
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        return headers;
    }
}
