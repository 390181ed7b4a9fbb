package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.PaymentProvider.Call;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ErrorDictionaryTest {
    private static final String TEXTS = """
            "cause": {"zh": "忙", "en": "Busy"},
            "payer": "later",
            "merchant": {"zh": "稍后再试。", "en": "Repeat it later."}""";

    private static final String BUSY = "\"fault\": \"PROVIDER\", \"retry\": \"SAME_LATER\", " + TEXTS;

    private static ErrorDictionary of(String... errors) {
        var file = """
                {
                  "payer": {
                    "later": {"zh": "请稍后付款。", "en": "Pay later.", "refund": "wait"},
                    "wait": {"zh": "请稍候。", "en": "Please wait."}
                  },
                  "errors": [%s]
                }""".formatted(String.join(",", errors));
        return new ErrorDictionary(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
    }

    private static void refused(String why, String... errors) {
        assertThatThrownBy(() -> of(errors)).hasMessageContaining(why);
    }

    @Test
    void finds_one_entry_by_every_spelling() {
        var dictionary = of("{\"codes\": [\"NEW_ONE\", \"OLDONE\"], " + BUSY + "}");

        assertThat(dictionary.find(Call.CREATE, "OLDONE")).isEqualTo(dictionary.find(Call.CREATE, "NEW_ONE"));
        assertThat(dictionary.find(Call.CREATE, "OLDONE").orElseThrow().code()).isEqualTo("NEW_ONE");
    }

    @Test
    void has_another_text_for_a_payer_who_waits_for_a_refund() {
        var dictionary = of("{\"codes\": [\"A\"], " + BUSY + "}");

        assertThat(dictionary.find(Call.CREATE, "A").orElseThrow().payer().en()).isEqualTo("Pay later.");
        assertThat(dictionary.find(Call.REFUND, "A").orElseThrow().payer().en()).isEqualTo("Please wait.");
    }

    @Test
    void prefers_what_a_code_means_on_this_call() {
        var dictionary = of(
                "{\"codes\": [\"A\"], " + BUSY + "}",
                "{\"codes\": [\"A\"], \"calls\": [\"CLOSE\"], " + BUSY.replace("SAME_LATER", "NO") + "}");

        assertThat(dictionary.find(Call.CLOSE, "A").orElseThrow().retry()).isEqualTo(ProviderError.Retry.NO);
        assertThat(dictionary.find(Call.QUERY, "A").orElseThrow().retry()).isEqualTo(ProviderError.Retry.SAME_LATER);
    }

    @Test
    void refuses_an_incomplete_file() {
        refused("A has two entries", "{\"codes\": [\"A\"], " + BUSY + "}", "{\"codes\": [\"B\", \"A\"], " + BUSY + "}");
        refused("A has a meaning on certain calls only", "{\"codes\": [\"A\"], \"calls\": [\"CLOSE\"], " + BUSY + "}");
        refused("A's payer is missing", "{\"codes\": [\"A\"], " + BUSY.replace("\"payer\": \"later\",", "") + "}");
        refused("A's cause is not in both languages", "{\"codes\": [\"A\"], " + BUSY.replace("Busy", " ") + "}");
        refused("A's retry must be one of", "{\"codes\": [\"A\"], " + BUSY.replace("SAME_LATER", "SOON") + "}");
        refused("no text named later2", "{\"codes\": [\"A\"], " + BUSY.replace("\"later\"", "\"later2\"") + "}");
        refused("unknown field fautl", "{\"codes\": [\"A\"], \"fautl\": \"PAYER\", " + BUSY + "}");
        refused("without codes", "{" + BUSY + "}");
        refused("cause", "{\"codes\": [\"A\"], \"cause\": {\"zh\": \"忙\", \"en\": \"Busy\"}, " + BUSY + "}");
    }

    @Test
    void says_beside_which_adapter_a_file_is_missing() {
        assertThatThrownBy(() -> ErrorDictionary.beside(String.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("java.lang.String");
    }
}
