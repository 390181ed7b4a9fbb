package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonMergeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'a':1}; {'b':2}; {'a':1,'b':2}",
                "{'a':1}; {'a':2}; {'a':2}",
                "{'s':{'a':1}}; {'s':{'b':2}}; {'s':{'a':1,'b':2}}",
                "{'s':{'t':{'a':1}}}; {'s':{'t':{'b':2}}}; {'s':{'t':{'a':1,'b':2}}}",
                "{'s':{'a':1}}; {'s':[3]}; {'s':[3]}",
                "{'s':[1]}; {'s':[2]}; {'s':[2]}",
                "{'s':1}; {'s':{'a':2}}; {'s':{'a':2}}",
            })
    void objects_are_merged_object_by_object(String object, String other, String merged) {
        assertThat(JsonMerge.merged(json(object), json(other))).isEqualTo(json(merged));
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text.replace('\'', '"')))) {
            return reader.readObject();
        }
    }
}
