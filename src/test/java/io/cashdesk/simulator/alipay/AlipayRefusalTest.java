package io.cashdesk.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.Exchange;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayRefusalTest {
    @Test
    void the_log_names_the_code_and_the_parameter_in_no_language() {
        assertThat(AlipayRefusal.invalid("signature").reason()).isEqualTo(Exchange.MISMATCH);
        assertThat(AlipayRefusal.missing("app-id").reason())
                .isEqualTo(Exchange.reason("MISSING", "isv.missing-app-id", "app-id"));
        assertThat(AlipayRefusal.invalid("timestamp").reason())
                .isEqualTo(Exchange.reason("INVALID", "isv.invalid-timestamp", "timestamp"));
        assertThat(AlipayRefusal.parameter("notify_url").reason())
                .isEqualTo(Exchange.reason("INVALID", "ACQ.INVALID_PARAMETER", "notify_url"));
        assertThat(AlipayRefusal.unknown().reason()).isEqualTo("isp.unknow-error");
    }
}
