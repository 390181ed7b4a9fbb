package io.cashdesk.idempotency;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.merchant.ApiKey;
import io.cashdesk.merchant.ApiKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Whose an {@code Idempotency-Key} is where merchants call: the merchant's, and of one mode. A publishable key has none, because it
 * is in everybody's hands and could occupy the server's.
 */
@ApplicationScoped
public class MerchantKeyOwner {
    @Inject
    ApiKeys keys;

    /**
     * @param authorization the header, or null
     * @param pid the merchant that the call names, or null
     * @return empty if the call is going to refuse whoever asks
     */
    public Optional<String> of(String authorization, String pid) {
        try {
            var authority = keys.authority(authorization);
            if (authority.kind() != ApiKey.Kind.SECRET) return Optional.empty();
            return Optional.of(authority.merchant(pid) + " " + authority.mode());
        } catch (Problem noKey) { // the call is going to say so
            return Optional.empty();
        }
    }
}
