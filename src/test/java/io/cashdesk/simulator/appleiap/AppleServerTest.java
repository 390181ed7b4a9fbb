package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountNumbers;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleServerTest {
    private final AppleServer server = new AppleServer();
    private final Account account =
            server.newAccount(UUID.randomUUID(), new AccountNumbers("appleiap", "demo", Account.KEY, 0));

    @Test
    void a_notification_is_repeated_after_1_12_24_48_and_72_hours() {
        assertThat(server.notificationSchedule())
                .containsExactly(
                        Duration.ofHours(1),
                        Duration.ofHours(12),
                        Duration.ofHours(24),
                        Duration.ofHours(48),
                        Duration.ofHours(72));
    }

    @Test
    void statuses_from_200_to_206_acknowledge() {
        assertThat(AppleNotices.acknowledges(200)).isTrue();
        assertThat(AppleNotices.acknowledges(206)).isTrue();
        for (var status : new int[] {199, 207, 302, 400, 500}) {
            assertThat(AppleNotices.acknowledges(status)).as("%s", status).isFalse();
        }
    }

    @Test
    void a_new_account_has_the_key_that_its_node_shows() {
        var node = account.storedNode();
        var pem = node.getString("privateKey");
        var key = Ec.privateKey(pem.replaceAll("-----[A-Z ]+-----|\\s", ""));
        var content = new byte[] {1, 2, 3};

        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Ec.verify(content, Ec.sign(content, key), Ec.publicKey(account.publicKey())))
                .isTrue();
        assertThat(node.getString("keyId")).isEqualTo(account.serial()).hasSize(10);
        assertThat(node.getString("password")).isEqualTo(account.sharedKey()).hasSize(32);
        assertThat(node.getString("bundleId")).isEqualTo(account.mchNo());
        assertThat(AppleApp.of(account).appAppleId()).isBetween(6_000_000_000L, 6_999_999_999L);
    }

    @Test
    void the_numbers_that_testers_see_contain_no_key() {
        var shown = server.identifiers(account).toString();

        assertThat(shown)
                .contains(account.mchNo(), "coins60", "vip", "film", "pass")
                .doesNotContain(account.sharedKey(), account.serial(), "PRIVATE");
    }

    @Test
    void the_numbers_of_an_app_are_the_same_in_every_database() {
        var again = server.newAccount(UUID.randomUUID(), new AccountNumbers("appleiap", "demo", Account.KEY, 0));

        assertThat(again.mchNo()).isEqualTo(account.mchNo()).isEqualTo("cn.example.app73974274"); // docs/simulator.md
        assertThat(AppleApp.of(again).appAppleId())
                .isEqualTo(AppleApp.of(account).appAppleId())
                .isEqualTo(6271071078L);
        assertThat(again.serial()).isNotEqualTo(account.serial());
    }

    @Test
    void numbers_of_purchases_are_as_long_as_apples() {
        assertThat(AppleSales.newId(Environment.PRODUCTION)).matches("\\d{15}");
        assertThat(AppleSales.newId(Environment.SANDBOX)).matches("20000\\d{11}");
    }

    @Test
    void signatures_are_64_bytes_and_of_one_text() {
        var pair = Ec.newPair();
        var signed = Ec.sign(new byte[] {1}, pair.getPrivate());

        assertThat(signed).hasSize(64);
        assertThat(Ec.verify(new byte[] {1}, signed, pair.getPublic())).isTrue();
        assertThat(Ec.verify(new byte[] {2}, signed, pair.getPublic())).isFalse();
        assertThat(Ec.verify(new byte[] {1}, new byte[64], pair.getPublic())).isFalse();
        assertThat(Ec.verify(new byte[] {1}, Base64.getDecoder().decode("AAAA"), pair.getPublic()))
                .isFalse();
    }

    @Test
    void says_how_its_purchases_are_made_in_both_languages() {
        var how = server.paidElsewhere().orElseThrow();

        assertThat(how.en()).contains("/simulator/appleiap/buy", "appAccountToken");
        assertThat(how.zh()).contains("/simulator/appleiap/buy", "appAccountToken");
    }
}
