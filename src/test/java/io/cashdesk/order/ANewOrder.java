package io.cashdesk.order;

import io.cashdesk.ground.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An order that a merchant wants: tea, of type {@code goods}, in a phone's browser, payable for two hours from
 * {@link AnOrder#NOON}.
 */
public final class ANewOrder {
    private final Money total;
    private OutTradeNo number = new OutTradeNo("T1234567");
    private String subject = "tea";
    private String type = "goods";
    private String platform = "h5";
    private EpayOrigin epay;
    private String priced;
    private List<String> providers = List.of();
    private Instant expiresAt = AnOrder.NOON.plus(Duration.ofHours(2));

    private ANewOrder(Money total) {
        this.total = total;
    }

    public static ANewOrder of(Money total) {
        return new ANewOrder(total);
    }

    /** @param outTradeNo the merchant's number; T1234567 by default */
    public ANewOrder numbered(String outTradeNo) {
        number = new OutTradeNo(outTradeNo);
        return this;
    }

    public ANewOrder subject(String subject) {
        this.subject = subject;
        return this;
    }

    public ANewOrder type(String type) {
        this.type = type;
        return this;
    }

    public ANewOrder on(String platform) {
        this.platform = platform;
        return this;
    }

    public ANewOrder epay(EpayOrigin epay) {
        this.epay = epay;
        return this;
    }

    /** @param goods of a provider with a price list, as JSON; none by default */
    public ANewOrder buying(String goods) {
        priced = goods;
        return this;
    }

    /** @param providers that a checkout page may offer; all by default */
    public ANewOrder limitedTo(String... providers) {
        this.providers = List.of(providers);
        return this;
    }

    public ANewOrder until(Instant expiresAt) {
        this.expiresAt = expiresAt;
        return this;
    }

    public NewOrder build() {
        return new NewOrder(
                number,
                new NewOrder.Goods(total, subject, type, "{}"),
                new NewOrder.Buyer(null, null),
                new NewOrder.Origin(platform, null, null, null, null, epay),
                providers,
                new NewOrder.Deadline(expiresAt, false),
                Optional.empty(),
                new NewOrder.Special(null, priced));
    }
}
