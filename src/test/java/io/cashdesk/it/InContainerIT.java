package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cashdesk.ground.database.CommitUnknown;
import io.cashdesk.ground.database.Transactions;
import io.cashdesk.ground.job.Jobs;
import io.cashdesk.ground.lease.LeaseContract;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.idempotency.LeasedKey;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.merchant.Merchants;
import io.cashdesk.notification.ApplyPurchase;
import io.cashdesk.notification.ApplyReport;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.NextQuery;
import io.cashdesk.order.NextStep;
import io.cashdesk.order.OpenReason;
import io.cashdesk.order.Receipt;
import io.cashdesk.provider.OriginalData;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.TinyProvider;
import io.cashdesk.refund.Refunds;
import io.cashdesk.view.OrderViews;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Inside the real server, on the real PostgreSQL: what no test from outside can see. The inherited tests are about the
 * leases of Idempotency-Keys, which are kept by SQL. One class, because each Arquillian class deploys the WAR again,
 * which takes seconds.
 */
@ExtendWith(ArquillianExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class InContainerIT extends LeaseContract {
    private static final ApplyReport.Source BY_NOTIFICATION =
            ApplyReport.Source.notification(new OriginalData(JsonValue.EMPTY_JSON_OBJECT, "", ""));

    @Deployment
    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "ROOT.war")
                .importFrom(new File(System.getProperty("cashdesk.war", "target/cashdesk.war")))
                .as(WebArchive.class)
                .addClasses(IdleJob.class, ANewOrder.class, AnOrder.class, AnAttempt.class, AReceipt.class)
                .addClasses(LeaseContract.class, LeasedKey.class, PaymentCodeOrders.class, SameNumberOrders.class)
                .addClasses(TinyProvider.class, HintingProvider.class, HintedOrders.class)
                .addClasses(SellingProvider.class, SoldOrders.class)
                .addAsLibraries(jar(Assertions.class));
    }

    private static File jar(Class<?> type) {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    @Inject
    Transactions transactions;

    @Inject
    Merchants merchants;

    @Inject
    Attempts attempts;

    @Inject
    Refunds refunds;

    @Inject
    OrderViews views;

    @Inject
    ApplyReport applyReport;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    @PersistenceContext
    EntityManager entities;

    @Resource
    ManagedExecutorService executor;

    @Inject
    PaymentCodeOrders codes;

    @Inject
    SameNumberOrders sameNumber;

    @Inject
    HintedOrders hinted;

    @Inject
    HintingProvider hinting;

    @Inject
    SoldOrders sold;

    @Inject
    LeasedKey leasedKey;

    @Override
    protected Optional<UUID> take() {
        return leasedKey.take();
    }

    @Override
    protected boolean finish(UUID claim) {
        return leasedKey.finish(claim);
    }

    @Override
    protected void pass(Duration time) {
        leasedKey.pass(time);
    }

    @Override
    protected Duration length() {
        return leasedKey.length();
    }

    private long scheduled(String id) {
        return ((Number) entities.createNativeQuery("select count(*) from scheduled_tasks where task_instance = :id")
                        .setParameter("id", id)
                        .getSingleResult())
                .longValue();
    }

    @Test
    void a_payment_found_for_a_refused_attempt_is_of_the_later_one_with_the_same_number() {
        var keys = sameNumber.attempts("T-same-number-1", 2, true);

        applyReport.apply(keys.get(0), codes.paid(keys.get(0), "4200same1", false), ApplyReport.Source.QUERY);

        assertThat(keys)
                .extracting(key -> sameNumber.stored(key).state())
                .containsExactly(AttemptState.FAILED, AttemptState.FAILED, AttemptState.PAID);
        assertThat(codes.order(keys.get(0)).paid()).isTrue();
    }

    @Test
    void a_number_is_looked_up_as_the_attempt_that_the_provider_may_know_or_else_as_the_newest() {
        var opened = sameNumber.attempts("T-same-number-2", 2, true);
        var refused = sameNumber.attempts("T-same-number-3", 2, false);

        assertThat(byNumber(opened.get(0))).contains(opened.get(2));
        assertThat(byNumber(refused.get(0))).contains(refused.get(1));
        assertThat(used(opened.get(0))).isTrue();
        assertThat(used(refused.get(0))).isFalse();
    }

    @Test
    void a_refused_attempt_that_was_paid_after_all_spends_its_number() {
        var keys = sameNumber.attempts("T-same-number-4", 1, false);

        applyReport.apply(keys.get(0), codes.paid(keys.get(0), "4200same4", false), BY_NOTIFICATION);

        assertThat(sameNumber.stored(keys.get(0)).state()).isEqualTo(AttemptState.PAID);
        assertThat(used(keys.get(0))).isTrue();
    }

    @Test
    void the_record_keeps_a_notification_that_comes_after_a_query_showed_the_payment() {
        var key = sameNumber.attempts("T-same-number-5", 1, false).get(0);
        var paid = codes.paid(key, "4200same5", false);

        applyReport.apply(key, paid, ApplyReport.Source.QUERY);
        var before = views.of(codes.order(key)).payment();
        applyReport.apply(key, paid, BY_NOTIFICATION);

        var after = views.of(codes.order(key)).payment();
        assertThat(before.originalData()).isEmpty();
        assertThat(after.originalData()).contains("{}");
        assertThat(after.learntBy()).isEqualTo(before.learntBy());
    }

    private Optional<AttemptKey> byNumber(AttemptKey key) {
        var attempt = sameNumber.stored(key);
        return attempts.byNumber(attempt.merchantId(), attempt.provider(), attempt.merchantNo(), attempt.attemptNo());
    }

    private boolean used(AttemptKey key) {
        var attempt = sameNumber.stored(key);
        return attempts.isUsed(attempt.provider(), attempt.merchantNo(), attempt.attemptNo());
    }

    @Test
    void a_provider_may_not_be_called_inside_a_transaction() {
        transactions.refuseOpenTransaction("a call");

        assertThatThrownBy(() -> transactions.runInNew(() -> transactions.refuseOpenTransaction("a call")))
                .hasMessageContaining("must not run inside a transaction");
    }

    @Test
    void work_that_is_scheduled_in_a_transaction_is_rolled_back_with_it() {
        var far = Instant.parse("2099-01-01T00:00:00Z");

        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    jobs.schedule(IdleJob.KIND, "rolled-back", far);
                    throw new IllegalStateException("no");
                }))
                .isNotNull();
        transactions.runInNew(() -> jobs.schedule(IdleJob.KIND, "committed", far));

        assertThat(scheduled("rolled-back")).isZero();
        assertThat(scheduled("committed")).isEqualTo(1);
    }

    @Test
    void what_a_transaction_wrote_is_gone_when_it_fails() {
        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    merchants.add(new Merchant("ghost", "Ghost", Instant.EPOCH));
                    throw new IllegalStateException("no");
                }))
                .isNotNull();

        assertThat(merchants.byPid("ghost")).isEmpty();
    }

    @Test
    void of_two_transactions_in_a_deadlock_one_is_run_again_and_both_get_through() throws Exception {
        transactions.runInNew(() -> {
            merchants.add(new Merchant("lock-a", "A", Instant.EPOCH));
            merchants.add(new Merchant("lock-b", "B", Instant.EPOCH));
        });
        var runs = new AtomicInteger();
        var both = new CountDownLatch(2);

        var forwards = executor.submit(() -> touch("lock-a", "lock-b", both, runs));
        var backwards = executor.submit(() -> touch("lock-b", "lock-a", both, runs));
        forwards.get(20, TimeUnit.SECONDS);
        backwards.get(20, TimeUnit.SECONDS);

        assertThat(runs).hasValue(3);
        assertThat(name("lock-a") + name("lock-b")).isEqualTo("A++B++");
    }

    private void touch(String first, String second, CountDownLatch both, AtomicInteger runs) {
        transactions.runInNew(() -> {
            runs.incrementAndGet();
            mark(first);
            both.countDown();
            await(both);
            mark(second);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void mark(String pid) {
        entities.createNativeQuery("update merchant set name = name || '+' where pid = :pid")
                .setParameter("pid", pid)
                .executeUpdate();
    }

    private String name(String pid) {
        return (String) entities.createNativeQuery("select name from merchant where pid = :pid")
                .setParameter("pid", pid)
                .getSingleResult();
    }

    @Test
    void a_transaction_that_could_not_be_serialized_is_run_again() {
        transactions.runInNew(() -> merchants.add(new Merchant("serial", "S", Instant.EPOCH)));
        var runs = new AtomicInteger();

        transactions.runInNew(() -> {
            entities.createNativeQuery("set transaction isolation level repeatable read")
                    .executeUpdate();
            name("serial");
            if (runs.incrementAndGet() == 1) transactions.runInNew(() -> mark("serial"));
            mark("serial");
        });

        assertThat(runs).hasValue(2);
        assertThat(name("serial")).isEqualTo("S++");
    }

    @Test
    void work_whose_connection_breaks_before_the_commit_is_run_again_on_another() {
        var runs = new AtomicInteger();

        transactions.runInNew(() -> {
            merchants.add(new Merchant("cut", "C", Instant.EPOCH));
            entities.flush();
            if (runs.incrementAndGet() == 1) {
                entities.createNativeQuery("select cast(pg_terminate_backend(pg_backend_pid()) as text)")
                        .getSingleResult();
            }
        });

        assertThat(runs).hasValue(2);
        assertThat(name("cut")).isEqualTo("C");
    }

    @Test
    void a_connection_that_breaks_during_the_commit_is_neither_success_nor_run_again() {
        var runs = new AtomicInteger();
        transactions.runInNew(() -> {
            entities.createNativeQuery("create table deadly (id int)").executeUpdate();
            entities.createNativeQuery("""
                    create function die() returns trigger language plpgsql as
                        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
                    """).executeUpdate();
            entities.createNativeQuery("""
                    create constraint trigger dies after insert on deadly
                        deferrable initially deferred for each row execute function die()
                    """).executeUpdate();
        });

        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    runs.incrementAndGet();
                    entities.createNativeQuery("insert into deadly values (1)").executeUpdate();
                }))
                .isInstanceOf(CommitUnknown.class);

        assertThat(runs).hasValue(1);
    }

    @Test
    void work_that_caught_its_failure_is_not_committed() {
        assertThatThrownBy(() -> transactions.runInNew(() -> {
                    merchants.add(new Merchant("caught", "C", Instant.EPOCH));
                    assertThatThrownBy(() -> transactions.runInCurrentOrNew(() -> {
                                throw new IllegalStateException("no");
                            }))
                            .hasMessage("no");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(merchants.byPid("caught")).isEmpty();
    }

    @Test
    void a_payment_code_that_is_reversed_just_after_its_payment_needs_a_person_once() {
        var about = codes.collecting("Code0001");

        applyReport.apply(about, codes.paid(about, "4200000001", false), ApplyReport.Source.QUERY);
        applyReport.apply(about, new ProviderReport.Closed("Code0001", "{}"), ApplyReport.Source.QUERY);

        assertThat(codes.order(about).paid()).isTrue();
        assertThat(codes.order(about).needsPerson())
                .hasValueSatisfying(w -> assertThat(w).contains("was reversed", "its money went back"));
        assertThat(receipts(about)).containsExactly(tuple(Receipt.Kind.ORDER, Receipt.Disposition.COUNTED));

        codes.settle(about, Optional.empty());
        applyReport.apply(about, new ProviderReport.Closed("Code0001", "{}"), ApplyReport.Source.QUERY);
        assertThat(codes.order(about).needsPerson()).as("a repetition").isEmpty();
    }

    @Test
    void a_payment_reported_for_a_reversed_code_pays_nothing_and_is_held() {
        for (var provider : List.of("wxpay", "alipay")) {
            var about = codes.collecting(provider + "Code2", provider);

            applyReport.apply(about, new ProviderReport.Closed(provider + "Code2", "{}"), ApplyReport.Source.QUERY);
            for (int i = 0; i < 2; i++) {
                var paid = codes.paid(about, provider + "4202", false);
                applyReport.apply(about, paid, BY_NOTIFICATION);
            }

            assertThat(codes.order(about).paid()).isFalse();
            assertThat(codes.order(about).openReasons())
                    .singleElement()
                    .satisfies(r -> assertThat(r.text()).contains("was reversed"));
            assertThat(receipts(about)).containsExactly(tuple(Receipt.Kind.DOUBTFUL, Receipt.Disposition.HELD));
            assertThat(codes.attempt(about).state()).isEqualTo(AttemptState.CLOSED);
        }
    }

    @Test
    void held_money_of_a_code_that_is_reversed_went_back() {
        var about = codes.collecting("Code0005");

        applyReport.apply(about, codes.paid(about, "4200000005", 991), ApplyReport.Source.QUERY);
        applyReport.apply(about, new ProviderReport.Closed("Code0005", "{}"), ApplyReport.Source.QUERY);

        assertThat(receipts(about)).containsExactly(tuple(Receipt.Kind.AMOUNT_DIFFERS, Receipt.Disposition.RETURNED));
        assertThat(codes.order(about).openReasons()).hasSize(2);
    }

    @Test
    void a_second_payment_that_went_back_is_recorded_as_returned_and_not_refunded_again() {
        for (var provider : List.of("wxpay", "alipay")) {
            var about = codes.collecting(provider + "Code3", provider);

            applyReport.apply(about, codes.paid(about, provider + "4203", false), BY_NOTIFICATION);
            applyReport.apply(about, codes.paid(about, provider + "4204", true), BY_NOTIFICATION);

            assertThat(codes.order(about).paid()).isTrue();
            assertThat(codes.order(about).needsPerson())
                    .hasValueSatisfying(w -> assertThat(w).contains("was returned at the provider"));
            assertThat(receipts(about))
                    .containsExactly(
                            tuple(Receipt.Kind.ORDER, Receipt.Disposition.COUNTED),
                            tuple(Receipt.Kind.DOUBTFUL, Receipt.Disposition.RETURNED));
            assertThat(codes.receiptsOf(about).get(1).left().minor()).isZero();
            assertThat(refunds.allOf(about.order())).isEmpty();
        }
    }

    @Test
    void a_payment_for_another_sub_merchant_is_evidence_only_and_each_new_one_is_flagged() {
        for (var provider : List.of("wxpay", "alipay")) {
            var about = codes.collecting(provider + "Code4", provider);

            for (var id : List.of("4205", "4205", "4206")) {
                var paid = codes.paidForAnotherMerchant(about, provider + id);
                applyReport.apply(about, paid, ApplyReport.Source.QUERY);
            }

            assertThat(codes.receiptsOf(about)).isEmpty();
            assertThat(codes.order(about).openReasons())
                    .extracting(OpenReason::text)
                    .containsExactly(
                            "the payment " + provider + "4205 is for another merchant or application",
                            "the payment " + provider + "4206 is for another merchant or application");

            codes.settle(about, Optional.empty());
            applyReport.apply(about, codes.paidForAnotherMerchant(about, provider + "4206"), ApplyReport.Source.QUERY);
            assertThat(codes.order(about).needsPerson()).as("a repetition").isEmpty();
        }
    }

    @Test
    void a_payment_of_which_a_part_went_back_before_it_was_known_is_held() {
        for (var provider : List.of("wxpay", "alipay")) {
            var about = codes.collecting(provider + "Code6", provider);
            var whole = codes.paid(about, provider + "4207", false);

            applyReport.apply(
                    about,
                    new ProviderReport.Paid(
                            whole.attemptNo(),
                            whole.merchantNo(),
                            whole.appId(),
                            whole.transactionId(),
                            whole.amount(),
                            whole.paidAt(),
                            whole.payerId(),
                            "",
                            ProviderReport.WentBack.AT_LEAST_A_PART,
                            "{}"),
                    ApplyReport.Source.QUERY);

            assertThat(receipts(about)).containsExactly(tuple(Receipt.Kind.DOUBTFUL, Receipt.Disposition.HELD));
            assertThat(codes.receiptsOf(about).get(0).left().minor()).isEqualTo(990);
            assertThat(codes.attempt(about).state()).isEqualTo(AttemptState.PAID);
        }
    }

    private List<Tuple> receipts(AttemptKey about) {
        return codes.receiptsOf(about).stream()
                .map(r -> tuple(r.kind(), r.disposition()))
                .toList();
    }

    @Test
    void a_hint_pays_nothing_and_is_settled_by_one_query() {
        var unpaid = hinted.shown("Hint0001");
        var paid = hinted.shown("Hint0002");
        hinting.pay("Hint0002");
        var before = hinting.queries();

        assertThat(hinted.hint("Hint0001").status()).isEqualTo(200);
        assertThat(hinted.hint("Hint0002").status()).isEqualTo(200);

        assertThat(hinted.paid(unpaid)).isFalse();
        assertThat(hinted.paid(paid)).isTrue();
        assertThat(hinted.hint("Hint0001").status()).as("repeated at once").isEqualTo(500);
        assertThat(hinting.queries() - before).isEqualTo(2);
    }

    @Test
    void a_hint_about_an_unknown_number_queries_nothing_and_is_refused() {
        var before = hinting.queries();

        assertThat(hinted.hint("Hint9999").status()).isEqualTo(401);

        assertThat(hinting.queries()).isEqualTo(before);
        assertThat(hinted.verdicts()).isNotEmpty().containsOnly("FORGED");
    }

    @Test
    void a_purchase_in_a_store_pays_an_order_without_an_amount_and_its_return_refunds_it() {
        sold.order("Sold0001");
        var purchase = SoldOrders.purchase("7001", "token-Sold0001", "7001", new Money(99, "USD"));

        assertThat(sold.notified("bought 7001", new ParsedNotification.Bought(purchase)))
                .isEqualTo(200);
        assertThat(sold.notified("bought 7001", new ParsedNotification.Bought(purchase)))
                .isEqualTo(200);
        var paid = sold.record("Sold0001");
        assertThat(paid.getInt("status")).isEqualTo(1);
        assertThat(paid.getInt("total_fee")).isZero();
        assertThat(paid.getInt("store_price")).isEqualTo(99);
        assertThat(paid.getString("store_currency")).isEqualTo("USD");
        assertThat(paid.getString("store_environment")).isEqualTo("Sandbox");
        assertThat(paid.getString("original_transaction_id")).isEqualTo("7001");

        var now = Instant.now();
        sold.notified("part 7001", new ParsedNotification.TakenBack(purchase, "7001-1", 50_000, now));
        assertThat(sold.record("Sold0001").getInt("status")).isEqualTo(2);
        sold.notified("all 7001", new ParsedNotification.TakenBack(purchase, "7001-2", 100_000, now));
        sold.notified("again 7001", new ParsedNotification.TakenBack(purchase, "7001-2", 100_000, now));
        var returned = sold.record("Sold0001");
        assertThat(returned.getInt("status")).isEqualTo(3);
        assertThat(returned.getInt("refund_num")).isEqualTo(2);
        assertThat(returned.getJsonArray("refund_list")).hasSize(2);
    }

    @Test
    void a_renewal_in_a_store_is_an_order_of_its_own_however_often_it_is_reported() throws Exception {
        var named = sold.order("Sold0002");
        sold.posted(named, SoldOrders.purchase("7101", "token-Sold0002", "7101", Money.fen(1800)));
        var renewal = SoldOrders.purchase("7102", "token-Sold0002", "7101", Money.fen(1800));

        var posted = executor.submit(() -> sold.posted(named, renewal));
        var status = sold.notified("bought 7102", new ParsedNotification.Bought(renewal));

        assertThat(posted.get().outcome()).isEqualTo(ApplyPurchase.Outcome.STORED);
        assertThat(status).isEqualTo(200);
        var record = sold.record("7102");
        assertThat(record.getInt("status")).isEqualTo(1);
        assertThat(record.getInt("total_fee")).isEqualTo(1800);
        assertThat(record.getString("original_out_trade_no")).isEqualTo("Sold0002");
        assertThat(sold.record("Sold0002").getString("transaction_id")).isEqualTo("7101");
    }

    @Test
    void one_purchase_in_a_store_pays_one_of_two_orders_for_which_it_is_posted_at_once() throws Exception {
        var first = sold.order("Sold0003");
        var second = sold.order("Sold0004");
        var purchase = SoldOrders.purchase("7201", "", "7201", Money.fen(1800));

        var one = executor.submit(() -> sold.posted(first, purchase));
        var other = executor.submit(() -> sold.posted(second, purchase));

        assertThat(one.get().order()).isEqualTo(other.get().order());
        assertThat(one.get()).as("answered the same, whichever has stored it").isEqualTo(other.get());
        assertThat(sold.record("Sold0003").getInt("status")
                        + sold.record("Sold0004").getInt("status"))
                .isEqualTo(1);
    }

    @Test
    void a_return_by_a_store_counts_whenever_the_purchase_is_posted() {
        var purchase = SoldOrders.purchase("7301", "", "7301", Money.fen(1800));
        var part = SoldOrders.purchase("7401", "", "7401", Money.fen(1800));
        var moment = Instant.now();
        var whole = new ParsedNotification.TakenBack(purchase, "7301-1", 100_000, moment);
        assertThat(sold.notified("all 7301", whole)).isEqualTo(200);
        assertThat(sold.notified("all 7301 in another message", whole)).isEqualTo(200);
        sold.notified("part 7401", new ParsedNotification.TakenBack(part, "7401-1", 30_000, moment));

        assertThat(sold.posted(sold.order("Sold0005"), purchase).outcome()).isEqualTo(ApplyPurchase.Outcome.DOUBTFUL);
        assertThat(sold.posted(sold.order("Sold0006"), part).outcome()).isEqualTo(ApplyPurchase.Outcome.STORED);

        assertThat(sold.record("Sold0005").getInt("status")).isZero();
        assertThat(sold.record("Sold0006").getInt("status")).isEqualTo(2);
        assertThat(sold.record("Sold0006").getInt("refund_fee")).isEqualTo(540);
    }

    @Test
    void a_return_that_a_store_reports_after_its_reversal_refunds_nothing() {
        var named = sold.order("Sold0007");
        var purchase = SoldOrders.purchase("7501", "", "7501", Money.fen(1800));
        var moment = Instant.now();
        sold.notified("again 7501", new ParsedNotification.ChargedAgain(purchase, moment));
        sold.posted(named, purchase);

        sold.notified(
                "all 7501", new ParsedNotification.TakenBack(purchase, "7501-1", 100_000, moment.minusSeconds(60)));

        assertThat(sold.record("Sold0007").getInt("status")).isEqualTo(1);
    }

    @Test
    void purchases_of_two_orders_that_are_posted_crosswise_do_not_wait_for_each_other() throws Exception {
        var first = sold.order("Sold0008");
        var second = sold.order("Sold0009");

        var one = executor.submit(
                () -> sold.posted(first, SoldOrders.purchase("7601", "token-Sold0009", "7601", Money.fen(1800))));
        var other = executor.submit(
                () -> sold.posted(second, SoldOrders.purchase("7602", "token-Sold0008", "7602", Money.fen(1800))));
        one.get();
        other.get();

        assertThat(sold.record("Sold0008").getString("transaction_id")).isEqualTo("7602");
        assertThat(sold.record("Sold0009").getString("transaction_id")).isEqualTo("7601");
    }

    @Test
    void a_query_without_an_answer_does_not_count() {
        var about = codes.collecting("Code0004");
        var soon = Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

        var seen = transactions.inNew(() -> attempts.byKey(about).orElseThrow());
        transactions.runInNew(() ->
                attempts.claimQuery(about, Duration.ZERO, Instant.now(), new NextQuery(soon, NextStep.QUERY, seen)));
        transactions.runInNew(() -> attempts.queryUnanswered(about, soon.plusSeconds(1)));

        var attempt = transactions.inNew(() -> attempts.byKey(about).orElseThrow());
        assertThat(attempt.queries()).isZero();
        assertThat(attempt.nextQueryAt()).contains(soon.plusSeconds(1));
    }

    @Test
    void the_alipay_sdk_has_not_switched_off_the_servers_certificate_checks() {
        assertThat(Security.getProperty("jdk.certpath.disabledAlgorithms")).contains("MD5");
    }

    @Test
    void the_class_path_is_not_searched_for_json_in_every_call() {
        var searched = new ArrayList<String>();
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(before) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                searched.add(name);
                return super.getResources(name);
            }
        });
        try {
            Json.createReader(new StringReader("{}")).readObject();
            Json.createObjectBuilder().add("a", Json.createValue(1)).build();
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(searched).isEmpty();
    }

    @Test
    void settings_are_read_from_the_environment() {
        assertThat(settings.development()).isTrue();
    }
}
