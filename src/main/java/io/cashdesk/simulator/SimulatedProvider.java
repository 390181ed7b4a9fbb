package io.cashdesk.simulator;

import io.cashdesk.ground.problem.LocalizedText;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the shared part of the simulator needs from one provider's server. Each implementation is an application-scoped
 * bean in a package of its own; {@link SimulatedProviders} finds it by its {@link #name}. The provider's HTTP addresses
 * below {@code /simulator/<name>} are JAX-RS resources of that package and are not part of this port.
 */
public interface SimulatedProvider {
    /**
     * The provider's API name, as in {@code provider_account.provider}; also the value of the column {@code provider}.
     */
    String name();

    // accounts

    /**
     * The path of the gateway that accounts are configured with, below the simulator's address; begins with a slash.
     */
    String gatewayPath();

    /**
     * A new account with keys of its own. It is not stored here: the caller stores it, unless another call stored one
     * at the same moment. Takes up to a second, because keys are made.
     *
     * @param numbers give its numbers; of kind {@link Account#CERTIFICATE} for an account in certificate mode, and of
     *     kind {@link Account#KEY} for one with bare public keys
     */
    Account newAccount(UUID merchantId, AccountNumbers numbers);

    /** The node of configuration as a merchant would enter it. */
    default JsonObject node(Account account) {
        return account.storedNode();
    }

    /**
     * The account's numbers and the payers of the simulated wallet, under the names that they have in the API, and no
     * key: shown to testers.
     */
    JsonObject identifiers(Account account);

    /**
     * Where the merchant's notifications go, if the provider's console has the address and not each request; nothing is
     * stored otherwise.
     */
    default void notifyAt(Account account, URI address) {}

    // trades

    /** A new number in the provider's own format, as the provider gives one to each trade. */
    String newTransactionId(Instant now);

    /**
     * Writes down what is due for this trade before it is read, for example what the payer decided at a point of sale.
     */
    default void refresh(Trade trade) {}

    /** Whether the payer's wallet refuses to open this trade although it is not expired. */
    default boolean cannotBeOpened(Trade trade) {
        return false;
    }

    /** Called after a tester let a trade expire. */
    default void expired(Trade trade) {}

    /**
     * Moves back the times of the provider's own rows about this trade; those in {@code sim_trade} are moved already.
     */
    void age(UUID tradeId, Duration by);

    /**
     * The refunds of this trade for {@code GET /simulator/books} and the wallet page: {@code out_refund_no},
     * {@code amount} in fen, {@code state} (PROCESSING, SUCCESS, ABNORMAL or CLOSED), {@code at} as an instant of ISO
     * 8601.
     */
    List<JsonObject> refunds(Trade trade);

    /** Called after a trade was paid, before the merchant is notified. */
    default void paid(Trade trade) {}

    /** Whose money pays this trade: a name within the merchant's account. */
    default String payer(Trade trade) {
        return "FIRST";
    }

    /**
     * The wallets that can pay this trade, by their providers' names; of several the payer chooses one, and each needs
     * the message {@code simulator.pay.with.<name>}. Empty: the provider is itself the wallet.
     */
    default List<String> wallets(Trade trade) {
        return List.of();
    }

    /** The payer pays with this one of {@link #wallets}. Called before the trade is marked as paid. */
    default void choose(Trade trade, String wallet) {}

    /**
     * Why {@code POST /simulator/pay} cannot pay an order that the provider does not know, and how it is paid instead;
     * of a provider at which the payer's device makes the order, so that it cannot be known before.
     */
    default Optional<LocalizedText> paidElsewhere() {
        return Optional.empty();
    }

    // notifications

    /** Whether every notification of this trade is sent twice within a second. */
    default boolean notifiesTwice(Trade trade) {
        return false;
    }

    /**
     * The pauses between deliveries of a notification that the merchant does not acknowledge, the first after the first
     * delivery. The notifier divides them by {@code CASHDESK_SIMULATOR_HURRY}.
     */
    List<Duration> notificationSchedule();

    /** As {@link #notificationSchedule()}, for a provider whose pauses depend on what is reported. */
    default List<Duration> notificationSchedule(Trade trade, Notification notification) {
        return notificationSchedule();
    }

    /** Builds the message for one delivery. Signatures are made anew each time. */
    NotificationMessage message(Account account, Trade trade, Notification notification);

    /** Whether the payment of this trade is reported only when the provider's package says so. */
    default boolean reportsPaymentLater(Trade trade) {
        return false;
    }

    /** Called after the merchant has answered a notification. */
    default void answered(Trade trade, Notification notification, boolean acknowledged) {}

    /**
     * Settles what has become due, for example refunds. The notifier calls it on every node at least twice a second;
     * two nodes may call it at the same moment.
     */
    void settleDue();

    // pages

    /** The faults that can be set for this provider's trades, in the order of the wallet page. */
    List<Fault> faults();

    /** How the wallet page looks for this provider. */
    WalletStyle walletStyle();

    /** The address to which the wallet page leads the payer when a payment has ended, or an empty text. */
    String merchantPage(Trade trade);
}
