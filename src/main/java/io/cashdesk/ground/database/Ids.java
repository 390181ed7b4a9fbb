package io.cashdesk.ground.database;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.UUIDClock;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * Generates ids and random tokens. Primary keys are UUIDs of version 7 (RFC 9562): they increase with time, so that new
 * rows are close together in the index and an id tells the time of its row, and they need no database sequence.
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final NoArgGenerator V7 = Generators.timeBasedEpochRandomGenerator(RANDOM, new ClockOfIds());
    private static volatile Clock clock = Clock.systemUTC();

    private static final class ClockOfIds extends UUIDClock {
        @Override
        public long currentTimeMillis() {
            return clock.millis();
        }
    }

    private Ids() {}

    /**
     * From now on the times in ids are this clock's. For the node's clock at start: entities make their own ids, and
     * nothing can be injected into them.
     */
    public static void use(Clock clock) {
        Ids.clock = clock;
    }

    /** A new primary key. */
    public static UUID next() {
        return V7.generate();
    }

    /**
     * The smallest UUID of version 7 that can be generated from this moment on, in milliseconds: the bound of a range
     * of ids by time.
     */
    public static UUID first(Instant moment) {
        return new UUID((moment.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L);
    }

    /** When this UUID of version 7 was generated, by the clock of its node, in milliseconds. */
    public static Instant moment(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /** This many random bytes from {@link SecureRandom} in URL-safe Base64 without padding; for URLs and API keys. */
    public static String randomToken(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
