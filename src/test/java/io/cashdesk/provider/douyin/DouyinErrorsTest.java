package io.cashdesk.provider.douyin;

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

/** The codes of both dialects that are documented, and those of the adapter itself. */
class DouyinErrorsTest extends ErrorDictionaryContract {
    private static final List<String> DOCUMENTED = codes(
            "1000 1001 2000 2008 2010 2020 2042 2047 2048 2102 3101 4408",
            "2100004 2100005 2100007 2190002 2190004 2190008 2191000 2191001 2191002 2191003 2191004 2191005 2191006",
            "2191009 10000 10002 11001 11002 11004 12001 13000 20000 20001 20002",
            "dialect skuList refund_total_amount sub_mchid gateway");

    @Override
    public String row() {
        return "douyin";
    }

    @Override
    protected PaymentProvider provider() {
        return new DouyinProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(DouyinProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        var all = new EnumMap<Call, List<String>>(Call.class);
        for (var call : List.of(Call.CREATE, Call.QUERY, Call.REFUND, Call.QUERY_REFUND)) all.put(call, DOCUMENTED);
        return all;
    }

    @Test
    void a_call_that_may_have_taken_effect_is_queried_before_it_is_repeated() {
        for (var code : List.of("1000", "1001", "2100004", "2191000", "13000")) {
            assertThat(explained(Call.REFUND, code).retry()).as(code).isEqualTo(Retry.ASK_FIRST);
        }
        assertThat(explained(Call.REFUND, "2191006").retry()).isEqualTo(Retry.SAME_LATER);
        assertThat(explained(Call.REFUND, "2191005").retry()).isEqualTo(Retry.NO);
    }
}
