package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which number an attempt carries after a call that opened nothing, and what a refusal after an unknown outcome is. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AttemptNumberIT {
    static Node node;
    static OtherProviderProcess provider;
    static String key;

    private final String number = Shop.number();

    @BeforeAll
    static void start() {
        node = Nodes.shared();
        provider = OtherProviderProcess.start();
        key = provider.liveMerchant(node, "attempt-number-it", false);
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    private void outcomes(String of) {
        provider.get("outcomes?number=" + number + "&of=" + of);
    }

    private int create(String name) {
        return node.createPayment(key, name, number, 990).json().getInt("code");
    }

    private String attempts(String columns) {
        return TestDatabase.text(
                node.dbUrl(),
                "select string_agg(concat_ws(' ', " + columns
                        + "), ', ' order by a.n) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                number);
    }

    private String states() {
        return attempts("a.state, (a.attempt_no = o.out_trade_no)::text");
    }

    private int calls() {
        return provider.get("created").body().split(number, -1).length - 1;
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, false:429:FREQUENCY_LIMITED",
        "wxpay, false:403:NO_AUTH",
        "wxpay, false:400:PARAM_ERROR",
        "alipay, false:200:40006",
        "alipay, false:200:40005",
        "alipay, false:200:ACQ.ACCESS_FORBIDDEN",
    })
    void after_a_plain_refusal_the_next_attempt_carries_the_merchants_number_again(String name, String refusal) {
        outcomes(refusal);

        assertThat(create(name)).isEqualTo(3002);
        assertThat(create(name)).isZero();

        assertThat(states()).isEqualTo("FAILED true, SHOWN true");
        assertThat(calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void a_payment_under_a_number_that_two_attempts_carry_is_of_the_one_that_was_opened(String name) {
        outcomes(name.equals("wxpay") ? "false:403:NO_AUTH" : "false:200:40006");
        create(name);
        create(name);

        assertThat(provider.get("pay?number=" + number)
                        .json()
                        .getJsonArray("answers")
                        .toString())
                .matches("\\[20[04]]");

        assertThat(node.queryPayment(key, number, "").getBoolean("orderPaid")).isTrue();
        assertThat(states()).isEqualTo("FAILED true, PAID true");
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, false:400:OUT_TRADE_NO_USED",
        "wxpay, false:400:ORDERPAID",
        "wxpay, false:400:ORDER_CLOSED",
        "wxpay, false:400:INVALID_REQUEST",
        "alipay, false:200:ACQ.TRADE_HAS_SUCCESS",
        "alipay, false:200:ACQ.TRADE_HAS_FINISHED",
        "alipay, false:200:ACQ.TRADE_HAS_CLOSE",
        "alipay, false:200:ACQ.CONTEXT_INCONSISTENT",
    })
    void a_number_that_the_provider_had_before_is_spent(String name, String refusal) {
        outcomes(refusal);

        assertThat(create(name)).isZero();

        assertThat(states()).isEqualTo("FAILED true, SHOWN false");
        assertThat(attempts("a.known_there")).isEqualTo("t, t");
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, false:400:ORDERREVERSED",
        "wxpay, false:400:NEVER_SEEN",
        "alipay, false:200:ACQ.TRADE_STATUS_ERROR",
        "alipay, false:200:ACQ.NEVER_SEEN",
    })
    void a_refusal_after_which_the_provider_may_know_the_number_spends_it(String name, String refusal) {
        outcomes(refusal);

        assertThat(create(name)).isEqualTo(3002);
        assertThat(create(name)).isZero();

        assertThat(states()).isEqualTo("FAILED true, SHOWN false");
    }

    @ParameterizedTest
    @CsvSource({
        "wxpay, false:429:FREQUENCY_LIMITED",
        "wxpay, false:401:SIGN_ERROR",
        "wxpay, false:403:NO_AUTH",
        "alipay, false:200:40005",
        "alipay, false:200:40006",
        "alipay, false:200:ACQ.ACCESS_FORBIDDEN",
    })
    void a_refusal_of_the_repeated_call_does_not_end_an_attempt_whose_first_call_may_have_arrived(
            String name, String refusal) {
        outcomes("true:500:" + ("," + refusal).repeat(40));

        assertThat(create(name)).isEqualTo(3004);
        assertThat(create(name)).isEqualTo(3002);

        assertThat(attempts("a.state, a.known_there, a.outcome_unknown, (a.next_query_at is not null)"))
                .isEqualTo("UNKNOWN t t t");
        assertThat(create(name)).isEqualTo(3002);
        assertThat(TestDatabase.number(node.dbUrl(), """
                select count(*)
                from order_event e
                join pay_order o on o.id = e.order_id
                where e.kind = 'attempt.unknown' and o.out_trade_no = ?
                """, number))
                .as("the first call's and the refusal's, not one for each repetition")
                .isEqualTo(2);
        provider.get("pay?number=" + number);
        Eventually.within(
                Duration.ofSeconds(10),
                "paid",
                () -> node.queryPayment(key, number, "").getBoolean("orderPaid"));
        assertThat(states()).isEqualTo("PAID true");
    }
}
