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
 * Does work side by side, but only so much of one account's at a time: a provider that takes ten seconds for every answer holds its
 * own lane up and nobody else's. Work that finds its lane full is dropped, because whoever offered it offers it again while it is due.
 */
@Dependent
class PerAccountExecutor {
    /** Less than the calls that one account may have, so that payers find room beside the sweeper. */
    static final int AT_ONCE_OF_EACH = 4;

    static final int WAITING_OF_EACH = 100;
    /** Of all accounts together: two of these objects leave room in the server's pool for payers who wait. */
    static final int AT_ONCE = 20;

    @Resource
    ManagedExecutorService managed;

    private Executor executor;
    private final Set<UUID> known = new HashSet<>();
    private final Map<UUID, Lane> lanes = new LinkedHashMap<>();
    private int working;

    PerAccountExecutor() {}

    /** With an executor that is not the server's. */
    PerAccountExecutor(Executor executor) {
        this.executor = executor;
    }

    private static final class Lane {
        final Queue<Work> waiting = new ArrayDeque<>();
        int working;
    }

    private record Work(UUID id, Runnable deed) {}

    /**
     * Does it when there is room in its account's lane.
     *
     * @return false if it is waiting or running already, or if its lane is full
     */
    synchronized boolean offer(UUID account, UUID id, Runnable deed) {
        var lane = lanes.computeIfAbsent(account, a -> new Lane());
        var taken = lane.waiting.size() < WAITING_OF_EACH && known.add(id);
        if (taken) lane.waiting.add(new Work(id, deed));
        begin();
        return taken;
    }

    /** Begins what there is room for, one of each account in turn. */
    private void begin() {
        var begun = true;
        while (begun && working < AT_ONCE) {
            begun = false;
            for (var account : List.copyOf(lanes.keySet())) {
                var lane = lanes.get(account);
                if (working < AT_ONCE && lane.working < AT_ONCE_OF_EACH && !lane.waiting.isEmpty()) {
                    begin(account, lane);
                    begun = true;
                }
            }
        }
    }

    private void begin(UUID account, Lane lane) {
        var work = lane.waiting.remove();
        lane.working++;
        working++;
        lanes.remove(account); // to the end of the line: the others come first now
        lanes.put(account, lane);
        try {
            (executor == null ? managed : executor).execute(() -> run(account, lane, work));
        } catch (RuntimeException refused) { // the server stops, or has no thread: it stays due in the database
            ended(account, lane, work);
            throw refused;
        }
    }

    private void run(UUID account, Lane lane, Work work) {
        try {
            work.deed().run();
        } finally {
            synchronized (this) {
                ended(account, lane, work);
                begin();
            }
        }
    }

    private void ended(UUID account, Lane lane, Work work) {
        known.remove(work.id());
        lane.working--;
        working--;
        if (lane.working == 0 && lane.waiting.isEmpty()) lanes.remove(account);
    }
}
