package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static io.cashdesk.order.AnOrder.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.AttemptAtProvider;
import io.cashdesk.account.FailureLog;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.notification.QueryAttempt;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptState;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.PayOrders;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Codes;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.TinyProvider;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallProviderTest {
    private final PayOrder order =
            AnOrder.of(ANewOrder.of(fen(990)).numbered("T1234567")).unpaid();
    private final Refusing provider = new Refusing();
    private Attempt attempt = AnAttempt.of(order).numbered("T1234567").calling();
    private RuntimeException queryFails;

    /** Refuses every call; its dictionary knows the code NOT_ENOUGH alone. */
    private static final class Refusing extends TinyProvider implements Creates, Codes {
        private ProviderFailure failure = new ProviderFailure(Kind.DECLINED, "NEW_CODE", "new");

        Refusing() {
            super("tiny", 1, client -> false);
        }

        @Override
        public Created create(AccountSettings account, PaymentRequest request) {
            throw failure;
        }

        @Override
        public boolean numberIsSpent(String providerCode) {
            return providerCode.equals("USED");
        }

        @Override
        public ProviderReport collect(AccountSettings account, PaymentRequest request, PaymentCode code) {
            throw failure;
        }

        @Override
        public PayType codeProduct() {
            return PayType.of("tiny_codepay");
        }

        @Override
        public LocalizedText codeShape() {
            return LocalizedText.same("Tiny");
        }

        @Override
        public boolean recognises(String code) {
            return true;
        }

        @Override
        public ProviderError explain(Call call, String providerCode, String words) {
            var text = new LocalizedText("无", "none");
            return providerCode.equals("NOT_ENOUGH")
                    ? new ProviderError(
                            providerCode, ProviderError.Fault.PAYER, ProviderError.Retry.NEW_CODE, text, text, text)
                    : ProviderError.unknown(providerCode, words);
        }
    }

    private CallProvider calling() {
        var calling = new CallProvider();
        calling.clock = Clock.fixed(NOON, ZoneOffset.UTC);
        calling.failures = new FailureLog() {
            @Override
            public void log(UUID account, String what, RuntimeException why) {}
        };
        calling.orders = new PayOrders() {
            @Override
            public Optional<PayOrder> byKey(OrderKey key) {
                return Optional.of(order);
            }
        };
        calling.attempts = new Attempts() {
            @Override
            public boolean carriedBefore(Attempt later) {
                return true;
            }
        };
        calling.accounts = new Accounts() {
            @Override
            public AttemptAtProvider atProvider(Attempt of) {
                var settings = new AccountSettings(
                        UUID.randomUUID(),
                        1,
                        provider.name(),
                        "codepay",
                        JsonObject.EMPTY_JSON_OBJECT,
                        URI.create("https://tiny.example"));
                var ref = new AttemptRef(PayType.of("tiny_codepay"), of.attemptNo(), SubMerchant.NONE);
                return new AttemptAtProvider(of.key(), provider, settings, ref);
            }
        };
        calling.calls = new ProviderCalls() {
            @Override
            public <T> T call(AccountSettings account, Supplier<T> adapter) {
                return adapter.get();
            }
        };
        calling.queryAttempt = new QueryAttempt() {
            @Override
            public Optional<ProviderReport> of(Attempt about) {
                throw queryFails;
            }
        };
        calling.finish = new FinishCall() {
            @Override
            void of(ClaimedCall call, Consumer<Attempt> result) {
                result.accept(call.attempt());
            }
        };
        return calling;
    }

    private ClaimedCall claimed() {
        return new ClaimedCall(attempt, UUID.randomUUID(), Optional.empty(), false);
    }

    private void collect() {
        attempt = AnAttempt.ofAnyOrder().byPaymentCode("hash").calling();
        calling().collect(claimed(), new PaymentCode("130000000000000001", ""));
    }

    @ParameterizedTest
    @CsvSource({"DECLINED, NEW_CODE", "DECLINED, ''", "OUTCOME_UNKNOWN, NOT_ENOUGH", "NOT_AUTHENTIC, ''"})
    void a_payment_code_that_may_have_been_charged_is_queried_and_does_not_fail(Kind kind, String code) {
        provider.failure = new ProviderFailure(kind, code, "words");

        collect();

        assertThat(attempt.state()).isEqualTo(AttemptState.SHOWN);
        assertThat(attempt.nextQueryAt()).contains(NOON.plusSeconds(2));
    }

    @Test
    void a_payment_code_that_is_refused_with_a_known_code_has_failed() {
        provider.failure = new ProviderFailure(Kind.DECLINED, "NOT_ENOUGH", "balance too low");

        assertThatThrownBy(this::collect)
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.PROVIDER_REFUSED));

        assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
    }

    @Test
    void a_creation_that_is_refused_with_an_unknown_code_showed_the_payer_nothing_and_spends_its_number() {
        assertThatThrownBy(() -> calling().create(claimed())).isInstanceOf(Problem.class);

        assertThat(attempt.state()).isEqualTo(AttemptState.FAILED);
        assertThat(attempt.knownThere()).isTrue();
    }

    @Test
    void a_number_that_was_used_before_is_queried_again_if_nothing_could_be_sent_or_was_answered() {
        provider.failure = new ProviderFailure(Kind.DECLINED, "USED", "used before");
        for (var fails : new RuntimeException[] {
            ProblemType.PROVIDER_BUSY.with("tiny"),
            ProblemType.PROVIDER_DOWN.with("tiny"),
            new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time")
        }) {
            attempt = AnAttempt.of(order).numbered("T1234567").calling();
            queryFails = fails;

            assertThatThrownBy(() -> calling().create(claimed())).isInstanceOf(Problem.class);

            assertThat(attempt.state()).as("%s", fails).isEqualTo(AttemptState.UNKNOWN);
            assertThat(attempt.nextQueryAt()).contains(NOON.plusSeconds(2));
        }
    }
}
