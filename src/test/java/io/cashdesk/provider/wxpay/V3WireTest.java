package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.NOT_AUTHENTIC;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderWireContract;
import io.cashdesk.provider.Recorded;
import jakarta.json.Json;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every adapter guarantees, and what is particular to signatures and addresses of API v3. */
@ParameterizedClass
@EnumSource
class V3WireTest extends ProviderWireContract<V3Wire> {
    V3WireTest(V3Wire.Keys keys) {
        super(new V3Wire(keys));
    }

    @Test
    void a_proxy_may_send_header_names_in_lower_case() {
        server.answers(request -> {
            var answer = wire.success(request);
            var headers = new TreeMap<String, String>();
            answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
            return new Answer(answer.status(), headers, answer.body());
        });

        assertThat(create(account())).isInstanceOf(PaymentPrompt.ScanQrCode.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-300, 300, 400})
    void an_answer_of_another_time_is_not_accepted(int offset) {
        var account = account();
        warmUp(account);
        var body = "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}";
        server.answers(new Answer(200, V3Wire.signed(wire.serial(), NOW.plusSeconds(offset), "old", body), body));

        assertThat(failure(() -> create(account)).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {-299, 299})
    void the_time_of_an_answer_may_differ_by_less_than_five_minutes_from_the_nodes_clock(int offset) {
        var account = account();
        warmUp(account);
        var body = "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}";
        server.answers(new Answer(200, V3Wire.signed(wire.serial(), NOW.plusSeconds(offset), "n", body), body));

        assertThat(create(account)).isInstanceOf(PaymentPrompt.ScanQrCode.class);
    }

    @Test
    void an_answer_without_a_time_is_not_accepted() {
        server.answers(request -> {
            var answer = wire.success(request);
            var headers = new TreeMap<>(answer.headers());
            headers.put("Wechatpay-Timestamp", "noon");
            return V3Wire.isFetch(request) ? answer : new Answer(answer.status(), headers, answer.body());
        });

        assertThat(failure(() -> create(account())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void requests_have_the_time_of_the_nodes_clock() {
        create(account());

        assertThat(lastRequest().headers().get("Authorization")).contains("timestamp=\"" + NOW.getEpochSecond() + "\"");
    }

    @Test
    void a_verified_answer_about_another_merchants_payment_names_that_merchant_and_of_an_unpaid_order_is_refused() {
        server.answers(request -> wire.isQuery(request)
                ? wire.answer(200, Recorded.text("wxpay/paid.json").replace("1600000001", "1600000002"))
                : wire.success(request));

        assertThat(query(account(), attempt(NUMBER)))
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.merchantNo()).isEqualTo("1600000002"));

        server.answers(request -> wire.isQuery(request)
                ? wire.answer(200, Recorded.text("wxpay/unpaid.json").replace("1600000001", "1600000002"))
                : wire.success(request));
        assertThat(failure(() -> query(account(), attempt(NUMBER))).kind()).isEqualTo(NOT_AUTHENTIC);
    }

    @ParameterizedTest
    @CsvSource({
        "400, PARAM_ERROR, DECLINED",
        "403, NO_AUTH, DECLINED",
        "429, FREQUENCY_LIMITED, DECLINED",
        "401, SIGN_ERROR, DECLINED",
        "500, SYSTEM_ERROR, OUTCOME_UNKNOWN",
        "400, SYSTEMERROR, OUTCOME_UNKNOWN",
        "503, , OUTCOME_UNKNOWN",
        "404, , OUTCOME_UNKNOWN"
    })
    void only_a_refusal_by_wechat_pay_is_final(int status, String code, String kind) {
        var account = account();
        warmUp(account);
        server.answers(wire.answer(status, code == null ? "" : "{\"code\":\"" + code + "\",\"message\":\"不行\"}"));

        assertThat(failure(() -> create(account)).kind()).hasToString(kind);
    }

    @Test
    void a_refusal_keeps_the_message_of_wechat_pay() {
        var account = account();
        warmUp(account);
        server.answers(wire.refusal("PARAM_ERROR"));

        var failure = failure(() -> create(account));

        assertThat(failure.kind()).isEqualTo(DECLINED);
        assertThat(failure).hasMessage("不行");
    }

    // standby gateway

    @Test
    void the_standby_gateway_is_used_when_the_gateway_cannot_be_reached() {
        server.answers(wire.answers(200, "{\"code_url\":\"weixin://x\"}"));
        var node = Json.createObjectBuilder(wire.node())
                .add("standbyGateway", wire.gateway(server.address()).toString())
                .build();

        var prompt = create(settings(node, ProviderServer.closedPort()), request());

        assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);
    }

    @Test
    void the_standby_gateway_is_not_used_once_the_gateway_has_received_a_request() {
        var standby = Json.createObjectBuilder(wire.node())
                .add("standbyGateway", wire.gateway(server.address()) + "/second")
                .build();
        server.answers(request -> V3Wire.isFetch(request) ? wire.success(request) : Answer.hangUp());

        assertThat(failure(() -> create(settings(standby, wire.gateway(server.address())), request()))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(server.requests()).noneMatch(r -> r.path().contains("/second/v3/pay"));
    }
}
