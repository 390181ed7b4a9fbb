package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Trade;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What Douyin says of an order: names, types and units. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DouyinObjectsTest {
    private static final UUID ID = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Instant MADE = Instant.parse("2026-01-01T04:00:00Z");
    private static final Instant PAID = MADE.plusSeconds(9);

    private static final Account ACCOUNT =
            new Account(ID, ID, "douyin", "KEY", "7000000000000000001", "tt0000000000000001", "", "", "", "{}", "demo");

    private static DouyinOrder order(DouyinDialect dialect, String state, String ended) {
        var trade = new Trade(
                ID,
                ID,
                "douyin",
                "T1",
                "",
                990,
                "茶",
                "",
                "",
                state,
                state.equals("SUCCESS") ? 991 : 990,
                "ot1",
                Set.of(),
                MADE.plusSeconds(300),
                MADE,
                state.equals("SUCCESS") ? PAID : null);
        var detail = new DouyinOrder.Detail(
                ID,
                dialect,
                "",
                "it1",
                "1",
                state.equals("SUCCESS") ? 2 : 0,
                List.of(),
                "",
                ended,
                ended.isEmpty() ? null : PAID);
        return new DouyinOrder(trade, detail);
    }

    private static DouyinRefund refund(String audit, String state) {
        return new DouyinRefund(
                ID,
                ID,
                ID,
                "or1",
                audit.equals("NONE") ? "R1" : "",
                100,
                "不想要了",
                "",
                "",
                "",
                false,
                audit,
                PAID.plusSeconds(259_200),
                "",
                state,
                "SUCCESS",
                null,
                PAID,
                state.equals("PROCESSING") ? null : PAID.plusSeconds(2));
    }

    @Test
    void ecpay_reports_what_was_paid_and_how() {
        assertThat(EcpayObjects.paymentInfo(ACCOUNT, order(DouyinDialect.ECPAY, "SUCCESS", "")))
                .hasToString(
                        "{\"total_fee\":991,\"order_status\":\"SUCCESS\",\"pay_time\":\"2026-01-01 12:00:09\",\"way\":2,"
                                + "\"channel_no\":\"4200528914269453437118709761\",\"channel_gateway_no\":\"\","
                                + "\"seller_uid\":\"7000000000000000001\",\"item_id\":\"\",\"cp_extra\":\"\",\"cps_info\":\"\"}");
        var msg = EcpayObjects.payment(ACCOUNT, order(DouyinDialect.ECPAY, "SUCCESS", ""));
        assertThat(msg.getString("way")).isEqualTo("2");
        assertThat(msg.getInt("total_amount")).isEqualTo(991);
        assertThat(msg.getInt("paid_at")).isEqualTo(1_767_240_009);
        assertThat(msg.keySet())
                .containsExactly(
                        "appid",
                        "cp_orderno",
                        "cp_extra",
                        "way",
                        "channel_no",
                        "channel_gateway_no",
                        "payment_order_no",
                        "out_channel_order_no",
                        "total_amount",
                        "status",
                        "seller_uid",
                        "extra",
                        "item_id",
                        "paid_at",
                        "message",
                        "order_id");
    }

    @Test
    void an_unpaid_order_has_the_word_of_its_dialect() {
        assertThat(order(DouyinDialect.ECPAY, "NOTPAY", "").status()).isEqualTo("PROCESSING");
        assertThat(order(DouyinDialect.TRADE, "NOTPAY", "").status()).isEqualTo("PROCESS");
        assertThat(order(DouyinDialect.ECPAY, "CLOSED", "").status()).isEqualTo("TIMEOUT");
        assertThat(order(DouyinDialect.TRADE, "CLOSED", "TIME_OUT").status()).isEqualTo("TIMEOUT");
        assertThat(order(DouyinDialect.TRADE, "CLOSED", "USER_CANCEL").status()).isEqualTo("FAIL");
        assertThat(order(DouyinDialect.ECPAY, "PAYERROR", "").status()).isEqualTo("FAIL");
    }

    @Test
    void the_general_trade_system_reports_payments_and_unpaid_ends_in_milliseconds() {
        var paid = TradeObjects.payment(ACCOUNT, order(DouyinDialect.TRADE, "SUCCESS", ""), false);
        var cancelled = TradeObjects.payment(ACCOUNT, order(DouyinDialect.TRADE, "CLOSED", "USER_CANCEL"), true);

        assertThat(paid.getString("status")).isEqualTo("SUCCESS");
        assertThat(paid.getInt("pay_channel")).isEqualTo(2);
        assertThat(paid.getInt("total_amount")).isEqualTo(991);
        assertThat(paid.getJsonNumber("event_time").longValue()).isEqualTo(1_767_240_009_000L);
        assertThat(cancelled.getString("status")).isEqualTo("CANCEL");
        assertThat(cancelled.getString("message")).isEqualTo("USER_CANCEL");
        assertThat(cancelled.getJsonNumber("event_time").longValue()).isEqualTo(1_767_240_009_000L);
        assertThat(cancelled).doesNotContainKey("pay_channel");
    }

    @Test
    void a_payers_request_has_a_deadline_three_days_later_and_waits_for_a_decision() {
        var order = order(DouyinDialect.TRADE, "SUCCESS", "");
        var request = TradeObjects.request(ACCOUNT, order, refund("TOAUDIT", "PROCESSING"));
        var queried = TradeObjects.refund(order, refund("TOAUDIT", "PROCESSING"));

        assertThat(request.getInt("need_refund_audit")).isEqualTo(1);
        assertThat(request.getJsonNumber("refund_audit_deadline").longValue()
                        - request.getJsonNumber("create_refund_time").longValue())
                .isEqualTo(DouyinRefunds.TO_DECIDE.toMillis());
        assertThat(request.getJsonObject("refund_item_detail").toString())
                .contains("\"item_order_id\":\"it1\",\"refund_amount\":100");
        assertThat(queried.getString("refund_status")).isEqualTo("PROCESSING");
        assertThat(queried.getJsonObject("merchant_audit_detail").getString("audit_status"))
                .isEqualTo("TOAUDIT");
        assertThat(queried.getJsonNumber("refund_at").longValue()).isZero();
    }

    @Test
    void a_refund_that_failed_says_so_in_both() {
        var order = order(DouyinDialect.ECPAY, "SUCCESS", "");
        var msg = EcpayObjects.refund(ACCOUNT, order, refund("NONE", "CLOSED"), "CLOSED");
        var answer = EcpayObjects.refundInfo(refund("NONE", "CLOSED"));

        assertThat(msg.getString("status")).isEqualTo("FAIL");
        assertThat(msg.getString("message")).isNotBlank();
        assertThat(msg.getString("cp_refundno")).isEqualTo("R1");
        assertThat(answer.getString("refund_status")).isEqualTo("FAIL");
        assertThat(TradeObjects.refund(order, refund("NONE", "SUCCESS"))
                        .getJsonObject("merchant_audit_detail")
                        .getInt("need_refund_audit"))
                .isEqualTo(2);
    }
}
