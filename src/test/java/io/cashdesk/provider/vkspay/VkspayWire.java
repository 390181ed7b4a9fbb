package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.Ability;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Identity;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.ProviderServer.Answer;
import io.cashdesk.provider.ProviderServer.Request;
import io.cashdesk.provider.ProviderWire;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A gateway's side of the wire in one dialect, with signatures of its own. */
final class VkspayWire implements ProviderWire {
    static final String KEY = "89unJUB8HZ54Hj7x4nUj56HN4nUzUJ8i";
    static final String THEIRS = "2026010112000012345";
    static final String OWN_KEY = Recorded.bare(Recorded.text("alipay/application-private.key"));
    static final String PLATFORM_SECRET = Recorded.bare(Recorded.text("alipay/alipay-private.key"));
    static final String PLATFORM_KEY = Recorded.bare(Recorded.text("alipay/alipay-public.key"));

    final Dialect dialect;
    private final VkspayProvider provider = VkspayAdapter.of(WireTest.transport(), CLOCK);

    VkspayWire(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public VkspayProvider provider() {
        return provider;
    }

    @Override
    public String row() {
        return dialect == Dialect.VKSPAY ? "vkspay" : "vkspay " + dialect;
    }

    @Override
    public Optional<String> cannot(Ability ability) {
        return VkspayLimits.cannot(dialect, ability);
    }

    static JsonObject node(Dialect dialect) {
        var node = Json.createObjectBuilder().add("mchId", "1001").add("dialect", dialect.toString());
        if (dialect == Dialect.EPAY_V2)
            return node.add("privateKey", OWN_KEY)
                    .add("publicKey", PLATFORM_KEY)
                    .build();
        return node.add("key", KEY).build();
    }

    @Override
    public JsonObject node() {
        return node(dialect);
    }

    @Override
    public URI gateway(URI server) {
        return URI.create(server + "/behind/a/proxy");
    }

    @Override
    public Identity identity(AccountSettings account) {
        if (dialect == Dialect.VKSPAY) return new Identity("1001", "");
        return new Identity("1001@" + account.gateway().getAuthority() + "/behind/a/proxy", "");
    }

    @Override
    public String payMethod() {
        return "alipay";
    }

    @Override
    public String providerNo() {
        return dialect == Dialect.VKSPAY ? THEIRS : "";
    }

    @Override
    public Kind unanswered() {
        return dialect == Dialect.VKSPAY ? Kind.UNREACHABLE : Kind.OUTCOME_UNKNOWN;
    }

    @Override
    public Instant paidAt() {
        return null; // endtime has no zone
    }

    @Override
    public boolean saysWhoPaid() {
        return dialect != Dialect.VKSPAY;
    }

    @Override
    public List<String> secrets() {
        return dialect == Dialect.EPAY_V2 ? List.of(OWN_KEY.substring(40, 80)) : List.of(KEY);
    }

    // signatures

    static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String joined(Map<String, String> fields, boolean emptyToo) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .filter(f -> !f.getKey().equals("sign")
                                && (emptyToo
                                        || (!f.getValue().isEmpty()
                                                && !f.getKey().equals("sign_type"))))
                        .map(f -> f.getKey() + "=" + f.getValue())
                        .collect(Collectors.joining("&"));
    }

    /** As the gateway signs these fields. */
    String sign(Map<String, String> fields) {
        return switch (dialect) {
            case VKSPAY -> md5(joined(fields, true) + "&key=" + KEY);
            case EPAY_V1 -> md5(joined(fields, false) + KEY);
            case EPAY_V2 -> Recorded.sign(joined(fields, false), PLATFORM_SECRET);
        };
    }

    /** Fields of a form or a query. */
    static Map<String, String> read(String form) {
        var fields = new TreeMap<String, String>();
        for (var pair : form.split("&")) {
            var at = pair.indexOf('=');
            fields.put(
                    URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** What a request has, in whichever form the dialect sends it. */
    Map<String, String> sent(Request request) {
        if (dialect != Dialect.VKSPAY) return read(request.body().isEmpty() ? request.query() : request.body());
        var fields = new TreeMap<String, String>();
        json(request.body())
                .forEach((name, value) ->
                        fields.put(name, value instanceof JsonString text ? text.getString() : value.toString()));
        return fields;
    }

    // notifications

    /** Fields of a notification that {@link #NUMBER} was paid, with changes, names and values in turn. */
    Map<String, String> notified(String... changes) {
        var fields = new TreeMap<String, String>();
        fields.put("pid", "1001");
        fields.put("trade_no", THEIRS);
        fields.put("out_trade_no", NUMBER);
        fields.put("type", "alipay");
        fields.put("name", "测试商品");
        fields.put("money", "9.9");
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("unheard_of", "1 + 1 = 2");
        if (dialect == Dialect.EPAY_V2) {
            fields.put("timestamp", String.valueOf(NOW.getEpochSecond()));
            fields.put("buyer", "2088");
        }
        for (int i = 0; i < changes.length; i += 2) fields.put(changes[i], changes[i + 1]);
        return fields;
    }

    RawNotification signed(Map<String, String> fields) {
        if (dialect == Dialect.VKSPAY) {
            return new RawNotification(
                    "POST", "", Map.of(), ("out_trade_no=" + THEIRS).getBytes(StandardCharsets.UTF_8));
        }
        var all = new TreeMap<>(fields);
        all.put("sign", sign(fields));
        all.put("sign_type", dialect == Dialect.EPAY_V2 ? "RSA" : "MD5");
        return new RawNotification("GET", form(all), Map.of(), new byte[0]);
    }

    @Override
    public RawNotification paid() {
        return signed(notified());
    }

    @Override
    public RawNotification paidAgain() {
        return signed(notified());
    }

    @Override
    public RawNotification paidToAnotherMerchant() {
        return signed(notified("pid", "1002"));
    }

    @Override
    public RawNotification refunded() {
        return signed(notified("trade_status", "TRADE_CLOSED"));
    }

    // answers

    Answer answer(Map<String, String> members) {
        var body = Json.createObjectBuilder();
        switch (dialect) {
            case VKSPAY -> {
                var data = Json.createObjectBuilder();
                members.forEach((name, value) -> {
                    if (name.startsWith("return_")) body.add(name, value);
                    else data.add(name, value);
                });
                body.add("data", data);
            }
            case EPAY_V1 ->
                members.forEach((name, value) -> {
                    if (name.equals("code")) body.add(name, Integer.parseInt(value));
                    else body.add(name, value);
                });
            case EPAY_V2 -> {
                var signed = new LinkedHashMap<>(members);
                signed.put("timestamp", String.valueOf(NOW.getEpochSecond()));
                signed.put("sign", sign(signed));
                signed.put("sign_type", "RSA");
                signed.forEach((name, value) -> {
                    if (name.equals("code")) body.add(name, Integer.parseInt(value));
                    else body.add(name, value);
                });
            }
        }
        return new Answer(
                200, Map.of("Content-Type", "application/json"), body.build().toString());
    }

    String ok() {
        return dialect == Dialect.EPAY_V2 ? "0" : "1";
    }

    @Override
    public Answer success(Request request) {
        var sent = sent(request);
        var proven = sent.containsKey("key")
                ? KEY.equals(sent.get("key"))
                : dialect == Dialect.EPAY_V2 || sign(sent).equals(sent.get("sign"));
        if (!proven) return refusal("SIGN_ERROR").apply(request);
        if (isQuery(request)) return state(states().keySet().iterator().next(), NUMBER);
        if (request.path().endsWith("/close")) return answer(Map.of("code", "0", "msg", "ok"));
        return switch (dialect) {
            case VKSPAY ->
                answer(Map.of(
                        "return_code",
                        "SUCCESS",
                        "out_trade_no",
                        THEIRS,
                        "qrcode",
                        "https://pay.vks.example/c/" + THEIRS));
            case EPAY_V1 ->
                answer(Map.of("code", "1", "msg", "ok", "trade_no", THEIRS, "qrcode", "https://qr.alipay.com/bax0"));
            case EPAY_V2 ->
                answer(Map.of(
                        "code",
                        "0",
                        "msg",
                        "ok",
                        "trade_no",
                        THEIRS,
                        "pay_type",
                        "qrcode",
                        "pay_info",
                        "https://qr.alipay.com/bax0"));
        };
    }

    @Override
    public Answer state(String state, String number) {
        var members = new LinkedHashMap<String, String>();
        if (dialect == Dialect.VKSPAY) {
            members.put("return_code", state);
            members.put("return_msg", state.equals("SUCCESS") ? "支付成功" : "订单未支付");
            members.put("out_trade_no", number.equals(NUMBER) ? THEIRS : number);
            members.put("total_fee", "9.9");
            return answer(members);
        }
        members.put("code", ok());
        members.put("msg", "ok");
        members.put("pid", "1001");
        members.put("trade_no", THEIRS);
        members.put("out_trade_no", number);
        members.put("money", "9.9");
        members.put("addtime", "2026-01-01 12:00:00");
        members.put("endtime", "2026-01-01 12:00:09");
        members.put("buyer", "2088");
        members.put("status", state);
        return answer(members);
    }

    @Override
    public Function<Request, Answer> refusal(String code) {
        var words = switch (code) {
            case "ORDER_NOT_EXIST" -> "订单号不存在";
            case "TRADE_NO_USED" -> "该订单已支付";
            case "SIGN_ERROR" -> "签名校验失败";
            default -> "不行";
        };
        var number = code.matches("-\\d") ? code : "-1";
        return request -> dialect == Dialect.VKSPAY
                ? answer(Map.of("return_code", code.matches("-\\d") ? "FAIL" : code, "return_msg", words))
                : new Answer(200, Map.of(), "{\"code\":" + number + ",\"msg\":\"" + words + "\"}");
    }

    @Override
    public Answer unsigned(Answer answer) {
        return new Answer(answer.status(), answer.headers(), answer.body().replaceAll(",\"sign\":\"[^\"]*\"", ""));
    }

    @Override
    public Answer wronglySigned(Answer answer) {
        if (dialect != Dialect.EPAY_V2) return Answer.page(200); // without signatures none can be wrong
        return new Answer(answer.status(), answer.headers(), answer.body().replace("\"ok\"", "\"OK\""));
    }

    @Override
    public boolean isQuery(Request request) {
        return switch (dialect) {
            case VKSPAY -> sent(request).get("method").equals("orderquery");
            case EPAY_V1 -> request.path().endsWith("/api.php");
            case EPAY_V2 -> request.path().endsWith("/api/pay/query");
        };
    }

    // codes and states

    @Override
    public String unknownOrder() {
        return "ORDER_NOT_EXIST";
    }

    @Override
    public String alreadyPaid() {
        return "TRADE_NO_USED";
    }

    @Override
    public String refusedOrder() {
        return dialect == Dialect.VKSPAY ? "FAIL" : "-3";
    }

    @Override
    public Map<String, Class<? extends ProviderReport>> states() {
        var states = new LinkedHashMap<String, Class<? extends ProviderReport>>();
        if (dialect == Dialect.VKSPAY) {
            states.put("SUCCESS", ProviderReport.Paid.class);
            states.put("FAIL", ProviderReport.Unpaid.class);
            return states;
        }
        states.put("1", ProviderReport.Paid.class);
        states.put("0", ProviderReport.Unpaid.class);
        states.put("2", ProviderReport.Paid.class);
        states.put("3", ProviderReport.Paid.class);
        states.put("4", ProviderReport.Unpaid.class);
        return states;
    }

    /** The wire at another moment. */
    VkspayProvider at(Instant moment) {
        return VkspayAdapter.of(WireTest.transport(), Clock.fixed(moment, ZoneOffset.UTC));
    }
}
