package io.cashdesk.provider;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The access tokens with which an application calls its provider. A token belongs to an account and is the same for all
 * nodes of this server: it is fetched once, kept sealed, and renewed before it ends. Adapters use it inside of their
 * calls; no transaction may be open.
 */
public interface AccessTokens {
    /**
     * A token as the provider gave it.
     *
     * @param value of any length
     * @param life how long the provider accepts it, counted from now
     */
    record Fetched(String value, Duration life) {
        @Override
        public String toString() {
            return "access token for " + life; // never the value
        }
    }

    /**
     * The account's token. Blocks while it is fetched; callers who wait share one fetch.
     *
     * @param fetch gets a token from the provider, without invalidating the one that others use
     * @throws ProviderFailure that {@code fetch} threw, or UNREACHABLE if another node fetches and does not finish
     */
    String of(AccountSettings account, Supplier<Fetched> fetch);

    /**
     * Another token than the one that the provider has just refused, perhaps because its configuration was changed.
     *
     * @param refused the token that was refused
     */
    String insteadOf(String refused, AccountSettings account, Supplier<Fetched> fetch);
}
