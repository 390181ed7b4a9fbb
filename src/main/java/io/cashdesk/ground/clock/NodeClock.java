package io.cashdesk.ground.clock;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.database.Ids;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Produces the {@link Clock} that all other beans inject: this node's time, corrected by the measured difference to the
 * database's clock. It is measured before the first bean gets it, then every few seconds, and at once when the system
 * clock leaps.
 *
 * <p>A system clock that is more than {@link CorrectedClock#TOLERATED} off is wrong: the node is not ready
 * ({@code /health/ready}) and its recurring jobs rest ({@link ClockState}), until it is right again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5905">RFC 5905</a>, whose client takes the middle of a round trip too
 */
@ApplicationScoped
public class NodeClock {
    private static final Logger LOG = Logger.getLogger(NodeClock.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** How often the system clock is looked at, if no call reads the time meanwhile. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Measurements in a row until one is taken. */
    private static final int TRIES = 5;

    /** Measurements at start: the first ones are slow, because connections and classes are new. */
    private static final int AT_START = 3;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Event<ClockState> states;

    private final SystemTime system;
    private final Semaphore leaps = new Semaphore(0);
    private CorrectedClock clock;
    private volatile boolean running;
    private volatile boolean announcedWrong;
    private boolean databaseAway;
    private Thread loop;

    /** For the proxy. */
    protected NodeClock() {
        this.system = null;
    }

    @Inject
    NodeClock(SystemTime system) {
        this.system = system;
    }

    /** Outside the server: measured once, and again only by {@link #measure}. */
    public NodeClock(DataSource pool, SystemTime system) {
        this.pool = pool;
        this.system = system;
        measureFirst();
    }

    @PostConstruct
    void prepare() {
        measureFirst();
        Ids.use(clock);
    }

    private void measureFirst() {
        clock = new CorrectedClock(system, leaps::release);
        var measured = 0;
        while (measured < AT_START && measure()) measured++;
    }

    @Produces
    Clock clock() {
        return clock;
    }

    void start(
            @Observes @Initialized(ApplicationScoped.class) @Priority(Interceptor.Priority.PLATFORM_BEFORE)
                    Object atStart) {
        announce();
        running = true;
        loop = threads.newThread(this::loop);
        loop.setName("cashdesk-clock");
        loop.start();
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        running = false;
        leaps.release(); // not interrupted: it may be using a connection
    }

    /**
     * Whether this node's system clock differs by more than {@link CorrectedClock#TOLERATED} from the database's, or
     * has never been compared. Work that the node starts by itself rests meanwhile; {@link ClockState} is fired when
     * this changes.
     */
    public boolean isWrong() {
        return clock.isWrong();
    }

    /** How far the system clock is ahead of the database's; negative: behind; zero while it is not known. */
    public Duration offset() {
        return clock.offset();
    }

    /** Whether the clocks have been compared at least once. */
    public boolean isMeasured() {
        return clock.isMeasured();
    }

    /** What is wrong, as an operator reads it; to be called while {@link #isWrong}. */
    public String problem() {
        if (!isMeasured()) return "this node's clock has not been compared with the database's yet";
        var offset = offset();
        var seconds = String.format(Locale.ROOT, "%.1f", Math.abs(offset.toMillis()) / 1_000.0);
        return "this node's clock is " + seconds + " s " + (offset.isNegative() ? "behind" : "ahead of")
                + " the database's: synchronize both (NTP)";
    }

    /**
     * Before something is deleted because of its age. A clock that is years ahead would delete everything, and which of
     * the two is wrong is not known.
     *
     * @throws IllegalStateException if the clock is wrong
     */
    public void refuseWrong() {
        if (isWrong()) throw new IllegalStateException(problem());
    }

    private void loop() {
        var measuredAt = system.nanos();
        while (running) {
            try {
                var leapt = leaps.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (!running) return;
                leaps.drainPermits();
                clock.instant(); // compares the clocks, also while no call reads the time
                if (leapt || system.nanos() - measuredAt >= EVERY.toNanos()) {
                    measure();
                    measuredAt = system.nanos();
                }
                announce();
            } catch (InterruptedException e) {
                return; // stopping
            } catch (RuntimeException e) { // an observer failed; the clock goes on
                LOG.error("The state of this node's clock could not be announced", e);
            }
        }
    }

    /**
     * Measures until a measurement is taken, a few times at most. While the database is away, the time goes on from the
     * last good measurement.
     *
     * @return whether one was taken
     */
    boolean measure() {
        try (var connection = pool.getConnection();
                var query = connection.prepareStatement("select clock_timestamp()")) {
            databaseAway = false;
            for (int i = 0; i < TRIES; i++) if (measure(query) == CorrectedClock.Verdict.TAKEN) return true;
            LOG.warnf("The database's time could not be measured in %d tries; the last measurement is kept", TRIES);
        } catch (SQLException e) {
            if (!databaseAway) LOG.warnf("The database's time cannot be measured now: %s", e.getMessage());
            databaseAway = true;
        }
        return false;
    }

    private CorrectedClock.Verdict measure(PreparedStatement query) throws SQLException {
        var sent = system.nanos();
        Instant database;
        long received;
        try (var rows = query.executeQuery()) {
            rows.next();
            received = system.nanos();
            database = rows.getObject(1, OffsetDateTime.class).toInstant();
        }
        return clock.measured(sent, database, received);
    }

    private void announce() {
        var wrong = isWrong();
        if (wrong == announcedWrong) return;
        announcedWrong = wrong;
        if (wrong) LOG.errorf("The recurring jobs of this node rest, and it is not ready: %s", problem());
        else LOG.info("This node's clock is right; its recurring jobs run");
        states.fire(new ClockState(wrong));
    }
}
