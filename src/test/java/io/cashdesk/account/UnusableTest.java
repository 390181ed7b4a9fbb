package io.cashdesk.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ProviderFailure;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Sentences about what an adapter or a provider gave in one language only. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UnusableTest {
    @Test
    void a_refused_value_is_named_in_both_languages() {
        var sentence = Accounts.unusable(List.of("appId", "v3Key"), "v3Key has 31 bytes");

        assertThat(sentence.zh()).isEqualTo("配置项 v3Key 的值无法使用，请核对");
        assertThat(sentence.en()).isEqualTo("a value of v3Key cannot be used: v3Key has 31 bytes");
    }

    @Test
    void without_a_name_all_keys_of_the_node_are_named() {
        var sentence = Accounts.unusable(List.of("appId", "v3Key"), "bad input");

        assertThat(sentence.zh()).isEqualTo("配置项 appId、v3Key 中有值无法使用，请核对");
        assertThat(sentence.en()).isEqualTo("a value of appId, v3Key cannot be used: bad input");
    }

    @Test
    void a_providers_own_words_are_quoted_in_both_languages() {
        var sentence =
                ProviderCalls.unusable(new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "-1", "system busy"));

        assertThat(sentence.zh()).isEqualTo("渠道返回错误 -1: \"system busy\"");
        assertThat(sentence.en()).isEqualTo("the error -1: \"system busy\"");
    }
}
