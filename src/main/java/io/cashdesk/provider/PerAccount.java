package io.cashdesk.provider;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What an adapter builds from an account's settings, such as a client with its keys read: built once, and anew when
 * they change.
 */
public final class PerAccount<T> {
    private final Map<UUID, Built<T>> all = new ConcurrentHashMap<>();
    private final Function<AccountSettings, T> build;

    /** From which settings; a gateway can move without a new version, as the simulator's does with its port. */
    private record Built<T>(long version, URI gateway, T value) {
        private boolean fits(AccountSettings settings) {
            return version == settings.version() && gateway.equals(settings.gateway());
        }
    }

    public PerAccount(Function<AccountSettings, T> build) {
        this.build = build;
    }

    public T of(AccountSettings settings) {
        return all.compute(settings.id(), (id, built) -> built != null && built.fits(settings) ? built : anew(settings))
                .value();
    }

    private Built<T> anew(AccountSettings settings) {
        return new Built<>(settings.version(), settings.gateway(), build.apply(settings));
    }
}
