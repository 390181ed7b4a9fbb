package io.cashdesk.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.setting.Settings;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OldShopOrdersTest {
    @Test
    void are_kept_for_ever_with_0() {
        var rows = new OldShopOrders();
        rows.settings = new Settings(Map.of("CASHDESK_KEEP_TESTS_DAYS", "0")::get);

        assertThat(rows.deleteSome(Instant.parse("2099-01-01T00:00:00Z"))).isFalse(); // without a database
    }
}
