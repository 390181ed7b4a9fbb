package io.cashdesk.merchant;

import java.time.Instant;
import java.util.UUID;

/** An access to epay, turned on, in test mode. */
public final class AnEpayAccess {
    private AnEpayAccess() {}

    /** @param shopKey the shop's RSA public key in Base64 */
    public static EpayAccess of(UUID merchant, long pid, String shopKey) {
        var access = new EpayAccess(merchant, Mode.TEST, pid, "epay", Instant.EPOCH);
        access.verifyWith(shopKey);
        access.turn(true);
        return access;
    }
}
