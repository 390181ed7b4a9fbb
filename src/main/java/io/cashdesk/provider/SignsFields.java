package io.cashdesk.provider;

import java.util.Optional;
import java.util.SortedMap;

/** A provider that signs the fields of flat messages with a key of the account (WeChat Pay's API v2). */
public interface SignsFields {
    /**
     * The signature of a message as the provider itself would sign it to this merchant.
     *
     * @param fields by name; {@code sign} and empty values do not count
     * @return empty if the account has no such key
     */
    Optional<String> sign(AccountSettings account, SortedMap<String, String> fields);
}
