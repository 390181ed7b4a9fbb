package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.money.Money;
import io.cashdesk.provider.Ability;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.Payer;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProviderContract;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SubMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The least that every adapter guarantees, in each dialect. */
@ParameterizedClass
@EnumSource
class VkspayProviderTest extends PaymentProviderContract {
    private final VkspayWire wire;
    private final VkspayProvider provider = VkspayAdapter.of(transport(), CLOCK);

    VkspayProviderTest(Dialect dialect) {
        this.wire = new VkspayWire(dialect);
    }

    @Override
    public String row() {
        return wire.row();
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return wire.cannot(ability);
    }

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected AccountSettings account(URI gateway) {
        return new AccountSettings(UUID.randomUUID(), 1, provider.name(), "", wire.node(), gateway);
    }

    @Override
    protected String payType() {
        return "vkspay_h5";
    }

    @Override
    protected Kind unanswered() {
        return wire.unanswered();
    }

    @Override
    protected AttemptRef attempt() {
        return new AttemptRef(PayType.of(payType()), NUMBER, SubMerchant.NONE, wire.providerNo(), "");
    }

    /** By a call: without a wallet epay needs only a signed address. */
    @Override
    protected PaymentRequest request() {
        return new PaymentRequest(
                attempt(),
                Money.fen(990),
                "西湖龙井",
                NOON.plusSeconds(300),
                URI.create("https://pay.example/notify/x"),
                new Payer("1.2.3.4", "", Payer.Screen.CODE, "alipay"),
                Optional.empty(),
                JsonObject.EMPTY_JSON_OBJECT);
    }

    private RawNotification notification(String pid) {
        var fields = wire.notified("pid", pid, "out_trade_no", NUMBER);
        if (wire.dialect == Dialect.EPAY_V2) fields.put("timestamp", String.valueOf(NOON.getEpochSecond()));
        if (wire.dialect != Dialect.VKSPAY) return wire.signed(fields);
        return new RawNotification(
                "POST", "", Map.of(), ("out_trade_no=" + VkspayWire.THEIRS).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected RawNotification paid() {
        return notification("1001");
    }

    @Override
    protected RawNotification paidToAnotherMerchant() {
        return notification("1002");
    }

    private Answer create(boolean byStranger) {
        var members = switch (wire.dialect) {
            case VKSPAY -> Map.of("return_code", "SUCCESS", "out_trade_no", "1", "qrcode", "https://vks.example/1");
            case EPAY_V1 -> Map.of("code", "1", "payurl", "/pay/1/");
            case EPAY_V2 -> Map.of("code", "0", "pay_type", "jump", "pay_info", "https://epay.example/pay/1/");
        };
        return (exchange, body) -> {
            var text = wire.answer(members).body();
            if (wire.dialect == Dialect.EPAY_V2) { // now, and not at the moment of the wire
                var signed = new LinkedHashMap<>(members);
                signed.put("timestamp", String.valueOf(NOON.getEpochSecond()));
                signed.put("sign", byStranger ? wire.sign(Map.of("other", "text")) : wire.sign(signed));
                signed.put("sign_type", "RSA");
                var json = Json.createObjectBuilder();
                signed.forEach(json::add);
                text = json.build().toString();
            }
            send(exchange, 200, "application/json", text);
        };
    }

    @Override
    protected Answer created() {
        return create(false);
    }

    @Override
    protected Answer createdWithAnotherKey() {
        return create(true);
    }

    private Answer refused(String words) {
        var body = wire.dialect == Dialect.VKSPAY
                ? "{\"return_code\":\"FAIL\",\"return_msg\":\"" + words + "\"}"
                : "{\"code\":-1,\"msg\":\"" + words + "\"}";
        return (exchange, sent) -> send(exchange, 200, "application/json", body);
    }

    @Override
    protected Answer declined() {
        return refused("支付通道已关闭");
    }

    @Override
    protected Answer unknownOrder() {
        return refused("订单号不存在");
    }

    @Override
    protected String secret() {
        return wire.secrets().get(0);
    }
}
