package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code time_expire}: how near it may be, and what a repeated call does with it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeadlineIT {
    private static final String LIVE = " and a.state in ('CALLING', 'SHOWN', 'UNKNOWN', 'CLOSING')";

    static Shop shop;

    private final String number = Shop.number();

    @BeforeAll
    static void open() {
        shop = new Shop("deadline-it");
    }

    /** Whole seconds, as the server keeps them. */
    private static long in(long seconds) {
        return (Instant.now().getEpochSecond() + seconds) * 1000;
    }

    private JsonObject create(String provider, Long deadline) {
        var data = Shop.order(number);
        if (deadline != null) data.add("time_expire", deadline);
        return shop.create(provider, Shop.on("h5", ""), data).json();
    }

    private String code(String provider, Long deadline) {
        var created = create(provider, deadline);
        assertThat(created.getInt("code")).as(created.toString()).isZero();
        return created.getJsonObject("orderInfo").getString("codeUrl");
    }

    private long database(String what, String condition) {
        return TestDatabase.number(
                shop.node.dbUrl(),
                "select " + what + " from pay_order o left join attempt a on a.order_id = o.id where o.out_trade_no = ?"
                        + condition,
                number);
    }

    private long orderDeadline() {
        return database("max(extract(epoch from o.expires_at))::bigint * 1000", "");
    }

    private long codeEnd() {
        return database("max(extract(epoch from a.expires_at))::bigint * 1000", LIVE);
    }

    private long codeClosedAt() {
        return database("max(extract(epoch from a.close_at))::bigint * 1000", LIVE);
    }

    @ParameterizedTest
    @CsvSource({"wxpay, 60", "wxpay, 52", "alipay, 2"})
    void a_minute_from_now_is_accepted_and_the_provider_is_sent_its_own_minimum(String provider, long seconds) {
        var deadline = in(seconds);
        var now = Instant.now().getEpochSecond() * 1000;

        code(provider, deadline);

        assertThat(orderDeadline()).isEqualTo(deadline);
        assertThat(codeClosedAt()).isEqualTo(deadline);
        assertThat(codeEnd()).isGreaterThanOrEqualTo(provider.equals("wxpay") ? now + 60_000 : deadline);
        assertThat(codeEnd()).isLessThan(now + 75_000);
    }

    @Test
    void a_code_with_its_providers_minimum_is_returned_again() {
        var deadline = in(55);

        var first = code("wxpay", deadline);

        assertThat(code("wxpay", deadline)).isEqualTo(first);
        assertThat(code("wxpay", null)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"wxpay, 49", "wxpay, -1", "alipay, 0", "alipay, -1"})
    void nearer_than_the_tolerance_is_refused(String provider, long seconds) {
        assertThat(create(provider, in(seconds)).getInt("code")).isEqualTo(1109);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void a_later_one_moves_the_deadline_and_keeps_the_code(String provider) {
        var first = code(provider, in(600));
        var end = codeEnd();
        var later = in(7200);

        assertThat(code(provider, later)).isEqualTo(first);

        assertThat(orderDeadline()).isEqualTo(later);
        assertThat(codeClosedAt()).isEqualTo(later);
        assertThat(codeEnd()).isEqualTo(end);
        assertThat(database("count(*)", "")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wxpay", "alipay"})
    void one_before_the_codes_end_closes_it_and_answers_with_one_that_ends_then(String provider) {
        var first = code(provider, null);
        var earlier = in(600);

        assertThat(code(provider, earlier)).isNotEqualTo(first);

        assertThat(orderDeadline()).isEqualTo(earlier);
        assertThat(codeEnd()).isEqualTo(earlier);
        assertThat(database("count(*)", LIVE)).isEqualTo(1);
        assertThat(database("count(*)", "")).isEqualTo(2);
    }

    @Test
    void a_call_without_one_keeps_the_stored_deadline() {
        var deadline = in(600);
        var first = code("wxpay", deadline);

        assertThat(code("wxpay", null)).isEqualTo(first);

        assertThat(orderDeadline()).isEqualTo(deadline);
    }

    @Test
    void of_several_calls_at_once_one_deadline_and_one_code_remain() {
        code("wxpay", null);
        var near = in(900);

        var answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> create("wxpay", near + 1000L * (i % 2))))
                .toList();

        assertThat(answers).allSatisfy(a -> assertThat(a.join().getInt("code")).isIn(0, 2021));
        assertThat(orderDeadline()).isIn(near, near + 1000);
        assertThat(database("count(*)", LIVE)).isEqualTo(1);
    }

    @Test
    void createCheckout_moves_it_too_and_the_pages_code_is_closed_then() {
        var deadline = in(600);
        var body = "{\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"西湖龙井\",\"type\":\"goods\",\"time_expire\":%d}}";
        var first = shop.call("createCheckout", body.formatted(deadline)).json();
        code("wxpay", null);
        assertThat(codeEnd()).isEqualTo(deadline);

        var earlier = in(300);
        var second = shop.call("createCheckout", body.formatted(earlier)).json();

        assertThat(second.getString("checkout_url")).isEqualTo(first.getString("checkout_url"));
        assertThat(second.getJsonNumber("time_expire").longValue()).isEqualTo(earlier);
        assertThat(codeClosedAt()).isEqualTo(earlier);
        code("wxpay", null);
        assertThat(codeEnd()).isEqualTo(earlier);
    }
}
