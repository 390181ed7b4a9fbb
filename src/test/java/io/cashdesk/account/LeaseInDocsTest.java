package io.cashdesk.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.setting.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LeaseInDocsTest {
    @Test
    void operations_md_says_how_long_a_lease_is() throws IOException {
        var calls = new ProviderCalls();
        calls.settings = new Settings(name -> null);

        assertThat(Files.readString(Path.of("docs/operations.md")))
                .contains("its lease of " + calls.lease().toSeconds() + " seconds");
    }
}
