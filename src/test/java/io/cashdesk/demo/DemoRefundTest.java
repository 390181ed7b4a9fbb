package io.cashdesk.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo shop does with the answer of the API call refund. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoRefundTest {
    private static String after(int status, int code) {
        return DemoResource.stateAfter(new PublicApi.ApiResponse(
                status, Json.createObjectBuilder().add("code", code).build()));
    }

    @ParameterizedTest
    @CsvSource({"422, 2015", "409, 2014", "409, 2017", "400, 1102", "401, 4002", "404, 2001", "502, 3002"})
    void a_clear_refusal_ends_a_refund(int status, int code) {
        assertThat(after(status, code)).isEqualTo("failed");
    }

    @ParameterizedTest
    @CsvSource({
        "504, 5002",
        "503, 5001",
        "500, 5000",
        "504, 3004",
        "503, 3003",
        "503, 3005",
        "503, 3008",
        "409, 2004",
        "409, 2008",
        "409, 2019",
        "429, 2021"
    })
    void after_an_unknown_outcome_it_stays_requested(int status, int code) {
        assertThat(after(status, code)).isEqualTo("requested");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 413, 502, 504})
    void a_page_of_a_proxy_says_nothing(int status) {
        var page = new PublicApi.ApiResponse(status, PublicApi.object("<html><h1>Error</h1></html>"));

        assertThat(DemoResource.stateAfter(page)).isEqualTo("requested");
    }

    @ParameterizedTest
    @CsvSource({"processing, processing", "success, processing", "failed, failed", "closed, failed"})
    void an_accepted_refund_is_processing_until_its_webhook_arrives(String status, String state) {
        var body = Json.createObjectBuilder().add("code", 0).add("refund_status", status);

        assertThat(DemoResource.stateAfter(new PublicApi.ApiResponse(200, body.build())))
                .isEqualTo(state);
    }

    @Test
    void only_a_refund_of_the_same_amount_and_of_unknown_outcome_is_repeated() {
        var failed = refund("R1", 300, "merchant", "failed");
        var other = refund("R2", 300, "duplicate", "requested");
        var unknown = refund("R3", 300, "merchant", "requested");

        assertThat(ShopOrders.toRepeat(List.of(failed, other, unknown), 300)).contains("R3");
        assertThat(ShopOrders.toRepeat(List.of(failed, other, unknown), 200)).isEmpty();
        assertThat(ShopOrders.toRepeat(List.of(failed, other), 300)).isEmpty();
    }

    private static ShopOrders.Refund refund(String no, long fee, String cause, String state) {
        return new ShopOrders.Refund(no, fee, cause, state, "", Instant.EPOCH, Optional.empty());
    }

    @Test
    void json_that_a_parser_refuses_for_its_size_is_an_empty_object() {
        assertThat(PublicApi.object("{\"a\":" + "[".repeat(5_000))).isEmpty();
        assertThat(PublicApi.object("{\"a\":" + "9".repeat(1_200) + "}")).isEmpty();
    }
}
