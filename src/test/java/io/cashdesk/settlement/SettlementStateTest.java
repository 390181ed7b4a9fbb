package io.cashdesk.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettlementStateTest {
    @Test
    void changes_as_the_drawing_says() throws IOException {
        assertThat(Files.readString(Path.of("docs/architecture.md")))
                .contains(Stream.of(SettlementState.values())
                        .flatMap(from -> from.next().stream().sorted().map(to -> "  " + from + " --> " + to))
                        .collect(Collectors.joining("\n", "stateDiagram-v2\n", "\n")));
    }

    @Test
    void nothing_follows_on_money_that_the_merchant_has() {
        assertThat(SettlementState.SETTLED.next()).isEmpty();
        assertThat(SettlementState.NOT_NEEDED.next()).containsExactly(SettlementState.SETTLED);
    }
}
