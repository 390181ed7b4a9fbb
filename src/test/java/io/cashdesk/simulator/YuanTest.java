package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Amounts as texts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class YuanTest {
    @Test
    void has_two_decimals_and_a_sign_if_it_is_negative() {
        assertThat(Yuan.text(990)).isEqualTo("9.90");
        assertThat(Yuan.text(5)).isEqualTo("0.05");
        assertThat(Yuan.text(-105)).isEqualTo("-1.05");
    }
}
