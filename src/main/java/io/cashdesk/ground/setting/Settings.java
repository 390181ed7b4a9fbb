package io.cashdesk.ground.setting;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the operator decided at start. Each setting is an environment variable with the prefix {@code CASHDESK_}, listed in
 * {@code docs/operations.md}; a system property of the same name wins over it, which is how the tests set one server apart
 * from another.
 */
@ApplicationScoped
public class Settings {
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

    private String required(String name, String what) {
        return text(name).orElseThrow(() -> new InvalidSetting("CASHDESK_" + name + " is not set: " + what));
    }

    private int number(String name, int otherwise, int min, int max) {
        var given = text(name);
        if (given.isEmpty()) return otherwise;
        try {
            var value = Integer.parseInt(given.get());
            if (value >= min && value <= max) return value;
        } catch (NumberFormatException notANumber) {
            // answered below, together with a number out of range
        }
        throw new InvalidSetting("CASHDESK_" + name + " is \"" + given.get() + "\" but must be a whole number from "
                + min + " to " + max);
    }

    /**
     * A JDBC address, or {@code postgres://user:password@host:port/database}. Several hosts, separated by commas, are a primary and
     * its standbys: the one that takes writes is used.
     */
    public String dbUrl() {
        return required("DB_URL", "the PostgreSQL to use, for instance jdbc:postgresql://localhost:5432/cashdesk");
    }

    public Optional<String> dbUser() {
        return text("DB_USER");
    }

    public Optional<String> dbPassword() {
        return text("DB_PASSWORD");
    }

    /** How many connections this node's pool holds at most; {@code WEB-INF/cashdesk-ds.xml} reads the same variable. */
    public int dbConnections() {
        return number("DB_CONNECTIONS", 20, 4, 1000);
    }

    /** The public address of this installation, without a slash at its end: for notify, checkout and return addresses. */
    public String baseUrl() {
        var url = required("BASE_URL", "the public address of this installation, for instance https://pay.example.com");
        var uri = URI.create(url);
        if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme()) || uri.getQuery() != null) {
            throw new InvalidSetting(
                    "CASHDESK_BASE_URL is \"" + url + "\" but must be an http(s) address without a query");
        }
        return url.replaceAll("/+$", "");
    }

    /**
     * The keys that seal provider secrets at rest: 32 bytes each, in Base64, separated by commas. The first seals; all of
     * them open, so that a key can be changed without a pause.
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

    /** What the management API asks for; at least 16 characters. */
    public String manageToken() {
        var token = required("MANAGE_TOKEN", "the bearer token of the management API, at least 16 characters");
        if (token.length() < 16) throw new InvalidSetting("CASHDESK_MANAGE_TOKEN must have at least 16 characters");
        return token;
    }

    /** What {@code /metrics} and the detail of {@code /health} ask for, at least 16 characters; absent means neither is there. */
    public Optional<String> metricsToken() {
        var token = text("METRICS_TOKEN");
        if (token.filter(t -> t.length() < 16).isPresent()) {
            throw new InvalidSetting("CASHDESK_METRICS_TOKEN must have at least 16 characters");
        }
        return token;
    }

    /** Allows plain-http gateways and webhook targets on private addresses in both modes; loudly warned about. */
    public boolean development() {
        return text("DEVELOPMENT").map(Boolean::parseBoolean).orElse(false);
    }

    public int httpPort() {
        return number("HTTP_PORT", 8080, 1, 65535);
    }

    /** The loopback port on which the built-in simulator plays the providers. */
    public int simulatorPort() {
        return number("SIMULATOR_PORT", 8079, 1, 65535);
    }

    /** How much faster than the real ones the simulator repeats its notifications. */
    public int simulatorHurry() {
        return number("SIMULATOR_HURRY", 60, 1, 100_000);
    }

    /** How long a code on the checkout page lives; never longer than the order. */
    public Duration codeLife() {
        return Duration.ofSeconds(number("CODE_SECONDS", 300, 5, 7200));
    }

    /** How long an order made by createCheckout lives when its merchant names no time_expire. */
    public Duration checkoutLife() {
        return Duration.ofSeconds(number("CHECKOUT_SECONDS", 1800, 5, 604_800));
    }

    /** Addresses of the reverse proxies whose X-Forwarded-For is believed. */
    public List<String> trustedProxies() {
        return text("TRUSTED_PROXIES").map(s -> List.of(s.split("[,\\s]+"))).orElse(List.of());
    }

    /** The file in which the launcher leaves the demo shop's key and webhook secret; absent means no demo shop. */
    public Optional<String> demoFile() {
        return text("DEMO_FILE");
    }

    /** A name for this node, for logs and locks. */
    public String node() {
        return text("NODE").orElse("node1");
    }

    /** How long one answer of a provider may take before its outcome counts as unknown. */
    public Duration providerTimeout() {
        return Duration.ofSeconds(number("PROVIDER_TIMEOUT_SECONDS", 8, 1, 20));
    }

    /** How many calls to one provider account may run at the same time on one node. */
    public int providerCalls() {
        return number("PROVIDER_CALLS", 32, 1, 1000);
    }

    /** Everything without which no node can start. Throws {@link InvalidSetting} with one sentence that names it. */
    public void check() {
        dbUrl();
        dbConnections();
        baseUrl();
        masterKeys();
        manageToken();
        metricsToken();
        httpPort();
        simulatorPort();
        simulatorHurry();
        codeLife();
        checkoutLife();
        providerTimeout();
        providerCalls();
    }
}
