package io.cashdesk.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.database.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InvariantTest {
    @Test
    void a_window_starts_with_the_smallest_id_of_its_first_millisecond() {
        var before = Instant.now();
        var id = Ids.next();
        var after = Instant.now();

        assertThat(id.toString())
                .isGreaterThanOrEqualTo(InvariantResults.firstIdOf(before).toString());
        assertThat(id.toString())
                .isLessThan(InvariantResults.firstIdOf(after.plusMillis(1)).toString());
        assertThat(InvariantResults.firstIdOf(before).version()).isEqualTo(7);
    }

    @Test
    void names_are_unique_and_listed_in_docs_operations() throws Exception {
        var page = Files.readString(Path.of("docs/operations.md"));

        assertThat(Invariant.ALL).extracting(Invariant::name).doesNotHaveDuplicates();
        assertThat(Invariant.ALL).allSatisfy(i -> assertThat(page).contains("| `" + i.name() + "` |"));
    }
}
