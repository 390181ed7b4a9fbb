package io.cashdesk.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A file of lines to which all test JVMs of one phase of the build write, beside {@code timings.file} in
 * {@code pom.xml}, after whose build it is named. An IDE sets no such file; then nothing is written.
 */
public final class SharedFile {
    private final String name;

    public SharedFile(String name) {
        this.name = name;
    }

    private Optional<Path> file() {
        return Optional.ofNullable(System.getProperty("timings.file"))
                .map(Path::of)
                .map(f -> f.resolveSibling(f.getFileName().toString().replaceFirst("^timings", name)));
    }

    public void append(String line) {
        file().ifPresent(f -> write(f, line + "\n"));
    }

    private static void write(Path file, String line) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
                channel.position(channel.size());
                while (bytes.hasRemaining()) channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> lines() {
        if (file().filter(Files::exists).isEmpty()) return List.of();
        try {
            return Files.readAllLines(file().get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
