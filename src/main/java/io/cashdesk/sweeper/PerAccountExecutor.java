package io.cashdesk.sweeper;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.Dependent;
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
 * delays only the tasks of its own account. A task that finds its account's queue full is dropped; the caller offers it
 * again while it is due.
 */
@Dependent
class PerAccountExecutor {
    /**
     * Less than the calls that may run at a time to one account, so that calls for payers can run beside the sweeper's.
     */
    static final int AT_ONCE_OF_EACH = 4;

    static final int WAITING_OF_EACH = 100;

    /**
     * Of all accounts together. There are two of these executors, and the server's pool has threads left for requests
     * that wait.
     */
    static final int AT_ONCE = 20;

    @Resource
    ManagedExecutorService managed;

    private Executor executor;
    private final Set<UUID> known = new HashSet<>();
    private final Map<UUID, AccountQueue> queues = new LinkedHashMap<>();
    private int running;

    PerAccountExecutor() {}

    /** With an executor that is not the server's. */
    PerAccountExecutor(Executor executor) {
        this.executor = executor;
    }

    private static final class AccountQueue {
        final Queue<Task> waiting = new ArrayDeque<>();
        int running;
    }

    private record Task(UUID id, Runnable work) {}

    /**
     * Runs the task as soon as its account runs fewer tasks than it may.
     *
     * @return false if a task of this id waits or runs already, or if the queue is full
     */
    synchronized boolean offer(UUID account, UUID id, Runnable task) {
        var queue = queues.computeIfAbsent(account, a -> new AccountQueue());
        var taken = queue.waiting.size() < WAITING_OF_EACH && known.add(id);
        if (taken) queue.waiting.add(new Task(id, task));
        begin();
        return taken;
    }

    /** Starts tasks while threads are free, one of each account in turn. */
    private void begin() {
        var begun = true;
        while (begun && running < AT_ONCE) {
            begun = false;
            for (var account : List.copyOf(queues.keySet())) {
                var queue = queues.get(account);
                if (running < AT_ONCE && queue.running < AT_ONCE_OF_EACH && !queue.waiting.isEmpty()) {
                    begin(account, queue);
                    begun = true;
                }
            }
        }
    }

    private void begin(UUID account, AccountQueue queue) {
        var task = queue.waiting.remove();
        queue.running++;
        running++;
        queues.remove(account); // to the end: the other accounts are next
        queues.put(account, queue);
        try {
            (executor == null ? managed : executor).execute(() -> run(account, queue, task));
        } catch (RuntimeException refused) { // the server stops, or has no thread: the task stays due in the database
            ended(account, queue, task);
            throw refused;
        }
    }

    private void run(UUID account, AccountQueue queue, Task task) {
        try {
            task.work().run();
        } finally {
            synchronized (this) {
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
