package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.signing.Vault;
import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.NewOrder;
import io.cashdesk.order.PayOrder;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom an order is collected, whichever call names it, and what of it is stored. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SealedSubMerchantsTest {
    /** Seals by writing the place before the secret, backwards. */
    private static final class Backwards extends Vault {
        @Override
        public String seal(String secret, String place) {
            return place + "|" + new StringBuilder(secret).reverse();
        }

        @Override
        public String open(String sealed, String place) {
            assertThat(sealed).startsWith(place + "|");
            return new StringBuilder(sealed.substring(place.length() + 1))
                    .reverse()
                    .toString();
        }
    }

    private final PayOrder order = AnOrder.of(fen(990)).unpaid();
    private final SealedSubMerchants subMerchants = new SealedSubMerchants();

    SealedSubMerchantsTest() {
        subMerchants.vault = new Backwards();
    }

    private static SubMerchant sub(String mchId, String appId, String token) {
        return new SubMerchant(mchId, appId, token);
    }

    private void keep(SubMerchant sub) {
        subMerchants.keep(order, new NewOrder.OnBehalf(sub.mchId(), sub.appId(), sub.token()));
    }

    @Test
    void a_call_that_names_none_collects_for_the_stored_one() {
        keep(sub("1900", "wx1", "token"));

        assertThat(subMerchants.effective(order, SubMerchant.NONE)).isEqualTo(sub("1900", "wx1", "token"));
        assertThat(subMerchants.of(order)).isEqualTo(sub("1900", "wx1", "token"));
    }

    @ParameterizedTest
    @CsvSource({"1901, '', sub_mchid", "'', another, app_auth_token"})
    void a_call_that_names_another_is_refused(String mchId, String token, String field) {
        keep(sub("1900", "wx1", "token"));

        assertThatThrownBy(() -> subMerchants.effective(order, sub(mchId, "", token)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.ORDER_DIFFERS))
                .hasMessageContaining(field)
                .hasMessageNotContaining("another");
    }

    @Test
    void a_call_in_another_application_of_the_same_merchant_is_not_another() {
        keep(sub("1900", "wx1", ""));

        assertThat(subMerchants.effective(order, sub("1900", "wx2", ""))).isEqualTo(sub("1900", "wx2", ""));
        assertThat(subMerchants.effective(order, sub("1900", "", ""))).isEqualTo(sub("1900", "", ""));
        assertThatThrownBy(() -> subMerchants.requireSameApp(order, new NewOrder.OnBehalf("1900", "wx2", "")))
                .hasMessageContaining("sub_appid");
    }

    @Test
    void each_provider_s_name_is_stored_by_the_first_call_that_has_it() {
        assertThat(order.onBehalf()).isEmpty();
        keep(sub("", "", "token"));
        keep(sub("1900", "wx1", ""));

        assertThat(subMerchants.of(order)).isEqualTo(sub("1900", "wx1", "token"));
        assertThat(order.onBehalf().orElseThrow().sealedToken()).doesNotContain("token");
    }

    @Test
    void a_page_that_collects_for_the_account_itself_stays_so() {
        keep(SubMerchant.NONE);

        assertThat(subMerchants.effective(order, SubMerchant.NONE)).isEqualTo(SubMerchant.NONE);
        assertThatThrownBy(() -> subMerchants.effective(order, sub("1900", "", "")))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.ORDER_DIFFERS));
    }

    @Test
    void the_prompt_of_an_attempt_with_a_token_is_stored_sealed_and_any_other_as_it_is() {
        var prompts = new SealedPrompts();
        prompts.vault = new Backwards();
        var prompt = new PaymentPrompt.CallWallet("", Json.createValue("app_auth_token=T1&sign=s"), Optional.empty());
        var withToken = AnAttempt.of(order)
                .onBehalfOf(subMerchants.sealed(order.key(), sub("", "", "T1")))
                .calling();
        withToken.shown(prompts.stored(withToken, prompt), null, AnOrder.NOON);
        var without = AnAttempt.of(AnOrder.of(ANewOrder.of(fen(990))).unpaid()).calling();
        without.shown(prompts.stored(without, prompt), null, AnOrder.NOON);

        assertThat(withToken.prompt().orElseThrow()).doesNotContain("T1");
        assertThat(without.prompt()).contains(prompt.stored().toString());
        assertThat(prompts.of(withToken).map(PaymentPrompt::orderInfo)).contains(prompt.orderInfo());
        assertThat(prompts.of(without).map(PaymentPrompt::orderInfo)).contains(prompt.orderInfo());
    }
}
