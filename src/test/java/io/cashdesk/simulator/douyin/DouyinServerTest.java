package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.Trade;
import jakarta.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinServerTest {
    private static List<Long> pauses(DouyinDialect dialect, boolean ofPayment) {
        return DouyinServer.schedule(dialect, ofPayment).stream()
                .map(Duration::toSeconds)
                .toList();
    }

    @Test
    void a_callback_of_ecpay_is_delivered_sixteen_times() {
        assertThat(pauses(DouyinDialect.ECPAY, true))
                .containsExactly(
                        15L, 15L, 30L, 180L, 600L, 1200L, 1800L, 1800L, 1800L, 3600L, 10800L, 10800L, 10800L, 21600L,
                        21600L)
                .isEqualTo(pauses(DouyinDialect.ECPAY, false));
    }

    @Test
    void callbacks_of_the_general_trade_system_are_repeated_for_about_half_an_hour() {
        assertThat(pauses(DouyinDialect.TRADE, true))
                .containsExactly(12L, 12L, 33L, 60L, 120L, 180L, 240L, 300L, 360L, 420L);
        assertThat(pauses(DouyinDialect.TRADE, false))
                .containsExactly(10L, 10L, 30L, 60L, 120L, 180L, 240L, 300L, 360L, 420L, 480L);
    }

    @Test
    void an_account_has_numbers_that_follow_from_the_merchant_and_a_node_for_ecpay() {
        var numbers = new AccountNumbers("douyin", "demo", "KEY", 0);
        var server = new DouyinServer();
        var account = server.newAccount(UUID.randomUUID(), numbers);
        var again = server.newAccount(UUID.randomUUID(), numbers);
        var node = server.node(account);

        assertThat(account.appId()).matches("tt[0-9a-f]{18}").isEqualTo(again.appId());
        assertThat(account.mchNo()).matches("7\\d{18}").isEqualTo(again.mchNo());
        assertThat(node.keySet()).containsExactlyInAnyOrder("dialect", "appId", "secret", "mchId", "salt", "token");
        assertThat(node.getString("dialect")).isEqualTo("ecpay");
        assertThat(node.getString("salt")).isNotEqualTo(server.node(again).getString("salt"));
    }

    private static Trade trade(Fault... faults) {
        var names = Set.copyOf(List.of(faults).stream().map(Fault::name).toList());
        var now = Instant.parse("2026-01-01T04:00:00Z");
        return new Trade(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "douyin",
                "T1",
                "",
                1,
                "",
                "",
                "",
                "SUCCESS",
                1,
                "1",
                names,
                now,
                now,
                now);
    }

    @Test
    void faults_make_texts_of_numbers() {
        var answer = DouyinFields.parse(
                        "{\"err_no\":0,\"payment_info\":{\"total_fee\":990,\"way\":10},\"l\":[{\"refund_amount\":1}]}",
                        0)
                .json();

        assertThat(DouyinFormat.shaped(answer, trade())).isEqualTo(answer);
        assertThat(DouyinFormat.shaped(answer, trade(DouyinFault.AMOUNTS_AS_TEXT)))
                .hasToString(
                        "{\"err_no\":0,\"payment_info\":{\"total_fee\":\"990\",\"way\":10},\"l\":[{\"refund_amount\":\"1\"}]}");
        assertThat(DouyinFormat.shaped(answer, trade(DouyinFault.NUMBERS_AS_TEXT, CommonFault.NOTIFY_LATE)))
                .hasToString(
                        "{\"err_no\":\"0\",\"payment_info\":{\"total_fee\":990,\"way\":\"10\"},\"l\":[{\"refund_amount\":1}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {\"err_no\":0,\"err_tips\":\"success\"} | true",
                "200 | {\"err_no\":0} | true",
                "500 | {\"err_no\":0} | false",
                "200 | {\"err_no\":\"0\"} | false",
                "200 | {\"err_no\":1} | false",
                "200 | {} | false",
                "200 | success | false",
                "200 | `` | false"
            })
    void only_err_no_0_with_http_200_acknowledges(int status, String body, boolean acknowledged) {
        assertThat(DouyinNotifications.acknowledges(status, body)).isEqualTo(acknowledged);
    }

    @Test
    void ways_that_the_merchant_hides_are_not_offered() {
        var detail = new DouyinOrder.Detail(
                UUID.randomUUID(), DouyinDialect.ECPAY, "t", "", "", 0, List.of(10, 2), "", "", null);

        assertThat(new DouyinOrder(trade(), detail).ways()).containsExactly(1);
        assertThat(DouyinOrder.way("alipay")).isEqualTo(2);
    }

    @Test
    void the_page_takes_the_whole_answer_its_order_info_or_the_arguments() {
        var info = Json.createObjectBuilder()
                .add("order_id", "7")
                .add("order_token", "Cgw")
                .build();
        var answer =
                Json.createObjectBuilder().add("code", 0).add("orderInfo", info).build();

        assertThat(DouyinPhoneResource.arguments(answer.toString())).isEqualTo(info);
        assertThat(DouyinPhoneResource.arguments(info.toString())).isEqualTo(info);
        assertThat(DouyinPhoneResource.arguments("order_id")).isEmpty();
    }
}
