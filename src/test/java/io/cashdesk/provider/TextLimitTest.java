package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.provider.TextLimit.Unit;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TextLimitTest {
    private final TextLimit bytes = new TextLimit("description", 127, Unit.UTF8_BYTES, "a page");
    private final TextLimit characters = new TextLimit("subject", 4, Unit.CHARACTERS, "a page");

    @Test
    void a_chinese_character_has_three_bytes() {
        assertThat(bytes.holds("茶".repeat(42))).isTrue();
        assertThat(bytes.holds("茶".repeat(43))).isFalse();
        assertThat(bytes.shortened("茶".repeat(43))).isEqualTo("茶".repeat(42));
        assertThat(bytes.shortened("ab" + "茶".repeat(42))).isEqualTo("ab" + "茶".repeat(41));
    }

    @Test
    void a_short_text_stays() {
        assertThat(bytes.shortened("tea")).isEqualTo("tea");
        assertThat(characters.shortened("四个字儿")).isEqualTo("四个字儿");
    }

    @Test
    void an_emoji_is_one_character_and_is_never_halved() {
        assertThat(characters.shortened("🍵🍵🍵🍵🍵")).isEqualTo("🍵🍵🍵🍵");
        assertThat(new TextLimit("x", 5, Unit.UTF8_BYTES, "a page").shortened("🍵🍵"))
                .isEqualTo("🍵");
    }

    @Test
    void what_readers_see_as_one_character_is_kept_or_left_out_as_a_whole() {
        assertThat(characters.shortened("abce\u0301x")).isEqualTo("abc");
        var family = "👨\u200D👩\u200D👧";
        assertThat(characters.shortened("a" + family + "b")).isEqualTo("a");
        assertThat(bytes.shortened("ab" + family.repeat(7) + "🇨🇳")).isEqualTo("ab" + family.repeat(6));
        assertThat(bytes.shortened("茶".repeat(40) + "🇨🇳")).isEqualTo("茶".repeat(40));
    }

    @Test
    void a_character_that_is_too_long_itself_loses_its_last_marks() {
        assertThat(characters.shortened("e" + "\u0301".repeat(9))).isEqualTo("e" + "\u0301".repeat(3));
    }

    @Test
    void a_shortened_text_has_no_blank_at_its_end() {
        assertThat(characters.shortened("abc def")).isEqualTo("abc");
        assertThat(characters.shortened("ab\u3000\u3000ef")).isEqualTo("ab");
    }

    @Test
    void what_must_not_be_shortened_is_refused_with_its_length_and_the_unit() {
        assertThat(bytes.required("attach", "tea")).isEqualTo("tea");
        assertThatThrownBy(() -> bytes.required("attach", "茶".repeat(43)))
                .hasMessageContaining("attach must be a text of at most 127 bytes in UTF-8, but is one of 129")
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.message(Locale.CHINESE))
                                .isEqualTo("attach 必须是 最多 127 字节（UTF-8）的文本，收到的是 129 字节"));
    }
}
