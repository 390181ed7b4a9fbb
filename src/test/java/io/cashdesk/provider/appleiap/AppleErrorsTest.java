package io.cashdesk.provider.appleiap;

import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.ErrorDictionaryContract;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProvider.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The codes of Apple's API and of verifyReceipt. */
class AppleErrorsTest extends ErrorDictionaryContract {
    private static final List<String> ALL = codes(
            "401 4000006 4000183 4000185 4000187 4040001 4040002 4040003 4040004 4040005 4040006 4040010 4290000",
            "5000000 5000001 21000 21001 21002 21003 21004 21005 21006 21007 21008 21009 21010 21100 21199",
            "gateway node"); // these two are ours

    @Override
    protected PaymentProvider provider() {
        return new AppleProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(AppleProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        return Arrays.stream(Call.values()).collect(Collectors.toMap(c -> c, c -> ALL));
    }
}
