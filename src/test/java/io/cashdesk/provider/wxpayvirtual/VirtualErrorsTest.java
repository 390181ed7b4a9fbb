package io.cashdesk.provider.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.ErrorDictionaryContract;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProvider.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The codes of virtual payment, of access tokens and of the login; and those of the client's call. */
class VirtualErrorsTest extends ErrorDictionaryContract {
    private static final List<String> ALL = codes(
            "-1 268490001 268490002 268490003 268490004 268490005 268490006 268490007 268490008 268490009 268490011",
            "268490012 268490013 268490014 268490015 268490016 268490018 268490019 268490020 268490021 268490022",
            "268490023 268490024 40001 42001 40014 48001 40013 40125 40164 41002 41004 43002 45009 45011 89503 89506",
            "89507 40029 40163 40226 left_fee appKey sandboxAppKey"); // the last three are ours

    @Override
    protected PaymentProvider provider() {
        return new VirtualProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(VirtualProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        return Arrays.stream(Call.values()).collect(Collectors.toMap(c -> c, c -> ALL));
    }

    @Test
    void every_code_of_the_clients_call_has_texts_in_both_languages() {
        var documented = codes(
                "-1 -2 -4 -5 1001 -15001 -15002 -15003 -15004 -15005 -15006 -15007 -15008 -15009 -15010 -15011 -15012",
                "-15013 -15014 -15016 -15017 -15018 -15019 -15020 -15021 -15025 -15026 -15027 INVALID_PLATFORM");

        var errors = new VirtualProvider().clientErrors();

        assertThat(errors).extracting(e -> e.code()).containsAll(documented).contains("no permission");
        assertThat(errors).allSatisfy(e -> {
            assertThat(e.payer().zh())
                    .containsPattern("\\p{IsHan}")
                    .endsWith("。")
                    .doesNotContainPattern("[!！]|-?\\d{4}");
            assertThat(e.payer().en())
                    .doesNotContainPattern("\\p{IsHan}|[!]|-?\\d{4}")
                    .endsWith(".");
            assertThat(e.cause().zh()).containsPattern("\\p{IsHan}");
            assertThat(e.cause().en()).doesNotContainPattern("\\p{IsHan}");
        });
    }
}
