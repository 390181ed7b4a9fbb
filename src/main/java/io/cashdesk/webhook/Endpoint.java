package io.cashdesk.webhook;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.merchant.Mode;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Where a merchant wants to hear of its orders. */
@Entity
@Table(name = "webhook_endpoint")
class Endpoint {
    static final String STANDARD = "standard";

    @Id
    private UUID id;

    @Version
    private long version;

    private UUID merchantId;
    private String name;
    private String url;
    private String sealed;
    private String[] events = {};
    private String[] types = {};

    @Enumerated(EnumType.STRING)
    private Mode mode;

    private String format;
    private String envId;
    private boolean enabled;
    private Instant createdAt;

    protected Endpoint() {} // for JPA

    Endpoint(UUID merchantId, String name, Instant now) {
        this.id = Ids.next();
        this.merchantId = merchantId;
        this.name = name;
        this.createdAt = now;
    }

    /** Everything about an endpoint but its secret. */
    record Wish(String url, List<String> events, List<String> types, Mode mode, String format, String envId) {}

    void settle(Wish wish, String sealed) {
        this.url = wish.url();
        this.events = wish.events().toArray(String[]::new);
        this.types = wish.types().toArray(String[]::new);
        this.mode = wish.mode();
        this.format = wish.format();
        this.envId = wish.envId();
        this.sealed = sealed;
        this.enabled = true;
    }

    /** Whether it wants this event of an order of this type; none named means all. */
    boolean wants(String event, String orderType) {
        return enabled
                && format.equals(STANDARD)
                && (events.length == 0 || Arrays.asList(events).contains(event))
                && (types.length == 0 || Arrays.asList(types).contains(orderType));
    }

    /** Whether it is the one that was named to hear of this in another shape. */
    boolean isCalledBack(String callback) {
        return enabled && !format.equals(STANDARD) && name.equals(callback);
    }

    String format() {
        return format;
    }

    String envId() {
        return envId;
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    String sealed() {
        return sealed;
    }

    Mode mode() {
        return mode;
    }
}
