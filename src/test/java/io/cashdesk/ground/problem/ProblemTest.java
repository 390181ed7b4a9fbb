package io.cashdesk.ground.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemTest {
    private static final Problem.Refusal REFUSAL = new Problem.Refusal(
            "NOT_ENOUGH", "payer", "new_code", new LocalizedText("请换一张卡", "Please take another card"));

    @Test
    void a_client_reads_what_the_payer_can_do_and_not_the_providers_words() {
        var problem = ProblemType.PROVIDER_REFUSED
                .with("wxpay", "NOT_ENOUGH", "mch 1600000001: 余额不足", new LocalizedText("请查商户号", "Check the account"))
                .withRefusal(REFUSAL)
                .retryAfter(Duration.ofSeconds(3))
                .forClient();

        for (var locale : new Locale[] {Locale.ENGLISH, Locale.CHINESE}) {
            assertThat(problem.json(locale).toString())
                    .doesNotContain("1600000001", "余额不足", "请查商户号", "Check the account")
                    .contains("NOT_ENOUGH");
        }
        assertThat(problem.json(Locale.ENGLISH).getString("msg")).endsWith("Please take another card");
        assertThat(problem.json(Locale.CHINESE).getString("payer_msg")).isEqualTo("请换一张卡");
        assertThat(problem.json(Locale.CHINESE).getInt("code")).isEqualTo(3002);
        assertThat(problem.retryAfter()).contains(Duration.ofSeconds(3));
    }

    @Test
    void a_client_does_not_read_an_answer_that_could_not_be_used() {
        var problem = ProblemType.PROVIDER_FAILED
                .with("wxpay", "<html>mch 1600000001")
                .forClient();

        assertThat(problem.json(Locale.CHINESE).toString()).doesNotContain("1600000001");
        assertThat(problem.json(Locale.ENGLISH).getString("msg")).startsWith("wxpay gave an answer");
    }

    @Test
    void a_client_does_not_read_for_whom_an_order_is_collected() {
        var problem = ProblemType.SUB_MERCHANT
                .with("wxpay.h5", new LocalizedText("sub_mchid 1900000001", "sub_mchid 1900000001"))
                .forClient();

        assertThat(problem.json(Locale.CHINESE).toString()).contains("wxpay.h5").doesNotContain("1900000001");
    }

    @Test
    void any_other_problem_is_the_same_for_a_client() {
        var problem = ProblemType.ORDER_NOT_FOUND.with("T1");

        assertThat(problem.forClient()).isSameAs(problem);
    }
}
