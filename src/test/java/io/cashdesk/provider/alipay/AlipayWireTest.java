package io.cashdesk.provider.alipay;

import static io.cashdesk.provider.ProviderFailure.Kind.DECLINED;
import static io.cashdesk.provider.ProviderFailure.Kind.OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.internal.util.AlipayLogger;
import io.cashdesk.provider.ProviderWireContract;
import java.security.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every adapter guarantees, and what is particular to answers of Alipay and to its SDK. */
@ParameterizedClass
@EnumSource
class AlipayWireTest extends ProviderWireContract<AlipayWire> {
    private static final String CHECKS = "jdk.certpath.disabledAlgorithms";

    AlipayWireTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    @Test
    void the_certificate_checks_of_the_jvm_are_unchanged() {
        create(account());

        assertThat(Security.getProperty(CHECKS)).contains("MD2", "RSA keySize < 1024");
    }

    /** Read by reflection, because in tests another library removes the SDK's log. */
    @Test
    void the_request_log_of_the_sdk_is_off() throws ReflectiveOperationException {
        var switchedOn = AlipayLogger.class.getDeclaredField("needEnableLogger");
        switchedOn.setAccessible(true);

        assertThat(switchedOn.getBoolean(null)).isFalse();
    }

    @Test
    void reads_an_answer_whose_slashes_are_escaped() {
        server.answers(request -> wire.answer(
                AlipayWire.method(request),
                "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" + NUMBER
                        + "\",\"qr_code\":\"https:\\/\\/qr.alipay.com\\/bax0\"}"));

        var prompt = create(account());

        assertThat(prompt.orderInfo().asJsonObject().getString("codeUrl")).isEqualTo("https://qr.alipay.com/bax0");
    }

    @ParameterizedTest
    @CsvSource({
        "40004, ACQ.TOTAL_FEE_EXCEED, DECLINED",
        "40004, ACQ.SYSTEM_ERROR, OUTCOME_UNKNOWN",
        "40001, isv.missing-app-id, DECLINED",
        "40002, isv.invalid-signature, DECLINED",
        "40005, isv.app-call-limited, DECLINED",
        "40006, isv.insufficient-isv-permissions, DECLINED",
        "20001, aop.invalid-app-auth-token, DECLINED",
        "20000, isp.unknow-error, OUTCOME_UNKNOWN",
        "10003, '', OUTCOME_UNKNOWN",
        "77777, NEW.CODE, OUTCOME_UNKNOWN"
    })
    void the_code_decides_the_outcome_and_not_the_success_flag_of_the_sdk(String code, String sub, String kind) {
        server.answers(wire.refusal(code, sub));

        assertThat(failure(() -> create(account())).kind()).hasToString(kind);
    }

    @Test
    void accepts_an_unsigned_refusal_of_the_gateway_but_not_about_a_trade() {
        var account = account();
        server.answers(
                request -> wire.unsigned(wire.refusal("ACQ.TRADE_HAS_CLOSE").apply(request)));
        assertThat(failure(() -> create(account)).kind()).isEqualTo(OUTCOME_UNKNOWN);
        server.answers(
                request -> wire.unsigned(wire.refusal("ACQ.TRADE_NOT_EXIST").apply(request)));
        assertThat(failure(() -> query(account, attempt(NUMBER))).kind()).isEqualTo(OUTCOME_UNKNOWN);

        server.answers(
                request -> wire.unsigned(wire.refusal("isv.invalid-app-id").apply(request)));

        assertThat(failure(() -> create(account)).kind()).isEqualTo(DECLINED);
    }

    @Test
    void a_code_for_another_order_is_not_accepted() {
        server.answers(
                request -> wire.answer(
                        AlipayWire.method(request),
                        "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"T9\",\"qr_code\":\"https://qr.alipay.com/x\"}"));

        assertThat(failure(() -> create(account())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }
}
