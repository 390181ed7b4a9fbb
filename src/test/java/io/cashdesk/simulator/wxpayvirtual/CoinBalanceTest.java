package io.cashdesk.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CoinBalanceTest {
    @Test
    void given_coins_are_spent_first() {
        var balance = Coins.Balance.NONE.buy(100).receive(30);

        assertThat(balance.spend(20)).isEqualTo(new Coins.Balance(100, 10, 100, 30, 20));
        assertThat(balance.spend(50)).isEqualTo(new Coins.Balance(80, 0, 100, 30, 50));
        assertThat(balance.all()).isEqualTo(130);
    }

    @Test
    void what_is_given_back_returns_to_the_part_that_it_came_from() {
        var balance = Coins.Balance.NONE.buy(100).receive(30);

        assertThat(balance.spend(50).giveBack(50, 30)).isEqualTo(balance);
    }
}
