package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.PaymentProvider.Call;
import io.cashdesk.provider.ProviderError.Retry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What every adapter's dictionary promises. Each subclasses this with the tables of its provider's documents. */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class ErrorDictionaryContract implements ContractRow {
    private static final List<Call> REFUNDS = List.of(Call.REFUND, Call.QUERY_REFUND);

    protected abstract PaymentProvider provider();

    protected abstract ErrorDictionary dictionary();

    /** The codes that the provider's documents list, by the call that answers with them. */
    protected abstract Map<Call, List<String>> documented();

    protected static List<String> codes(String... lines) {
        return Arrays.stream(lines).flatMap(l -> Arrays.stream(l.split(" "))).toList();
    }

    protected ProviderError explained(Call call, String code) {
        return provider().explain(call, code, "");
    }

    /** Every entry as an answer to every call. */
    private Stream<ProviderError> all() {
        return dictionary().codes().stream()
                .flatMap(c -> Arrays.stream(Call.values()).map(call -> explained(call, c)));
    }

    @Test
    void has_every_code_of_the_documents() {
        documented().forEach((call, codes) -> {
            assertThat(codes).as("%s", call).isNotEmpty();
            for (var code : codes) {
                assertThat(dictionary().find(call, code))
                        .as("%s on %s", code, call)
                        .isPresent();
                assertThat(explained(call, code))
                        .isEqualTo(dictionary().find(call, code).get());
            }
        });
    }

    @Test
    void says_everything_in_both_languages() {
        assertThat(all()).allSatisfy(error -> {
            for (var text : List.of(error.cause(), error.payer(), error.merchant())) {
                assertThat(text.zh()).as(error.code()).containsPattern("\\p{IsHan}");
                assertThat(text.en())
                        .as(error.code())
                        .doesNotContainPattern("\\p{IsHan}")
                        .matches("[A-Z\\p{L}].+");
            }
            assertThat(error.payer().zh()).endsWith("。");
            assertThat(error.merchant().zh()).endsWith("。");
            assertThat(error.payer().en()).endsWith(".");
            assertThat(error.merchant().en()).endsWith(".");
        });
    }

    @Test
    void never_shows_a_payer_a_code() {
        assertThat(all()).allSatisfy(error -> {
            for (var text : List.of(error.payer().zh(), error.payer().en())) {
                assertThat(text).doesNotContainPattern("[A-Za-z]+_|[a-z]\\.[a-z]|\\d{3}");
                for (var code : dictionary().codes()) {
                    assertThat(text).doesNotContainPattern("(?<!\\w)" + Pattern.quote(code) + "(?!\\w)");
                }
            }
        });
    }

    @Test
    void never_shouts_or_blames_a_payer() {
        assertThat(all().map(ProviderError::payer)).allSatisfy(payer -> {
            assertThat(payer.zh() + payer.en()).doesNotContainPattern("[!！]");
            assertThat(payer.zh()).doesNotContain("错误", "失败", "违规", "有误", "非法", "您没有");
            assertThat(payer.en().toLowerCase(Locale.ROOT))
                    .doesNotContain("error", "fail", "invalid", "wrong", "you must");
        });
    }

    @Test
    void tells_a_payer_who_waits_for_a_refund_nothing_about_paying() {
        for (var call : REFUNDS) {
            assertThat(documented().getOrDefault(call, List.of())).allSatisfy(code -> {
                var payer = explained(call, code).payer();
                assertThat(payer.zh()).as("%s on %s", code, call).doesNotContain("支付方式", "再付", "下单", "付款码");
                assertThat(payer.en()).as("%s on %s", code, call).doesNotContain("Pay ", "pay again", "order again");
            });
        }
    }

    @Test
    void never_asks_for_a_new_number_where_a_refund_could_be_paid_twice() {
        for (var call : REFUNDS) {
            assertThat(dictionary().codes())
                    .allSatisfy(code -> assertThat(explained(call, code).retry())
                            .as("%s on %s", code, call)
                            .isNotIn(Retry.NEW_NUMBER, Retry.NEW_CODE));
        }
    }

    @Test
    void admits_that_it_does_not_know_a_code_and_keeps_the_providers_words() {
        var error = provider().explain(Call.CREATE, "BRAND_NEW_CODE", "新的原因");

        assertThat(dictionary().find(Call.CREATE, "BRAND_NEW_CODE")).isEmpty();
        assertThat(error.code()).isEqualTo("BRAND_NEW_CODE");
        assertThat(error.retry()).isEqualTo(Retry.ASK_FIRST);
        assertThat(List.of(error.cause().zh(), error.cause().en()))
                .allSatisfy(t -> assertThat(t).contains("BRAND_NEW_CODE").contains("新的原因"));
        assertThat(List.of(error.payer(), error.merchant()))
                .extracting(LocalizedText::zh, LocalizedText::en)
                .allSatisfy(both -> assertThat(both.toString()).doesNotContain("BRAND_NEW_CODE"));
    }
}
