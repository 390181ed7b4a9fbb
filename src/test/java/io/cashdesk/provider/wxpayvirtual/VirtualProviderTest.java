package io.cashdesk.provider.wxpayvirtual;

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
import io.cashdesk.provider.SessionKey;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/** Opens payments without a call, so that the failures of calls are those of a query. */
class VirtualProviderTest extends PaymentProviderContract {
    private final VirtualProvider provider = new VirtualProvider();

    {
        provider.transport = transport();
        provider.tokens = FakeXpay.tokens();
    }

    @Override
    public String row() {
        return "wxpay-virtual";
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return Optional.ofNullable(
                switch (ability) {
                    case SIGNED_ANSWERS -> "virtual payment, 5: a reply has errcode and errmsg, and no signature";
                    case NOTIFICATIONS_THAT_PROVE ->
                        "virtual payment, 10: the unit of ActualPrice is not stated; the amount is query_order's paid_fee";
                    default -> null;
                });
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return FakeXpay.account(FakeXpay.node().build(), gateway);
    }

    @Override
    protected String payType() {
        return "wxpay-virtual_mp-weixin";
    }

    @Override
    protected PaymentRequest request() {
        return new PaymentRequest(
                attempt(),
                Money.fen(990),
                "代币",
                NOON.plusSeconds(300),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", FakeXpay.OPENID, Payer.Screen.APP),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT,
                Json.createObjectBuilder()
                        .add("mode", "short_series_coin")
                        .add("buy_quantity", 990)
                        .build(),
                Optional.of(new SessionKey(FakeXpay.SESSION)));
    }

    @Override
    protected AttemptRef attempt() {
        return new AttemptRef(PayType.of(payType()), NUMBER, SubMerchant.NONE, "", FakeXpay.OPENID);
    }

    @Override
    protected void call(AccountSettings account) {
        provider.query(account, attempt());
    }

    /** Encrypted: it is authentic, and the amount is settled by a query. */
    @Override
    protected RawNotification paid() {
        return FakeXpay.push("{\"Event\":\"xpay_coin_pay_notify\",\"OpenId\":\"oUser1\",\"OutTradeNo\":\"" + NUMBER
                + "\",\"Env\":0,\"CoinInfo\":{\"Quantity\":990,\"ActualPrice\":990}}");
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return FakeXpay.push(
                "{\"Event\":\"xpay_coin_pay_notify\",\"OutTradeNo\":\"" + NUMBER + "\",\"Env\":0}",
                "wx1111111111111111");
    }

    @Override
    protected Answer created() {
        return (exchange, body) -> send(exchange, 200, "application/json", "{\"errcode\":0}");
    }

    @Override
    protected Answer declined() {
        return (exchange, body) ->
                send(exchange, 200, "application/json", "{\"errcode\":268490003,\"errmsg\":\"sig error\"}");
    }

    @Override
    protected Answer unknownOrder() {
        return (exchange, body) ->
                send(exchange, 200, "application/json", "{\"errcode\":268490002,\"errmsg\":\"data not exist\"}");
    }

    @Override
    protected String secret() {
        return FakeXpay.APP_KEY;
    }
}
