package io.cashdesk.face.cloudpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryTimeTest {
    @Test
    void ends_after_three_seconds() {
        var now = new AtomicReference<>(Instant.parse("2026-11-27T04:00:00Z"));
        var time = new QueryTime(new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });

        now.updateAndGet(t -> t.plusMillis(2_999));
        assertThat(time.isOver()).isFalse();
        now.updateAndGet(t -> t.plus(Duration.ofMillis(1)));
        assertThat(time.isOver()).isTrue();
    }
}
