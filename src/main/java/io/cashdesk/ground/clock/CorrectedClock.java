package io.cashdesk.ground.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The database's time on this node, in microseconds: the last good measurement, continued with the monotonic clock. The
 * system clock itself is only compared with it, so that a wrong one, or one that leaps, changes no time that is read
 * here. Before the first measurement it is the system clock.
 *
 * <p>Reading takes no lock. The time may step by the correction when a new measurement is taken over, usually by less
 * than a millisecond.
 */
public final class CorrectedClock extends Clock {
    /** A system clock that differs by more than this from the database's is wrong. */
    public static final Duration TOLERATED = Duration.ofSeconds(2);

    /** If the system clock's progress since the last measurement differs by more than this, it has leapt. */
    static final Duration LEAP = Duration.ofMillis(500);

    /** The error of a measurement is half of its round trip; slower ones say too little. */
    static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(1);

    /** By how much two measurements may differ beyond their errors: what NTP corrects between them. */
    private static final Duration AGREEMENT = Duration.ofMillis(50);

    /** A measurement loses accuracy with its age: 200 ppm, twice what a computer's clock is allowed to drift. */
    private static final long DRIFT_PER = 5_000;

    /** While reading both clocks took longer than this, their difference says nothing. */
    private static final Duration READ_TOGETHER = Duration.ofMillis(50);

    private static final int READINGS = 5;

    private final SystemTime system;
    private final Runnable onLeap;
    private final AtomicBoolean leapNoticed = new AtomicBoolean();
    private volatile Reference reference;
    private Moment unconfirmed;

    /** What became of a measurement. */
    enum Verdict {
        /** It agrees with the present time, or with the measurement before it, and was taken over if it is better. */
        TAKEN,
        /** The round trip was too long. */
        TOO_SLOW,
        /** It contradicts the present time. One bad measurement changes nothing: the next one has to confirm it. */
        CONTRADICTS
    }

    /**
     * A moment of the database's time.
     *
     * @param nanos when it was, by the monotonic clock
     * @param error by how much it can be wrong, in nanoseconds
     */
    private record Moment(long nanos, Instant time, long error) {
        Instant at(long nanos) {
            return time.plusNanos(nanos - this.nanos);
        }

        long errorAt(long nanos) {
            return error + Math.abs(nanos - this.nanos) / DRIFT_PER;
        }

        boolean agreesWith(Moment other) {
            var difference = Duration.between(at(other.nanos), other.time).abs();
            return difference.compareTo(
                            Duration.ofNanos(errorAt(other.nanos) + other.error).plus(AGREEMENT))
                    <= 0;
        }
    }

    /**
     * What is read now.
     *
     * @param measured whether the moment was measured; false: it is the system clock's
     * @param wall the system clock when it was last compared
     */
    private record Reference(Moment moment, boolean measured, Wall wall) {}

    /** The system clock at a moment of the monotonic clock. */
    private record Wall(long nanos, Instant time) {
        boolean leapt(Wall later) {
            var progress = Duration.between(time, later.time).minusNanos(later.nanos - nanos);
            return progress.abs().compareTo(LEAP) > 0;
        }
    }

    /** @param onLeap called once when a leap of the system clock is noticed, until the next measurement is taken */
    CorrectedClock(SystemTime system, Runnable onLeap) {
        this.system = system;
        this.onLeap = onLeap;
        var wall = wall();
        this.reference = new Reference(new Moment(wall.nanos, wall.time, 0), false, wall);
    }

    /**
     * Takes over one measurement.
     *
     * @param sent the monotonic clock before the database was queried
     * @param database the database's answer
     * @param received the monotonic clock afterwards
     */
    synchronized Verdict measured(long sent, Instant database, long received) {
        var roundTrip = received - sent;
        if (roundTrip > LONGEST_ROUND_TRIP.toNanos()) return Verdict.TOO_SLOW;
        var sample = new Moment(sent + roundTrip / 2, database, roundTrip / 2);
        var present = reference.moment;
        var agrees = reference.measured && present.agreesWith(sample);
        var confirmed = agrees || (unconfirmed != null && unconfirmed.agreesWith(sample));
        if (reference.measured && !confirmed) {
            unconfirmed = sample;
            return Verdict.CONTRADICTS;
        }
        unconfirmed = null;
        var better = !agrees || sample.error <= present.errorAt(sample.nanos);
        reference = new Reference(better ? sample : present, true, wall());
        leapNoticed.set(false);
        return Verdict.TAKEN;
    }

    @Override
    public Instant instant() {
        var now = reference;
        var nanos = system.nanos();
        var wall = system.wall();
        if (now.wall.leapt(new Wall(nanos, wall)) && leapNoticed.compareAndSet(false, true)) onLeap.run();
        return (now.measured ? now.moment.at(nanos) : wall).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public long millis() {
        return instant().toEpochMilli();
    }

    /** Whether the database's time was measured at least once. */
    boolean isMeasured() {
        return reference.measured;
    }

    /** How far the system clock is ahead of the database's; negative: behind. */
    Duration offset() {
        var now = reference;
        var wall = wall();
        return now.measured ? Duration.between(now.moment.at(wall.nanos), wall.time) : Duration.ZERO;
    }

    /** Whether the system clock differs by more than {@link #TOLERATED}, or it is not known whether it does. */
    boolean isWrong() {
        return !isMeasured() || offset().abs().compareTo(TOLERATED) > 0;
    }

    /** Both clocks at the same moment, also if this thread has to wait for the processor between the two readings. */
    private Wall wall() {
        for (int reading = 1; ; reading++) {
            var before = system.nanos();
            var time = system.wall();
            var after = system.nanos();
            if (after - before <= READ_TOGETHER.toNanos() || reading == READINGS) {
                return new Wall(before + (after - before) / 2, time);
            }
        }
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock has instants only; a zone belongs to what shows them");
    }
}
