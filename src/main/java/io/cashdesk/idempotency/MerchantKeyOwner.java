package io.cashdesk.idempotency;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.ApiKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * The owner of an {@code Idempotency-Key} in merchant APIs: a merchant in one mode. Callers with a publishable key have
 * none: that key is public, and they could occupy the Idempotency-Keys of the merchant's server.
 */
@ApplicationScoped
public class MerchantKeyOwner {
    @Inject
    ApiKeys keys;

    /**
     * @param authorization the header, or null
     * @param pid the merchant that the call names, or null
     * @return empty if the call is going to refuse the caller, or if the API key is a publishable one
     */
    public Optional<String> of(String authorization, String pid) {
        try {
            var authority = keys.authority(authorization);
            if (authority.kind() != ApiKey.Kind.SECRET) return Optional.empty();
            return Optional.of(authority.merchant(pid) + " " + authority.mode());
        } catch (Problem noKey) { // the call is going to refuse the caller
            return Optional.empty();
        }
    }
}
