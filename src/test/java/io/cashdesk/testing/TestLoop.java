package io.cashdesk.testing;

import io.cashdesk.run.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The running server of {@code mvn -Ploop}, if this is such a call. */
final class TestLoop {
    private static Optional<TestLoop> opened = Optional.empty();

    private final Loop loop;

    private TestLoop(Loop loop) {
        this.loop = loop;
    }

    /** Connects to the server, or starts it; empty in any other build. */
    static Optional<TestLoop> open() {
        var directory = System.getProperty("loop.directory", "");
        if (directory.isEmpty()) return Optional.empty();
        try {
            var settings = Node.settings("loop", Nodes.sharedSettings());
            opened = Optional.of(
                    new TestLoop(Loop.open(Path.of(directory), Path.of(System.getProperty("jboss.home")), settings)));
            return opened;
        } catch (Exception e) {
            throw new IllegalStateException("the loop: " + e.getMessage(), e);
        }
    }

    static Optional<TestLoop> opened() {
        return opened;
    }

    /** The server as a node, with our application deployed. */
    Node deployed() {
        try {
            loop.deploy(Path.of(System.getProperty("cashdesk.war")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Node.running("loop", port("http"), port("simulator"), dbUrl(), Nodes.sharedSettings());
    }

    int port(String which) {
        return loop.port(which);
    }

    String dbUrl() {
        try {
            return loop.dbUrl();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
