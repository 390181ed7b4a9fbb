package io.cashdesk.webhook;

import static io.cashdesk.webhook.AnEndpoint.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointTest {
    @Test
    void receives_the_events_and_types_it_lists_or_all_if_it_lists_none() {
        var all = AnEndpoint.forEverything();
        var some = AnEndpoint.forEvents("payment.paid")
                .ofOrdersOfType("vip", "goods")
                .build();

        assertThat(all.receives("payment.closed", "goods")).isTrue();
        assertThat(some.receives("payment.paid", "goods")).isTrue();
        assertThat(some.receives("payment.closed", "goods")).isFalse();
        assertThat(some.receives("payment.paid", "recharge")).isFalse();
    }

    @Test
    void is_disabled_at_once_by_410_gone() {
        var endpoint = AnEndpoint.forEverything();

        assertThat(endpoint.failed(NOON, true, Duration.ZERO)).isTrue();

        assertThat(endpoint.enabled()).isFalse();
        assertThat(endpoint.disabledBecause()).contains(DisabledBecause.GONE);
        assertThat(endpoint.receives("payment.paid", "goods")).isFalse();
    }

    @Test
    void is_disabled_after_five_days_without_a_success() {
        var endpoint = AnEndpoint.forEverything();
        for (int hours = 0; hours < 5 * 24; hours += 8) {
            endpoint.failed(NOON.plus(Duration.ofHours(hours)), false, Duration.ZERO);
        }

        assertThat(endpoint.failed(NOON.plus(Duration.ofDays(5)).minusSeconds(1), false, Duration.ZERO))
                .isFalse();
        assertThat(endpoint.failed(NOON.plus(Duration.ofDays(5)), false, Duration.ZERO))
                .isTrue();
        assertThat(endpoint.disabledBecause()).contains(DisabledBecause.FAILING);
    }

    @Test
    void a_failure_long_after_the_last_one_starts_a_new_series() {
        var endpoint = AnEndpoint.forEverything();
        endpoint.failed(NOON, false, Duration.ZERO);
        var later = NOON.plus(Duration.ofDays(7));

        assertThat(endpoint.failed(later, false, Duration.ZERO)).isFalse();

        assertThat(endpoint.failingSince()).contains(later);
        assertThat(endpoint.failures()).isEqualTo(1);
    }

    @Test
    void one_success_within_five_days_keeps_it_enabled() {
        var endpoint = AnEndpoint.forEverything();
        endpoint.failed(NOON, false, Duration.ZERO);
        endpoint.succeeded();

        endpoint.failed(NOON.plus(Duration.ofDays(4)), false, Duration.ZERO);

        assertThat(endpoint.failed(NOON.plus(Duration.ofDays(8)), false, Duration.ZERO))
                .isFalse();
    }

    @Test
    void enabling_it_clears_its_failures_and_pause() {
        var endpoint = AnEndpoint.forEverything();
        endpoint.failed(NOON, true, Duration.ofMinutes(1));

        assertThat(endpoint.resuming()).as("a new one has no backlog").isFalse();
        endpoint.enable(NOON);
        assertThat(endpoint.resuming()).isTrue();

        assertThat(endpoint.enabled()).isTrue();
        assertThat(endpoint.disabledBecause()).isEmpty();
        assertThat(endpoint.failingSince()).isEmpty();
        assertThat(endpoint.pausedUntil()).isEmpty();
    }

    @Test
    void a_try_at_another_url_or_before_it_was_enabled_does_not_count() {
        var endpoint = AnEndpoint.forEverything();
        var later = NOON.plusSeconds(60);
        endpoint.enable(later);

        assertThat(endpoint.isConcernedBy(AnEndpoint.URL, later)).isTrue();
        assertThat(endpoint.isConcernedBy(AnEndpoint.URL, later.minusMillis(1))).isFalse();
        assertThat(endpoint.isConcernedBy("https://shop.example/old", later)).isFalse();
    }

    @Test
    void the_previous_secret_is_used_until_the_end_of_its_grace_period() {
        var endpoint = AnEndpoint.forEverything();

        endpoint.rotate("newer", NOON.plusSeconds(60));

        assertThat(endpoint.sealed()).isEqualTo("newer");
        assertThat(endpoint.oldSealed(NOON.plusSeconds(59))).contains("sealed");
        assertThat(endpoint.oldSealed(NOON.plusSeconds(60))).isEmpty();
    }
}
