package io.cashdesk.testing;

import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * How slow this machine is at the moment, compared with one on which nothing else runs and whose cores are as fast as
 * those that the limits in the tests were chosen on. A limit that is multiplied by it fails a program that is too slow,
 * not a machine that is busy.
 */
public final class Machine {
    /** How long {@link #work} takes on one core of the machine on which the limits were chosen, in milliseconds. */
    private static final double REFERENCE = 32;

    /** On a machine that is slower than this, limits say nothing; and a test that hangs must end. */
    private static final double SLOWEST = 10;

    /** The load counts processes that wait for a disk too, and such that want a core only now and then. */
    private static final double BUSIEST = 4;

    private static final double CORE = Math.max(1, measured() / REFERENCE);

    private Machine() {}

    /** At least 1, at most 10: how slow a core is, times how many processes want each core now (at most 4). */
    public static double factor() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        var load = system.getSystemLoadAverage() / system.getAvailableProcessors(); // negative if it is not known
        return Math.min(SLOWEST, CORE * Math.max(1, Math.min(BUSIEST, load)));
    }

    /** A limit for this machine, now. */
    public static Duration limit(Duration onAnIdleMachine) {
        return Duration.ofNanos((long) (onAnIdleMachine.toNanos() * factor()));
    }

    /**
     * A limit for this machine, now, but no longer than this.
     *
     * @param most less than what a wrong program takes on any machine, because it waits for that time
     */
    public static Duration limit(Duration onAnIdleMachine, Duration most) {
        var limit = limit(onAnIdleMachine);
        return limit.compareTo(most) < 0 ? limit : most;
    }

    /**
     * The processor time of the shortest of several runs, in milliseconds: the first ones are slow, because nothing is
     * compiled yet. Time in which other processes had the core is not in it; {@link #factor} counts them.
     */
    private static double measured() {
        var threads = ManagementFactory.getThreadMXBean();
        var shortest = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            var start = threads.getCurrentThreadCpuTime();
            work();
            shortest = Math.min(shortest, (threads.getCurrentThreadCpuTime() - start) / 1e6);
        }
        return shortest;
    }

    private static void work() {
        try {
            var digest = MessageDigest.getInstance("SHA-512");
            var bytes = new byte[1 << 20];
            for (int i = 0; i < 16; i++) digest.update(bytes);
            digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
