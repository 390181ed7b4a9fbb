package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderWireContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every adapter guarantees, and what is particular to answers and addresses of API v2. */
class V2WireTest extends ProviderWireContract<V2Wire> {
    V2WireTest() {
        super(new V2Wire());
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEMERROR, OUTCOME_UNKNOWN",
        "BANKERROR, OUTCOME_UNKNOWN",
        "BIZERR_NEED_RETRY, OUTCOME_UNKNOWN",
        "FREQUENCY_LIMITED, DECLINED",
        "INVALID_REQ_TOO_MUCH, DECLINED",
        "'', OUTCOME_UNKNOWN",
        "NOTENOUGH, DECLINED",
        "OUT_TRADE_NO_USED, DECLINED",
        "A_NEW_ONE, DECLINED"
    })
    void the_code_of_a_refusal_decides_whether_it_is_final(String code, Kind kind) {
        server.answers(wire.refusal(code));

        var failure = failure(() -> create(account()));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.providerCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "签名错误, SIGNERROR, DECLINED",
        "XML格式错误, XML_FORMAT_ERROR, DECLINED",
        "缺少参数, LACK_PARAMS, DECLINED",
        "mch_id参数格式错误, PARAM_ERROR, DECLINED",
        "appid和mch_id不匹配, APPID_MCHID_NOT_MATCH, DECLINED",
        "系统繁忙请稍后再试, '', OUTCOME_UNKNOWN",
        "'', '', OUTCOME_UNKNOWN"
    })
    void the_text_of_a_rejection_decides_whether_it_is_final(String sentence, String code, Kind kind) {
        server.answers(new Answer(200, Map.of(), V2Wire.xml(Map.of("return_code", "FAIL", "return_msg", sentence))));

        var failure = failure(() -> create(account()));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.providerCode()).isEqualTo(code);
    }

    @Test
    void an_answer_about_another_merchants_payment_names_that_merchant_and_every_other_is_refused() {
        server.answers(V2Wire.answer(V2Wire.payment("trade_state", "SUCCESS", "mch_id", "1600000002")));
        assertThat(query(account(), attempt(NUMBER)))
                .isInstanceOfSatisfying(
                        ProviderReport.Paid.class,
                        paid -> assertThat(paid.merchantNo()).isEqualTo("1600000002"));

        server.answers(
                V2Wire.answer(V2Wire.reply("trade_state", "NOTPAY", "out_trade_no", NUMBER, "mch_id", "1600000002")));
        assertThat(failure(() -> query(account(), attempt(NUMBER))).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
        server.answers(V2Wire.answer(V2Wire.reply("prepay_id", "wx1", "mch_id", "1600000002")));
        assertThat(failure(() -> create(account())).kind()).isEqualTo(Kind.NOT_AUTHENTIC);
    }

    @Test
    void the_standby_gateway_is_used_only_if_nothing_reached_the_gateway() {
        var node = with("standbyGateway", wire.gateway(server.address()).toString());

        var prompt = create(settings(node, ProviderServer.closedPort()), request());

        assertThat(prompt).isInstanceOf(PaymentPrompt.ScanQrCode.class);

        server.answers(Answer.hangUp());
        var both = with("standbyGateway", server.address() + "/second");
        var failure = failure(() -> create(account(both), request()));
        assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(server.requests()).hasSize(1).noneMatch(a -> a.path().startsWith("/second"));
    }
}
