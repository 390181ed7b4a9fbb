package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleConsumptionsTest {
    private static final JsonObject RIGHT = Json.createObjectBuilder()
            .add("customerConsented", true)
            .add("sampleContentProvided", false)
            .add("deliveryStatus", "DELIVERED")
            .add("consumptionPercentage", 100_000)
            .add("refundPreference", "DECLINE")
            .build();

    @Test
    void right_ones_are_accepted() {
        var v1 = Json.createObjectBuilder(RIGHT).add("deliveryStatus", 0).build();

        assertThatCode(() -> AppleConsumptions.check("v2", RIGHT)).doesNotThrowAnyException();
        assertThatCode(() -> AppleConsumptions.check("v1", v1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "v2, customerConsented, false, 4000035",
        "v2, customerConsented, , 4000035",
        "v2, sampleContentProvided, , 4000041",
        "v2, sampleContentProvided, 1, 4000041",
        "v2, deliveryStatus, , 4000036",
        "v2, deliveryStatus, 0, 4000036",
        "v2, deliveryStatus, \"LOST\", 4000036",
        "v1, deliveryStatus, \"DELIVERED\", 4000036",
        "v2, refundPreference, \"MAYBE\", 4000000",
        "v2, consumptionPercentage, 100001, 4000000"
    })
    void wrong_fields_are_refused_with_apples_code(String version, String name, String value, int code) {
        var body = Json.createObjectBuilder(RIGHT).remove(name);
        if (value != null) body.add(name, json(value));

        assertThatThrownBy(() -> AppleConsumptions.check(version, body.build()))
                .isInstanceOfSatisfying(AppleRefusal.class, r -> {
                    assertThat(r.code()).isEqualTo(code);
                    assertThat(r.status()).isEqualTo(400);
                });
    }

    private static JsonValue json(String text) {
        try (var reader = Json.createReader(new StringReader("[" + text + "]"))) {
            return reader.readArray().get(0);
        }
    }
}
