package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleCallerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private static final JsonObject HEADER = Json.createObjectBuilder()
            .add("alg", "ES256")
            .add("typ", "JWT")
            .add("kid", "KEY1234567")
            .build();

    private static final JsonObject CLAIMS = Json.createObjectBuilder()
            .add("iss", "issuer")
            .add("aud", "appstoreconnect-v1")
            .add("bid", "com.example")
            .add("iat", 1_000_000)
            .add("exp", 1_000_300)
            .build();

    private static String wrong(JsonObject header, JsonObject claims) {
        return AppleCaller.wrong(header, claims, APurchase.APP, NOW);
    }

    @Test
    void a_right_token_is_accepted_up_to_an_hour() {
        assertThat(wrong(HEADER, CLAIMS)).isEmpty();
        assertThat(wrong(
                        HEADER,
                        Json.createObjectBuilder(CLAIMS).add("exp", 1_003_600).build()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alg, HS256",
        "alg, none",
        "typ, jwt",
        "kid, OTHER",
        "iss, other",
        "aud, appstoreconnect-v2",
        "bid, com.other"
    })
    void every_text_must_be_right(String name, String value) {
        var inHeader = HEADER.containsKey(name);
        var header =
                inHeader ? Json.createObjectBuilder(HEADER).add(name, value).build() : HEADER;
        var claims = inHeader
                ? CLAIMS
                : Json.createObjectBuilder(CLAIMS).add(name, value).build();

        assertThat(wrong(header, claims)).contains(name);
        assertThat(wrong(without(header, name), without(claims, name))).contains(name);
    }

    private static JsonObject without(JsonObject object, String name) {
        return Json.createObjectBuilder(object).remove(name).build();
    }

    @ParameterizedTest
    @CsvSource({
        "iat, 1000061, iat is in the future",
        "exp, 1000000, the token has expired",
        "exp, 1003601, exp is more than 60 minutes after iat"
    })
    void times_must_be_right(String name, long value, String why) {
        assertThat(wrong(
                        HEADER,
                        Json.createObjectBuilder(CLAIMS).add(name, value).build()))
                .isEqualTo(why);
        assertThat(wrong(HEADER, without(CLAIMS, name))).contains(name + " is missing");
    }
}
