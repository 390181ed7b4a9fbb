package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderError;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WireTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Payments by code over API v3. */
@ParameterizedClass
@EnumSource
class V3PaymentCodeTest extends WireTest<V3Wire> {
    V3PaymentCodeTest(V3Wire.Keys keys) {
        super(new V3Wire(keys));
    }

    private ProviderReport collect() {
        return wire.provider()
                .collect(
                        account(),
                        WxpayRequests.of("wxpay_codepay", SubMerchant.NONE),
                        new PaymentCode("130000000000000001", "S7"));
    }

    @Test
    void a_payment_code_is_charged_with_its_store_and_paid_immediately() {
        server.answers(wire.answers(200, Recorded.text("wxpay/paid.json").replace("NATIVE", "MICROPAY")));

        var report = collect();

        assertThat(lastRequest().path()).endsWith("/v3/pay/transactions/codepay");
        var body = json(lastRequest().body());
        assertThat(body.getJsonObject("payer")).isEqualTo(json("{\"auth_code\":\"130000000000000001\"}"));
        assertThat(body.getJsonObject("scene_info").getJsonObject("store_info")).isEqualTo(json("{\"out_id\":\"S7\"}"));
        assertThat(body).doesNotContainKeys("notify_url", "time_expire");
        assertThat(report).isInstanceOf(ProviderReport.Paid.class);
    }

    @ParameterizedTest
    @CsvSource({"200, trade_state", "202, code"})
    void a_payment_waits_while_the_payer_enters_the_password(int status, String where) {
        server.answers(wire.answers(
                status,
                where.equals("code")
                        ? "{\"code\":\"USERPAYING\",\"message\":\"需要用户输入支付密码\"}"
                        : Recorded.text("wxpay/unpaid.json").replace("NOTPAY", "USERPAYING")));

        assertThat(collect())
                .isInstanceOfSatisfying(
                        ProviderReport.Unpaid.class,
                        u -> assertThat(u.payerIsPaying()).isTrue());
    }

    @Test
    void a_refused_code_is_declined_and_a_system_error_has_an_unknown_outcome() {
        server.answers(wire.answers(403, "{\"code\":\"NOT_ENOUGH\",\"message\":\"余额不足\"}"));
        assertThat(failure(this::collect).kind()).isEqualTo(Kind.DECLINED);

        server.answers(wire.answers(500, "{\"code\":\"SYSTEM_ERROR\",\"message\":\"系统错误\"}"));
        assertThat(failure(this::collect).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void a_refusal_that_the_dictionary_does_not_know_advises_a_query() {
        server.answers(wire.answers(400, "{\"code\":\"BRAND_NEW\",\"message\":\"new\"}"));

        var failure = failure(this::collect);

        assertThat(failure.kind()).isEqualTo(Kind.DECLINED);
        assertThat(wire.provider()
                        .explain(PaymentProvider.Call.CODE_PAY, failure.providerCode(), "")
                        .retry())
                .isEqualTo(ProviderError.Retry.ASK_FIRST);
    }

    @Test
    void an_order_by_payment_code_is_reversed_and_not_closed() {
        server.answers(wire.answers(
                200,
                "{\"appid\":\"wx8888888888888888\",\"mchid\":\"1600000001\",\"out_trade_no\":\"" + NUMBER + "\"}"));

        var report = close(account(), new AttemptRef(PayType.of("wxpay_codepay"), NUMBER, SubMerchant.NONE));

        assertThat(lastRequest().path()).endsWith("/v3/pay/transactions/out-trade-no/" + NUMBER + "/reverse");
        assertThat(json(lastRequest().body()))
                .isEqualTo(json("{\"appid\":\"wx8888888888888888\",\"mchid\":\"1600000001\"}"));
        assertThat(report).isInstanceOf(ProviderReport.Closed.class);
    }
}
