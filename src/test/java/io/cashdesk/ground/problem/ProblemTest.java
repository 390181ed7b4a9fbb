package io.cashdesk.ground.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemTest {
    private static final Problem.Refusal REFUSAL = new Problem.Refusal(
            "NOT_ENOUGH", "payer", "new_code", new LocalizedText("请换一张卡", "Please take another card"));

    @Test
    void a_client_reads_the_pay_type_and_not_the_application() {
        var problem =
                ProblemType.OPENID.with("wxpay_mp-weixin", "wx1234567890abcdef").forClient();

        for (var locale : new Locale[] {Locale.ENGLISH, Locale.CHINESE}) {
            assertThat(problem.message(locale)).contains("wxpay_mp-weixin").doesNotContain("wx1234567890abcdef");
        }
    }

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

    @ParameterizedTest
    @EnumSource(
            names = {
                "SUB_MERCHANT",
                "EARLIER_ATTEMPT_OPEN",
                "ORDER_NEEDS_PERSON",
                "PROVIDER_NOT_CONFIGURED",
                "ORDER_DIFFERS",
                "ACCOUNT",
                "NOTIFY_URL"
            })
    void a_client_does_not_read_what_is_stored_or_set_by_the_merchant(ProblemType type) {
        var stored = new LocalizedText("sub_mchid 1900000001", "sub_mchid 1900000001");

        var problem = type.with(stored, stored, stored, stored)
                .retryAfter(Duration.ofSeconds(5))
                .forClient();

        for (var locale : new Locale[] {Locale.ENGLISH, Locale.CHINESE}) {
            var json = problem.json(locale);
            assertThat(json.toString()).doesNotContain("1900000001");
            assertThat(json.getInt("code")).isEqualTo(type.code());
        }
        assertThat(problem.json(Locale.CHINESE).getString("msg")).matches(".*\\p{IsHan}.*");
        assertThat(problem.json(Locale.ENGLISH).getString("msg")).doesNotMatch(".*\\p{IsHan}.*");
        assertThat(problem.retryAfter()).contains(Duration.ofSeconds(5));
    }

    @Test
    void a_client_reads_what_the_payer_can_do_in_both_languages() {
        var problem = ProblemType.ORDER_NEEDS_PERSON.with("T1").forClient();

        assertThat(problem.message(Locale.ENGLISH))
                .isEqualTo("The order takes no payment at present; contact the merchant");
        assertThat(problem.message(Locale.CHINESE)).isEqualTo("该订单暂时不能支付，请联系商家");
        assertThat(problem.retryAfter(Duration.ofSeconds(1)).message(Locale.ENGLISH))
                .endsWith("contact the merchant");
    }

    @Test
    void a_problem_about_the_clients_own_call_is_the_same_for_it() {
        var problem = ProblemType.ORDER_NOT_FOUND.with("T1");

        assertThat(problem.forClient()).isSameAs(problem);
    }
}
