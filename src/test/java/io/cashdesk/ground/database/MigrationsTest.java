package io.cashdesk.ground.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MigrationsTest {
    @Test
    void versions_are_unique() throws IOException {
        try (var files = Files.list(Path.of("db-migrations"))) {
            assertThat(files.map(f -> f.getFileName().toString().split("__", 2)[0]))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
    }
}
