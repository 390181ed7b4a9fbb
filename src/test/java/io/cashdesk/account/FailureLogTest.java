package io.cashdesk.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FailureLogTest {
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final InstantSource source = () -> now;
    private final FailureLog log = new FailureLog();

    @BeforeEach
    void setTheClock() {
        log.clock = source.withZone(ZoneOffset.UTC);
    }

    @Test
    void one_line_for_each_account_and_minute_says_how_many_were_left_out() {
        var account = UUID.randomUUID();

        assertThat(log.next(account)).isZero();
        for (int i = 0; i < 300; i++) assertThat(log.next(account)).isNegative();
        assertThat(log.next(UUID.randomUUID())).as("another account").isZero();

        now = now.plusSeconds(60);
        assertThat(log.next(account)).isEqualTo(300);
        assertThat(log.next(account)).isNegative();
    }
}
