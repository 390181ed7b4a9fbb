package io.cashdesk.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.idempotency.ApiDialect.Outcome;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotentTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.cashdesk");

    /**
     * They change nothing here, apply a purchase that pays once however often it is posted, or send a login code to the
     * wallet's server, which accepts a code only once.
     */
    private static final Set<String> READ_ONLY =
            Set.of("queryPayment", "queryRefund", "getOpenid", "code2Session{wallet}", "verifyReceipt");

    private final UUID seed = UUID.fromString("01234567-89ab-7def-8123-456789abcdef");

    private static JsonObject code(int code) {
        return Json.createObjectBuilder().add("code", code).build();
    }

    private JsonObject completed(String call, String body) {
        var done = new ApiDialect.Plain()
                .complete(new ApiDialect.Call(call, null), body.getBytes(StandardCharsets.UTF_8), seed);
        try (var reader = Json.createReader(new StringReader(new String(done, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        }
    }

    @Test
    void a_null_as_the_number_of_a_refund_is_left_for_the_call_to_refuse() {
        var body = completed("refund", "{\"out_trade_no\":\"T1\",\"out_refund_no\":null}");

        assertThat(body.get("out_refund_no")).isEqualTo(JsonValue.NULL);
    }

    private static Set<String> callsWithoutIdempotencyBelow(String path) {
        return CLASSES.stream()
                .filter(c -> c.isAnnotatedWith(Path.class))
                .filter(c -> c.getAnnotationOfType(Path.class).value().startsWith(path))
                .flatMap(c -> c.getMethods().stream())
                .filter(m -> m.isAnnotatedWith(POST.class) || m.isAnnotatedWith(PUT.class))
                .filter(m -> !m.isAnnotatedWith(Idempotent.class))
                .map(m -> m.isAnnotatedWith(Path.class)
                        ? m.getAnnotationOfType(Path.class).value()
                        : m.getFullName())
                .collect(Collectors.toSet());
    }

    @Test
    void every_call_of_the_merchant_api_is_read_only_or_idempotent() {
        assertThat(callsWithoutIdempotencyBelow("/api/pay")).isEqualTo(READ_ONLY);
    }

    @Test
    void every_writing_call_of_the_management_api_is_idempotent() {
        assertThat(callsWithoutIdempotencyBelow("/api/manage")).isEmpty();
    }

    @Test
    void a_success_is_kept() {
        assertThat(ApiDialect.byCode(code(0))).isEqualTo(Outcome.FINAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {2005, 2006, 2007, 2015, 2002, 2014})
    void a_decision_about_the_order_is_kept(int decision) {
        assertThat(ApiDialect.byCode(code(decision))).isEqualTo(Outcome.FINAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {2004, 2008, 2010, 3001, 3002, 3003, 3004, 3005, 5000, 5001, 999999})
    void a_temporary_error_or_an_unknown_outcome_is_not_kept(int temporary) {
        assertThat(ApiDialect.byCode(code(temporary))).isEqualTo(Outcome.TEMPORARY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1101, 1103, 2001, 4001, 4003, 4005})
    void an_invalid_request_leaves_the_key_unused(int mistake) {
        assertThat(ApiDialect.byCode(code(mistake))).isEqualTo(Outcome.MISTAKE);
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void no_failure_of_this_server_or_a_provider_is_kept(ProblemType type) {
        if (type.status() >= 500)
            assertThat(ApiDialect.byCode(code(type.code()))).isEqualTo(Outcome.TEMPORARY);
        assertThat(ProblemType.ofCode(type.code())).contains(type);
    }

    @Test
    void a_response_without_a_code_is_not_kept() {
        assertThat(ApiDialect.byCode(JsonObject.EMPTY_JSON_OBJECT)).isEqualTo(Outcome.TEMPORARY);
    }

    @Test
    void a_refund_without_a_number_gets_the_same_number_each_time() {
        assertThat(completed("refund", "{\"out_trade_no\":\"T1\",\"refund_fee\":100}"))
                .isEqualTo(completed("refund", "{\"out_trade_no\":\"T1\",\"refund_fee\":100}"))
                .containsEntry("out_refund_no", Json.createValue("T1-0123456789ab"));
    }

    @ParameterizedTest
    @CsvSource({"51, 64", "52, 32", "64, 32"})
    void the_generated_number_is_a_valid_out_refund_no(int length, int expectedLength) {
        var number = completed("refund", "{\"out_trade_no\":\"" + "T".repeat(length) + "\"}");

        assertThat(number.getString("out_refund_no")).hasSize(expectedLength);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"out_trade_no\":\"T1\",\"out_refund_no\":\"R1\"}",
                "{\"out_trade_no\":\"T1\",\"out_refund_no\":\"\"}",
                "{\"out_trade_no\":\"T1\",\"out_refund_no\":7}",
                "{\"refund_fee\":7}"
            })
    void a_body_with_a_number_or_without_an_order_is_not_changed(String body) {
        assertThat(completed("refund", body).toString()).isEqualTo(body);
    }

    @Test
    void bodies_of_other_calls_are_not_changed() {
        assertThat(completed("closePayment", "{\"out_trade_no\":\"T1\"}").toString())
                .isEqualTo("{\"out_trade_no\":\"T1\"}");
    }
}
