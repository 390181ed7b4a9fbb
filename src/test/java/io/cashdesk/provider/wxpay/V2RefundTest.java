package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayRequests.SUB;
import static io.cashdesk.provider.wxpay.WxpayRequests.TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds and bills over API v2. */
class V2RefundTest extends WireTest<V2Wire> {
    V2RefundTest() {
        super(new V2Wire());
    }

    private RefundReport queryRefund(SubMerchant sub) {
        return wire.provider().queryRefund(account(), refund(TRANSACTION, sub));
    }

    @Test
    void a_refund_is_requested_with_its_own_number() {
        server.answers(V2Wire.answer(V2Wire.reply(
                "out_refund_no", NUMBER + "-1", "refund_id", "5000", "refund_fee", "100", "cash_refund_fee", "90")));

        var report = wire.provider().refund(account(), refund(TRANSACTION, SUB));

        assertThat(lastRequest().path()).endsWith("/secapi/pay/refund");
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(
                        entry("sub_mch_id", "1900000109"),
                        entry("out_trade_no", NUMBER),
                        entry("out_refund_no", NUMBER + "-1"),
                        entry("total_fee", "990"),
                        entry("refund_fee", "100"),
                        entry("refund_fee_type", "CNY"),
                        entry("refund_desc", "缺货"),
                        entry("notify_url", "https://pay.example.com/notify/x/1"));
        assertThat(report).isInstanceOfSatisfying(RefundReport.Processing.class, processing -> {
            assertThat(processing.refundId()).isEqualTo("5000");
            assertThat(processing.cash()).isEqualTo(Money.fen(90));
        });

        server.answers(V2Wire.answer(V2Wire.reply("out_refund_no", "other", "refund_id", "5000")));
        assertThat(failure(() -> wire.provider().refund(account(), refund(TRANSACTION, SUB)))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void a_reason_is_shortened_to_80_bytes_after_a_whole_character() {
        server.answers(V2Wire.answer(V2Wire.reply("out_refund_no", NUMBER + "-1", "refund_id", "5000")));

        wire.provider().refund(account(), refund(TRANSACTION, SUB, "\u0001" + "茶".repeat(27)));

        assertThat(V2Wire.sent(lastRequest())).containsEntry("refund_desc", "茶".repeat(26));
    }

    @Test
    void without_a_certificate_a_reversal_or_refund_is_declined_without_a_call() {
        var node = Json.createObjectBuilder(wire.node()).remove("pfx").build();
        var account = account(node);

        for (var failure : List.of(
                failure(() -> close(account, new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE))),
                failure(() -> wire.provider().refund(account, refund(TRANSACTION, SubMerchant.NONE))))) {
            assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
            assertThat(failure.providerCode()).isEqualTo("pfx");
        }
        assertThat(server.requests()).isEmpty();
        wire.provider().check(account);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, Succeeded", "PROCESSING, Processing", "CHANGE, Abnormal", "REFUNDCLOSE, Closed"})
    void every_state_of_a_refund_in_a_list_has_a_report(String status, String report) {
        server.answers(V2Wire.answer(V2Wire.reply(
                "refund_count",
                "2",
                "out_refund_no_0",
                NUMBER + "-2",
                "refund_id_0",
                "5001",
                "refund_status_0",
                "PROCESSING",
                "out_refund_no_1",
                NUMBER + "-1",
                "refund_id_1",
                "5000",
                "refund_fee_1",
                "100",
                "coupon_refund_fee_1",
                "10",
                "refund_status_1",
                status,
                "refund_success_time_1",
                "2026-01-01 12:10:05")));

        var result = queryRefund(SubMerchant.NONE);

        assertThat(V2Wire.sent(lastRequest())).containsOnly(entry("out_refund_no", NUMBER + "-1"));
        assertThat(result.getClass().getSimpleName()).isEqualTo(report);
        if (result instanceof RefundReport.Succeeded done) {
            assertThat(done.refundId()).isEqualTo("5000");
            assertThat(done.amount()).isEqualTo(Money.fen(100));
            assertThat(done.cash()).isEqualTo(Money.fen(90));
            assertThat(done.at()).isEqualTo("2026-01-01T04:10:05Z");
        }
    }

    @Test
    void an_unknown_refund_is_absent_and_an_unknown_state_is_a_failure() {
        server.answers(wire.refusal("REFUNDNOTEXIST"));
        assertThat(queryRefund(SUB)).isInstanceOf(RefundReport.Absent.class);
        assertThat(V2Wire.sent(lastRequest())).containsEntry("sub_mch_id", "1900000109");

        server.answers(V2Wire.answer(
                V2Wire.reply("out_refund_no_0", NUMBER + "-1", "refund_id_0", "5000", "refund_status_0", "MAYBE")));
        assertThat(failure(() -> queryRefund(SUB)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);

        server.answers(V2Wire.answer(
                V2Wire.reply("out_refund_no_0", "other", "refund_id_0", "5000", "refund_status_0", "SUCCESS")));
        assertThat(failure(() -> queryRefund(SUB)).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, Succeeded, REFUND.SUCCESS",
        "CHANGE, Abnormal, REFUND.ABNORMAL",
        "REFUNDCLOSE, Closed, REFUND.CLOSED"
    })
    void a_refund_notification_reports_its_refund(String state, String report, String kind) {
        var notification = read(V2Wire.refunded(state));

        assertThat(notification.kind()).isEqualTo(kind);
        assertThat(notification.report()).isEmpty();
        assertThat(notification.refund().orElseThrow().of().attemptNo()).isEqualTo(NUMBER);
        assertThat(notification.refund().orElseThrow().report().refundNo()).isEqualTo(NUMBER + "-1");
        assertThat(notification.refund().orElseThrow().report().getClass().getSimpleName())
                .isEqualTo(report);
    }

    @Test
    void rejects_a_refund_notification_that_cannot_be_decrypted_or_is_incomplete() {
        var other = V2Wire.notification(new String(V2Wire.refunded("SUCCESS").body(), StandardCharsets.UTF_8)
                .replace(V2Wire.MCH, "1600000002"));
        var encryptedWithAnotherKey = V2Wire.notification(V2Wire.xml(Map.of(
                "return_code",
                "SUCCESS",
                "mch_id",
                V2Wire.MCH,
                "req_info",
                V2Wire.encrypt("<root></root>", "x".repeat(32)))));

        for (var raw : List.of(
                other,
                encryptedWithAnotherKey,
                V2Wire.refunded("MAYBE"),
                V2Wire.refunded("SUCCESS", "refund_fee", "1.00"),
                V2Wire.refunded("CHANGE", "refund_fee", ""),
                V2Wire.refunded("SUCCESS", "out_refund_no", ""),
                V2Wire.refunded("SUCCESS", "success_time", "yesterday"))) {
            assertThat(failure(() -> read(raw)).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        }
    }

    // bills

    @Test
    void a_bill_is_a_text_and_a_missing_one_is_declined() {
        var day = LocalDate.of(2026, 1, 1);
        server.answers(new Answer(200, Map.of(), "交易时间,公众账号ID\r\n`2026-01-01 12:00:09,`wx"));
        assertThat(wire.provider().tradeBill(account(), SUB, day, "ALL"))
                .startsWith("交易时间")
                .endsWith("`wx");
        assertThat(lastRequest().path()).endsWith("/pay/downloadbill");
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(
                        entry("sub_mch_id", "1900000109"), entry("bill_date", "20260101"), entry("bill_type", "ALL"));

        server.answers(refusedBill("No Bill Exist", "20002"));
        var failure = failure(() -> wire.provider().tradeBill(account(), SUB, day, "ALL"));
        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(failure.providerCode()).isEqualTo("20002");

        server.answers(refusedBill("SYSTEMERROR", "20003"));
        assertThat(failure(() -> wire.provider().tradeBill(account(), SUB, day, "ALL"))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        server.answers(Answer.page(200));
        assertThat(failure(() -> wire.provider().tradeBill(account(), SUB, day, "ALL"))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    private static Answer refusedBill(String sentence, String code) {
        return new Answer(
                200, Map.of(), V2Wire.xml(Map.of("return_code", "FAIL", "return_msg", sentence, "error_code", code)));
    }
}
