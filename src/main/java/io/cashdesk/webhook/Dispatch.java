package io.cashdesk.webhook;

import io.cashdesk.ground.database.Transactions;
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
 * Carries what is due, on every node: claims as much as it has hands for, and looks again twice a second and whenever there
 * is news or a hand is free. It has hands of its own, so that merchants who are slow to answer hold up nothing but themselves.
 */
@ApplicationScoped
class Dispatch {
    private static final Logger LOG = Logger.getLogger(Dispatch.class);

    /** Deliveries under way on one node. */
    private static final int HANDS = 24;

    /** How many of them may be with endpoints that have been failing: the others always find a hand. */
    private static final int HANDS_FOR_FAILING = 12;

    private static final long LOOK_MILLIS = 500;
    private static final long AFTER_A_FAULT_MILLIS = 2_000;
    private static final long FINISH_SECONDS = 20;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Transactions transactions;

    @Inject
    DueDeliveries claims;

    @Inject
    DeliverOnce deliver;

    private final Semaphore news = new Semaphore(0);
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger busyWithFailing = new AtomicInteger();
    private final Map<UUID, Integer> busyWithMerchant = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile boolean suspended;
    private ExecutorService hands;
    private Thread loop;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        running = true;
        hands = Executors.newFixedThreadPool(HANDS, threads);
        loop = threads.newThread(this::loop);
        loop.setName("cashdesk-webhooks");
        loop.start();
    }

    /** This node is being stopped: what is under way is finished, what is due is left to the others. */
    void suspend(@Observes Suspension suspension) {
        suspended = suspension.begins();
    }

    /** Claims nothing more and finishes what is under way; what cannot be finished is taken over when its lease ends. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object atEnd) {
        running = false;
        if (loop == null) return; // the start failed before it came here
        news.release(); // not interrupted: it may be in the middle of claiming
        try {
            loop.join(TimeUnit.SECONDS.toMillis(FINISH_SECONDS));
            hands.shutdown();
            if (!hands.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("%d webhooks are left to others, who take over within their leases", busy.get());
                hands.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that something may be due; call it after the commit. */
    void look() {
        news.release();
    }

    private void loop() {
        while (running) {
            try {
                news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                news.drainPermits();
                take();
            } catch (InterruptedException e) {
                return; // stopping
            } catch (RuntimeException | Error e) { // whatever it is, this node goes on telling
                if (!running) return;
                LOG.errorf(e, "Webhooks could not be claimed; the next look is in %d ms", AFTER_A_FAULT_MILLIS);
                pause();
            }
        }
    }

    private void take() {
        var free = HANDS - busy.get();
        if (free <= 0 || suspended) return; // whoever finishes says so
        var freeForFailing = HANDS_FOR_FAILING - busyWithFailing.get();
        List<ClaimedDelivery> claimed = transactions.inNew(() -> claims.take(free, freeForFailing, busyWithMerchant));
        claimed.forEach(this::handOver);
    }

    private void handOver(ClaimedDelivery claimed) {
        count(claimed, 1);
        try {
            hands.execute(() -> carry(claimed));
        } catch (RejectedExecutionException stopping) {
            count(claimed, -1); // its lease ends, and another node takes it
        }
    }

    private void carry(ClaimedDelivery claimed) {
        try {
            deliver.of(claimed);
        } catch (RuntimeException e) {
            LOG.errorf(e, "What came of telling %s could not be written down; it is told again", claimed);
        } finally {
            count(claimed, -1);
            look();
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
