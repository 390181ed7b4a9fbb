package io.cashdesk.notification;

import io.cashdesk.account.Accounts;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.provider.RawNotification;
import jakarta.json.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.PartitionKey;

/** A message that a provider, or a caller that claims to be one, sent: stored as it came. */
@Entity
@SuppressWarnings("unused") // queries read some columns that no Java code reads
class Notification {
    /** The result of checking and applying it. */
    enum Verdict {
        /** The provider's, applied. */
        AUTHENTIC,
        /** The provider's, but applying it failed; the answer makes the provider repeat it. */
        NOT_APPLIED,
        /** Not the provider's: stored without its body. */
        FORGED
    }

    /** Kept of every message, beside those that prove who sent it. */
    private static final Set<String> KEPT_HEADERS = Set.of("content-type", "user-agent");

    @Id
    private UUID id;

    @PartitionKey
    private UUID merchantId;

    private UUID accountId;
    private UUID orderId;

    @Enumerated(EnumType.STRING)
    private Verdict verdict;

    private String repeatKey;
    private String kind;
    private String method;
    private String rawQuery;
    private String headers;
    private byte[] body;
    private String reason;
    private Instant receivedAt;

    protected Notification() {} // for JPA

    /** @param evidence the headers that are kept because they prove who sent it, in lower case */
    Notification(Accounts.Opened account, RawNotification raw, Set<String> evidence, Verdict verdict, Instant now) {
        this.id = Ids.next();
        this.merchantId = account.merchantId();
        this.accountId = account.settings().id();
        this.verdict = verdict;
        this.method = raw.method();
        this.rawQuery = raw.rawQuery();
        var kept = Json.createObjectBuilder();
        raw.headers().forEach((name, value) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (KEPT_HEADERS.contains(lower) || evidence.contains(lower)) kept.add(name, value);
        });
        this.headers = kept.build().toString();
        this.body = verdict == Verdict.FORGED ? null : raw.body().clone();
        this.receivedAt = now;
    }

    UUID id() {
        return id;
    }

    Notification about(UUID orderId, String repeatKey, String kind) {
        this.orderId = orderId;
        this.repeatKey = repeatKey;
        this.kind = kind;
        return this;
    }

    Notification because(String reason) {
        this.reason = reason;
        return this;
    }
}
