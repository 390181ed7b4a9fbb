package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Refunds and their notifications. */
@ParameterizedClass
@EnumSource
class AlipayRefundTest extends WireTest<AlipayWire> {
    private static final String TRADE_NO = "2026010122001400000000000001";

    AlipayRefundTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    private RefundReport refund(Function<Request, Answer> answers) {
        server.answers(answers);
        return wire.provider().refund(account(), refund(TRADE_NO, SubMerchant.NONE));
    }

    @Test
    void a_refund_that_moved_money_has_succeeded() {
        var report = refund(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                + "\",\"trade_no\":\"" + TRADE_NO
                + "\",\"fund_change\":\"Y\",\"refund_fee\":\"5.00\",\"present_refund_buyer_amount\":\"0.90\","
                + "\"gmt_refund_pay\":\"2026-01-01 12:10:05\"}"));

        assertThat(AlipayWire.fields(lastRequest())).containsEntry("method", "alipay.trade.refund");
        assertThat(AlipayWire.content(AlipayWire.fields(lastRequest())))
                .containsEntry("refund_amount", Json.createValue("1.00"))
                .containsEntry("out_request_no", Json.createValue(NUMBER + "-1"));
        assertThat(report).isInstanceOfSatisfying(RefundReport.Succeeded.class, done -> {
            assertThat(done.amount()).as("refund_fee is the sum so far").isNull();
            assertThat(done.cash()).isEqualTo(Money.fen(90));
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        });
    }

    @Test
    void a_long_reason_is_shortened_at_the_edge_of_a_character() {
        var plain = refund(TRADE_NO, SubMerchant.NONE);
        server.answers(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\",\"fund_change\":\"Y\"}"));

        wire.provider()
                .refund(
                        account(),
                        new RefundRequest(
                                plain.attempt(),
                                plain.transactionId(),
                                plain.refundNo(),
                                plain.refundId(),
                                plain.amount(),
                                plain.total(),
                                "缺/货".repeat(80) + "茶".repeat(15) + "e\u0301x",
                                plain.notifyUrl()));

        assertThat(AlipayWire.content(AlipayWire.fields(lastRequest())).getString("refund_reason"))
                .as("signs are fine in it")
                .isEqualTo("缺/货".repeat(80) + "茶".repeat(15));
    }

    @Test
    void a_refund_that_moved_no_money_is_queried() {
        var report = refund(request -> AlipayWire.method(request).equals("alipay.trade.refund")
                ? wire.answer(
                        AlipayWire.method(request), "{\"code\":\"10000\",\"msg\":\"Success\",\"fund_change\":\"N\"}")
                : wire.answer(
                        AlipayWire.method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                                + "\",\"out_request_no\":\"" + NUMBER
                                + "-1\",\"refund_amount\":\"1.00\",\"refund_status\":\"REFUND_SUCCESS\"}"));

        assertThat(report)
                .isInstanceOfSatisfying(
                        RefundReport.Succeeded.class,
                        done -> assertThat(done.amount()).isEqualTo(Money.fen(100)));
    }

    @Test
    void a_refund_without_a_status_and_an_amount_is_absent() {
        server.answers(wire.answers("{\"code\":\"10000\",\"msg\":\"Success\"}"));

        assertThat(wire.provider().queryRefund(account(), refund(TRADE_NO, SubMerchant.NONE)))
                .isInstanceOf(RefundReport.Absent.class);
    }

    @Test
    void a_refused_refund_is_declined_and_a_system_error_has_an_unknown_outcome() {
        assertThat(failure(() -> refund(wire.refusal("ACQ.SELLER_BALANCE_NOT_ENOUGH")))
                        .kind())
                .isEqualTo(Kind.DECLINED);
        assertThat(failure(() -> refund(wire.refusal("ACQ.SYSTEM_ERROR"))).kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"TRADE_SUCCESS", "TRADE_CLOSED"})
    void a_refund_notification_has_no_payment(String status) {
        var raw = AlipayWire.notification(
                "trade_status",
                status,
                "gmt_refund",
                "2026-01-01 12:10:00.123",
                "refund_fee",
                "3.00",
                "out_biz_no",
                NUMBER + "-1");

        var notification = read(raw);

        assertThat(notification.report()).isEmpty();
        assertThat(notification.refund().orElseThrow().report().refundNo()).isEqualTo(NUMBER + "-1");
    }

    @Test
    void a_payment_that_mentions_a_refund_of_nothing_is_a_payment() {
        var notification = read(AlipayWire.notification("refund_fee", "0.00"));

        assertThat(notification.refund()).isEmpty();
        assertThat(notification.report()).get().isInstanceOf(ProviderReport.Paid.class);
    }
}
