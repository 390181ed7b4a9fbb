package io.cashdesk.account;

import io.cashdesk.order.AttemptKey;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PaymentProvider;

/**
 * What a call to the provider about one attempt needs.
 *
 * @param key our own row
 * @param account the account through which the attempt was made, as it is configured now
 * @param ref the attempt as the provider knows it
 */
public record AttemptAtProvider(AttemptKey key, PaymentProvider provider, AccountSettings account, AttemptRef ref) {}
