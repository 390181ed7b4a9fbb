package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static io.cashdesk.provider.wxpay.WxpayRequests.TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Refunds over API v3. */
@ParameterizedClass
@EnumSource
class V3RefundTest extends WireTest<V3Wire> {
    V3RefundTest(V3Wire.Keys keys) {
        super(new V3Wire(keys));
    }

    private static String refunded(String status) {
        return "{\"refund_id\":\"50000000382019052709732678859\",\"out_refund_no\":\"" + NUMBER
                + "-1\",\"transaction_id\":\"1217752501201407033233368018\",\"out_trade_no\":\"" + NUMBER
                + "\",\"channel\":\"ORIGINAL\",\"user_received_account\":\"支付用户零钱\",\"create_time\":"
                + "\"2026-01-01T12:10:00+08:00\",\"status\":\"" + status
                + "\",\"success_time\":\"2026-01-01T12:10:05+08:00\","
                + "\"amount\":{\"total\":990,\"refund\":100,\"payer_total\":990,\"payer_refund\":90,\"currency\":\"CNY\"}}";
    }

    @Test
    void a_refund_is_requested_with_its_own_number() {
        server.answers(wire.answers(200, refunded("PROCESSING")));

        var report = wire.provider().refund(account(), refund(TRANSACTION, SubMerchant.NONE));

        assertThat(lastRequest().path()).endsWith("/v3/refund/domestic/refunds");
        assertThat(json(lastRequest().body()))
                .isEqualTo(json("{\"out_trade_no\":\"" + NUMBER + "\",\"out_refund_no\":\"" + NUMBER
                        + "-1\",\"reason\":\"缺货\",\"notify_url\":\"https://pay.example.com/notify/x/1\","
                        + "\"amount\":{\"refund\":100,\"total\":990,\"currency\":\"CNY\"}}"));
        assertThat(report).isInstanceOfSatisfying(RefundReport.Processing.class, processing -> {
            assertThat(processing.refundId()).isEqualTo("50000000382019052709732678859");
            assertThat(processing.cash()).isEqualTo(Money.fen(90));
        });
    }

    @Test
    void a_reason_is_shortened_to_80_bytes_after_a_whole_character() {
        server.answers(wire.answers(200, refunded("PROCESSING")));

        wire.provider().refund(account(), refund(TRANSACTION, SubMerchant.NONE, "茶".repeat(27)));

        assertThat(json(lastRequest().body()).getString("reason")).isEqualTo("茶".repeat(26));
    }

    @Test
    void a_refund_for_a_sub_merchant_has_its_number() {
        server.answers(wire.answers(200, refunded("PROCESSING")));

        wire.provider().refund(account(), refund(TRANSACTION, SUB));
        assertThat(json(lastRequest().body()).getString("sub_mchid")).isEqualTo("1900000109");
        wire.provider().queryRefund(account(), refund(TRANSACTION, SUB));
        assertThat(lastRequest().query()).isEqualTo("sub_mchid=1900000109");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "ABNORMAL, Abnormal", "CLOSED, Closed"})
    void every_state_of_a_refund_has_a_report(String status, String report) {
        server.answers(wire.answers(200, refunded(status)));

        var result = wire.provider().queryRefund(account(), refund(TRANSACTION, SubMerchant.NONE));

        assertThat(result.getClass().getSimpleName()).isEqualTo(report);
        if (result instanceof RefundReport.Succeeded done) {
            assertThat(done.amount()).isEqualTo(Money.fen(100));
            assertThat(done.cash()).isEqualTo(Money.fen(90));
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        }
    }

    @Test
    void an_unknown_refund_is_absent_and_an_unknown_state_is_a_failure() {
        server.answers(wire.answers(404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"退款单不存在\"}"));
        assertThat(wire.provider().queryRefund(account(), refund(TRANSACTION, SubMerchant.NONE)))
                .isInstanceOf(RefundReport.Absent.class);

        server.answers(wire.answers(200, refunded("MAYBE")));
        assertThat(failure(() -> wire.provider().queryRefund(account(), refund(TRANSACTION, SubMerchant.NONE)))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "ABNORMAL, Abnormal", "CLOSED, Closed"})
    void a_refund_notification_reports_its_refund(String state, String report) {
        var content = Recorded.text("wxpay/refunded.json").replace("\"SUCCESS\"", "\"" + state + "\"");

        var notification = read(wire.notification("REFUND." + state, "refund", content));

        assertThat(notification.report()).isEmpty();
        assertThat(notification.refund().orElseThrow().of().attemptNo()).isEqualTo(NUMBER);
        assertThat(notification.refund().orElseThrow().report().getClass().getSimpleName())
                .isEqualTo(report);
    }
}
