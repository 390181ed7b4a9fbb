package io.cashdesk.simulator.appleiap;

import io.cashdesk.simulator.PlatformKey;
import io.cashdesk.simulator.PlatformKeys;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Key pairs without a database. */
final class AppleTestKeys extends PlatformKeys {
    static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Map<String, PlatformKey> made = new HashMap<>();

    @Override
    public PlatformKey get(String name, Supplier<PlatformKey> newKey) {
        return made.computeIfAbsent(name, n -> newKey.get());
    }

    static AppleSigner signer() {
        var signer = new AppleSigner();
        signer.keys = new AppleTestKeys();
        signer.clock = CLOCK;
        return signer;
    }
}
