package io.cashdesk.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderName;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CircuitsTest {
    private final Circuits circuits = new Circuits();
    private final AccountSettings account = new AccountSettings(
            UUID.randomUUID(),
            1,
            new ProviderName("shop"),
            "app",
            JsonValue.EMPTY_JSON_OBJECT,
            URI.create("https://shop.example"));

    @BeforeEach
    void configure() {
        circuits.clock = Clock.systemUTC();
        circuits.configure();
    }

    private void failing(int calls, Supplier<RuntimeException> with) {
        for (int i = 0; i < calls; i++) {
            assertThatThrownBy(() -> circuits.through(account, () -> {
                        throw with.get();
                    }))
                    .isInstanceOf(RuntimeException.class);
        }
    }

    private static Problem notVerified() {
        return ProblemType.PURCHASE_NOT_VERIFIED.with("A1", LocalizedText.same("no"));
    }

    @Test
    void open_when_calls_have_no_usable_answer() {
        failing(20, () -> new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "no answer"));

        assertThat(circuits.open(account.id())).isTrue();
    }

    @Test
    void count_a_refused_proof_as_an_answer_if_the_store_has_answered() {
        failing(30, () -> notVerified().afterAnswer());

        assertThat(circuits.open(account.id())).isFalse();
        assertThat(circuits.seen(account.id())).contains(new Circuits.Seen("closed", 30, 0));
    }

    @Test
    void count_nothing_that_was_not_sent() {
        failing(30, CircuitsTest::notVerified);

        assertThat(circuits.seen(account.id())).contains(new Circuits.Seen("closed", 0, 0));
    }
}
