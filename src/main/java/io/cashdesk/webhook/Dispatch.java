package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.BackgroundShare;
import io.cashdesk.ground.job.BackgroundShare.Work;
import io.cashdesk.ground.setting.Suspension;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Sends due deliveries, on every node: claims as many as it has free threads for, twice a second, after each commit
 * that wrote a delivery, and whenever a thread becomes free. The threads are its own, so that slow endpoints delay no
 * other work.
 */
@ApplicationScoped
class Dispatch {
    private static final Logger LOG = Logger.getLogger(Dispatch.class);

    /** How many deliveries one node sends at the same time. */
    private static final int THREADS = 24;

    /**
     * How many of them may go to endpoints whose last try failed: the other threads are always there for the others.
     */
    private static final int THREADS_FOR_FAILING = 12;

    private static final long POLL_MILLIS = 500;
    private static final long AFTER_A_FAULT_MILLIS = 2_000;
    private static final long FINISH_SECONDS = 20;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Transactions transactions;

    @Inject
    DueDeliveries due;

    @Inject
    DeliverOnce deliver;

    @Inject
    Backlog backlog;

    @Inject
    BackgroundShare share;

    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger busyWithFailing = new AtomicInteger();
    private final Map<UUID, Integer> busyWithMerchant = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile boolean suspended;
    private ExecutorService workers;
    private Thread loop;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        running = true;
        workers = Executors.newFixedThreadPool(THREADS, threads);
        loop = threads.newThread(this::loop);
        loop.setName("cashdesk-webhooks");
        loop.start();
    }

    /** This node is being stopped: what is under way is finished, what is due is left to the other nodes. */
    void suspend(@Observes Suspension suspension) {
        suspended = suspension.begins();
    }

    /** Claims nothing more and finishes what is under way; another node takes over the rest when its leases end. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        running = false;
        if (loop == null) return; // the start failed before it came to this bean
        wakeUps.release(); // not interrupted: it may be in the middle of claiming
        try {
            loop.join(TimeUnit.SECONDS.toMillis(FINISH_SECONDS));
            workers.shutdown();
            if (!workers.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("%d webhooks are left to other nodes, which take over when their leases end", busy.get());
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something may be due; to be called after the commit. */
    void wakeUp() {
        wakeUps.release();
    }

    private void loop() {
        while (running) {
            try {
                wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
                if (!suspended && transactions.inNew(backlog::resumeSome)) wakeUp(); // the rest after what is due
                claimAndSend();
            } catch (InterruptedException e) {
                return; // stopping
            } catch (RuntimeException | Error e) { // whatever it is, this node goes on sending
                if (!running) return;
                LOG.errorf(e, "Webhooks could not be claimed; the next try is in %d ms", AFTER_A_FAULT_MILLIS);
                pause();
            }
        }
    }

    private void claimAndSend() {
        var free = THREADS - busy.get();
        if (free <= 0 || suspended) return; // the next thread that becomes free wakes this loop up
        var freeForFailing = THREADS_FOR_FAILING - busyWithFailing.get();
        List<ClaimedDelivery> claimed = transactions.inNew(() -> due.claim(free, freeForFailing, busyWithMerchant));
        claimed.forEach(this::start);
    }

    private void start(ClaimedDelivery claimed) {
        count(claimed, 1);
        try {
            workers.execute(() -> send(claimed));
        } catch (RejectedExecutionException stopping) {
            count(claimed, -1); // its lease ends, and another node takes it
        }
    }

    private void send(ClaimedDelivery claimed) {
        try {
            share.run(Work.WEBHOOKS, () -> deliver.of(claimed));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The result of sending %s could not be stored; it is sent again", claimed);
        } finally {
            count(claimed, -1);
            wakeUp();
        }
    }

    private void count(ClaimedDelivery claimed, int change) {
        busy.addAndGet(change);
        if (claimed.failing()) busyWithFailing.addAndGet(change);
        busyWithMerchant.merge(claimed.merchant(), change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AFTER_A_FAULT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the loop sees it at its next wait
        }
    }
}
