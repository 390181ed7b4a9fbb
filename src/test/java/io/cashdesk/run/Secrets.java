package io.cashdesk.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/** What the first run made up and every later one finds again: kept in {@code .data/}, readable by its owner alone. */
final class Secrets {
    private final Path file;
    private final Properties values = new Properties();

    private Secrets(Path file) {
        this.file = file;
    }

    static Secrets in(Path file) throws IOException {
        var secrets = new Secrets(file);
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

    /** The value of this name, made on the first run. */
    String random(String name) throws IOException {
        var given = System.getenv("CASHDESK_" + name);
        if (given != null && !given.isBlank()) return given;
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
