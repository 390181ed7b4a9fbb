package io.cashdesk.merchant;

import io.cashdesk.ground.signing.KeyText;
import io.cashdesk.ground.signing.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The accesses of shops that speak epay: made, changed and found by their number. */
@ApplicationScoped
public class EpayAccesses {
    /** The digits of a key, without those that are easily taken for another. */
    private static final String DIGITS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";

    private static final int KEY_LENGTH = 32;
    private static final int RSA_BITS = 2048;
    private static final SecureRandom RANDOM = new SecureRandom();

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * What a call of the management API changes; what is empty stays.
     *
     * @param shopKey the shop's RSA public key in Base64 of DER; an empty text: none, V2 is off
     * @param newKey whether the key of V1 is replaced; the former one is not valid any more
     * @param newPlatformKey whether our RSA key pair is replaced
     */
    public record Change(Optional<String> type, Optional<String> shopKey, boolean newKey, boolean newPlatformKey) {}

    /** @param key of V1, if this call has made it: it is not shown again */
    public record Changed(EpayAccess access, Optional<String> key) {}

    /** The access with this number, also if it is off. */
    public Optional<EpayAccess> byPid(long pid) {
        return entities.createQuery("select a from EpayAccess a where a.pid = :pid", EpayAccess.class)
                .setParameter("pid", pid)
                .getResultStream()
                .findFirst();
    }

    public Optional<EpayAccess> of(UUID merchant, Mode mode) {
        return of(merchant).stream().filter(a -> a.mode() == mode).findFirst();
    }

    /** That of each mode. */
    public List<EpayAccess> of(UUID merchant) {
        return entities.createQuery(
                        "select a from EpayAccess a where a.merchantId = :merchant order by a.mode", EpayAccess.class)
                .setParameter("merchant", merchant)
                .getResultList();
    }

    /**
     * Makes the access of a merchant and mode, or changes it, and turns it on; within a transaction in which no other
     * does the same.
     *
     * @param type of the orders, if the access is new and the change names none
     */
    public Changed put(UUID merchant, Mode mode, Change change, String type) {
        var known = of(merchant, mode);
        var access = known.orElseGet(() -> new EpayAccess(merchant, mode, nextPid(), type, clock.instant()));
        change.type().ifPresent(access::ordersAreOf);
        change.shopKey().ifPresent(key -> access.verifyWith(key.isEmpty() ? null : key));
        var key = known.isEmpty() || change.newKey() ? Optional.of(newKey()) : Optional.<String>empty();
        key.ifPresent(k -> access.useKey(vault.seal(k, access.place())));
        if (known.isEmpty() || change.newPlatformKey()) usePlatformKey(access);
        access.turn(true);
        if (known.isEmpty()) entities.persist(access);
        return new Changed(access, key);
    }

    /** Takes no call any more; its number and keys stay. Within a transaction. */
    public void turnOff(UUID merchant, Mode mode) {
        of(merchant, mode).ifPresent(access -> access.turn(false));
    }

    /**
     * The key of V1.
     *
     * @throws IllegalStateException if it was sealed under a master key that is not configured any more
     */
    public String key(EpayAccess access) {
        return vault.open(access.sealedKey(), access.place());
    }

    /** The private key that signs answers and notifications of V2; throws as {@link #key}. */
    public PrivateKey platformKey(EpayAccess access) {
        return KeyText.of(vault.open(access.sealedPlatformKey(), access.place()))
                .privateKey()
                .orElseThrow();
    }

    private void usePlatformKey(EpayAccess access) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS, RANDOM);
            var pair = generator.generateKeyPair();
            var base64 = Base64.getEncoder();
            access.usePlatformKey(
                    vault.seal(base64.encodeToString(pair.getPrivate().getEncoded()), access.place()),
                    base64.encodeToString(pair.getPublic().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private long nextPid() {
        return ((Number)
                        entities.createNativeQuery("select nextval('epay_pid')").getSingleResult())
                .longValue();
    }

    private static String newKey() {
        var key = new StringBuilder(KEY_LENGTH);
        for (int i = 0; i < KEY_LENGTH; i++) key.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        return key.toString();
    }
}
