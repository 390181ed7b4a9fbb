package io.cashdesk.provider;

import java.util.Optional;

/**
 * Who a payer is to a wallet, for one application.
 *
 * @param openid WeChat openid, Alipay user id or open id
 * @param unionid the same person across one owner's applications, where the wallet says it
 */
public record Openid(String openid, Optional<String> unionid) {}
