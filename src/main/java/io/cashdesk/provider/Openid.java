package io.cashdesk.provider;

import java.util.Optional;

/**
 * Who a payer is to a wallet, for one application.
 *
 * @param openid WeChat openid, Alipay user id or open id
 * @param unionid the same person across one owner's applications, where the wallet says it
 * @param session the key of this login, where the wallet gives one; kept sealed, never in an answer
 */
public record Openid(String openid, Optional<String> unionid, Optional<SessionKey> session) {
    /** Of a login that gives no session key. */
    public Openid(String openid, Optional<String> unionid) {
        this(openid, unionid, Optional.empty());
    }
}
