package io.cashdesk.merchant;

import io.cashdesk.ground.database.Ids;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A business that is paid through this server. */
@Entity
public class Merchant {
    /** What happens to money that arrives for a closed order ({@code docs/api.md}, "Late and double payments"). */
    public enum LatePayment {
        /** The order is paid after all. */
        ACCEPT,
        /** All of it is refunded. */
        REFUND,
        /** It waits for an operator. */
        HOLD
    }

    /** What happens to a second payment of an order. */
    public enum DuplicatePayment {
        /** All of it is refunded. */
        REFUND,
        /** It waits for an operator. */
        HOLD
    }

    @Id
    private UUID id;

    @Version
    private long version;

    private String pid;
    private String name;
    private String[] returnUrls = {};
    private String[] origins = {};
    private boolean originsOfReturnUrls = true;
    private String latePayment = "refund";
    private String duplicatePayment = "refund";
    private String accent;
    private String logo;
    private String contactPhone;
    private String contactEmail;
    private boolean alipayAppAsCode;

    @SuppressWarnings("unused") // only queries read it
    private Instant createdAt;

    protected Merchant() {} // for JPA

    public Merchant(String pid, String name, Instant now) {
        this.id = Ids.next();
        this.pid = pid;
        this.name = name;
        this.createdAt = now;
    }

    public UUID id() {
        return id;
    }

    /** The merchant's name in the API. */
    public String pid() {
        return pid;
    }

    public String name() {
        return name;
    }

    public List<String> returnUrls() {
        return List.of(returnUrls);
    }

    public LatePayment latePayment() {
        return LatePayment.valueOf(latePayment.toUpperCase(Locale.ROOT));
    }

    public DuplicatePayment duplicatePayment() {
        return DuplicatePayment.valueOf(duplicatePayment.toUpperCase(Locale.ROOT));
    }

    /** The colour of the checkout page's buttons: "#rrggbb" in lower case. */
    public Optional<String> accent() {
        return Optional.ofNullable(accent);
    }

    /** A data URL of an image. */
    public Optional<String> logo() {
        return Optional.ofNullable(logo);
    }

    public void rename(String name) {
        this.name = name;
    }

    public void returnOnlyTo(List<String> urls) {
        this.returnUrls = urls.toArray(String[]::new);
        if (originsOfReturnUrls) takeOriginsOfReturnUrls();
    }

    /**
     * The origins whose pages may call with a publishable key of this merchant and read the answers; as browsers write
     * them, see {@link Origin}.
     */
    public List<String> origins() {
        return List.of(origins);
    }

    /** Only these from now on, whatever the return URLs are. */
    public void callableFrom(List<Origin> listed) {
        originsOfReturnUrls = false;
        origins = texts(listed.stream());
    }

    /** The origins of the return URLs, also of those that are set later. This is so for a new merchant. */
    public void callableFromReturnUrls() {
        originsOfReturnUrls = true;
        takeOriginsOfReturnUrls();
    }

    private void takeOriginsOfReturnUrls() {
        origins = texts(Arrays.stream(returnUrls).flatMap(url -> Origin.ofAddress(url).stream()));
    }

    private static String[] texts(Stream<Origin> origins) {
        return origins.map(Origin::value).distinct().toArray(String[]::new);
    }

    /** For money that arrives from now on. */
    public void onLatePayment(LatePayment policy) {
        this.latePayment = policy.name().toLowerCase(Locale.ROOT);
    }

    /** For money that arrives from now on. */
    public void onDuplicatePayment(DuplicatePayment policy) {
        this.duplicatePayment = policy.name().toLowerCase(Locale.ROOT);
    }

    public void brand(String accent, String logo) {
        this.accent = accent;
        this.logo = logo;
    }

    /** What the payer's page shows where a person is needed. */
    public Contact contact() {
        return new Contact(Optional.ofNullable(contactPhone), Optional.ofNullable(contactEmail));
    }

    public void reachedAt(Contact contact) {
        this.contactPhone = contact.phone().orElse(null);
        this.contactEmail = contact.email().orElse(null);
    }

    /** Whether an app shows Alipay's code unless the call says otherwise, because the merchant has no app product. */
    public boolean paysInAppsByAlipayCode() {
        return alipayAppAsCode;
    }

    public void payInAppsByAlipayCode(boolean enabled) {
        this.alipayAppAsCode = enabled;
    }

    /** Whether a payer may be sent there: scheme, host, port and leading path segments equal a listed address. */
    public boolean allowsReturnTo(String url) {
        URI target;
        try {
            target = new URI(url).normalize();
        } catch (java.net.URISyntaxException malformed) {
            return false;
        }
        if (target.getHost() == null || target.getUserInfo() != null) return false;
        return Arrays.stream(returnUrls).map(URI::create).anyMatch(listed -> covers(listed, target));
    }

    private static boolean covers(URI listed, URI target) {
        if (!listed.getScheme().equalsIgnoreCase(String.valueOf(target.getScheme()))
                || !listed.getHost().equalsIgnoreCase(target.getHost())
                || port(listed) != port(target)) {
            return false;
        }
        var segments = segments(listed);
        var given = segments(target);
        return !given.contains("..")
                && given.size() >= segments.size()
                && given.subList(0, segments.size()).equals(segments);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static List<String> segments(URI uri) {
        var path = uri.getPath() == null ? "" : uri.getPath();
        return Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
    }
}
