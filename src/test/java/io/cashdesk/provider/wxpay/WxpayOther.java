package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The checks of a call before anything is stored or sent. */
record WxpayOther(PaymentProvider provider, AccountSettings account) {
    private void check(String product, SubMerchant sub, String openid, String storeId, JsonObject other) {
        provider.checkInput(
                account,
                new CallerInput(
                        PayType.of("wxpay_" + product),
                        new Payer("203.0.113.7", openid, Payer.Screen.PHONE),
                        sub,
                        storeId.isEmpty()
                                ? Optional.empty()
                                : Optional.of(new PaymentCode("130000000000000001", storeId)),
                        Optional.empty(),
                        other));
    }

    void accepts(String product, JsonObject other) {
        check(product, SubMerchant.NONE, "", "", other);
    }

    void refuses(String product, JsonObject other, ProblemType type, String named) {
        assertThatThrownBy(() -> accepts(product, other))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(type))
                .hasMessageContaining(named + " ");
    }

    void refusesTexts(String product, SubMerchant sub, String openid, String storeId, String named) {
        assertThatThrownBy(() -> check(product, sub, openid, storeId, JsonObject.EMPTY_JSON_OBJECT))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.FIELD))
                .hasMessageContaining(named + " ");
    }
}
