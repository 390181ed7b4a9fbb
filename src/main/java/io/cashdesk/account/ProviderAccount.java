package io.cashdesk.account;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.Identity;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** A merchant's account at a provider: one node of its configuration, sealed. */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
class ProviderAccount {
    @Id
    private UUID id;

    @Version
    private long version;

    @PartitionKey
    private UUID merchantId;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String provider;
    private String node;
    private String merchantNo;
    private String appId;
    private String sealed;
    private String fingerprint;
    private boolean enabled;
    private Instant createdAt;
    private Instant changedAt;

    protected ProviderAccount() {} // for JPA

    ProviderAccount(UUID merchantId, Mode mode, String provider, String node, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.mode = mode;
        this.provider = provider;
        this.node = node;
        this.createdAt = now;
    }

    /** Takes new settings; the id stays, and with it the notify address of running attempts. */
    void settle(Identity identity, String sealed, String fingerprint, Instant now) {
        this.merchantNo = identity.merchantNo();
        this.appId = identity.appId();
        this.sealed = sealed;
        this.fingerprint = fingerprint;
        this.enabled = true;
        this.changedAt = now;
    }

    /** Takes no new attempts; notifications of old ones are still understood. */
    void remove(Instant now) {
        this.enabled = false;
        this.changedAt = now;
    }

    /** Whether it is this merchant number and application at the provider. */
    boolean is(Identity identity) {
        return merchantNo.equals(identity.merchantNo()) && appId.equals(identity.appId());
    }

    UUID id() {
        return id;
    }

    long version() {
        return version;
    }

    UUID merchantId() {
        return merchantId;
    }

    Mode mode() {
        return mode;
    }

    String provider() {
        return provider;
    }

    String node() {
        return node;
    }

    String sealed() {
        return sealed;
    }

    String fingerprint() {
        return fingerprint;
    }

    boolean enabled() {
        return enabled;
    }
}
