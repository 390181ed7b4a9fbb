package io.cashdesk.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL of a test's own, which can be stopped and started again with its data and on its port. */
public final class StoppableDatabase implements AutoCloseable {
    private final int port = TestRun.freePort();
    private final Path data;
    private EmbeddedPostgres postgres;

    public StoppableDatabase(String name) {
        data = TestRun.directory().resolve("databases").resolve(name + "-" + port);
        start();
    }

    public void start() {
        try {
            postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setOutputRedirector(TestDatabase.log())
                    .setErrorRedirector(TestDatabase.log())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Its address, at another port if there is a proxy. */
    public static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    @Override
    public void close() {
        stop();
    }
}
