package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payments by code over API v2. */
class V2PaymentCodeTest extends WireTest<V2Wire> {
    V2PaymentCodeTest() {
        super(new V2Wire());
    }

    private ProviderReport collect(String store) {
        return wire.provider()
                .collect(
                        account(),
                        WxpayRequests.of("wxpay_codepay", SubMerchant.NONE),
                        new PaymentCode("130000000000000001", store));
    }

    @Test
    void a_payment_code_is_charged_and_paid_immediately() {
        server.answers(V2Wire.answer(V2Wire.payment("trade_type", "MICROPAY")));

        var report = collect("S7");

        assertThat(lastRequest().path()).endsWith("/pay/micropay");
        assertThat(V2Wire.sent(lastRequest()))
                .containsOnly(
                        entry("body", "测试商品"),
                        entry("out_trade_no", NUMBER),
                        entry("total_fee", "990"),
                        entry("fee_type", "CNY"),
                        entry("spbill_create_ip", "203.0.113.7"),
                        entry("auth_code", "130000000000000001"),
                        entry("scene_info", "{\"store_info\":{\"id\":\"S7\"}}"));
        assertThat(report)
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.amount()).isEqualTo(PRICE));
        collect("");
        assertThat(V2Wire.sent(lastRequest())).doesNotContainKey("scene_info");
    }

    @Test
    void a_payment_waits_while_the_payer_enters_the_password() {
        server.answers(wire.refusal("USERPAYING"));

        assertThat(collect(""))
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"AUTHCODEEXPIRE, DECLINED", "SYSTEMERROR, OUTCOME_UNKNOWN", "BANKERROR, OUTCOME_UNKNOWN"})
    void a_refused_code_is_declined_and_a_system_error_has_an_unknown_outcome(String code, Kind kind) {
        server.answers(wire.refusal(code));

        assertThat(failure(() -> collect("")).kind()).isEqualTo(kind);
    }

    @Test
    void a_refusal_that_the_dictionary_does_not_know_advises_a_query() {
        server.answers(wire.refusal("BRAND_NEW"));

        var failure = failure(() -> collect(""));

        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(wire.provider()
                        .explain(PaymentProvider.Call.CODE_PAY, failure.providerCode(), "")
                        .retry())
                .isEqualTo(ProviderError.Retry.ASK_FIRST);
    }

    @Test
    void no_failure_contains_the_payment_code() {
        server.answers(wire.refusal("AUTH_CODE_ERROR"));

        assertThat(failure(() -> collect(""))).hasMessageNotContaining("130000000000000001");
    }

    @Test
    void a_failure_contains_nothing_of_the_request() {
        server.answers(Answer.hangUp());

        var failure = failure(() -> collect("S7"));

        assertThat(failure.getMessage()).isEqualTo("no answer in time");
    }

    @Test
    void a_failed_payment_by_code_is_final() {
        server.answers(V2Wire.answer(V2Wire.reply("trade_state", "PAYERROR", "out_trade_no", NUMBER)));

        assertThat(query(account(), new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE)))
                .isInstanceOf(ProviderReport.Closed.class);
    }

    private ProviderReport reverse(JsonObject node) {
        return close(account(node), new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE));
    }

    @Test
    void an_order_by_payment_code_is_reversed_and_not_closed() {
        server.answers(V2Wire.answer(V2Wire.reply("recall", "N")));
        assertThat(reverse(wire.node())).isInstanceOf(ProviderReport.Closed.class);
        assertThat(lastRequest().path()).endsWith("/secapi/pay/reverse");
        assertThat(V2Wire.sent(lastRequest())).containsOnly(entry("out_trade_no", NUMBER));

        server.answers(V2Wire.answer(V2Wire.reply("recall", "Y")));
        assertThat(reverse(wire.node())).isInstanceOf(ProviderReport.Unpaid.class);

        server.answers(wire.refusal("USERPAYING"));
        assertThat(reverse(wire.node())).isInstanceOf(ProviderReport.Unpaid.class);
    }
}
