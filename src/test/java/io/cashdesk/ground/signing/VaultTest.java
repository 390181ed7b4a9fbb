package io.cashdesk.ground.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VaultTest {
    static byte[] key(int fill) {
        var key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    @Test
    void a_sealed_secret_opens_only_at_the_same_place() {
        var vault = new Vault(List.of(key(1)));
        var sealed = vault.seal("secret", "here");

        assertThat(sealed).doesNotContain("secret");
        assertThat(vault.open(sealed, "here")).isEqualTo("secret");
        assertThatThrownBy(() -> vault.open(sealed, "there")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void after_a_key_change_the_old_key_still_opens() {
        var sealedBefore = new Vault(List.of(key(1))).seal("secret", "here");
        var during = new Vault(List.of(key(2), key(1)));
        var sealedSince = during.seal("secret", "here");

        assertThat(during.open(sealedBefore, "here")).isEqualTo("secret");
        assertThat(new Vault(List.of(key(2))).open(sealedSince, "here")).isEqualTo("secret");
        assertThatThrownBy(() -> new Vault(List.of(key(1))).open(sealedSince, "here"))
                .hasMessageContaining("CASHDESK_MASTER_KEY");
    }
}
