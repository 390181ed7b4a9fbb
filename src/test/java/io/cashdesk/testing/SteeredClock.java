package io.cashdesk.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * The system clock of a node, which a test sets. The node has the WAR of the product with {@link SteeredTime} in it.
 */
public final class SteeredClock {
    private static Path war;

    private final Path file;

    /** @param node the name of the node */
    public SteeredClock(String node) {
        this.file = TestRun.directory().resolve(node + "-clock");
        isAhead(Duration.ZERO);
    }

    /** What the node is to be started with. */
    public Map<String, String> settings() {
        return Map.of("WAR", war().toString(), SteeredTime.FILE, file.toString());
    }

    /** From now on it is so far ahead of this machine's clock; negative: behind. */
    public void isAhead(Duration offset) {
        try {
            var whole = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(whole, Long.toString(offset.toMillis()));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Path war() {
        if (war == null) {
            var made = TestRun.directory().resolve("steered-clock.war");
            ShrinkWrap.create(ZipImporter.class, "steered-clock.war")
                    .importFrom(new File(System.getProperty("cashdesk.war")))
                    .as(WebArchive.class)
                    .addAsLibraries(ShrinkWrap.create(JavaArchive.class, "steered-clock.jar")
                            .addClass(SteeredTime.class))
                    .as(ZipExporter.class)
                    .exportTo(made.toFile(), true);
            war = made;
        }
        return war;
    }
}
