package io.cashdesk.simulator.wxpayvirtual;

import java.util.UUID;

/**
 * What virtual payment stores of an account beside {@link io.cashdesk.simulator.Account}.
 *
 * @param offerId the number of the paying application
 * @param originalId of the mini-program: the receiver in pushed messages
 * @param rate coins per yuan
 * @param sandbox whether the merchant's node is of the sandbox; both environments exist for every account
 * @param released a released mini-program may only use production
 * @param ios whether payments on iOS are activated
 * @param coinState of the coin: a state as of {@link VirtualProducts.Product}
 * @param token of the push
 * @param aesKey of the push, 43 characters
 * @param pushUrl where events go; empty: nowhere
 * @param xml whether messages are XML instead of JSON
 */
record VirtualProfile(
        UUID accountId,
        String offerId,
        String originalId,
        String appKey,
        String sandboxAppKey,
        long rate,
        boolean sandbox,
        boolean released,
        boolean ios,
        String coinState,
        String token,
        String aesKey,
        String pushUrl,
        PushMode mode,
        boolean xml) {
    /** @param env 0 production, 1 sandbox */
    String key(int env) {
        return env == 1 ? sandboxAppKey : appKey;
    }
}
