package io.cashdesk.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.http.PublicHttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeliveryTest {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void waits_longer_after_each_failure_and_gives_up_after_three_days() {
        var delivery = delivery();
        var now = NOON;
        var before = Duration.ZERO;
        int tries = 0;

        for (; delivery.state() == DeliveryState.WAITING; tries++) {
            delivery.failed(now, Duration.ZERO, 0);
            if (delivery.nextAt().isEmpty()) break;
            var pause = Duration.between(now, delivery.nextAt().get());
            assertThat(pause).isGreaterThanOrEqualTo(before);
            before = pause;
            now = delivery.nextAt().get();
        }

        assertThat(delivery.state()).isEqualTo(DeliveryState.GIVEN_UP);
        assertThat(Duration.between(NOON, now)).isBetween(Duration.ofDays(2), Duration.ofDays(3));
        assertThat(tries).isBetween(10, 30);
    }

    @Test
    void adds_jitter_of_up_to_a_fifth_of_the_pause() {
        var early = delivery();
        var late = delivery();

        early.failed(NOON, Duration.ZERO, 0);
        late.failed(NOON, Duration.ZERO, 1);

        assertThat(Duration.between(early.nextAt().orElseThrow(), late.nextAt().orElseThrow()))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waits_at_least_as_long_as_requested() {
        var delivery = delivery();

        delivery.failed(NOON, Duration.ofMinutes(2), 0);

        assertThat(delivery.nextAt()).contains(NOON.plusSeconds(120));
    }

    @Test
    void is_claimed_under_a_lease_and_due_again_when_it_ends() {
        var delivery = delivery();

        var first = delivery.claim(NOON, NOON);

        assertThat(delivery.isUnderWay(NOON.plusSeconds(29))).isTrue();
        assertThatThrownBy(() -> delivery.claim(NOON.plusSeconds(29), NOON)).hasMessageContaining("not due");
        assertThat(delivery.resend(NOON)).isFalse();
        var second = delivery.claim(NOON.plus(Delivery.LEASE), NOON);
        assertThat(delivery.isClaimedBy(first)).isFalse();
        assertThat(delivery.isClaimedBy(second)).isTrue();
    }

    @Test
    void claimed_after_its_endpoint_was_enabled_it_gets_a_new_retry_schedule() {
        var delivery = delivery();
        for (int i = 0; i < 9; i++) delivery.failed(NOON, Duration.ZERO, 0);
        var enabled = NOON.plus(Duration.ofDays(30));

        delivery.claim(enabled, enabled);
        delivery.failed(enabled, Duration.ZERO, 0);
        assertThat(delivery.nextAt()).contains(enabled.plusSeconds(5));

        delivery.claim(enabled.plusSeconds(5), enabled);
        delivery.failed(enabled.plusSeconds(5), Duration.ZERO, 0);
        assertThat(Duration.between(enabled.plusSeconds(5), delivery.nextAt().orElseThrow()))
                .as("once, not at every claim")
                .isGreaterThan(Duration.ofSeconds(5));
        assertThat(delivery.tries()).isEqualTo(11);
    }

    @Test
    void when_resent_it_gets_a_new_retry_schedule_and_keeps_the_time_of_its_success() {
        var delivery = delivery();
        delivery.acknowledged(NOON);
        var later = NOON.plus(Duration.ofDays(30));

        assertThat(delivery.resend(later)).isTrue();
        delivery.failed(later, Duration.ZERO, 0);

        assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery.nextAt()).contains(later.plusSeconds(5));
        assertThat(delivery.acknowledgedAt()).contains(NOON);
    }

    static Delivery delivery() {
        var event = WebhookEvent.test(AnEndpoint.forEverything(), "{}", NOON);
        return new Delivery(event, UUID.randomUUID(), null, NOON);
    }

    @ParameterizedTest
    @CsvSource({
        "200, '', true",
        "204, '', true",
        "200, 'ok', true",
        "200, '{\"code\":0}', true",
        "200, '{\"errcode\":0}', true",
        "200, '{\"code\":1}', false",
        "200, '{\"errcode\":-1}', false",
        "200, '{\"code\":\"0\"}', false",
        "302, '', false",
        "500, '{\"code\":0}', false",
    })
    void success_is_a_2xx_status_with_a_code_of_0_or_none(int status, String body, boolean acknowledged) {
        assertThat(result(status, body, Map.of()).acknowledged()).isEqualTo(acknowledged);
    }

    @ParameterizedTest
    @CsvSource({
        "503, 120, 120",
        "429, 0, 0",
        "500, 99999999999999999999, 3600",
        "503, 86400, 3600",
        "503, 'Sat, 21 Nov 2026 12:01:00 GMT', 60",
        "503, 'Sat, 21 Nov 2026 11:00:00 GMT', 0",
        "503, soon, 0",
        "200, 120, 0",
    })
    void retry_after_is_seconds_or_a_date_and_at_most_an_hour(int status, String retryAfter, long seconds) {
        assertThat(result(status, "", Map.of("Retry-After", retryAfter)).retryAfter())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    private static DeliveryResult result(int status, String body, Map<String, String> headers) {
        return DeliveryResult.answered(
                NOON,
                new PublicHttpClient.Exchange(
                        status, "application/json", body, headers, Duration.ZERO, "192.0.2.1:443"));
    }

    @Test
    void addresses_of_one_host_and_port_are_answered_together() {
        assertThat(Delivery.host("https://Shop.example/notify?no=1")).isEqualTo("shop.example");
        assertThat(Delivery.host("https://shop.example:8443/n")).isEqualTo("shop.example:8443");
        assertThat(Delivery.host("https://[2001:db8::1]:8443/n")).isEqualTo("[2001:db8::1]:8443");
    }
}
