package io.cashdesk.ground.database;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/** New keys. Rows get UUIDs of version 7, so that new ones land together and no sequence is on a hot path. */
public final class Ids {
    private static final NoArgGenerator V7 = Generators.timeBasedEpochRandomGenerator();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static UUID next() {
        return V7.generate();
    }

    /** An unguessable text for addresses and keys: Base64 for URLs, without padding. */
    public static String randomToken(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
