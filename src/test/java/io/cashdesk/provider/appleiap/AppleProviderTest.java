package io.cashdesk.provider.appleiap;

import static io.cashdesk.provider.appleiap.FakeApple.notification;
import static io.cashdesk.provider.appleiap.FakeApple.push;
import static io.cashdesk.provider.appleiap.FakeApple.signed;
import static io.cashdesk.provider.appleiap.FakeApple.transaction;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.Ability;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SellsInStore.Proof;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/** Opens payments without a call, so that the failures of calls are those of a query about a transaction. */
class AppleProviderTest extends PaymentProviderContract {
    private static final String TRANSACTION = "2000000123456789";

    private final AppleProvider provider = FakeApple.provider();

    @Override
    public String row() {
        return "appleiap";
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return Optional.ofNullable(
                switch (ability) {
                    case QUERY ->
                        "App Store Server API: calls take a transactionId, which exists only once the payer has paid";
                    case CLOSE -> "App Store Server API: no call closes a payment";
                    case SIGNED_ANSWERS ->
                        "App Store Server API: an answer is not signed, the transaction in it is (ApplePurchaseTest)";
                    default -> null;
                });
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return FakeApple.account(FakeApple.node().build(), gateway);
    }

    @Override
    protected String payType() {
        return "appleiap_app-plus";
    }

    @Override
    protected AttemptRef attempt() {
        return new AttemptRef(PayType.of(payType()), FakeApple.ATTEMPT, SubMerchant.NONE);
    }

    @Override
    protected PaymentRequest request() {
        return new PaymentRequest(
                attempt(),
                Money.fen(0),
                "60 金币",
                NOON.plusSeconds(300),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", "", Payer.Screen.APP),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT,
                AppleProducts.goods("coins60", 1));
    }

    @Override
    protected void call(AccountSettings account) {
        provider.verify(account, new Proof("T1", TRANSACTION, ""));
    }

    @Override
    protected RawNotification paid() {
        return push(notification("ONE_TIME_CHARGE", "Production", signed(transaction(TRANSACTION))));
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return push(notification("ONE_TIME_CHARGE", "Production", signed(transaction(TRANSACTION)))
                .add(
                        "data",
                        Json.createObjectBuilder()
                                .add("environment", "Production")
                                .add("appAppleId", FakeApple.APP)
                                .add("bundleId", "com.example.other")));
    }

    @Override
    protected Answer created() {
        return (exchange, body) -> send(exchange, 200, "application/json", "{}");
    }

    /** HTTP 401 without a body, as Apple refuses a token. */
    @Override
    protected Answer declined() {
        return (exchange, body) -> send(exchange, 401, "text/plain", "");
    }

    @Override
    protected Answer unknownOrder() {
        return (exchange, body) -> send(
                exchange,
                404,
                "application/json",
                "{\"errorCode\":4040010,\"errorMessage\":\"Transaction id not found.\"}");
    }

    @Override
    protected String secret() {
        return FakeApple.PASSWORD;
    }
}
