package io.cashdesk.provider.douyin;

import io.cashdesk.provider.Ability;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Douyin's side of the wire in one dialect, with signatures of its own. */
final class DouyinWire implements ProviderWire {
    static final String APP_ID = "tt226e54d3bd581bf801";
    static final String SALT = "oDxWDBr4U7FAAQ8hnGDm29i4A6pbTMDKme4WLLvA";
    static final String TOKEN = "douyin_mini_token";
    static final String SECRET = "4ad45b4f8b3fa45d2a6f4e3b1c0d9e8f7a6b5c4d";
    static final String THEIRS = "7398108028895054107";
    static final String OWN_KEY = Recorded.bare(Recorded.text("alipay/application-private.key"));
    static final String OWN_OPEN_KEY = Recorded.bare(Recorded.text("alipay/application-public.key"));
    static final String PLATFORM_SECRET = Recorded.bare(Recorded.text("alipay/alipay-private.key"));
    static final String PLATFORM_KEY = Recorded.bare(Recorded.text("alipay/alipay-public.key"));

    final Dialect dialect;
    private final DouyinProvider provider = provider(CLOCK, tokens());

    DouyinWire(Dialect dialect) {
        this.dialect = dialect;
    }

    /** The adapter as the container assembles it. */
    static DouyinProvider provider(Clock clock, AccessTokens tokens) {
        var provider = new DouyinProvider();
        provider.ecpay = new EcpayApi();
        provider.ecpay.transport = WireTest.transport();
        provider.ecpay.clock = clock;
        provider.trade = new TradeApi();
        provider.trade.transport = provider.ecpay.transport;
        provider.trade.clock = clock;
        provider.trade.tokens = tokens;
        return provider;
    }

    /** Tokens "t1", "t2", … without a store and without a fetch; each refusal brings the next one. */
    static AccessTokens tokens() {
        return new AccessTokens() {
            private int n = 1;

            @Override
            public String of(AccountSettings account, Supplier<Fetched> fetch) {
                return "t" + n;
            }

            @Override
            public String insteadOf(String refused, AccountSettings account, Supplier<Fetched> fetch) {
                return "t" + ++n;
            }
        };
    }

    @Override
    public DouyinProvider provider() {
        return provider;
    }

    @Override
    public String row() {
        return "douyin " + dialect;
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return DouyinLimits.cannot(dialect, ability);
    }

    /** {@code mchId} is for people only. */
    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(APP_ID, APP_ID);
    }

    static JsonObjectBuilder node(Dialect dialect) {
        var node = Json.createObjectBuilder()
                .add("appId", APP_ID)
                .add("secret", SECRET)
                .add("mchId", "73744242495132490630");
        if (dialect == Dialect.ECPAY) return node.add("salt", SALT).add("token", TOKEN);
        return node.add("dialect", "trade")
                .add("privateKey", OWN_KEY)
                .add("platformPublicKey", PLATFORM_KEY)
                .add("requestOrder", requestOrder());
    }

    static JsonObjectBuilder requestOrder() {
        return Json.createObjectBuilder()
                .add(
                        "skuList",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("skuId", "1")
                                        .add("type", 401)
                                        .add("tagGroupId", "tag_group_000000000000001")
                                        .add(
                                                "imageList",
                                                Json.createArrayBuilder().add("https://merchant.example/a.png"))))
                .add(
                        "orderEntrySchema",
                        Json.createObjectBuilder().add("path", "pages/order").add("params", "{}"));
    }

    @Override
    public JsonObject node() {
        return node(dialect).build();
    }

    @Override
    public URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    public boolean opensInWalletOnly() {
        return true;
    }

    @Override
    public boolean saysWhoPaid() {
        return false;
    }

    @Override
    public String numberField() {
        return dialect == Dialect.ECPAY ? "out_order_no" : "outOrderNo";
    }

    @Override
    public List<String> secrets() {
        return dialect == Dialect.ECPAY ? List.of(SALT, TOKEN, SECRET) : List.of(OWN_KEY.substring(40, 80), SECRET);
    }

    // signatures

    static String hex(String algorithm, String text) {
        try {
            var digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As ecpay signs this body. */
    static String sign(JsonObject body) {
        var values = body.entrySet().stream()
                .filter(e -> !Set.of("app_id", "thirdparty_id", "sign", "other_settle_params")
                        .contains(e.getKey()))
                .map(e -> e.getValue() instanceof JsonString text
                        ? text.getString()
                        : e.getValue().toString())
                .map(String::trim)
                .filter(v -> !v.isEmpty());
        return hex("MD5", Stream.concat(values, Stream.of(SALT)).sorted().collect(Collectors.joining("&")));
    }

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    // notifications

    /** An authentic message of this type with this content, sent at this moment in seconds. */
    RawNotification message(String type, String msg, long at) {
        var nonce = "n" + at;
        var body = Json.createObjectBuilder();
        if (dialect == Dialect.ECPAY) {
            var signature = hex(
                    "SHA-1",
                    Stream.of(TOKEN, String.valueOf(at), nonce, msg).sorted().collect(Collectors.joining()));
            body.add("timestamp", String.valueOf(at))
                    .add("nonce", nonce)
                    .add("msg", msg)
                    .add("type", type)
                    .add("msg_signature", signature);
            return new RawNotification(
                    "POST", "", Map.of(), body.build().toString().getBytes(StandardCharsets.UTF_8));
        }
        return signed(
                body.add("msg", msg)
                        .add("type", type)
                        .add("version", "3.0")
                        .build()
                        .toString(),
                at,
                nonce);
    }

    static RawNotification signed(String body, long at, String nonce) {
        return new RawNotification(
                "POST",
                "",
                Map.of(
                        "Byte-Timestamp",
                        String.valueOf(at),
                        "Byte-Nonce-Str",
                        nonce,
                        "Byte-Signature",
                        Recorded.sign(at + "\n" + nonce + "\n" + body + "\n", PLATFORM_SECRET)),
                body.getBytes(StandardCharsets.UTF_8));
    }

    JsonObjectBuilder payment(String number) {
        var ecpay = dialect == Dialect.ECPAY;
        var msg = Json.createObjectBuilder()
                .add(ecpay ? "appid" : "app_id", APP_ID)
                .add(ecpay ? "cp_orderno" : "out_order_no", number)
                .add("order_id", THEIRS)
                .add("status", "SUCCESS")
                .add("total_amount", 990)
                .add("cp_extra", "");
        return ecpay
                ? msg.add("way", "2").add("paid_at", 1767240009).add("seller_uid", "7374")
                : msg.add("pay_channel", 2).add("event_time", 1767240009000L);
    }

    RawNotification paid(JsonObjectBuilder payment, long at) {
        return message("payment", payment.build().toString(), at);
    }

    @Override
    public RawNotification paid() {
        return paid(payment(NUMBER), 1767240010);
    }

    @Override
    public RawNotification paidAgain() {
        return paid(payment(NUMBER), 1767240025);
    }

    @Override
    public RawNotification paidToAnotherMerchant() {
        return paid(payment(NUMBER).add(dialect == Dialect.ECPAY ? "appid" : "app_id", "tt1"), 1767240010);
    }

    /** Of a refund with this status, which was requested here. */
    JsonObjectBuilder refund(String status) {
        var ecpay = dialect == Dialect.ECPAY;
        return Json.createObjectBuilder()
                .add(ecpay ? "appid" : "app_id", APP_ID)
                .add(ecpay ? "cp_refundno" : "out_refund_no", NUMBER + "-1")
                .add(ecpay ? "refund_no" : "refund_id", "R1")
                .add("order_id", THEIRS)
                .add("cp_extra", "attempt=" + NUMBER)
                .add("status", status)
                .add(ecpay ? "refund_amount" : "refund_total_amount", 100)
                .add(ecpay ? "refunded_at" : "event_time", 1767240100);
    }

    @Override
    public RawNotification refunded() {
        return message("refund", refund("SUCCESS").build().toString(), 1767240010);
    }

    // answers

    static Answer answer(JsonObjectBuilder body) {
        return new Answer(
                200, Map.of("Content-Type", "application/json"), body.build().toString());
    }

    static JsonObjectBuilder ok() {
        return Json.createObjectBuilder().add("err_no", 0);
    }

    @Override
    public Answer success(Request request) {
        var body = json(request.body());
        if (dialect == Dialect.TRADE) {
            if (!request.headers().getOrDefault("access-token", "").startsWith("t")) {
                return refusal("2190002").apply(request);
            }
        } else if (!sign(body).equals(body.getString("sign", ""))) {
            return refusal("2008").apply(request);
        }
        if (isQuery(request)) return state("SUCCESS", NUMBER);
        return answer(ok().add(
                        "data",
                        Json.createObjectBuilder().add("order_id", THEIRS).add("order_token", "CgwIARDiDRibDiAB")));
    }

    @Override
    public Answer state(String state, String number) {
        if (dialect == Dialect.TRADE) return answer(ok().add("err_msg", "").add("data", order(state, number)));
        return answer(ok().add("err_tips", "")
                .add("out_order_no", number)
                .add("order_id", THEIRS)
                .add(
                        "payment_info",
                        Json.createObjectBuilder()
                                .add("total_fee", 990)
                                .add("order_status", state)
                                .add("pay_time", "2026-01-01 12:00:09")
                                .add("way", 10)));
    }

    static JsonObjectBuilder order(String state, String number) {
        return Json.createObjectBuilder()
                .add("order_id", THEIRS)
                .add("out_order_no", number)
                .add("pay_status", state)
                .add("total_amount", 990)
                .add("pay_time", 1767240009000L)
                .add("pay_channel", 10);
    }

    @Override
    public Function<Request, Answer> refusal(String code) {
        return request -> answer(Json.createObjectBuilder()
                .add("err_no", Integer.parseInt(code))
                .add(dialect == Dialect.ECPAY ? "err_tips" : "err_msg", "不行")
                .addNull("data"));
    }

    @Override
    public Answer unsigned(Answer answer) {
        return answer; // answers are never signed
    }

    @Override
    public Answer wronglySigned(Answer answer) {
        return Answer.page(200); // likewise
    }

    @Override
    public boolean isQuery(Request request) {
        return request.path().endsWith(dialect == Dialect.ECPAY ? "/query_order" : "/order_query/");
    }

    // codes and states

    @Override
    public String unknownOrder() {
        return dialect == Dialect.ECPAY ? "2000" : "20000";
    }

    @Override
    public String alreadyPaid() {
        return "2010";
    }

    @Override
    public String refusedOrder() {
        return "2042";
    }

    @Override
    public Map<String, Class<? extends ProviderReport>> states() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        states.put("SUCCESS", ProviderReport.Paid.class);
        states.put(dialect == Dialect.ECPAY ? "PROCESSING" : "PROCESS", ProviderReport.Unpaid.class);
        states.put("FAIL", ProviderReport.Unpaid.class);
        states.put("TIMEOUT", ProviderReport.Closed.class);
        return states;
    }
}
