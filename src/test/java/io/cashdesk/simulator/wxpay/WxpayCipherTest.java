package io.cashdesk.simulator.wxpay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The encryption of v3, compared with published texts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayCipherTest {
    @Test
    void encrypts_the_published_text_as_published() {
        assertThat(WxpayCipher.encrypt("message", "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", "uluk4a9R25RW", "associatedData"))
                .isEqualTo("ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=");
    }
}
