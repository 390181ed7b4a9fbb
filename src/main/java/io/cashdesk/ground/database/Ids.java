package io.cashdesk.ground.database;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/**
 * Generates ids and random tokens. Primary keys are UUIDs of version 7 (RFC 9562): they increase with time, so that new
 * rows are close together in the index and an id tells the time of its row, and they need no database sequence.
 */
public final class Ids {
    private static final NoArgGenerator V7 = Generators.timeBasedEpochRandomGenerator();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new primary key. */
    public static UUID next() {
        return V7.generate();
    }

    /** This many random bytes from {@link SecureRandom} in URL-safe Base64 without padding; for URLs and API keys. */
    public static String randomToken(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
