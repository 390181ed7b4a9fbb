package io.cashdesk.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Openids of the simulated payers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayPayerTest {
    @Test
    void an_openid_belongs_to_one_application() {
        var mine = WxpayPayer.FIRST.openid("wx0123456789abcdef");

        assertThat(mine).hasSize(28);
        assertThat(WxpayPayer.belongs(mine, "wx0123456789abcdef")).isTrue();
        assertThat(WxpayPayer.belongs("o0123456789abcdefSomebodyEls", "wx0123456789abcdef"))
                .isTrue();
        assertThat(WxpayPayer.belongs(mine, "wxfedcba9876543210")).isFalse();
        assertThat(WxpayPayer.belongs(mine + "1", "wx0123456789abcdef")).isFalse();
    }
}
