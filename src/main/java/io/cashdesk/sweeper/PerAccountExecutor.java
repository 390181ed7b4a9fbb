package io.cashdesk.sweeper;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Runs tasks in parallel, but only so many of one account at a time: a provider that takes ten seconds for every answer
 * delays only the tasks of its own account. A task is refused if it would wait too long; the caller offers it again
 * later.
 */
class PerAccountExecutor {
    /**
     * Less than the calls that may run at a time to one account, so that calls for payers can run beside the sweeper's.
     */
    static final int AT_ONCE_OF_EACH = 4;

    static final int WAITING_OF_EACH = 100;

    /** Of all accounts together. */
    static final int WAITING = 400;

    /** A task that would wait longer behind the others of its account is refused. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Weight of the last task in the average duration of an account's tasks. */
    private static final double WEIGHT = 0.2;

    private final Executor executor;
    private final int atOnce;
    private final Set<UUID> known = new HashSet<>();
    private final Map<UUID, AccountQueue> queues = new LinkedHashMap<>();
    private int running;
    private int waiting;

    /** @param atOnce tasks of all accounts together that run at a time */
    PerAccountExecutor(Executor executor, int atOnce) {
        this.executor = executor;
        this.atOnce = atOnce;
    }

    private static final class AccountQueue {
        final Queue<Task> waiting = new ArrayDeque<>();
        int running;
        double seconds; // that a task takes on average

        double secondsToWait() {
            return waiting.size() * seconds / AT_ONCE_OF_EACH;
        }

        boolean takes() {
            return waiting.size() < WAITING_OF_EACH && secondsToWait() < LONGEST_WAIT.toSeconds();
        }
    }

    private record Task(UUID id, Runnable work) {}

    /** How many tasks can be offered before all accounts together have too many. */
    synchronized int room() {
        return Math.max(0, WAITING - waiting);
    }

    /**
     * In what time the account's tasks that are accepted or refused until now can be done, by their average duration.
     */
    synchronized Duration timeFor(UUID account, int tasks) {
        var queue = queues.get(account);
        var each = queue == null ? 0 : queue.seconds / AT_ONCE_OF_EACH;
        return Duration.ofMillis((long) (1_000 * tasks * each));
    }

    /**
     * Runs the task as soon as its account runs fewer tasks than it may.
     *
     * @return false if a task of this id waits or runs already, or if it would wait too long
     */
    synchronized boolean offer(UUID account, UUID id, Runnable task) {
        var queue = queues.computeIfAbsent(account, a -> new AccountQueue());
        var taken = waiting < WAITING && queue.takes() && known.add(id);
        if (taken) {
            queue.waiting.add(new Task(id, task));
            waiting++;
        }
        begin();
        return taken;
    }

    /** Starts tasks while threads are free, one of each account in turn. */
    private void begin() {
        var begun = true;
        while (begun && running < atOnce) {
            begun = false;
            for (var account : List.copyOf(queues.keySet())) {
                var queue = queues.get(account);
                if (running < atOnce && queue.running < AT_ONCE_OF_EACH && !queue.waiting.isEmpty()) {
                    begin(account, queue);
                    begun = true;
                }
            }
        }
    }

    private void begin(UUID account, AccountQueue queue) {
        var task = queue.waiting.remove();
        waiting--;
        queue.running++;
        running++;
        queues.remove(account); // to the end: the other accounts are next
        queues.put(account, queue);
        try {
            executor.execute(() -> run(account, queue, task));
        } catch (RuntimeException refused) { // the server stops, or has no thread: the task stays due in the database
            ended(account, queue, task);
            throw refused;
        }
    }

    private void run(UUID account, AccountQueue queue, Task task) {
        var start = System.nanoTime();
        try {
            task.work().run();
        } finally {
            synchronized (this) {
                var took = (System.nanoTime() - start) / 1e9;
                queue.seconds = queue.seconds == 0 ? took : queue.seconds + WEIGHT * (took - queue.seconds);
                ended(account, queue, task);
                begin();
            }
        }
    }

    private void ended(UUID account, AccountQueue queue, Task task) {
        known.remove(task.id());
        queue.running--;
        running--;
        if (queue.running == 0 && queue.waiting.isEmpty()) queues.remove(account);
    }
}
