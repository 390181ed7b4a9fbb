package io.cashdesk.provider;

import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static io.cashdesk.provider.ProviderFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderServer.Asked;
import io.cashdesk.provider.ProviderServer.Said;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * What every adapter promises on the wire, in more detail than {@link PaymentProviderContract}: each one subclasses it with its
 * own words, once for each kind of keys it takes. What a provider cannot do is skipped.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class ProviderWireContract {
    protected static final String NUMBER = "T202601010001";
    protected static final Money PRICE = Money.fen(990);

    /** Two seconds after {@link #NUMBER} was paid. */
    protected static final Instant NOW = Instant.parse("2026-01-01T04:00:11Z");

    protected static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    /** The shortest that can be configured. */
    protected static final Duration PATIENCE = Duration.ofSeconds(1);

    protected ProviderServer server;
    protected final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler listening = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(String.valueOf(record.getMessage()));
            if (record.getParameters() != null)
                logged.add(List.of(record.getParameters()).toString());
            if (record.getThrown() != null) logged.add(stackTrace(record.getThrown()));
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing to give back
        }
    };

    protected abstract PaymentProvider provider();

    protected abstract JsonObject node();

    /** The account's gateway at this server. */
    protected abstract URI gateway(URI server);

    /** Texts that nobody may ever read: parts of keys. */
    protected abstract List<String> secrets();

    /** {@link #NUMBER} was paid with {@link #PRICE}. */
    protected abstract RawNotification paid();

    /** The same news, said again later. */
    protected abstract RawNotification paidAgain();

    protected abstract RawNotification paidToSomebodyElse();

    /** Authentic, and not about a payment. */
    protected abstract RawNotification aboutARefund();

    /** The answer to this request when all is well. */
    protected abstract Said well(Asked request);

    /** The verified answer to a query. */
    protected abstract Said state(String state, String number);

    protected abstract Function<Asked, Said> no(String code);

    protected abstract Said unsigned(Said said);

    protected abstract Said badlySigned(Said said);

    protected abstract String unknownOrder();

    protected abstract String alreadyPaid();

    protected abstract String orderRefusal();

    /** Every state in the provider's documents, and what it is to us. */
    protected abstract Map<String, Class<? extends ProviderReport>> states();

    protected abstract boolean isQuery(Asked request);

    /** The connections as the server makes them. */
    protected static ProviderTransport transport() {
        var settings = new Settings(
                name -> name.equals("CASHDESK_PROVIDER_TIMEOUT_SECONDS") ? String.valueOf(PATIENCE.toSeconds()) : null);
        var transport = new ProviderTransport(settings);
        transport.open();
        return transport;
    }

    protected AccountSettings account() {
        return at(server.address());
    }

    protected AccountSettings at(URI address) {
        return settings(node(), gateway(address));
    }

    protected AccountSettings settings(JsonObject values, URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, provider().name(), "h5", values, gateway);
    }

    protected PaymentRequest request() {
        return request(JsonObject.EMPTY_JSON_OBJECT);
    }

    protected PaymentRequest request(JsonObject other) {
        return new PaymentRequest(
                attempt(NUMBER),
                PRICE,
                "测试商品 \"tea\" 🍵",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                new Payer("203.0.113.7", "", Payer.Screen.CODE),
                Optional.empty(),
                other);
    }

    /** A scanned code's attempt of this number. */
    protected AttemptRef attempt(String number) {
        return new AttemptRef(new PayType(provider().name(), "h5"), number, SubMerchant.NONE);
    }

    protected JsonObject with(String name, String value) {
        return Json.createObjectBuilder(node()).add(name, value).build();
    }

    private ProviderReport query(AccountSettings account) {
        assumeTrue(provider() instanceof Queries, "it cannot be queried");
        return ((Queries) provider()).query(account, attempt(NUMBER));
    }

    private ProviderReport close(AccountSettings account) {
        assumeTrue(provider() instanceof Closes, "it cannot close");
        return ((Closes) provider()).close(account, attempt(NUMBER));
    }

    protected static ProviderFailure failure(ThrowingCallable deed) {
        var thrown = catchThrowable(deed);
        if (thrown instanceof TestAbortedException skipped) throw skipped;
        assertThat(thrown).as("the failure").isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    private static String stackTrace(Throwable thrown) {
        var written = new StringWriter();
        thrown.printStackTrace(new PrintWriter(written));
        return written.toString();
    }

    @BeforeEach
    void listen() {
        server = new ProviderServer();
        server.answers(this::well);
        Logger.getLogger("").setLevel(Level.ALL);
        Logger.getLogger("").addHandler(listening);
        listening.setLevel(Level.ALL);
    }

    @AfterEach
    void stop() {
        Logger.getLogger("").removeHandler(listening);
        Logger.getLogger("").setLevel(Level.INFO);
        server.close();
    }

    // the configuration

    @Test
    void takes_a_good_node_and_says_who_we_are() {
        var account = account();

        provider().check(account);

        assertThat(provider().identity(account).appId()).isEqualTo(account.text("appId"));
        assertThat(provider().identity(account).merchantNo()).isEqualTo(account.text("mchId"));
    }

    @Test
    void takes_keys_whose_lines_are_written_in_one() {
        var oneLine = Json.createObjectBuilder();
        node().forEach((name, value) -> {
            if (value instanceof jakarta.json.JsonString s)
                oneLine.add(name, s.getString().replace("\n", "\\n"));
            else oneLine.add(name, value);
        });

        provider().check(settings(oneLine.build(), gateway(server.address())));
    }

    @Test
    void keeps_the_nodes_of_products_to_come_without_looking() {
        assumeTrue(provider().configuration().nodes().contains("transfer"), "it has no node for transfers");
        var transfer = new AccountSettings(
                UUID.randomUUID(),
                1,
                provider().name(),
                "transfer",
                JsonObject.EMPTY_JSON_OBJECT,
                gateway(server.address()));

        provider().check(transfer);
    }

    @Test
    void every_secret_it_was_given_is_on_its_list() {
        var open = Json.createObjectBuilder(node());
        provider().configuration().secrets().forEach(open::remove);

        assertThat(open.build().toString()).doesNotContain(secrets());
    }

    // asking for money

    @Test
    void shows_a_code_and_asks_once() {
        server.answers(this::well);

        var prompt = ((Creates) provider()).create(account(), request());

        assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);
        assertThat(((PaymentPrompt.ScanQrCode) prompt).content())
                .isEqualTo(prompt.orderInfo().asJsonObject().getString("codeUrl"))
                .isNotEmpty();
        assertThat(PaymentPrompt.of(prompt.stored())).isEqualTo(prompt);
        assertThat(server.asked().stream().filter(a -> a.method().equals("POST")))
                .hasSize(1);
    }

    @Test
    void does_not_let_other_parameters_change_the_order() {
        server.answers(this::well);
        var other =
                Json.createObjectBuilder().add("out_trade_no", "SOMEBODY_ELSES").build();

        var failure = failure(() -> ((Creates) provider()).create(account(), request(other)));

        assertThat(failure.kind()).isEqualTo(DECLINED);
        assertThat(failure).hasMessageContaining("out_trade_no");
        assertThat(server.asked().stream().filter(a -> a.method().equals("POST")))
                .isEmpty();
    }

    @Test
    void a_refused_connection_is_unreachable() {
        var account = at(ProviderServer.nobody());

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(UNREACHABLE);
        assertThat(failure(() -> query(account)).kind()).isEqualTo(UNREACHABLE);
        assertThat(failure(() -> close(account)).kind()).isEqualTo(UNREACHABLE);
    }

    @Test
    void an_unknown_host_is_unreachable() {
        var account = at(URI.create("http://nobody.invalid"));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(UNREACHABLE);
    }

    @Test
    void an_answer_that_takes_too_long_leaves_the_outcome_unknown_and_is_not_asked_for_twice() {
        unknownAfter(request -> well(request).late(PATIENCE.multipliedBy(8)));
    }

    @Test
    void a_connection_that_is_hung_up_leaves_the_outcome_unknown_and_is_not_asked_for_twice() {
        unknownAfter(request -> Said.hangUp());
    }

    @Test
    void a_page_of_a_proxy_leaves_the_outcome_unknown() {
        unknownAfter(request -> Said.page(502));
    }

    @Test
    void a_page_of_a_proxy_in_place_of_an_answer_leaves_the_outcome_unknown() {
        var account = account();
        warmUp(account);
        server.answers(Said.page(200));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
    }

    @Test
    void a_redirect_is_not_followed() {
        unknownAfter(request -> new Said(302, Map.of("Location", server.address() + "/elsewhere"), ""));
    }

    private void unknownAfter(Function<Asked, Said> answer) {
        var account = account();
        warmUp(account);
        server.answers(answer);

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isEqualTo(OUTCOME_UNKNOWN);

        assertThat(server.asked()).hasSize(1);
    }

    /** One good exchange, after which whatever is fetched once has been fetched. */
    protected void warmUp(AccountSettings account) {
        server.answers(this::well);
        ((Creates) provider()).create(account, request());
    }

    @Test
    void an_answer_without_a_signature_is_not_believed() {
        var account = account();
        warmUp(account);
        server.answers(request ->
                unsigned(isQuery(request) ? state(states().keySet().iterator().next(), NUMBER) : well(request)));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> close(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
    }

    @Test
    void an_answer_with_another_signature_is_not_believed() {
        var account = account();
        warmUp(account);
        server.answers(request -> badlySigned(
                isQuery(request) ? state(states().keySet().iterator().next(), NUMBER) : well(request)));

        assertThat(failure(() -> ((Creates) provider()).create(account, request()))
                        .kind())
                .isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> close(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
    }

    @Test
    void a_no_is_passed_on_with_its_code() {
        var account = account();
        warmUp(account);
        server.answers(no(orderRefusal()));

        var failure = failure(() -> ((Creates) provider()).create(account, request()));

        assertThat(failure.kind()).isEqualTo(DECLINED);
        assertThat(failure.providerCode()).isEqualTo(orderRefusal());
    }

    @Test
    void a_number_that_was_paid_before_is_known_as_spent() {
        var account = account();
        warmUp(account);
        server.answers(no(alreadyPaid()));

        var failure = failure(() -> ((Creates) provider()).create(account, request()));

        assertThat(((Creates) provider()).numberIsSpent(failure.providerCode())).isTrue();
    }

    // asking about it

    @TestFactory
    Stream<DynamicTest> every_state_in_the_documents_is_a_report() {
        return states().entrySet().stream()
                .map(e -> dynamicTest(e.getKey(), () -> {
                    server.answers(request -> isQuery(request) ? state(e.getKey(), NUMBER) : well(request));

                    var report = query(account());

                    assertThat(report).isInstanceOf(e.getValue());
                    assertThat(report.attemptNo()).isEqualTo(NUMBER);
                    if (report instanceof ProviderReport.Paid paid) looksPaid(paid);
                }));
    }

    private void looksPaid(ProviderReport.Paid paid) {
        var identity = provider().identity(account());
        assertThat(paid.amount()).isEqualTo(PRICE);
        assertThat(paid.merchantNo()).isEqualTo(identity.merchantNo());
        assertThat(paid.appId()).isEqualTo(identity.appId());
        assertThat(paid.transactionId()).isNotEmpty();
        assertThat(paid.paidAt()).isEqualTo(Instant.parse("2026-01-01T04:00:09Z"));
        assertThat(paid.payerId()).isNotEmpty();
        assertThat(paid.evidence()).startsWith("{").doesNotContain(secrets());
    }

    @Test
    void refuses_an_unknown_state_aloud() {
        server.answers(request -> isQuery(request) ? state("SOMETHING_NEW", NUMBER) : well(request));

        var failure = failure(() -> query(account()));

        assertThat(failure.kind()).isEqualTo(OUTCOME_UNKNOWN);
        assertThat(failure).hasMessageContaining("SOMETHING_NEW");
    }

    @Test
    void does_not_take_an_answer_about_another_order_for_its_own() {
        server.answers(
                request -> isQuery(request) ? state(states().keySet().iterator().next(), "T9") : well(request));

        assertThat(failure(() -> query(account())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void an_unknown_number_is_an_answer() {
        var account = account();
        warmUp(account);
        server.answers(no(unknownOrder()));

        assertThat(query(account)).isInstanceOf(ProviderReport.Absent.class);
        assertThat(close(account)).isInstanceOf(ProviderReport.Absent.class);
    }

    // closing it

    @Test
    void closes() {
        server.answers(this::well);

        assertThat(close(account())).isInstanceOf(ProviderReport.Closed.class);
    }

    // being told

    @Test
    void reads_that_money_came() {
        var news = provider().read(account(), paid());

        assertThat(news.report()).get().isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.attemptNo()).isEqualTo(NUMBER);
            looksPaid(paid);
        });
    }

    @Test
    void knows_a_repetition_when_it_hears_one() {
        var account = account();

        var first = provider().read(account, paid());
        var again = provider().read(account, paidAgain());

        assertThat(again.repeatKey()).isEqualTo(first.repeatKey());
        assertThat(provider().read(account, aboutARefund()).repeatKey()).isNotEqualTo(first.repeatKey());
    }

    @Test
    void rejects_a_notification_with_any_byte_changed() {
        var account = account();
        var good = paid();

        for (int at = 0; at < good.body().length; at += 5) {
            var body = good.body().clone();
            body[at] ^= 1;
            var changed = new RawNotification(good.method(), good.rawQuery(), good.headers(), body);

            var failure = failure(() -> provider().read(account, changed));

            assertThat(failure.kind()).as("byte %d", at).isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void rejects_what_is_not_a_message_at_all() {
        for (var body : List.of("", "{}", "null", "[]", "a", "&&&", "=", "%zz=%", "sign=x&sign_type=RSA2", "\u0000")) {
            var raw = new RawNotification(
                    "POST", "", paid().headers(), body.getBytes(java.nio.charset.StandardCharsets.UTF_8));

            assertThat(failure(() -> provider().read(account(), raw)).kind())
                    .as(body)
                    .isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void rejects_what_is_meant_for_another_account() {
        assertThat(failure(() -> provider().read(account(), paidToSomebodyElse()))
                        .kind())
                .isEqualTo(NOT_AUTHENTIC);
    }

    @Test
    void keeps_news_of_refunds_without_taking_them_for_payments() {
        assertThat(provider().read(account(), aboutARefund()).report()).isEmpty();
    }

    // secrets

    @Test
    void no_secret_is_said_logged_or_thrown() {
        var account = account();
        server.answers(this::well);
        ((Creates) provider()).create(account, request());
        provider().read(account, paid());
        server.answers(request -> badlySigned(well(request)));
        var forged = catchThrowable(() -> ((Creates) provider()).create(account, request()));
        server.answers(no(orderRefusal()));
        var refused = catchThrowable(() -> ((Creates) provider()).create(account, request()));
        server.answers(Said.page(502));
        var broken = catchThrowable(() -> query(account));

        var said = logged + stackTrace(forged) + stackTrace(refused) + stackTrace(broken) + account + provider();

        assertThat(said).doesNotContain(secrets());
    }

    @Test
    void refuses_secrets_without_repeating_them() {
        var broken = Json.createObjectBuilder(node());
        for (var secret : provider().configuration().secrets()) {
            if (node().containsKey(secret)) broken.add(secret, "hush-hush");
        }

        assertThatThrownBy(() -> provider().check(settings(broken.build(), gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("hush-hush");
    }
}
