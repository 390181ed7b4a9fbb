package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * What every adapter guarantees. A new adapter's first test is a subclass of this with messages of its provider; what
 * the provider cannot do, the subclass says ({@link ContractRow#cannot}). {@link ProviderWireContract} tests more, with
 * a server that records every request.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class PaymentProviderContract implements ContractRow {
    protected static final Instant NOON = Instant.now();
    protected static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    protected static final String NUMBER = "T20261121AB";

    /** How the provider's side answers one request. */
    @FunctionalInterface
    protected interface Answer {
        void to(HttpServerExchange exchange, String body) throws Exception;
    }

    protected Undertow server;
    private volatile Answer answer;
    protected String seenTarget;
    protected String seenBody;

    protected abstract PaymentProvider provider();

    /** This provider's account at the given gateway. */
    protected abstract AccountSettings account(URI gateway);

    /** The product of {@link #request}, as the API writes it. */
    protected abstract String payType();

    /** An authentic notification that 990 fen arrived for {@link #attempt}, signed now. */
    protected abstract RawNotification paid();

    /** The same notification for another merchant, correctly signed. */
    protected abstract RawNotification paidToAnotherMerchant();

    /** A valid answer to create. */
    protected abstract Answer created();

    /** The same answer with a signature by another key; not overridden where the provider does not sign its answers. */
    protected Answer createdWithAnotherKey() {
        throw new IllegalStateException("an answer with another signature, or the reason why it has none, is missing");
    }

    /** What a create without a usable answer is: sent, unless nothing can come of it without one. */
    protected Kind unanswered() {
        return Kind.OUTCOME_UNKNOWN;
    }

    /** A refusal of create that is the same when the request is repeated. */
    protected abstract Answer declined();

    /** The answer to a query for a number that the provider does not know. */
    protected abstract Answer unknownOrder();

    /** A part of a key, which must appear in no message. */
    protected abstract String secret();

    /** The HTTP client of the product, with a time-out of one second. */
    protected static ProviderTransport transport() {
        var transport =
                new ProviderTransport(new Settings(n -> n.equals("CASHDESK_PROVIDER_TIMEOUT_SECONDS") ? "1" : null));
        transport.open();
        return transport;
    }

    @BeforeEach
    void serve() {
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(new BlockingHandler(exchange -> {
                    seenTarget = exchange.getRequestURI()
                            + (exchange.getQueryString().isEmpty() ? "" : "?" + exchange.getQueryString());
                    seenBody = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    answer.to(exchange, seenBody);
                }))
                .build();
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    protected URI gateway() {
        var port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    protected void answers(Answer answer) {
        this.answer = answer;
    }

    protected static void send(HttpServerExchange exchange, int status, String type, String body) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(io.undertow.util.Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(body);
    }

    /** The attempt with {@link #NUMBER}, where a merchant's number can be the provider's. */
    protected AttemptRef attempt() {
        return new AttemptRef(PayType.of(payType()), NUMBER, SubMerchant.NONE);
    }

    protected PaymentRequest request() {
        return new PaymentRequest(
                new AttemptRef(PayType.of(payType()), NUMBER, SubMerchant.NONE),
                Money.fen(990),
                "西湖龙井",
                NOON.plusSeconds(300),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", "", Payer.Screen.CODE),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    private Creates creates() {
        requires(Ability.CREATE);
        return (Creates) provider();
    }

    private ParsedNotification authentic() {
        requires(Ability.SIGNED_NOTIFICATIONS);
        requires(Ability.NOTIFICATIONS_THAT_PROVE);
        return provider().read(account(gateway()), paid());
    }

    private PaymentPrompt create() {
        return creates().create(account(gateway()), request()).prompt();
    }

    /**
     * The call whose failures are tested: the one that opens a payment; another one of a provider that opens payments
     * without a call.
     */
    protected void call(AccountSettings account) {
        creates().create(account, request());
    }

    private void failsWith(Kind... kinds) {
        assertThat(failure(account(gateway())).kind()).isIn((Object[]) kinds);
    }

    private ProviderFailure failure(AccountSettings account) {
        var thrown = catchThrowable(() -> call(account));
        if (thrown instanceof TestAbortedException skipped) throw skipped;
        assertThat(thrown).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    /** Of a payment, or of a purchase in the provider's store, whose amount only the store knows. */
    private static Optional<ProviderReport> report(ParsedNotification notification) {
        return notification.content() instanceof ParsedNotification.Bought bought
                ? Optional.of(bought.purchase().paid())
                : notification.report();
    }

    @Test
    void reads_an_authentic_notification_as_a_payment() {
        var notification = authentic();

        assertThat(report(notification)).get().isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.attemptNo()).isEqualTo(attempt().attemptNo());
            assertThat(paid.orOf(Money.fen(990)).amount()).isEqualTo(Money.fen(990));
            var identity = provider().identity(account(gateway()));
            assertThat(paid.merchantNo()).isEqualTo(identity.merchantNo());
            assertThat(paid.appId()).isEqualTo(identity.appId());
            assertThat(paid.transactionId()).isNotBlank();
            assertThat(paid.evidence()).startsWith("{").doesNotContain(secret());
        });
    }

    @Test
    void recognises_a_repetition_with_a_new_signature() {
        var first = authentic();
        var second = provider().read(account(gateway()), paid());

        assertThat(second.repeatKey()).isEqualTo(first.repeatKey());
    }

    @Test
    void rejects_a_notification_with_any_byte_changed() {
        requires(Ability.SIGNED_NOTIFICATIONS);
        var good = paid();
        assertThat(good.body().length + good.rawQuery().length()).isPositive();
        for (int at = 0;
                at < good.rawQuery().length();
                at += Math.max(1, good.rawQuery().length() / 40)) {
            var query = good.rawQuery().toCharArray();
            query[at] = (char) (query[at] ^ 1);
            rejects(new RawNotification(good.method(), new String(query), good.headers(), good.body()));
        }
        for (int at = 0; at < good.body().length; at += Math.max(1, good.body().length / 40)) {
            var body = good.body().clone();
            body[at] ^= 1;
            rejects(new RawNotification(good.method(), good.rawQuery(), good.headers(), body));
        }
    }

    private void rejects(RawNotification notification) {
        assertThatThrownBy(() -> provider().read(account(gateway()), notification))
                .isInstanceOfSatisfying(
                        ProviderFailure.class, f -> assertThat(f.kind()).isEqualTo(Kind.NOT_AUTHENTIC));
    }

    @Test
    void sends_hints_only_if_it_can_be_queried() {
        var notification = provider().read(account(gateway()), paid());

        if (notification.content() instanceof ParsedNotification.Hint hint) {
            if (hint.attemptNo().isEmpty())
                assertThat(hint.providerNo()).isNotEmpty().isEqualTo(attempt().providerNo());
            else assertThat(hint.attemptNo()).isEqualTo(NUMBER);
            assertThat(provider()).isInstanceOf(Queries.class);
        }
    }

    @Test
    void an_authentic_notification_for_another_merchant_is_refused_or_reported_as_that_merchants() {
        requires(Ability.SIGNED_NOTIFICATIONS);
        var account = account(gateway());
        try {
            var paid = report(provider().read(account, paidToAnotherMerchant())).orElseThrow();

            assertThat(new Identity(((ProviderReport.Paid) paid).merchantNo(), ((ProviderReport.Paid) paid).appId()))
                    .isNotEqualTo(provider().identity(account));
        } catch (ProviderFailure refused) {
            assertThat(refused.kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        }
    }

    @Test
    void creates_a_prompt() {
        answers(created());

        var prompt = create();

        assertThat(PaymentPrompt.of(prompt.stored())).isEqualTo(prompt);
        if (prompt instanceof PaymentPrompt.ScanQrCode scan) {
            assertThat(scan.content()).isNotBlank();
            assertThat(scan.orderInfo().asJsonObject().getString("codeUrl")).isEqualTo(scan.content());
        }
    }

    @Test
    void does_not_accept_an_answer_signed_with_another_key() {
        requires(Ability.SIGNED_ANSWERS);
        answers(createdWithAnotherKey());

        failsWith(Kind.NOT_AUTHENTIC, Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void a_refusal_is_declined() {
        answers(declined());

        failsWith(Kind.DECLINED);
    }

    @Test
    void a_refused_connection_is_unreachable() throws IOException {
        int dead;
        try (var socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }

        assertThat(failure(account(URI.create("http://127.0.0.1:" + dead))).kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void a_late_answer_is_no_answer() {
        answers((exchange, body) -> {
            TimeUnit.MILLISECONDS.sleep(1_800);
            send(exchange, 200, "application/json", "{}");
        });

        failsWith(unanswered());
    }

    @Test
    void an_html_page_of_a_proxy_has_an_unknown_outcome() {
        for (var status : new int[] {200, 404, 502}) {
            answers((exchange, body) -> send(exchange, status, "text/html", "<html>Bad Gateway</html>"));
            failsWith(unanswered(), Kind.NOT_AUTHENTIC);
        }
    }

    @Test
    void a_system_error_has_an_unknown_outcome() {
        answers((exchange, body) ->
                send(exchange, 500, "application/json", "{\"code\":\"SYSTEM_ERROR\",\"message\":\"x\"}"));

        failsWith(unanswered());
    }

    @Test
    void an_unknown_number_is_absent() {
        requires(Ability.QUERY);
        answers(unknownOrder());

        assertThat(((Queries) provider()).query(account(gateway()), attempt()))
                .isInstanceOf(ProviderReport.Absent.class);
    }

    @Test
    void has_every_text_and_rule_of_pages_and_configuration() {
        var look = provider().presentation();
        for (var text : List.of(
                look.name(),
                look.wallet(),
                look.open(),
                look.elsewhere(),
                look.scanning().label(),
                look.scanning().how(),
                look.scanning().onThisPhone())) {
            assertThat(text.zh()).isNotBlank();
            assertThat(text.en()).isNotBlank();
        }
        assertThat(Path.of("webapp/assets", look.mark())).exists();
        assertThat(look.evidenceHeaders()).allSatisfy(h -> assertThat(h).isLowerCase());
        assertThat(provider().products()).containsKey(PayType.of(payType())).allSatisfy((payType, rules) -> {
            assertThat(payType.provider()).isEqualTo(provider().name());
            assertThat(provider().configuration().nodes()).contains(rules.node());
            assertThat(rules.leastNotice()).isGreaterThanOrEqualTo(rules.shortestLife());
        });
        provider().check(account(gateway()));
    }

    @Test
    void reveals_no_secret() {
        assertThat(account(gateway()).toString()).doesNotContain(secret());
        assertThat(provider().refusal(account(gateway()), paid(), false, "no").body())
                .doesNotContain(secret());
    }
}
