package io.cashdesk.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;
import java.util.function.UnaryOperator;

/** What the first run made up and every later one finds again: kept in {@code .data/}, readable by its owner alone. */
final class Secrets {
    private final Path file;
    private final UnaryOperator<String> environment;
    private final Properties values = new Properties();

    private Secrets(Path file, UnaryOperator<String> environment) {
        this.file = file;
        this.environment = environment;
    }

    static Secrets in(Path file) throws IOException {
        return in(file, System::getenv);
    }

    static Secrets in(Path file, UnaryOperator<String> environment) throws IOException {
        var secrets = new Secrets(file, environment);
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                secrets.values.load(in);
            }
        }
        return secrets;
    }

    String get(String name) {
        return values.getProperty(name);
    }

    /** Whether the operator has set {@code CASHDESK_<name>}. */
    private boolean isGiven(String name) {
        var given = environment.apply("CASHDESK_" + name);
        return given != null && !given.isBlank();
    }

    /** As {@link #random}, for the terminal: the operator's own secret is not printed, only where it comes from. */
    String shown(String name) throws IOException {
        return isGiven(name) ? "(from CASHDESK_" + name + ")" : random(name);
    }

    /** The operator's value of {@code CASHDESK_<name>}, or one that is made on the first run. */
    String random(String name) throws IOException {
        if (isGiven(name)) return environment.apply("CASHDESK_" + name);
        if (get(name) == null) {
            var bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            put(name, Base64.getEncoder().encodeToString(bytes));
        }
        return get(name);
    }

    void put(String name, String value) throws IOException {
        values.setProperty(name, value);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (var out = Files.newBufferedWriter(file)) {
            values.store(out, "Made by mvn -Prun; keep it with the data beside it");
        }
    }
}
