package io.cashdesk.merchant;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/**
 * With which number and keys the shops of a merchant call that speak epay (docs/epay.md). One of each mode; the number
 * stays the same, also while it is off.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class EpayAccess {
    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    private long pid;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private boolean enabled;
    private String type;
    private String sealedKey;
    private String shopKey;
    private String sealedPlatformKey;
    private String platformKey;
    private Instant createdAt;

    protected EpayAccess() {} // for JPA

    EpayAccess(UUID merchantId, Mode mode, long pid, String type, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.pid = pid;
        this.type = type;
        this.createdAt = now;
    }

    /** @param sealed the key of V1, sealed for {@link #place} */
    void useKey(String sealed) {
        this.sealedKey = sealed;
    }

    /**
     * @param sealed the private half in Base64, sealed for {@link #place}
     * @param publicHalf in Base64
     */
    void usePlatformKey(String sealed, String publicHalf) {
        this.sealedPlatformKey = sealed;
        this.platformKey = publicHalf;
    }

    /** @param base64 the shop's RSA public key, or null: V2 is off */
    void verifyWith(String base64) {
        this.shopKey = base64;
    }

    void ordersAreOf(String orderType) {
        this.type = orderType;
    }

    void turn(boolean on) {
        this.enabled = on;
    }

    /** What its sealed keys are bound to. */
    String place() {
        return id.toString();
    }

    String sealedKey() {
        return sealedKey;
    }

    String sealedPlatformKey() {
        return sealedPlatformKey;
    }

    public UUID merchantId() {
        return merchantId;
    }

    public Mode mode() {
        return mode;
    }

    /** The merchant's number in epay: unique over all merchants and modes. */
    public long pid() {
        return pid;
    }

    /** Whether calls are taken. */
    public boolean enabled() {
        return enabled;
    }

    /** The type of the orders that the shops create. */
    public String type() {
        return type;
    }

    /** The shop's RSA public key, with which V2 is verified: Base64 of DER. */
    public Optional<String> shopKey() {
        return Optional.ofNullable(shopKey);
    }

    /** The RSA public key with which shops verify answers and notifications of V2: Base64 of DER. */
    public String platformKey() {
        return platformKey;
    }
}
