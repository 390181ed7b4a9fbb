package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OtherParametersTest {
    private final OtherParameters parameters = new OtherParameters(Set.of("amount", "scene.address"));

    @ParameterizedTest
    @ValueSource(strings = {"{'b':1}", "{'scene':{'id':1}}", "{'scene':{'deep':{'address':1}}}", "{'x':{'amount':1}}"})
    void keys_that_are_not_reserved_are_accepted(String other) {
        parameters.check(json(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'amount':1}; other.amount",
                "{'amount':{'total':1}}; other.amount",
                "{'b':1,'amount':null}; other.amount",
                "{'scene':{'address':''}}; other.scene.address"
            })
    void a_reserved_key_is_refused_by_its_name(String other, String named) {
        assertThatThrownBy(() -> parameters.check(json(other)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.OTHER_RESERVED))
                .hasMessageContaining(named + " ");
    }

    @Test
    void what_would_take_the_place_of_an_object_with_reserved_keys_is_refused() {
        assertThatThrownBy(() -> parameters.check(json("{'scene':'shop'}")))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                .hasMessageContaining("other.scene must be an object");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {"'shop'; 文本", "[1]; 数组", "1; 数字", "true; true"})
    void a_value_of_another_type_is_refused_in_chinese_too(String given, String found) {
        assertThatThrownBy(() -> parameters.check(json("{'scene':" + given + "}")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.message(Locale.CHINESE)).isEqualTo("other.scene 必须是 对象，收到的是 " + found));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text.replace('\'', '"')))) {
            return reader.readObject();
        }
    }
}
