package io.cashdesk.ground.setting;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The configuration of this node, read at each call. Each setting is an environment variable with the prefix
 * {@code CASHDESK_}, listed in {@code docs/operations.md}. A system property of the same name has priority; tests use
 * this to start several servers with different settings. Every method throws {@link InvalidSetting} if its value is
 * invalid.
 */
@ApplicationScoped
public class Settings {
    private static final int MAX_DAYS = 36_500;

    /** An address for notifications has 51 characters more: /notify/wxpay/ and the id of the account. */
    private static final int MAX_BASE_URL = 200;

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String[] NONE = {};

    private final UnaryOperator<String> source;

    public Settings() {
        this(Settings::propertyOrEnvironment);
    }

    public Settings(UnaryOperator<String> source) {
        this.source = source;
    }

    private static String propertyOrEnvironment(String name) {
        var property = System.getProperty(name);
        return property != null ? property : System.getenv(name);
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(source.apply("CASHDESK_" + name))
                .map(String::strip)
                .filter(s -> !s.isEmpty());
    }

    private String required(String name, String meaning) {
        return text(name).orElseThrow(() -> new InvalidSetting("CASHDESK_" + name + " is not set: " + meaning));
    }

    private int number(String name, int otherwise, int min, int max) {
        var given = text(name);
        if (given.isEmpty()) return otherwise;
        try {
            var value = Integer.parseInt(given.get());
            if (value >= min && value <= max) return value;
        } catch (NumberFormatException notANumber) {
            // refused below, like a number out of range
        }
        throw new InvalidSetting("CASHDESK_" + name + " is \"" + given.get() + "\" but must be a whole number from "
                + min + " to " + max);
    }

    /** A number of days, at least {@code min}; empty if it is 0: no limit. */
    private Optional<Duration> days(String name, int otherwise, int min) {
        if (text(name).filter("0"::equals).isPresent()) return Optional.empty();
        try {
            return Optional.of(Duration.ofDays(number(name, otherwise, min, MAX_DAYS)));
        } catch (InvalidSetting e) {
            throw new InvalidSetting(e.getMessage() + ", or 0 to keep them for ever");
        }
    }

    /**
     * Address of the database: a JDBC URL, or {@code postgres://user:password@host:port/database}. Several hosts,
     * separated by commas, are a primary and its standbys; the one that accepts writes is used.
     */
    public String dbUrl() {
        return required("DB_URL", "the PostgreSQL to use, for instance jdbc:postgresql://localhost:5432/cashdesk");
    }

    /** The database user, if it is not in the address. */
    public Optional<String> dbUser() {
        return text("DB_USER");
    }

    /** The database password, if it is not in the address. */
    public Optional<String> dbPassword() {
        return text("DB_PASSWORD");
    }

    /**
     * Maximum size of this node's connection pool, 4 to 1000; {@code WEB-INF/cashdesk-ds.xml} reads the same variable.
     */
    public int dbConnections() {
        return number("DB_CONNECTIONS", 20, 4, 1000);
    }

    /**
     * Public base URL of this installation: scheme, host and, unless it is the scheme's own, port, in lower case and
     * without a trailing slash. All addresses that are handed out begin with it. It has no path of its own, because
     * redirects and links inside are paths from the root. It has at most {@value #MAX_BASE_URL} characters.
     */
    public String baseUrl() {
        var given =
                required("BASE_URL", "the public address of this installation, for instance https://pay.example.com");
        if (given.length() > MAX_BASE_URL) {
            throw new InvalidSetting("CASHDESK_BASE_URL has " + given.length() + " characters, but at most "
                    + MAX_BASE_URL + " are possible: WeChat Pay accepts addresses for notifications up to 255");
        }
        try {
            return origin(new URI(given));
        } catch (URISyntaxException | IllegalArgumentException refused) {
            throw new InvalidSetting(
                    "CASHDESK_BASE_URL is \"" + given
                            + "\" but must be https://host or https://host:port (or http), without a path, query, fragment or user");
        }
    }

    private static String origin(URI uri) {
        var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        var web = scheme.equals("https") || scheme.equals("http");
        var path = String.valueOf(uri.getRawPath());
        var more = uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null;
        if (!web || more || !(path.isEmpty() || path.equals("/"))) throw new IllegalArgumentException();
        var host = Authority.of(String.valueOf(uri.getRawAuthority()))
                .filter(h -> uri.getHost() != null)
                .orElseThrow(IllegalArgumentException::new);
        var port = host.port() == -1 || host.port() == (scheme.equals("https") ? HTTPS : HTTP) ? "" : ":" + host.port();
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
    }

    /** Whether payers see this installation under https: then cookies are for https only. */
    public boolean isHttps() {
        return baseUrl().startsWith("https://");
    }

    /**
     * Further hosts for which this server answers, besides that of the base URL; in the setting separated by commas. A
     * host without a port is meant with the ports of http and https.
     */
    public List<Authority> hosts() {
        return list("HOSTS", Authority::of, "hosts, each with or without a port: pay2.example.com, 10.0.0.7:8080");
    }

    private <T> List<T> list(String name, Function<String, Optional<T>> read, String meaning) {
        var items = new ArrayList<T>();
        for (var item : text(name).map(s -> s.split("[,\\s]+")).orElse(NONE)) {
            items.add(read.apply(item)
                    .orElseThrow(() -> new InvalidSetting(
                            "CASHDESK_" + name + " has \"" + item + "\" but must be a list of " + meaning)));
        }
        return items;
    }

    /**
     * The keys that encrypt provider secrets at rest, 32 bytes each; the setting has them in Base64, separated by
     * commas. The first one encrypts, all of them decrypt, so that a key can be replaced without downtime.
     */
    public List<byte[]> masterKeys() {
        var given = required(
                "MASTER_KEY", "32 random bytes in Base64 (openssl rand -base64 32) that seal provider secrets");
        var keys = new ArrayList<byte[]>();
        for (var part : Arrays.asList(given.split(","))) {
            byte[] key;
            try {
                key = Base64.getDecoder().decode(part.strip());
            } catch (IllegalArgumentException notBase64) {
                key = new byte[0];
            }
            if (key.length != 32) {
                throw new InvalidSetting(
                        "CASHDESK_MASTER_KEY must be 32 bytes in Base64, for instance from: openssl rand -base64 32");
            }
            keys.add(key);
        }
        return keys;
    }

    /** Bearer token of the management API, at least 16 characters. */
    public String manageToken() {
        var token = required("MANAGE_TOKEN", "the bearer token of the management API, at least 16 characters");
        if (token.length() < 16) throw new InvalidSetting("CASHDESK_MANAGE_TOKEN must have at least 16 characters");
        return token;
    }

    /**
     * Bearer token of {@code /metrics} and of the detail of {@code /health}, at least 16 characters; absent: both are
     * disabled.
     */
    public Optional<String> metricsToken() {
        var token = text("METRICS_TOKEN");
        if (token.filter(t -> t.length() < 16).isPresent()) {
            throw new InvalidSetting("CASHDESK_METRICS_TOKEN must have at least 16 characters");
        }
        return token;
    }

    /**
     * Allows plain-http gateways and webhook targets on private addresses in both modes, and requests for any loopback
     * host; the log warns about it at each start.
     */
    public boolean development() {
        return text("DEVELOPMENT").map(Boolean::parseBoolean).orElse(false);
    }

    /** The HTTP port that the launcher of {@code mvn -Prun} uses. */
    public int httpPort() {
        return number("HTTP_PORT", 8080, 1, 65535);
    }

    /** The loopback port on which the simulator's provider servers listen. */
    public int simulatorPort() {
        return number("SIMULATOR_PORT", 8079, 1, 65535);
    }

    /**
     * Factor by which the simulator shortens the providers' real waiting times, for instance between two notifications.
     */
    public int simulatorHurry() {
        return number("SIMULATOR_HURRY", 60, 1, 100_000);
    }

    /** Validity of a code on the checkout page, in the setting in seconds; the order's deadline limits it further. */
    public Duration codeLife() {
        return Duration.ofSeconds(number("CODE_SECONDS", 300, 5, 7200));
    }

    /** How many attempts of one order can be payable at a time. */
    public int payableAttempts() {
        return number("PAYABLE_ATTEMPTS", 3, 1, 100);
    }

    /** How many attempts of one order can be opened in a minute. */
    public int attemptsPerMinute() {
        return number("ATTEMPTS_PER_MINUTE", 6, 1, 1000);
    }

    /** Time from createCheckout to the order's deadline if the merchant sends no time_expire. */
    public Duration checkoutLife() {
        return Duration.ofSeconds(number("CHECKOUT_SECONDS", 1800, 5, 604_800));
    }

    /**
     * The reverse proxies whose X-Forwarded-For header is trusted: addresses and ranges, separated by commas. A name is
     * refused, because it would have to be resolved at each request.
     */
    public List<AddressRange> trustedProxies() {
        return list("TRUSTED_PROXIES", AddressRange::of, "IP addresses and ranges: 10.0.0.7, 10.1.0.0/16, fd00::/8");
    }

    /** The file into which the launcher writes the demo shop's API key and webhook secret; absent: no demo shop. */
    public Optional<String> demoFile() {
        return text("DEMO_FILE");
    }

    /** Name of this node, different on each: for logs, job claims and the database's application_name. */
    public String node() {
        return text("NODE").orElse("node1");
    }

    /**
     * Maximum time to wait for a provider's response, 1 to 20 seconds; after that the outcome of the call is unknown.
     */
    public Duration providerTimeout() {
        return Duration.ofSeconds(number("PROVIDER_TIMEOUT_SECONDS", 8, 1, 20));
    }

    /**
     * Processor time in percent of one core that the sweeper's queries about payments take at most while callers are at
     * work on this node.
     */
    public int queriesCpu() {
        return number("QUERIES_CPU", 10, 1, 1000);
    }

    /** The same for closing attempts and orders. */
    public int closesCpu() {
        return number("CLOSES_CPU", 10, 1, 1000);
    }

    /** The same for refunds that are queried or sent again. */
    public int refundsCpu() {
        return number("REFUNDS_CPU", 10, 1, 1000);
    }

    /** The same for webhooks. */
    public int webhooksCpu() {
        return number("WEBHOOKS_CPU", 10, 1, 1000);
    }

    /** Maximum number of concurrent calls to one provider account on this node. */
    public int providerCalls() {
        return number("PROVIDER_CALLS", 32, 1, 1000);
    }

    /**
     * How long the evidence of changes of orders is kept; at least 30 days, because invariants look back three; empty:
     * for ever. The default is more than the three years for which records of transactions must be kept in China
     * (E-Commerce Law, article 31).
     */
    public Optional<Duration> orderEventsKept() {
        return days("KEEP_ORDER_EVENTS_DAYS", 1_190, 30);
    }

    /**
     * How long notifications are kept; at least 30 days, because providers repeat them for at most a day or two; empty:
     * for ever.
     */
    public Optional<Duration> notificationsKept() {
        return days("KEEP_NOTIFICATIONS_DAYS", 400, 30);
    }

    /** How long the tries of webhook deliveries are kept, at least 7 days; empty: for ever. */
    public Optional<Duration> webhookTriesKept() {
        return days("KEEP_WEBHOOK_TRIES_DAYS", 100, 7);
    }

    /**
     * How long orders in test mode with all that belongs to them, and the rows of simulator and demo shop, are kept; at
     * least 7 days; empty: for ever.
     */
    public Optional<Duration> testsKept() {
        return days("KEEP_TESTS_DAYS", 90, 7);
    }

    /**
     * The root certificates that signed purchases in the App Store must come from, read from the file that the setting
     * names; empty if it is not set. Without {@link #development} the file has Apple Root CA - G3 and nothing else.
     */
    public List<X509Certificate> appleRoots() {
        return text("APPLE_ROOTS")
                .map(file -> AppleRoots.read(file, AppleRoots.PUBLISHED, development()))
                .orElse(List.of());
    }

    /** Whether {@link #appleRoots} has a certificate that is not Apple's, which only development allows. */
    public boolean foreignAppleRoots() {
        return !AppleRoots.isPublished(appleRoots());
    }

    /**
     * Checks at start everything that can be checked; throws {@link InvalidSetting} at the first invalid or missing
     * setting.
     */
    public void check() {
        dbUrl();
        dbConnections();
        baseUrl();
        hosts();
        trustedProxies();
        masterKeys();
        manageToken();
        metricsToken();
        httpPort();
        simulatorPort();
        simulatorHurry();
        codeLife();
        payableAttempts();
        attemptsPerMinute();
        checkoutLife();
        providerTimeout();
        providerCalls();
        appleRoots();
        orderEventsKept();
        notificationsKept();
        webhookTriesKept();
        testsKept();
    }
}
