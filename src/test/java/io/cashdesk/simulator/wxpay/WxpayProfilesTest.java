package io.cashdesk.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayProfilesTest {
    @Test
    void the_sub_merchants_number_differs_wherever_the_merchants_number_does() {
        assertThat(WxpayProfiles.subMchid("1682711137")).isEqualTo("1782711137"); // docs/simulator.md
        assertThat(WxpayProfiles.subMchid("1682711138")).isEqualTo("1782711138");
    }
}
