package io.cashdesk.ground.signal;

import io.cashdesk.ground.database.CashdeskDataSource;
import io.cashdesk.ground.http.CallersAtWork;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.ground.setting.Suspension;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Wakes parked requests on every node when an order changes. The node that committed a change wakes its own requests at
 * once and sends a PostgreSQL NOTIFY to the others after the commit (docs/adr/0002: inside a transaction, NOTIFY holds
 * a server-wide lock until the commit is flushed). Every node runs LISTEN on one connection outside the pool.
 *
 * <p>A signal is only a hint and can be lost: a woken request reads the row again. As a fallback the versions of all
 * awaited rows are read in one statement every five seconds, and every second while LISTEN does not work, and compared
 * with the versions that the waiting requests have read.
 */
@ApplicationScoped
public class Signals {
    private static final Logger LOG = Logger.getLogger(Signals.class);
    private static final String CHANNEL = "cashdesk_order";
    private static final int LISTEN_MILLIS = 2_000;
    private static final long RECHECK_MILLIS = 5_000;
    private static final long RECHECK_NOT_LISTENING_MILLIS = 1_000;
    private static final int SHUTDOWN_THREADS = 8;

    @Inject
    Settings settings;

    @Resource
    ManagedThreadFactory threads;

    @Resource
    ManagedExecutorService executor;

    @Inject
    CallersAtWork callers;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    private final Map<UUID, Set<Waiter>> waiters = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<UUID> outgoing = new LinkedBlockingQueue<>();
    private volatile boolean running;
    private volatile boolean suspended;
    private ExecutorService shutdownExecutor;
    private volatile boolean listening;
    private Thread listener;
    private Thread sender;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        running = true;
        shutdownExecutor = Executors.newFixedThreadPool(SHUTDOWN_THREADS, threads);
        listener = threads.newThread(this::listen);
        listener.setName("cashdesk-listen");
        listener.start();
        sender = threads.newThread(this::send);
        sender.setName("cashdesk-notify");
        sender.start();
    }

    /**
     * On suspension of this node, wakes all parked requests: they respond with the current state, and clients retry
     * elsewhere.
     */
    void suspend(@Observes Suspension suspension) {
        suspended = suspension.begins();
        if (suspended) wakeAll();
    }

    @PreDestroy
    void stop() {
        running = false;
        suspended = true;
        if (listener != null) listener.interrupt();
        if (sender != null) sender.interrupt();
        wakeAll();
        notifyRemaining();
        if (shutdownExecutor != null) shutdownExecutor.shutdown();
    }

    /** Sends the NOTIFYs that are still queued, for the requests parked on other nodes. */
    private void notifyRemaining() {
        var orders = new LinkedHashSet<UUID>();
        outgoing.drainTo(orders);
        try {
            if (!orders.isEmpty()) notifyOthers(orders);
        } catch (SQLException e) {
            LOG.infof("The last changes were not sent to other nodes: %s", e.getMessage());
        }
    }

    /** Whether this node is being suspended or stopped, so that requests must not be parked any more. */
    public boolean suspended() {
        return suspended;
    }

    /**
     * Executor that continues woken requests. A server that is being suspended rejects new tasks, and counts these as
     * new although their requests began earlier; they then run on threads that are reserved for this.
     */
    public Executor executor() {
        return task -> {
            Runnable part = () -> callers.run(task);
            try {
                executor.execute(part);
            } catch (RejectedExecutionException suspending) {
                shutdownExecutor.execute(part);
            }
        };
    }

    /**
     * Registers a request that waits for a change of this order. The caller then reads the row, so that no change
     * between the two steps is missed, and calls {@link Waiter#await} with the version that it read, or
     * {@link Waiter#leave}.
     */
    public Waiter park(UUID merchant, UUID order) {
        var waiter = new Waiter(this, merchant, order);
        waiters.compute(order, (id, all) -> {
            var set = all == null ? ConcurrentHashMap.<Waiter>newKeySet() : all;
            set.add(waiter);
            return set;
        });
        return waiter;
    }

    void remove(Waiter waiter) {
        waiters.computeIfPresent(waiter.id(), (id, all) -> {
            all.remove(waiter);
            return all.isEmpty() ? null : all;
        });
    }

    /**
     * Signals a change of an order; call it after the commit. Wakes this node at once, the others through PostgreSQL.
     */
    public void changed(UUID order) {
        wake(order);
        outgoing.add(order);
    }

    /** Number of requests that are parked on this node. */
    public int parkedRequests() {
        return waiters.values().stream().mapToInt(Set::size).sum();
    }

    /** Whether this node currently receives the signals of other nodes. */
    public boolean listening() {
        return listening;
    }

    private void wake(UUID order) {
        var all = waiters.remove(order);
        if (all != null) all.forEach(w -> w.woken.complete(true));
    }

    private void wakeAll() {
        List.copyOf(waiters.keySet()).forEach(this::wake);
    }

    private void send() {
        while (running) {
            try {
                var orders = new LinkedHashSet<UUID>();
                var first = outgoing.poll(1, TimeUnit.SECONDS);
                if (first == null) continue;
                orders.add(first);
                outgoing.drainTo(orders, 500); // one round trip for all changes that are queued
                notifyOthers(orders);
            } catch (InterruptedException e) {
                return; // stopping
            } catch (SQLException | RuntimeException e) {
                LOG.warnf("A change was not sent to other nodes, which will find it by polling: %s", e.getMessage());
            }
        }
    }

    private void notifyOthers(Collection<UUID> orders) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.prepareStatement("select pg_notify('" + CHANNEL + "', ?)")) {
            for (var order : orders) {
                statement.setString(1, order.toString());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private void listen() {
        long pause = 200;
        while (running) {
            try (var connection = CashdeskDataSource.open(settings).getConnection()) {
                listenOn(connection);
                pause = 200;
            } catch (SQLException | RuntimeException e) {
                listening = false;
                if (!running) return;
                LOG.warnf("Not listening for changes, trying again: %s", e.getMessage());
                if (!pollDuring(pause + ThreadLocalRandom.current().nextLong(pause))) return;
                pause = Math.min(pause * 2, 5_000);
            }
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
            var postgres = connection.unwrap(PGConnection.class);
            listening = true;
            wakeAll(); // signals sent before LISTEN worked were lost
            long checked = System.nanoTime();
            while (running) {
                var received = postgres.getNotifications(LISTEN_MILLIS);
                if (received != null) for (var n : received) wake(UUID.fromString(n.getParameter()));
                if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - checked) >= RECHECK_MILLIS) {
                    statement.execute("select 1"); // detects a dead connection, which otherwise looks like silence
                    recheck();
                    checked = System.nanoTime();
                }
            }
        }
    }

    /** Waits before the next try to listen and polls the table every second meanwhile; false if interrupted. */
    private boolean pollDuring(long millis) {
        try {
            for (long left = millis; left > 0; left -= RECHECK_NOT_LISTENING_MILLIS) {
                TimeUnit.MILLISECONDS.sleep(Math.min(left, RECHECK_NOT_LISTENING_MILLIS));
                recheck();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /**
     * Reads the versions of all awaited rows, a thousand in a statement, and wakes the requests that read older ones.
     */
    private void recheck() {
        var waiting = waiters.values().stream()
                .flatMap(Set::stream)
                .filter(w -> w.seen() != null)
                .toList();
        for (int from = 0; from < waiting.size(); from += 1_000) {
            var part = waiting.subList(from, Math.min(waiting.size(), from + 1_000));
            try (var connection = pool.getConnection();
                    var statement = connection.prepareStatement("""
                            select awaited.i, o.version, a.version
                            from unnest(cast(? as uuid[]), cast(? as uuid[]), cast(? as uuid[]))
                                with ordinality as awaited (merchant_id, id, attempt_id, i)
                            join pay_order o using (merchant_id, id)
                            left join attempt a on (a.merchant_id, a.id) = (awaited.merchant_id, awaited.attempt_id)
                            """)) {
                statement.setArray(1, uuids(connection, part, Waiter::merchant));
                statement.setArray(2, uuids(connection, part, Waiter::id));
                statement.setArray(3, uuids(connection, part, w -> w.seen().attempt()));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var waiter = part.get(rows.getInt(1) - 1);
                        if (waiter.seen().isOlderThan(rows.getLong(2), rows.getLong(3))) waiter.woken.complete(true);
                    }
                }
            } catch (SQLException e) {
                LOG.warnf("The versions of awaited orders could not be read: %s", e.getMessage());
                return;
            }
        }
    }

    private static Array uuids(Connection connection, List<Waiter> waiting, Function<Waiter, UUID> id)
            throws SQLException {
        return connection.createArrayOf("uuid", waiting.stream().map(id).toArray());
    }
}
