package io.cashdesk.ground.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cashdesk.ground.clock.CorrectedClock.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorrectedClockTest {
    static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    /** Clocks that go only when the test says so. The real time is the database's. */
    static final class Machine extends SystemTime {
        Instant real = NOON;
        Instant database = NOON;
        Instant wall = NOON;
        long nanos = 1_000;

        @Override
        public Instant wall() {
            return wall;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        void pass(Duration time) {
            real = real.plus(time);
            database = database.plus(time);
            wall = wall.plus(time);
            nanos += time.toNanos();
        }

        void stepWall(Duration step) {
            wall = wall.plus(step);
        }

        void stepDatabase(Duration step) {
            database = database.plus(step);
        }

        /** The machine sleeps: the monotonic clock stops. */
        void suspend(Duration time) {
            pass(time);
            nanos -= time.toNanos();
        }
    }

    final Machine machine = new Machine();
    final AtomicInteger leaps = new AtomicInteger();
    final CorrectedClock clock = new CorrectedClock(machine, leaps::incrementAndGet);

    /** One query: the database reads its clock after the way there. */
    Verdict measure(Duration there, Duration back) {
        var sent = machine.nanos;
        machine.pass(there);
        var answer = machine.database;
        machine.pass(back);
        return clock.measured(sent, answer, machine.nanos);
    }

    Verdict measure() {
        return measure(Duration.ofMillis(1), Duration.ofMillis(1));
    }

    void isRight() {
        assertThat(clock.instant()).isCloseTo(machine.real, within(5, ChronoUnit.MILLIS));
    }

    @Test
    void before_the_first_measurement_it_is_the_system_clock_and_not_known_to_be_right() {
        machine.stepWall(Duration.ofSeconds(3));

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(3));
        assertThat(clock.isWrong()).isTrue();
        assertThat(clock.offset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 60_000, -60_000, 86_400_000L * 5_000, 2_100, -1_900})
    void a_node_whose_clock_is_wrong_has_the_databases_time(long millis) {
        machine.stepWall(Duration.ofMillis(millis));

        assertThat(measure()).isEqualTo(Verdict.TAKEN);

        isRight();
        machine.pass(Duration.ofMinutes(10));
        isRight();
        assertThat(clock.offset()).isCloseTo(Duration.ofMillis(millis), Duration.ofMillis(1));
    }

    @ParameterizedTest
    @CsvSource({"2100, true", "-2100, true", "1900, false", "-1900, false", "0, false", "60000, true", "-60000, true"})
    void a_clock_is_wrong_when_it_is_more_than_two_seconds_off(long millis, boolean wrong) {
        machine.stepWall(Duration.ofMillis(millis));
        measure();

        assertThat(clock.isWrong()).isEqualTo(wrong);

        machine.stepWall(Duration.ofMillis(-millis));
        assertThat(clock.isWrong()).as("corrected").isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, -60_000, 2_100, -2_100, 600, -600})
    void a_leap_while_running_changes_no_time_and_is_measured_at_once(long millis) {
        measure();
        machine.pass(Duration.ofSeconds(3));
        machine.stepWall(Duration.ofMillis(millis));

        isRight();
        isRight();
        assertThat(leaps).as("asks once, however often the time is read").hasValue(1);
        assertThat(clock.isWrong()).isEqualTo(Math.abs(millis) > 2_000);

        assertThat(measure()).isEqualTo(Verdict.TAKEN);
        isRight();
        assertThat(leaps).hasValue(1);

        machine.stepWall(Duration.ofMillis(-millis));
        isRight();
        assertThat(leaps).as("the leap back").hasValue(2);
        assertThat(clock.isWrong()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {400, -400})
    void what_ntp_corrects_is_no_leap(long millis) {
        measure();
        machine.stepWall(Duration.ofMillis(millis));

        isRight();

        assertThat(leaps).hasValue(0);
    }

    @Test
    void a_slow_drift_is_followed_by_each_measurement_and_is_no_leap() {
        measure();
        for (int i = 0; i < 10_000; i++) {
            machine.pass(Duration.ofSeconds(5));
            machine.nanos += 500_000; // 100 ppm fast
            machine.stepWall(Duration.ofNanos(500_000));
            assertThat(measure()).isEqualTo(Verdict.TAKEN);
            isRight();
        }
        assertThat(leaps).hasValue(0);
        assertThat(clock.isWrong()).as("five seconds off").isTrue();
    }

    @Test
    void while_the_database_is_away_the_time_goes_on() {
        machine.stepWall(Duration.ofMinutes(-1));
        measure();

        machine.pass(Duration.ofHours(8));
        machine.stepWall(Duration.ofMinutes(2));

        isRight();
        assertThat(clock.isWrong()).isTrue();
    }

    @Test
    void the_time_is_that_of_the_middle_of_the_round_trip() {
        measure(Duration.ofMillis(100), Duration.ofMillis(100));

        isRight();
    }

    @Test
    void a_long_round_trip_says_nothing() {
        assertThat(measure(Duration.ofMillis(1_001), Duration.ZERO)).isEqualTo(Verdict.TOO_SLOW);
        assertThat(clock.isMeasured()).isFalse();

        measure();
        assertThat(measure(Duration.ZERO, Duration.ofSeconds(30))).isEqualTo(Verdict.TOO_SLOW);
        isRight();
    }

    @Test
    void a_less_exact_measurement_does_not_replace_a_better_one() {
        measure();

        assertThat(measure(Duration.ofMillis(300), Duration.ZERO)).isEqualTo(Verdict.TAKEN);
        isRight();

        measure(Duration.ofMillis(1), Duration.ofMillis(1));
        isRight();
    }

    @Test
    void one_bad_measurement_changes_nothing() {
        measure();

        machine.stepDatabase(Duration.ofSeconds(40));
        assertThat(measure()).isEqualTo(Verdict.CONTRADICTS);
        machine.stepDatabase(Duration.ofSeconds(-40));
        isRight();
        assertThat(measure()).isEqualTo(Verdict.TAKEN);

        machine.stepDatabase(Duration.ofSeconds(40));
        assertThat(measure()).as("the one before is forgotten").isEqualTo(Verdict.CONTRADICTS);
        machine.stepDatabase(Duration.ofSeconds(-80));
        assertThat(measure()).as("two bad ones that differ").isEqualTo(Verdict.CONTRADICTS);
        isRight();
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000, -60_000, 2_100, 300})
    void when_the_databases_clock_leaps_the_second_measurement_follows_it(long millis) {
        measure();
        machine.stepDatabase(Duration.ofMillis(millis));

        assertThat(measure()).isEqualTo(Verdict.CONTRADICTS);
        isRight();
        assertThat(measure()).isEqualTo(Verdict.TAKEN);

        assertThat(clock.instant()).isCloseTo(machine.database, within(5, ChronoUnit.MILLIS));
        assertThat(clock.isWrong()).isEqualTo(Math.abs(millis) > 2_000);
    }

    @Test
    void after_the_machine_was_suspended_it_is_measured_anew() {
        measure();
        machine.suspend(Duration.ofMinutes(30));

        assertThat(clock.instant()).as("behind, so that nothing ends too early").isBefore(machine.real);
        assertThat(leaps).hasValue(1);

        assertThat(measure()).isEqualTo(Verdict.CONTRADICTS);
        assertThat(measure()).isEqualTo(Verdict.TAKEN);
        isRight();
        assertThat(clock.isWrong()).isFalse();
    }

    @Test
    void it_has_microseconds_like_the_database() {
        measure();
        machine.nanos += 1_234;

        assertThat(clock.instant()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.MICROS));
        assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
    }
}
