package io.cashdesk.face.epay;

import io.cashdesk.ground.signing.Digest;
import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.Authority;
import io.cashdesk.merchant.EpayAccess;
import io.cashdesk.merchant.EpayAccesses;
import io.cashdesk.merchant.Merchants;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who calls: by {@code pid}, then signature or key, then whether the access is on, as the reference server
 * does. Nothing is written before.
 */
@ApplicationScoped
class Verify {
    /** How far the timestamp of version 2 may be from this server's clock, in seconds: a later copy is refused. */
    static final long MOST_SKEW = 300;

    @Inject
    EpayAccesses accesses;

    @Inject
    Merchants merchants;

    @Inject
    Clock clock;

    private Optional<EpayAccess> named(Parameters parameters) {
        return parameters
                .text("pid")
                .filter(pid -> pid.matches("[1-9]\\d{0,17}"))
                .map(Long::parseLong)
                .flatMap(accesses::byPid);
    }

    /** Of version 1: signed with MD5. */
    Shop byMd5(Parameters parameters) {
        var access = access(parameters);
        var type = parameters.text("sign_type").orElse("MD5");
        if (!type.equalsIgnoreCase("MD5")) {
            throw Refusal.general(
                    "此接口只支持 sign_type=MD5，RSA 请使用 /epay/api/pay/…",
                    "sign_type must be MD5 here; RSA is taken at /epay/api/pay/…");
        }
        var sign = parameters.required("sign");
        if (!Signature.isMd5(sign, parameters.all(), accesses.key(access))) throw wrongSign();
        return shop(access);
    }

    /** Of {@code api.php}: the key itself. */
    Shop byKey(Parameters parameters) {
        var access = access(parameters);
        if (!Digest.constantTimeEquals(accesses.key(access), parameters.required("key"))) {
            throw Refusal.of(
                    Refusal.NOT_KNOWN,
                    "商户密钥 key 错误，请使用 Cashdesk 给出的密钥",
                    "The key is wrong; use the one that Cashdesk has issued for this pid");
        }
        return shop(access);
    }

    /** Of version 2: signed with RSA, not long ago. */
    Shop byRsa(Parameters parameters) {
        var access = access(parameters);
        var type = parameters.text("sign_type").orElse("RSA");
        if (!type.equalsIgnoreCase("RSA")) {
            throw Refusal.general(
                    "此接口只支持 sign_type=RSA，MD5 请使用 /epay/submit.php、mapi.php 和 api.php",
                    "sign_type must be RSA here; MD5 is taken at /epay/submit.php, mapi.php and api.php");
        }
        var sign = parameters.required("sign");
        var key = access.shopKey()
                .flatMap(text -> KeyText.of(text).publicKey())
                .orElseThrow(() -> Refusal.of(
                        Refusal.MISSING,
                        "商户 " + access.pid() + " 没有设置 RSA 公钥，不能使用 V2 接口",
                        "Merchant " + access.pid() + " has no RSA public key here, so V2 is off"));
        if (!Signature.isRsa(sign, parameters.all(), key)) throw wrongSign();
        var timestamp = parameters.required("timestamp");
        var skew = timestamp.matches("\\d{10}")
                ? Math.abs(Long.parseLong(timestamp) - clock.instant().getEpochSecond())
                : Long.MAX_VALUE;
        if (skew > MOST_SKEW) {
            throw Refusal.malformed(
                    "timestamp",
                    "当前的 Unix 时间（10 位，秒），误差不超过 " + MOST_SKEW + " 秒，请校准服务器时间",
                    "the Unix time in seconds (10 digits), at most " + MOST_SKEW + " seconds off; check the clock");
        }
        return shop(access);
    }

    private EpayAccess access(Parameters parameters) {
        if (parameters.isEmpty()) {
            throw Refusal.of(Refusal.MISSING, "没有收到任何参数", "No parameter was sent");
        }
        parameters.required("pid");
        return named(parameters)
                .orElseThrow(() -> Refusal.of(
                        Refusal.NOT_KNOWN,
                        "商户号 pid 不存在，请使用 Cashdesk 给出的商户号",
                        "There is no merchant with this pid; use the one that Cashdesk has issued"));
    }

    private static Refusal wrongSign() {
        return Refusal.of(
                Refusal.NOT_KNOWN,
                "签名 sign 错误，请检查密钥和签名方式",
                "The signature (sign) is wrong; check the key and how it is signed");
    }

    private Shop shop(EpayAccess access) {
        if (!access.enabled()) {
            throw Refusal.of(
                    Refusal.MISSING,
                    "该商户未开通易支付接口，请联系管理员开通",
                    "epay is off for this merchant; the operator can turn it on");
        }
        var merchant = merchants.byId(access.merchantId());
        var held = List.of(new Authority.Held(merchant.pid(), merchant.id()));
        return new Shop(access, merchant, new Authority(access.mode(), ApiKey.Kind.SECRET, held));
    }
}
