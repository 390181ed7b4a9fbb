package io.cashdesk.provider;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A provider's side of the wire, written from its documents with the JDK alone, and the adapter under test. */
public interface ProviderWire {
    String NUMBER = "T202601010001";
    Money PRICE = Money.fen(990);

    /** Two seconds after {@link #NUMBER} was paid. */
    Instant NOW = Instant.parse("2026-01-01T04:00:11Z");

    Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    PaymentProvider provider();

    /** The provider, with its version, dialect or kind of keys where it has several ({@link ContractRow#row}). */
    String row();

    /** As {@link ContractRow#cannot}. */
    default Optional<String> cannot(Ability ability) {
        return Optional.empty();
    }

    /** Who we are there in an account with {@link #node}. */
    default Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), account.text("appId"));
    }

    /** Whether a payment is opened by a wallet on the payer's device and never by a code to scan. */
    default boolean opensInWalletOnly() {
        return false;
    }

    /** With which of its wallets a payment is opened by a call; an empty text: any. */
    default String payMethod() {
        return "";
    }

    /** The provider's own number of {@link #NUMBER}, if it finds it by that one; otherwise an empty text. */
    default String providerNo() {
        return "";
    }

    /** What a create without a usable answer is: sent, unless nothing can come of it without one. */
    default Kind unanswered() {
        return Kind.OUTCOME_UNKNOWN;
    }

    /** When {@link #NUMBER} was paid; null where the provider does not say it. */
    default Instant paidAt() {
        return Instant.parse("2026-01-01T04:00:09Z");
    }

    /** A valid configuration node. */
    JsonObject node();

    /** The account's gateway on this server. */
    URI gateway(URI server);

    /**
     * The name under which a request to create carries {@link #NUMBER}; the caller's {@code other} must not replace it.
     */
    default String numberField() {
        return "out_trade_no";
    }

    /** Whether notifications and answers to queries name the payer. */
    default boolean saysWhoPaid() {
        return true;
    }

    /** Parts of keys, which must appear in no message, log or exception. */
    List<String> secrets();

    // notifications

    /** {@link #NUMBER} was paid with {@link #PRICE} at 2026-01-01T04:00:09Z. */
    RawNotification paid();

    /** The same notification, sent again later. */
    RawNotification paidAgain();

    /** Authentic, but for another merchant. */
    RawNotification paidToAnotherMerchant();

    /** Authentic, and not about a payment: of a refund, or any other message of a provider without refunds. */
    RawNotification refunded();

    // answers

    /** The answer to this request if everything succeeds; an order that is queried is paid. */
    Answer success(Request request);

    /** The answer to a query of an order; a paid one was paid as in {@link #paid}. */
    Answer state(String state, String number);

    Function<Request, Answer> refusal(String code);

    Answer unsigned(Answer answer);

    Answer wronglySigned(Answer answer);

    boolean isQuery(Request request);

    // codes and states

    /** The error code for a number that has no order. */
    String unknownOrder();

    /** The error code for an order that was already paid. */
    String alreadyPaid();

    /** An error code with which an order is refused. */
    String refusedOrder();

    /** Every state of an order in the provider's documents, and the report it stands for; the first one is paid. */
    Map<String, Class<? extends ProviderReport>> states();
}
