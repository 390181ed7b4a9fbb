package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The numbers that docs/simulator.md lists for the merchant {@code demo}, and those of others. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountNumbersTest {
    private static AccountNumbers of(String provider, String pid, String kind, int round) {
        return new AccountNumbers(provider, pid, kind, round);
    }

    @Test
    void are_the_same_in_every_database() {
        var demo = of("wxpay", "demo", Account.KEY, 0);

        assertThat("wx" + demo.hex("appId", 16)).isEqualTo("wxbe125c4eb864c3c3");
        assertThat("16" + demo.digits("mchId", 8)).isEqualTo("1682711137");
        assertThat("2021" + of("alipay", "demo", Account.KEY, 0).digits("appId", 12))
                .isEqualTo("2021411245391028");
        assertThat("1" + of("vkspay", "demo", Account.KEY, 0).digits("mchId", 8))
                .isEqualTo("146783974");
    }

    @Test
    void differ_by_provider_merchant_kind_number_and_round() {
        var seen = new HashSet<String>();
        for (var numbers : new AccountNumbers[] {
            of("wxpay", "demo", Account.KEY, 0),
            of("alipay", "demo", Account.KEY, 0),
            of("wxpay", "demo2", Account.KEY, 0),
            of("wxpay", "demo", Account.CERTIFICATE, 0),
            of("wxpay", "demo", Account.KEY, 1)
        }) {
            seen.add(numbers.digits("mchId", 8));
            seen.add(numbers.digits("subMchId", 8));
            seen.add(numbers.hex("appId", 16));
        }

        assertThat(seen).hasSize(15);
    }

    @Test
    void always_have_their_length() {
        for (int i = 0; i < 2_000; i++) {
            var numbers = of("wxpay", "m" + i, Account.KEY, 0);

            assertThat(numbers.digits("mchId", 8)).matches("\\d{8}");
            assertThat(numbers.hex("appId", 16)).matches("[0-9a-f]{16}");
        }
    }

    @Test
    void a_merchant_number_that_is_taken_is_followed_by_another_one() {
        var first = of("wxpay", "shop722", Account.KEY, 0).digits("mchId", 8);

        assertThat(of("wxpay", "shop2304", Account.KEY, 0).digits("mchId", 8)).isEqualTo(first);
        assertThat(of("wxpay", "shop2304", Account.KEY, 1).digits("mchId", 8)).isNotEqualTo(first);
    }
}
