package io.cashdesk.provider.douyin;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.Ability;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The least that every adapter guarantees, in each dialect. The trade system is called by a query. */
@ParameterizedClass
@EnumSource
class DouyinProviderTest extends PaymentProviderContract {
    private final DouyinWire wire;
    private final DouyinProvider provider = DouyinWire.provider(CLOCK, DouyinWire.tokens());

    DouyinProviderTest(Dialect dialect) {
        this.wire = new DouyinWire(dialect);
    }

    @Override
    public String row() {
        return wire.row();
    }

    /** A prompt is made in both, in one without a call. */
    @Override
    public Optional<String> cannot(Ability ability) {
        return ability == Ability.CREATE ? Optional.empty() : wire.cannot(ability);
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, provider.name(), "mp-toutiao", wire.node(), gateway);
    }

    @Override
    protected String payType() {
        return "douyin_mp-toutiao";
    }

    @Override
    protected PaymentRequest request() {
        return new PaymentRequest(
                new io.cashdesk.provider.AttemptRef(PayType.of(payType()), NUMBER, SubMerchant.NONE),
                Money.fen(990),
                "西湖龙井",
                NOON.plusSeconds(300),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", "", Payer.Screen.APP),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    @Override
    protected void call(AccountSettings account) {
        if (wire.dialect == Dialect.ECPAY) super.call(account);
        else provider.query(account, attempt());
    }

    @Override
    protected RawNotification paid() {
        return wire.paid(wire.payment(NUMBER), NOON.getEpochSecond());
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        var name = wire.dialect == Dialect.ECPAY ? "appid" : "app_id";
        return wire.paid(wire.payment(NUMBER).add(name, "tt1"), NOON.getEpochSecond());
    }

    private static Answer of(io.cashdesk.provider.ProviderServer.Answer answer) {
        return (exchange, body) -> send(exchange, 200, "application/json", answer.body());
    }

    @Override
    protected Answer created() {
        return (exchange, body) -> send(
                exchange,
                200,
                "application/json",
                "{\"err_no\":0,\"err_tips\":\"\",\"data\":{\"order_id\":\"1\",\"order_token\":\"Cgw\"}}");
    }

    @Override
    protected Answer declined() {
        return of(wire.refusal("2042").apply(null));
    }

    @Override
    protected Answer unknownOrder() {
        return of(wire.refusal(wire.unknownOrder()).apply(null));
    }

    @Override
    protected String secret() {
        return wire.secrets().get(0);
    }
}
