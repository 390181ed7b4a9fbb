package io.cashdesk.merchant;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.signing.Digest;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A key with which a merchant's server or client calls the API. The key itself is shown once; only its hash is stored.
 */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
public class ApiKey {
    /** What a key may do. */
    public enum Kind {
        /** Every call; to be kept on the merchant's server. */
        SECRET("sk"),
        /** The calls that a payer's client may make ({@code docs/api.md}, "The envelope"). */
        PUBLISHABLE("pk");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    @Id
    private UUID id;

    @Version
    private long version;

    private String hash;

    @Enumerated(EnumType.STRING)
    private Mode mode;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private String name;
    private String shown;
    private Instant createdAt;
    private Instant revokedAt;

    @ManyToMany(fetch = FetchType.EAGER)
    @JoinTable(
            name = "api_key_merchant",
            joinColumns = @JoinColumn(name = "api_key_id"),
            inverseJoinColumns = @JoinColumn(name = "merchant_id"))
    private Set<Merchant> merchants = new LinkedHashSet<>();

    protected ApiKey() {} // for JPA

    private ApiKey(String key, Mode mode, Kind kind, String name, List<Merchant> merchants, Instant now) {
        this.id = Ids.next();
        this.hash = Digest.sha256(key);
        this.mode = mode;
        this.kind = kind;
        this.name = name;
        this.shown = key.substring(0, 8) + "…" + key.substring(key.length() - 4);
        this.merchants.addAll(merchants);
        this.createdAt = now;
    }

    /** A new key with its text, which is stored nowhere. */
    public record Issued(ApiKey key, String secret) {}

    public static Issued issue(Mode mode, Kind kind, String name, List<Merchant> merchants, Instant now) {
        var secret = kind.prefix + "_" + mode.word() + "_"
                + Ids.randomToken(32).replace('-', 'x').replace('_', 'y');
        return new Issued(new ApiKey(secret, mode, kind, name, merchants, now), secret);
    }

    public UUID id() {
        return id;
    }

    public Mode mode() {
        return mode;
    }

    public Kind kind() {
        return kind;
    }

    public boolean revoked() {
        return revokedAt != null;
    }

    public List<Merchant> merchants() {
        return List.copyOf(merchants);
    }
}
