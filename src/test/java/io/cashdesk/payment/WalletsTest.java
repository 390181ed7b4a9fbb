package io.cashdesk.payment;

import static io.cashdesk.ground.money.Money.fen;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.order.ANewOrder;
import io.cashdesk.order.AReceipt;
import io.cashdesk.order.AnAttempt;
import io.cashdesk.order.AnOrder;
import io.cashdesk.order.Attempt;
import io.cashdesk.order.AttemptKey;
import io.cashdesk.order.Attempts;
import io.cashdesk.order.EpayOrigin;
import io.cashdesk.order.OrderKey;
import io.cashdesk.order.PayOrder;
import io.cashdesk.order.Receipt;
import io.cashdesk.order.Receipts;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Creates;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.TinyProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WalletsTest {
    private static final class Collecting extends TinyProvider implements Creates {
        private final Set<String> wallets;

        Collecting(String name, Set<String> wallets) {
            super(name, 1, client -> false);
            this.wallets = wallets;
        }

        @Override
        public Set<String> payMethods() {
            return wallets;
        }

        @Override
        public Created create(AccountSettings account, PaymentRequest request) {
            throw new IllegalStateException("nothing is created here");
        }
    }

    private static PayOrder order(String wanted) {
        return AnOrder.of(ANewOrder.of(fen(990)).epay(new EpayOrigin(1, "https://shop.example/n", "", "", wanted)))
                .unpaid();
    }

    /** @param payMethod the wallet of the attempt that pays */
    private static String paidThrough(PayOrder order, String provider, String payMethod) {
        var attempt = AnAttempt.of(order)
                .through(new Attempt.Target(UUID.randomUUID(), provider, "1600000000", provider + "_h5"))
                .with(payMethod)
                .calling();
        var receipt = AReceipt.through(attempt).of(fen(990));
        order.paidBy(receipt, attempt, "", "", false, AnOrder.NOON);
        var wallets = wallets();
        wallets.receipts = new Receipts() {
            @Override
            public Optional<Receipt> byId(OrderKey key, UUID id) {
                return id.equals(receipt.id()) ? Optional.of(receipt) : Optional.empty();
            }
        };
        wallets.attempts = new Attempts() {
            @Override
            public Optional<Attempt> byKey(AttemptKey key) {
                return key.equals(attempt.key()) ? Optional.of(attempt) : Optional.empty();
            }
        };
        return wallets.of(order);
    }

    private static Wallets wallets() {
        var wallets = new Wallets();
        wallets.providers = new Providers(
                List.of(new Collecting("wxpay", Set.of()), new Collecting("several", Set.of("wxpay", "alipay"))));
        return wallets;
    }

    @Test
    void an_unpaid_order_has_the_wallet_that_its_shop_wants() {
        assertThat(wallets().of(order("alipay"))).isEqualTo("alipay");
        assertThat(wallets().of(order(""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', wxpay, '', wxpay", "alipay, wxpay, '', wxpay", "'', several, '', ''", "'', several, alipay, alipay"
    })
    void a_paid_order_has_the_wallet_that_paid_it(String wanted, String provider, String payMethod, String wallet) {
        assertThat(paidThrough(order(wanted), provider, payMethod)).isEqualTo(wallet);
    }

    @Test
    void a_provider_of_several_wallets_is_none_itself() {
        assertThat(paidThrough(order("alipay"), "several", "")).isEqualTo("alipay");
    }
}
