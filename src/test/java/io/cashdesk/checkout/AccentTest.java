package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccentTest {
    private static final Accent WHITE = Accent.of("#ffffff");
    private static final Accent INK = Accent.of("#10151c");

    @ParameterizedTest
    @ValueSource(strings = {"#ffffff", "#000000", "#07c160", "#1677ff", "#ffe100", "#ff0000", "#777777", "#00ffff"})
    void any_colour_is_readable_in_both_themes(String brand) {
        var accent = Accent.of(brand);

        assertThat(accent.onLight().contrast(Accent.LIGHT_GROUND)).isGreaterThanOrEqualTo(Accent.ENOUGH);
        assertThat(accent.onLight().contrast(WHITE)).isGreaterThanOrEqualTo(Accent.ENOUGH);
        assertThat(accent.onDark().contrast(Accent.DARK_CARD)).isGreaterThanOrEqualTo(Accent.ENOUGH);
        assertThat(accent.onDark().contrast(INK)).isGreaterThanOrEqualTo(Accent.ENOUGH);
    }

    @Test
    void a_colour_that_is_readable_stays_what_it_is() {
        assertThat(Accent.of("#1f5fbf").onLight().hex()).isEqualTo("#1f5fbf");
    }

    @Test
    void contrast_is_what_the_guidelines_say_it_is() {
        assertThat(WHITE.contrast(Accent.of("#000000"))).isCloseTo(21, within(0.001));
        assertThat(WHITE.contrast(Accent.of("#777777"))).isCloseTo(4.48, within(0.01));
    }

    @Test
    void the_grounds_are_those_of_the_stylesheet() throws IOException {
        var tokens = Files.readString(Path.of("webapp/assets/tokens.css"));

        assertThat(tokens)
                .contains("--ground: " + Accent.LIGHT_GROUND.hex())
                .contains("--card: " + Accent.DARK_CARD.hex());
    }
}
