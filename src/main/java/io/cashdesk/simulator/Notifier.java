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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Tells merchants that they were paid, as the real providers do: at once, then by their schedules, here compressed. */
@ApplicationScoped
class Notifier {
    private static final Logger LOG = Logger.getLogger(Notifier.class);

    /** WeChat Pay: 15 s, 15 s, 30 s, 3 m, …; Alipay: 4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h. In seconds. */
    private static final Map<String, List<Integer>> SCHEDULES = Map.of(
            "wxpay",
            List.of(15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600),
            "alipay",
            List.of(240, 600, 600, 3600, 7200, 21_600, 54_000));

    private static final Duration LATE = Duration.ofSeconds(6);

    @Inject
    Books books;

    @Inject
    WechatMessages wechat;

    @Inject
    WechatBooks wechatBooks;

    @Inject
    WechatRefunds wechatRefunds;

    @Inject
    AlipayMessages alipay;

    @Inject
    AlipayTrades alipayTrades;

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

    /** A message as it goes out. */
    record Message(String contentType, Map<String, String> headers, String body) {}

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

    /** Queues what this order's dial lets through about its payment; nothing, if the merchant gave no address. */
    void announce(Books.Trade trade) {
        if (!trade.notifyUrl().isEmpty()) announce(trade, null, null);
    }

    /**
     * @param refundId which refund it is about, or null for the payment
     * @param refundState what to say of that refund, or (without one) of the trade's end; null for the payment
     */
    void announce(Books.Trade trade, UUID refundId, String refundState) {
        var faults = trade.faults();
        if (faults.contains(Fault.NOTIFY_LOST)) {
            books.log(trade.number(), "→", "notification", "lost on purpose", "");
            return;
        }
        var at = faults.contains(Fault.NOTIFY_LATE) ? clock.instant().plus(LATE) : clock.instant();
        var no = Ids.next().toString();
        var forged = faults.contains(Fault.NOTIFY_FORGED);
        var times = faults.contains(Fault.NOTIFY_TWICE_AT_ONCE) ? 2 : 1;
        for (int i = 0; i < times; i++) books.addNotice(trade.id(), refundId, refundState, no, forged, at);
        work.release();
    }

    private void work() {
        while (running) {
            try {
                if (!work.tryAcquire(500, TimeUnit.MILLISECONDS)) work.drainPermits();
                for (var refund : wechatBooks.refundsDue()) wechatRefunds.current(refund);
                alipayTrades.settleDue();
                for (var notice : books.takeDue(50)) executor.execute(() -> tell(notice));
            } catch (InterruptedException e) {
                return; // stopping
            } catch (RuntimeException e) {
                LOG.warnf("Simulated notifications wait: %s", e.getMessage());
            }
        }
    }

    private void tell(Books.Notice notice) {
        var trade = books.trade(notice.tradeId());
        var account = books.account(trade.accountId());
        var message = trade.provider().equals("wxpay")
                ? wechat.message(account, trade, notice)
                : alipay.message(account, trade, notice);
        try {
            var v2 = WechatV2Messages.isV2(message);
            if (notice.tries() == 1 && !v2 && trade.faults().contains(Fault.NOTIFY_PROBED_FIRST)) {
                var answer = post(notice, trade, WechatMessages.probe(message));
                books.log(trade.number(), "→", "notification", "a probe", "HTTP " + answer.statusCode());
            }
            var answer = post(notice, trade, message);
            var heard = v2
                    ? answer.statusCode() == 200 && WechatV2Messages.heard(answer.body())
                    : trade.provider().equals("wxpay")
                            ? answer.statusCode() == 200 || answer.statusCode() == 204
                            : answer.statusCode() == 200 && answer.body().equals("success");
            books.told(notice.id(), answer.statusCode(), answer.body(), heard ? null : again(trade, notice));
            books.log(
                    trade.number(),
                    "→",
                    "notification",
                    notice.forged() ? "forged on purpose" : "signed",
                    message.body());
            books.log(trade.number(), "←", "HTTP " + answer.statusCode(), heard ? "heard" : "not heard", answer.body());
        } catch (IOException e) {
            books.told(notice.id(), null, e.toString(), again(trade, notice));
            books.log(trade.number(), "→", "notification", "no answer", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopping; the row is due again in half a minute
        } catch (RuntimeException e) {
            LOG.errorf(e, "A simulated notification of %s broke", trade.number());
        }
    }

    private HttpResponse<String> post(Books.Notice notice, Books.Trade trade, Message message)
            throws IOException, InterruptedException {
        var itsOwn =
                notice.refundId() != null && trade.provider().equals("wxpay"); // Alipay tells the payment's address
        var url = itsOwn ? wechatBooks.refund(notice.refundId()).notifyUrl() : trade.notifyUrl();
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", message.contentType())
                .POST(HttpRequest.BodyPublishers.ofString(message.body()));
        message.headers().forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** When it is repeated, or null once the schedule is through. */
    private Instant again(Books.Trade trade, Books.Notice notice) {
        var schedule = SCHEDULES.get(trade.provider());
        if (notice.tries() > schedule.size()) return null;
        var pause = Duration.ofSeconds(schedule.get(notice.tries() - 1)).dividedBy(settings.simulatorHurry());
        return clock.instant().plus(pause);
    }
}
