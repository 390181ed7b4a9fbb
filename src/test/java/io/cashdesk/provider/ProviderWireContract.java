package io.cashdesk.provider;

import static io.cashdesk.provider.LogCapture.stackTrace;
import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static io.cashdesk.provider.ProviderFailure.Kind.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every adapter guarantees on the wire, in more detail than {@link PaymentProviderContract}. Each adapter has a
 * subclass, which runs once for each kind of keys; what its provider cannot do, its wire says
 * ({@link ProviderWire#cannot}).
 */
public abstract class ProviderWireContract<W extends ProviderWire> extends WireTest<W> {
    private LogCapture log;

    protected ProviderWireContract(W wire) {
        super(wire);
    }

    @BeforeEach
    void captureLog() {
        log = new LogCapture();
    }

    @AfterEach
    void releaseLog() {
        log.close();
    }

    private Answer paidState() {
        return wire.state(wire.states().keySet().iterator().next(), NUMBER);
    }

    // the configuration

    @Test
    void accepts_a_valid_node_and_knows_its_identity() {
        var account = account();

        wire.provider().check(account);

        assertThat(wire.provider().identity(account)).isEqualTo(wire.identity(account));
    }

    @Test
    void accepts_keys_in_one_line() {
        var oneLine = Json.createObjectBuilder();
        wire.node().forEach((name, value) -> {
            if (value instanceof JsonString text)
                oneLine.add(name, text.getString().replace("\n", "\\n"));
            else oneLine.add(name, value);
        });

        wire.provider().check(account(oneLine.build()));
    }

    @Test
    void accepts_the_node_of_an_unimplemented_product_unchecked() {
        requires(Ability.TRANSFER_NODE);
        var transfer = new AccountSettings(
                UUID.randomUUID(),
                1,
                wire.provider().name(),
                "transfer",
                JsonObject.EMPTY_JSON_OBJECT,
                wire.gateway(server.address()));

        wire.provider().check(transfer);
    }

    @Test
    void every_secret_is_on_the_list_of_secrets() {
        var open = Json.createObjectBuilder(wire.node());
        wire.provider().configuration().secrets().forEach(open::remove);

        assertThat(open.build().toString()).doesNotContain(wire.secrets());
    }

    // creating

    @Test
    void creates_a_prompt_with_one_call() {
        var prompt = create(account());

        if (wire.opensInWalletOnly()) {
            assertThat(prompt).isInstanceOf(PaymentPrompt.CallWallet.class);
            assertThat(prompt.orderInfo().asJsonObject()).isNotEmpty();
        } else {
            assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);
            assertThat(((PaymentPrompt.ScanQrCode) prompt).content())
                    .isEqualTo(prompt.orderInfo().asJsonObject().getString("codeUrl"))
                    .isNotEmpty();
        }
        assertThat(PaymentPrompt.of(prompt.stored())).isEqualTo(prompt);
        assertThat(server.requests().stream().filter(a -> a.method().equals("POST")))
                .hasSize(1);
    }

    @Test
    void refuses_other_parameters_that_change_the_order() {
        var other = Json.createObjectBuilder()
                .add(wire.numberField(), "ANOTHER_ORDER")
                .build();

        var input = new CallerInput(
                attempt(NUMBER).payType(),
                new Payer("203.0.113.7", "", Payer.Screen.PC),
                SubMerchant.NONE,
                Optional.empty(),
                Optional.empty(),
                other);

        assertThatThrownBy(() -> wire.provider().checkInput(account(), input))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.OTHER_RESERVED))
                .hasMessageContaining("other." + wire.numberField() + " ");
    }

    @Test
    void a_refused_connection_is_unreachable() {
        var account = at(ProviderServer.closedPort());

        assertThat(failure(() -> create(account)).kind()).isEqualTo(UNREACHABLE);
        assertThat(failure(() -> query(account)).kind()).isEqualTo(UNREACHABLE);
        if (can(Ability.CLOSE)) {
            assertThat(failure(() -> close(account)).kind()).isEqualTo(UNREACHABLE);
        }
    }

    @Test
    void an_unknown_host_is_unreachable() {
        var account = at(URI.create("http://unknown.invalid"));

        assertThat(failure(() -> create(account)).kind()).isEqualTo(UNREACHABLE);
    }

    @Test
    void a_late_answer_leaves_the_outcome_unknown_and_the_call_is_not_repeated() {
        unknownAfter(request -> wire.success(request).delayed(TIMEOUT.multipliedBy(8)));
    }

    @Test
    void a_closed_connection_leaves_the_outcome_unknown_and_the_call_is_not_repeated() {
        unknownAfter(request -> Answer.hangUp());
    }

    @Test
    void an_error_page_of_a_proxy_leaves_the_outcome_unknown() {
        unknownAfter(request -> Answer.page(502));
    }

    @Test
    void a_page_of_a_proxy_with_status_200_leaves_the_outcome_unknown() {
        var account = account();
        warmUp(account);
        server.answers(Answer.page(200));

        assertThat(failure(() -> create(account)).kind()).isIn(wire.unanswered(), NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
    }

    @Test
    void a_redirect_is_not_followed() {
        unknownAfter(request -> new Answer(302, Map.of("Location", server.address() + "/elsewhere"), ""));
    }

    private void unknownAfter(Function<Request, Answer> answer) {
        var account = account();
        warmUp(account);
        server.answers(answer);

        assertThat(failure(() -> create(account)).kind()).isEqualTo(wire.unanswered());

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void an_answer_without_a_signature_is_not_accepted() {
        requires(Ability.SIGNED_ANSWERS);
        var account = account();
        warmUp(account);
        server.answers(request -> wire.unsigned(wire.isQuery(request) ? paidState() : wire.success(request)));

        assertThat(failure(() -> create(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        if (can(Ability.CLOSE)) {
            assertThat(failure(() -> close(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        }
    }

    @Test
    void an_answer_with_a_wrong_signature_is_not_accepted() {
        requires(Ability.SIGNED_ANSWERS);
        var account = account();
        warmUp(account);
        server.answers(request -> wire.wronglySigned(wire.isQuery(request) ? paidState() : wire.success(request)));

        assertThat(failure(() -> create(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        assertThat(failure(() -> query(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        if (can(Ability.CLOSE)) {
            assertThat(failure(() -> close(account)).kind()).isIn(OUTCOME_UNKNOWN, NOT_AUTHENTIC);
        }
    }

    @Test
    void a_refusal_keeps_its_code() {
        var account = account();
        warmUp(account);
        server.answers(wire.refusal(wire.refusedOrder()));

        var failure = failure(() -> create(account));

        assertThat(failure.kind()).isEqualTo(DECLINED);
        assertThat(failure.providerCode()).isEqualTo(wire.refusedOrder());
    }

    @Test
    void a_number_that_was_already_paid_is_recognised_as_used() {
        requires(Ability.OUR_NUMBER);
        var account = account();
        warmUp(account);
        server.answers(wire.refusal(wire.alreadyPaid()));

        var failure = failure(() -> create(account));

        assertThat(((Creates) wire.provider()).numberIsSpent(failure.providerCode()))
                .isTrue();
    }

    // querying

    @TestFactory
    Stream<DynamicTest> every_documented_state_has_a_report() {
        return wire.states().entrySet().stream()
                .map(e -> dynamicTest(e.getKey(), () -> {
                    server.answers(
                            request -> wire.isQuery(request) ? wire.state(e.getKey(), NUMBER) : wire.success(request));

                    var report = query(account());

                    assertThat(report).isInstanceOf(e.getValue());
                    assertThat(report.attemptNo()).isEqualTo(NUMBER);
                    if (report instanceof ProviderReport.Paid paid) assertPaid(paid);
                }));
    }

    private void assertPaid(ProviderReport.Paid paid) {
        var identity = wire.provider().identity(account());
        assertThat(paid.amount()).isEqualTo(PRICE);
        assertThat(paid.merchantNo()).isEqualTo(identity.merchantNo());
        assertThat(paid.appId()).isEqualTo(identity.appId());
        assertThat(paid.transactionId()).isNotEmpty();
        assertThat(paid.paidAt()).isEqualTo(wire.paidAt());
        if (wire.saysWhoPaid()) assertThat(paid.payerId()).isNotEmpty();
        assertThat(paid.evidence()).startsWith("{").doesNotContain(wire.secrets());
    }

    @Test
    void an_unknown_state_is_a_failure_that_names_it() {
        requires(Ability.LISTED_STATES);
        server.answers(request -> wire.isQuery(request) ? wire.state("SOMETHING_NEW", NUMBER) : wire.success(request));

        var failure = failure(() -> query(account()));

        assertThat(failure.kind()).isEqualTo(OUTCOME_UNKNOWN);
        assertThat(failure).hasMessageContaining("SOMETHING_NEW");
    }

    @Test
    void an_answer_about_another_order_is_not_accepted() {
        server.answers(request -> wire.isQuery(request)
                ? wire.state(wire.states().keySet().iterator().next(), "T9")
                : wire.success(request));

        assertThat(failure(() -> query(account())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void an_unknown_number_is_absent() {
        var account = account();
        warmUp(account);
        server.answers(wire.refusal(wire.unknownOrder()));

        assertThat(query(account)).isInstanceOf(ProviderReport.Absent.class);
        if (can(Ability.CLOSE)) assertThat(close(account)).isInstanceOf(ProviderReport.Absent.class);
    }

    // closing

    @Test
    void closes() {
        requires(Ability.CLOSE);
        assertThat(close(account())).isInstanceOf(ProviderReport.Closed.class);
    }

    // notifications

    @Test
    void reads_a_payment() {
        requires(Ability.NOTIFICATIONS_THAT_PROVE);
        var notification = wire.provider().read(account(), wire.paid());

        assertThat(notification.report()).get().isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.attemptNo()).isEqualTo(NUMBER);
            assertPaid(paid);
        });
    }

    @Test
    void recognises_a_repeated_notification() {
        requires(Ability.NOTIFICATIONS_THAT_PROVE);
        var account = account();

        var first = wire.provider().read(account, wire.paid());
        var again = wire.provider().read(account, wire.paidAgain());

        assertThat(again.repeatKey()).isEqualTo(first.repeatKey());
        assertThat(wire.provider().read(account, wire.refunded()).repeatKey()).isNotEqualTo(first.repeatKey());
    }

    @Test
    void rejects_a_notification_with_any_byte_changed() {
        requires(Ability.SIGNED_NOTIFICATIONS);
        var account = account();
        var good = wire.paid();
        assertThat(good.body().length + good.rawQuery().length()).isPositive();

        for (int at = 0; at < good.rawQuery().length(); at += 5) {
            var query = good.rawQuery().toCharArray();
            query[at] = (char) (query[at] ^ 1);
            var changed = new RawNotification(good.method(), new String(query), good.headers(), good.body());

            var failure = failure(() -> wire.provider().read(account, changed));

            assertThat(failure.kind()).as("character %d", at).isEqualTo(NOT_AUTHENTIC);
        }

        for (int at = 0; at < good.body().length; at += 5) {
            var body = good.body().clone();
            body[at] ^= 1;
            var changed = new RawNotification(good.method(), good.rawQuery(), good.headers(), body);

            var failure = failure(() -> wire.provider().read(account, changed));

            assertThat(failure.kind()).as("byte %d", at).isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void rejects_bodies_that_are_not_messages() {
        for (var body : List.of("", "{}", "null", "[]", "a", "&&&", "=", "%zz=%", "sign=x&sign_type=RSA2", "\u0000")) {
            var raw = new RawNotification("POST", "", wire.paid().headers(), body.getBytes(StandardCharsets.UTF_8));

            assertThat(failure(() -> wire.provider().read(account(), raw)).kind())
                    .as(body)
                    .isEqualTo(NOT_AUTHENTIC);
        }
    }

    @Test
    void a_payment_to_another_merchant_is_reported_as_that_merchants() {
        requires(Ability.NOTIFICATIONS_THAT_PROVE);
        var report =
                wire.provider().read(account(), wire.paidToAnotherMerchant()).report();

        assertThat(report).get().isInstanceOfSatisfying(ProviderReport.Paid.class, paid -> {
            assertThat(paid.attemptNo()).isEqualTo(NUMBER);
            assertThat(paid.merchantNo())
                    .isNotEqualTo(wire.provider().identity(account()).merchantNo());
        });
    }

    @Test
    void a_refund_notification_is_not_a_payment() {
        assertThat(wire.provider().read(account(), wire.refunded()).report()).isEmpty();
    }

    // secrets

    @Test
    void no_secret_is_logged_or_thrown() {
        var account = account();
        create(account);
        wire.provider().read(account, wire.paid());
        server.answers(request -> wire.wronglySigned(wire.success(request)));
        var forged = catchThrowable(() -> create(account));
        server.answers(wire.refusal(wire.refusedOrder()));
        var refused = catchThrowable(() -> create(account));
        server.answers(Answer.page(502));
        var broken = catchThrowable(() -> query(account));

        var output = log + stackTrace(forged) + stackTrace(refused) + stackTrace(broken) + account + wire.provider();

        assertThat(output).doesNotContain(wire.secrets());
    }

    @Test
    void refuses_invalid_secrets_without_repeating_them() {
        var broken = Json.createObjectBuilder(wire.node());
        for (var secret : wire.provider().configuration().secrets()) {
            if (wire.node().containsKey(secret)) broken.add(secret, "invalid key");
        }

        assertThatThrownBy(() -> wire.provider().check(account(broken.build())))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("invalid key");
    }
}
