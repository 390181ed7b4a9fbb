package io.cashdesk.provider.vkspay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.ErrorDictionaryContract;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProvider.Call;
import io.cashdesk.provider.ProviderError.Retry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The codes of epay's reference server, and those that the adapter reads from words where there are no codes. */
class VkspayErrorsTest extends ErrorDictionaryContract {
    /** -1 general, -2 refunds are off, -3 pid or key, -4 a parameter or feature, -5 act; VksPay has FAIL alone. */
    private static final List<String> DOCUMENTED = codes("-1 -2 -3 -4 -5 FAIL");

    @Override
    protected PaymentProvider provider() {
        return new VkspayProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(VkspayProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        var all = new EnumMap<Call, List<String>>(Call.class);
        for (var call : List.of(Call.CREATE, Call.QUERY, Call.CLOSE, Call.REFUND, Call.QUERY_REFUND)) {
            all.put(call, DOCUMENTED);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "签名校验失败, SIGN_ERROR",
        "该订单已支付, TRADE_NO_USED",
        "商户订单号重复, TRADE_NO_USED",
        "订单号不存在, ORDER_NOT_EXIST",
        "商户ID不存在, MERCHANT_NOT_EXIST",
        "商户余额不足，请先充值, BALANCE_NOT_ENOUGH",
        "支付通道维护中, -1",
        "'', -1"
    })
    void words_stand_for_a_code_that_has_an_entry(String words, String code) {
        assertThat(GatewayWords.code(words, "-1")).isEqualTo(code);
        assertThat(dictionary().codes()).contains(code);
    }

    @Test
    void a_refusal_of_a_refund_is_final_unless_it_passes() {
        assertThat(explained(Call.REFUND, "-1").retry()).isEqualTo(Retry.NO);
        assertThat(explained(Call.REFUND, "BALANCE_NOT_ENOUGH").retry()).isEqualTo(Retry.SAME_LATER);
        assertThat(explained(Call.REFUND, "SYSTEM_ERROR").retry()).isEqualTo(Retry.ASK_FIRST);
        assertThat(explained(Call.CREATE, "TRADE_NO_USED").retry()).isEqualTo(Retry.NEW_NUMBER);
    }
}
