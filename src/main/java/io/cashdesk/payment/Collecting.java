package io.cashdesk.payment;

import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * By whose account, and on whose behalf, an order is collected, as APIs for service providers answer it. Each text is
 * empty where there is no such party.
 *
 * @param appId the account's application at the provider
 * @param mchId the account's merchant number there
 * @param subAppId the sub-merchant's application: the order's, otherwise the one that the node names
 * @param subMchId the sub-merchant's number
 * @param signer signs the fields of a message, if the account has a key for that
 */
public record Collecting(
        String appId,
        String mchId,
        String subAppId,
        String subMchId,
        Function<SortedMap<String, String>, Optional<String>> signer) {
    /** @param fields by name; {@code sign} and empty values do not count */
    public Optional<String> sign(SortedMap<String, String> fields) {
        return signer.apply(fields);
    }
}
