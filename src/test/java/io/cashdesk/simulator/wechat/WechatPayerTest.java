package io.cashdesk.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Openids of the simulated payers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatPayerTest {
    @Test
    void an_openid_belongs_to_one_application() {
        var mine = WechatPayer.FIRST.openid("wx0123456789abcdef");

        assertThat(mine).hasSize(28);
        assertThat(WechatPayer.belongs(mine, "wx0123456789abcdef")).isTrue();
        assertThat(WechatPayer.belongs("o0123456789abcdefSomebodyEls", "wx0123456789abcdef"))
                .isTrue();
        assertThat(WechatPayer.belongs(mine, "wxfedcba9876543210")).isFalse();
        assertThat(WechatPayer.belongs(mine + "1", "wx0123456789abcdef")).isFalse();
    }
}
