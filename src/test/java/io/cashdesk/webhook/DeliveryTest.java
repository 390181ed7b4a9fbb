package io.cashdesk.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.http.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
    void waits_longer_after_each_refusal_and_gives_up_after_three_days() {
        var delivery = new Delivery(UUID.randomUUID(), UUID.randomUUID(), null, NOON);
        var now = NOON;
        var before = Duration.ZERO;
        int tries = 0;

        for (Optional<Instant> next = Optional.of(NOON); next.isPresent(); tries++) {
            next = delivery.notHeard(now, 0);
            if (next.isEmpty()) break;
            var pause = Duration.between(now, next.get());
            assertThat(pause).isGreaterThanOrEqualTo(before);
            before = pause;
            now = next.get();
        }

        assertThat(delivery.state()).isEqualTo(Delivery.State.GIVEN_UP);
        assertThat(Duration.between(NOON, now)).isBetween(Duration.ofDays(2), Duration.ofDays(3));
        assertThat(tries).isBetween(10, 30);
    }

    @Test
    void spreads_a_crowd_over_a_fifth_of_the_pause() {
        var early = new Delivery(UUID.randomUUID(), UUID.randomUUID(), null, NOON)
                .notHeard(NOON, 0)
                .orElseThrow();
        var late = new Delivery(UUID.randomUUID(), UUID.randomUUID(), null, NOON)
                .notHeard(NOON, 1)
                .orElseThrow();

        assertThat(Duration.between(early, late)).isEqualTo(Duration.ofSeconds(1));
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
    void heard_is_a_2xx_whose_code_if_any_is_0(int status, String body, boolean heard) {
        var exchange = new Outgoing.Exchange(status, "application/json", body, Map.of(), Duration.ofMillis(3));

        assertThat(Told.answered(exchange).heard()).isEqualTo(heard);
    }
}
