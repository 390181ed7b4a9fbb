package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Delivers the providers' notifications to merchants: at once, then by each provider's schedule, whose pauses are
 * divided by {@code CASHDESK_SIMULATOR_HURRY}. Runs on every node; the rows of {@code sim_notice} are claimed.
 */
@ApplicationScoped
public class Notifier {
    private static final Logger LOG = Logger.getLogger(Notifier.class);

    private static final Duration LATE = Duration.ofSeconds(6);

    @Inject
    TradeStore trades;

    @Inject
    AccountStore accounts;

    @Inject
    NotificationStore notifications;

    @Inject
    ExchangeLog log;

    @Inject
    SimulatedProviders providers;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Resource
    ManagedThreadFactory threads;

    @Resource
    ManagedExecutorService executor;

    private final Semaphore work = new Semaphore(0);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private volatile boolean running;
    private Thread thread;

    void start(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        running = true;
        thread = threads.newThread(this::work);
        thread.setName("simulator-notify");
        thread.start();
    }

    @PreDestroy
    void stop() {
        running = false;
        if (thread != null) thread.interrupt();
    }

    /** Queues the notification of a payment as the trade's faults allow; nothing if the merchant gave no address. */
    public void announcePayment(Trade trade) {
        if (!trade.notifyUrl().isEmpty() && !providers.of(trade).reportsPaymentLater(trade)) {
            announce(trade, null, null);
        }
    }

    /**
     * Queues a notification as the trade's faults allow.
     *
     * @param refundId the refund that it reports, or null
     * @param refundState the state of the refund or, without one, of the end of the trade; null for the payment
     */
    public void announce(Trade trade, UUID refundId, String refundState) {
        if (trade.has(CommonFault.NOTIFY_LOST)) {
            log.add(Exchange.event(trade, Exchange.Event.NOT_NOTIFIED, ""));
            return;
        }
        var at = trade.has(CommonFault.NOTIFY_LATE) ? clock.instant().plus(LATE) : clock.instant();
        var number = Ids.next().toString();
        var forged = trade.has(CommonFault.NOTIFY_FORGED);
        var times = trade.has(CommonFault.NOTIFY_TWICE_AT_ONCE)
                        || providers.of(trade).notifiesTwice(trade)
                ? 2
                : 1;
        for (int i = 0; i < times; i++) notifications.add(trade.id(), refundId, refundState, number, forged, at);
        work.release();
    }

    private void work() {
        while (running) {
            try {
                if (!work.tryAcquire(500, TimeUnit.MILLISECONDS)) work.drainPermits();
                for (var provider : providers.all()) provider.settleDue();
                for (var due : notifications.claimDue(50)) executor.execute(() -> deliver(due));
            } catch (InterruptedException e) {
                return; // the server stops
            } catch (RuntimeException e) {
                LOG.warnf("Simulated notifications are delayed: %s", e.getMessage());
            }
        }
    }

    private void deliver(Notification notification) {
        var trade = trades.get(notification.tradeId());
        try {
            var message = providers.of(trade).message(accounts.get(trade.accountId()), trade, notification);
            if (message.probe().isPresent()) {
                var probe = message.probe().get();
                log.add(sent(trade, probe).verdict(Exchange.Verdict.FORGED, "NOTIFY_PROBED_FIRST"));
                var answer = send(probe);
                log.add(answered(trade, answer)
                        .verdict(Exchange.Verdict.ofAnswer(answer.statusCode() < 300, true, false), ""));
            }
            var line = sent(trade, message).verdict(message.verdict(), "");
            log.add(forged(notification, message) ? line.signed(CommonFault.NOTIFY_FORGED) : line);
            recordAnswer(trade, notification, message, send(message));
        } catch (IOException e) {
            var next = next(trade, notification);
            notifications.recordResult(notification.id(), null, e.toString(), next);
            log.add(Exchange.of(trade.accountId(), trade.number(), Exchange.Way.ACKNOWLEDGEMENT, "")
                    .verdict(next == null ? Exchange.Verdict.LOST_LAST : Exchange.Verdict.LOST, e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server stops; the row is due again after its lease
        } catch (RuntimeException e) {
            LOG.errorf(e, "A simulated notification of %s failed", trade.number());
        }
    }

    private void recordAnswer(
            Trade trade, Notification notification, NotificationMessage message, HttpResponse<String> answer) {
        var acknowledged = message.acknowledgement().isGivenBy(answer.statusCode(), answer.body());
        var next = acknowledged ? null : next(trade, notification);
        notifications.recordResult(notification.id(), answer.statusCode(), answer.body(), next);
        providers.of(trade).answered(trade, notification, acknowledged);
        log.add(answered(trade, answer)
                .verdict(Exchange.Verdict.ofAnswer(acknowledged, forged(notification, message), next != null), ""));
    }

    /** A message that has no signature cannot be signed wrongly. */
    private static boolean forged(Notification notification, NotificationMessage message) {
        return notification.forged() && message.verdict() != Exchange.Verdict.NONE;
    }

    private static Exchange sent(Trade trade, NotificationMessage message) {
        var headers = new LinkedHashMap<String, String>();
        if (!message.inAddress()) headers.put("Content-Type", message.contentType());
        headers.putAll(message.headers());
        var what = (message.inAddress() ? "GET " : "POST ") + message.url();
        return Exchange.of(trade.accountId(), trade.number(), Exchange.Way.NOTIFICATION, what)
                .headers(headers)
                .body(message.body())
                .plain(message.plain());
    }

    private static Exchange answered(Trade trade, HttpResponse<String> answer) {
        return Exchange.of(trade.accountId(), trade.number(), Exchange.Way.ACKNOWLEDGEMENT, "")
                .status(answer.statusCode())
                .headers(answer.headers()
                        .firstValue("Content-Type")
                        .map(type -> Map.of("Content-Type", type))
                        .orElse(Map.of()))
                .body(answer.body());
    }

    private HttpResponse<String> send(NotificationMessage message) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(message.url())).timeout(Duration.ofSeconds(5));
        if (!message.inAddress()) {
            request.header("Content-Type", message.contentType())
                    .POST(HttpRequest.BodyPublishers.ofString(message.body()));
        }
        message.headers().forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The time of the next delivery, or null if the schedule has ended. */
    private Instant next(Trade trade, Notification notification) {
        var schedule = providers.of(trade).notificationSchedule(trade, notification);
        if (notification.tries() > schedule.size()) return null;
        var pause = schedule.get(notification.tries() - 1).dividedBy(settings.simulatorHurry());
        return clock.instant().plus(pause);
    }
}
