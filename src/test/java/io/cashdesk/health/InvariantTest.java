package io.cashdesk.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InvariantTest {
    @Test
    void names_are_unique_and_listed_in_docs_operations() throws Exception {
        var page = Files.readString(Path.of("docs/operations.md"));

        assertThat(Invariant.ALL).extracting(Invariant::name).doesNotHaveDuplicates();
        assertThat(Invariant.ALL).allSatisfy(i -> assertThat(page).contains("| `" + i.name() + "` |"));
    }
}
