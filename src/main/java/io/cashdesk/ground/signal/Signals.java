package io.cashdesk.ground.signal;

import io.cashdesk.ground.database.CashdeskDataSource;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
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
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Wakes requests that wait for an order, on whichever node they wait. PostgreSQL carries the word: the node that committed a
 * change says so after its commit (inside it, NOTIFY holds a database-wide lock through the flush), and every node listens on
 * one connection of its own, outside the pool.
 *
 * <p>A signal is a hint and may be lost: whoever waits reads the row again. So each waiting order's version is re-read every
 * five seconds in one statement, and every second while nobody listens.
 */
@ApplicationScoped
public class Signals {
    private static final Logger LOG = Logger.getLogger(Signals.class);
    private static final String CHANNEL = "cashdesk_order";
    private static final int LISTEN_MILLIS = 2_000;
    private static final long RECHECK_MILLIS = 5_000;
    private static final long RECHECK_DEAF_MILLIS = 1_000;
    private static final int AT_THE_END = 8;

    @Inject
    Settings settings;

    @Resource
    ManagedThreadFactory threads;

    @Resource
    ManagedExecutorService executor;

    @Resource(lookup = CashdeskDataSource.NAME)
    DataSource pool;

    private final Map<UUID, Set<Waiter>> waiting = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<UUID> outgoing = new LinkedBlockingQueue<>();
    private final Map<UUID, Long> versionsSeen = new HashMap<>();
    private volatile boolean running;
    private volatile boolean suspended;
    private ExecutorService atTheEnd;
    private volatile boolean listening;
    private Thread listener;
    private Thread sender;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        running = true;
        atTheEnd = Executors.newFixedThreadPool(AT_THE_END, threads);
        listener = threads.newThread(this::listen);
        listener.setName("cashdesk-listen");
        listener.start();
        sender = threads.newThread(this::send);
        sender.setName("cashdesk-notify");
        sender.start();
    }

    /** This node is being stopped: whoever waits answers with what is true now, and asks again elsewhere. */
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
        tellTheRest();
        if (atTheEnd != null) atTheEnd.shutdown();
    }

    /** What was committed in the last moment is told to the other nodes, whose requests wait for it. */
    private void tellTheRest() {
        var orders = new LinkedHashSet<UUID>();
        outgoing.drainTo(orders);
        try {
            if (!orders.isEmpty()) notifyOthers(orders);
        } catch (SQLException e) {
            LOG.infof("Other nodes were not told of the last changes: %s", e.getMessage());
        }
    }

    /** Whether this node is being stopped, so that nobody should wait on it any more. */
    public boolean suspended() {
        return suspended;
    }

    /**
     * Where work goes on that was woken. A server that is being stopped refuses everything new, and takes this for new; but it was
     * begun before, and somebody waits for its answer.
     */
    public Executor executor() {
        return task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException suspending) {
                atTheEnd.execute(task);
            }
        };
    }

    /** Begins to wait for news of this order. Then read the row, then {@link Waiter#await} or {@link Waiter#leave}. */
    public Waiter park(UUID order) {
        var waiter = new Waiter(this, order);
        waiting.compute(order, (id, all) -> {
            var set = all == null ? ConcurrentHashMap.<Waiter>newKeySet() : all;
            set.add(waiter);
            return set;
        });
        return waiter;
    }

    void remove(Waiter waiter) {
        waiting.computeIfPresent(waiter.id(), (id, all) -> {
            all.remove(waiter);
            return all.isEmpty() ? null : all;
        });
    }

    /** Says that an order changed; call it after the commit. Wakes this node at once, the others through PostgreSQL. */
    public void changed(UUID order) {
        wake(order);
        outgoing.add(order);
    }

    /** How many requests wait on this node. */
    public int parkedRequests() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    /** Whether this node hears the others right now. */
    public boolean listening() {
        return listening;
    }

    private void wake(UUID order) {
        var all = waiting.remove(order);
        if (all != null) all.forEach(w -> w.woken.complete(true));
    }

    private void wakeAll() {
        List.copyOf(waiting.keySet()).forEach(this::wake);
    }

    private void send() {
        while (running) {
            try {
                var orders = new LinkedHashSet<UUID>();
                var first = outgoing.poll(1, TimeUnit.SECONDS);
                if (first == null) continue;
                orders.add(first);
                outgoing.drainTo(orders, 500); // what came together goes out together
                notifyOthers(orders);
            } catch (InterruptedException e) {
                return; // stopping
            } catch (SQLException | RuntimeException e) {
                LOG.warnf(
                        "Other nodes were not told of a change and will see it at their next look: %s", e.getMessage());
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
                if (!pausedWhileDeaf(pause + ThreadLocalRandom.current().nextLong(pause))) return;
                pause = Math.min(pause * 2, 5_000);
            }
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
            var postgres = connection.unwrap(PGConnection.class);
            listening = true;
            wakeAll(); // whatever happened while we were deaf
            long checked = System.nanoTime();
            while (running) {
                var heard = postgres.getNotifications(LISTEN_MILLIS);
                if (heard != null) for (var n : heard) wake(UUID.fromString(n.getParameter()));
                if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - checked) >= RECHECK_MILLIS) {
                    statement.execute("select 1"); // a dead connection is silent; a question finds out
                    recheck();
                    checked = System.nanoTime();
                }
            }
        }
    }

    /** Waits, looking at the table meanwhile because nobody tells us; false if we are to stop. */
    private boolean pausedWhileDeaf(long millis) {
        try {
            for (long left = millis; left > 0; left -= RECHECK_DEAF_MILLIS) {
                TimeUnit.MILLISECONDS.sleep(Math.min(left, RECHECK_DEAF_MILLIS));
                recheck();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Reads the version of every waiting order, a thousand at a time, and wakes those that moved. */
    private void recheck() {
        var ids = List.copyOf(waiting.keySet());
        versionsSeen.keySet().retainAll(Set.copyOf(ids));
        for (int from = 0; from < ids.size(); from += 1_000) {
            var part = ids.subList(from, Math.min(ids.size(), from + 1_000));
            try (var connection = pool.getConnection();
                    var statement =
                            connection.prepareStatement("select id, version from pay_order where id = any(?)")) {
                statement.setArray(1, connection.createArrayOf("uuid", part.toArray()));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var id = rows.getObject(1, UUID.class);
                        var before = versionsSeen.put(id, rows.getLong(2));
                        if (before != null && before != rows.getLong(2)) wake(id);
                    }
                }
            } catch (SQLException e) {
                LOG.warnf("Waiting orders could not be looked at: %s", e.getMessage());
                return;
            }
        }
    }
}
