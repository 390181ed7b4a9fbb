package io.cashdesk.checkout;

import static io.cashdesk.checkout.SomeMoney.duplicate;
import static io.cashdesk.checkout.SomeMoney.late;
import static io.cashdesk.checkout.SomeMoney.own;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.checkout.OrderMoney.Handling;
import io.cashdesk.checkout.OrderMoney.Sums;
import io.cashdesk.order.Receipt;
import io.cashdesk.refund.RefundState;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderMoneyTest {
    @Test
    void is_in_parts_that_add_up_to_what_was_received() {
        var money = SomeMoney.of(
                own().refund(100, RefundState.SUCCEEDED)
                        .refund(200, RefundState.PROCESSING)
                        .refund(50, RefundState.ABNORMAL)
                        .refund(70, RefundState.CLOSED),
                duplicate().returning(RefundState.WAITING),
                SomeMoney.stray(Receipt.Kind.DOUBTFUL, 1, 70),
                late().is(Handling.SETTLED));

        var sums = money.sums();

        assertThat(sums).isEqualTo(new Sums(2971, 640, 100, 1190, 50, 1, 990));
        assertThat(sums.kept() + sums.returned() + sums.onItsWay() + sums.abnormal() + sums.held() + sums.settled())
                .isEqualTo(sums.received());
    }

    @Test
    void that_the_provider_reversed_is_returned_whether_it_counts_or_not() {
        assertThat(SomeMoney.of(own().is(Handling.REVERSED), duplicate().is(Handling.REVERSED))
                        .sums())
                .isEqualTo(new Sums(1980, 0, 1980, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(RefundState.class)
    void is_followed_while_a_refund_may_still_change(RefundState state) {
        assertThat(SomeMoney.of(own().refund(1, state)).follows()).isEqualTo(!state.ended());
    }

    @Test
    void is_followed_until_the_shop_has_decided() {
        assertThat(SomeMoney.of(late()).follows()).isTrue();
        assertThat(SomeMoney.of(late().returning(RefundState.CLOSED)).follows()).isTrue();
        assertThat(SomeMoney.of(late().is(Handling.SETTLED)).follows()).isFalse();
        assertThat(SomeMoney.of(late().is(Handling.REVERSED)).follows()).isFalse();
        assertThat(SomeMoney.of(own()).follows()).isFalse();
        assertThat(OrderMoney.NONE.follows()).isFalse();
        assertThat(new OrderMoney(List.of(), OrderMoney.WhyNone.MAY_COME).follows())
                .isTrue();
    }
}
