package io.cashdesk.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderServer.Request;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.opentest4j.TestAbortedException;

/** Calls of one adapter to a server that answers as its provider does. */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class WireTest<W extends ProviderWire> implements ContractRow {
    protected static final String NUMBER = ProviderWire.NUMBER;
    protected static final Money PRICE = ProviderWire.PRICE;
    protected static final Instant NOW = ProviderWire.NOW;

    /** The shortest time-out that can be configured. */
    protected static final Duration TIMEOUT = Duration.ofSeconds(1);

    protected final W wire;
    protected ProviderServer server;

    protected WireTest(W wire) {
        this.wire = wire;
    }

    /** The HTTP client of the product. */
    public static ProviderTransport transport() {
        var settings = new Settings(
                name -> name.equals("CASHDESK_PROVIDER_TIMEOUT_SECONDS") ? String.valueOf(TIMEOUT.toSeconds()) : null);
        var transport = new ProviderTransport(settings);
        transport.open();
        return transport;
    }

    @Override
    public String row() {
        return wire.row();
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return wire.cannot(ability);
    }

    @BeforeEach
    void startServer() {
        server = new ProviderServer();
        server.answers(wire::success);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    // the account

    protected AccountSettings account() {
        return at(server.address());
    }

    protected AccountSettings at(URI address) {
        return settings(wire.node(), wire.gateway(address));
    }

    protected AccountSettings account(JsonObject node) {
        return settings(node, wire.gateway(server.address()));
    }

    protected AccountSettings settings(JsonObject node, URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, wire.provider().name(), "h5", node, gateway);
    }

    protected JsonObject with(String name, String value) {
        return Json.createObjectBuilder(wire.node()).add(name, value).build();
    }

    // requests

    protected PaymentRequest request() {
        return request(JsonObject.EMPTY_JSON_OBJECT);
    }

    /** For a scanned code. */
    protected PaymentRequest request(JsonObject other) {
        return new PaymentRequest(
                attempt(NUMBER),
                PRICE,
                "测试商品 \"tea\" 🍵",
                Instant.parse("2026-01-01T04:05:00Z"),
                URI.create("https://pay.example.com/notify/x/1"),
                new Payer("203.0.113.7", "", Payer.Screen.CODE, wire.payMethod()),
                Optional.empty(),
                other);
    }

    /** An attempt by a scanned code. */
    protected AttemptRef attempt(String number) {
        return new AttemptRef(
                new PayType(wire.provider().name(), "h5"), number, SubMerchant.NONE, wire.providerNo(), "");
    }

    /** A refund of 1 yuan of this payment, on behalf of this sub-merchant. */
    protected RefundRequest refund(String transactionId, SubMerchant sub) {
        return refund(transactionId, sub, "缺货");
    }

    protected RefundRequest refund(String transactionId, SubMerchant sub, String reason) {
        return new RefundRequest(
                new AttemptRef(new PayType(wire.provider().name(), "h5"), NUMBER, sub),
                transactionId,
                NUMBER + "-1",
                "",
                Money.fen(100),
                PRICE,
                reason,
                URI.create("https://pay.example.com/notify/x/1"));
    }

    // calls

    protected PaymentPrompt create(AccountSettings account, PaymentRequest request) {
        requires(Ability.CREATE);
        return ((Creates) wire.provider()).create(account, request).prompt();
    }

    protected PaymentPrompt create(AccountSettings account) {
        return create(account, request());
    }

    protected ProviderReport query(AccountSettings account) {
        return query(account, attempt(NUMBER));
    }

    protected ProviderReport query(AccountSettings account, AttemptRef attempt) {
        requires(Ability.QUERY);
        return ((Queries) wire.provider()).query(account, attempt);
    }

    protected ProviderReport close(AccountSettings account) {
        return close(account, attempt(NUMBER));
    }

    protected ProviderReport close(AccountSettings account, AttemptRef attempt) {
        requires(Ability.CLOSE);
        return ((Closes) wire.provider()).close(account, attempt);
    }

    protected ParsedNotification read(RawNotification notification) {
        return wire.provider().read(account(), notification);
    }

    /** The failure of this call; a call that the provider does not have skips the test. */
    protected static ProviderFailure failure(ThrowingCallable call) {
        var thrown = catchThrowable(call);
        if (thrown instanceof TestAbortedException skipped) throw skipped;
        assertThat(thrown).as("the failure").isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) thrown;
    }

    /** One successful exchange, after which nothing has to be fetched first. */
    protected void warmUp(AccountSettings account) {
        server.answers(wire::success);
        create(account);
    }

    protected static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    protected Request lastRequest() {
        return server.requests().get(server.requests().size() - 1);
    }
}
