package io.cashdesk.provider;

import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * A provider whose notifications of payments say more than its answers to queries do: who bought how much of what. A
 * verified one is compared with what was requested (WeChat's virtual payment: {@code OpenId}, {@code Env},
 * {@code Quantity}, {@code ProductId}).
 */
public interface ComparesEvents {
    /**
     * In what a notification differs from the attempt that it names.
     *
     * @param goods what was bought, as {@link Prices} has it
     * @return a part of a sentence that names what differs: "Quantity is 1 and not 100"; empty if nothing differs, or
     *     the message does not prove what it says
     */
    Optional<String> difference(
            AccountSettings account, RawNotification notification, AttemptRef attempt, JsonObject goods);

    /**
     * Whether a notification says that it is of another environment than the account's, so that a number in it that is
     * not known here may be another server's.
     */
    boolean isOfOtherEnvironment(AccountSettings account, RawNotification notification);
}
