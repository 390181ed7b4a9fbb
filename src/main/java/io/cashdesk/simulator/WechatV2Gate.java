package io.cashdesk.simulator;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Who comes in to WeChat Pay's v2 and how answers leave: always HTTP 200; what cannot be taken is answered without a signature,
 * everything else with one.
 *
 * <p>The real one asks for the merchant's certificate below {@code /secapi}, during the TLS handshake. The simulator's
 * loopback listener speaks plain HTTP, where nobody can show one: here the two paths differ from the others in nothing else.
 */
@ApplicationScoped
class WechatV2Gate {
    private static final String XML = "text/xml; charset=utf-8";
    private static final Duration LONGER_THAN_ANYBODY_WAITS = Duration.ofSeconds(15);
    private static final List<Fault> ANSWERS =
            List.of(Fault.ANSWER_SYSTEM_ERROR, Fault.ANSWER_HTML, Fault.ANSWER_BADLY_SIGNED);

    /** v3's codes, in which the simulator's orders and refunds say no, and what v2 calls them where it differs. */
    private static final Map<String, String> OLDER = Map.of(
            "ORDER_CLOSED", "ORDERCLOSED",
            "ORDER_NOT_EXIST", "ORDERNOTEXIST",
            "NO_AUTH", "NOAUTH",
            "NOT_ENOUGH", "NOTENOUGH",
            "SYSTEM_ERROR", "SYSTEMERROR");

    @Inject
    Books books;

    @Inject
    WechatV2Books v2;

    @Inject
    Settings settings;

    /** A message that was verified: whose it is, what it asks for, and how it was signed. */
    record Asked(
            WechatV2Call call, Books.Account account, String key, String signType, SortedMap<String, String> fields) {
        String text(String name) {
            return fields.getOrDefault(name, "");
        }

        boolean has(String name) {
            return !text(name).isEmpty();
        }

        RuntimeException refused(String code, String message) {
            return call.refused(code, message);
        }
    }

    /** What is answered: fields to be signed, or a file that never is. */
    record Answer(Map<String, String> fields, byte[] file, boolean late) {
        static Answer of(Map<String, String> fields) {
            return new Answer(fields, null, false);
        }
    }

    /** Checks who asks, does it, and signs the answer; a refusal is answered as WeChat Pay would. */
    CompletionStage<Response> answer(
            HttpServletRequest request, WechatV2Call call, byte[] body, Function<Asked, Answer> deed) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        try {
            var asked = asked(call, body);
            var response = answered(asked, deed);
            if (!response.late()) return CompletableFuture.completedFuture(response.response());
            var afterwards = CompletableFuture.delayedExecutor(LONGER_THAN_ANYBODY_WAITS.toSeconds(), TimeUnit.SECONDS);
            return CompletableFuture.supplyAsync(response::response, afterwards);
        } catch (WechatV2Call.NotTaken no) {
            return CompletableFuture.completedFuture(notTaken(no));
        }
    }

    /** What a request with any other method hears. */
    Response wrongMethod(HttpServletRequest request) {
        if (request.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        return notTaken(new WechatV2Call.NotTaken("请使用post方法"));
    }

    // who asks

    private Asked asked(WechatV2Call call, byte[] body) {
        SortedMap<String, String> fields;
        try {
            fields = WechatV2Words.read(body);
        } catch (WechatV2Words.Unreadable e) {
            throw new WechatV2Call.NotTaken(e.getMessage());
        }
        for (var name : List.of("appid", "mch_id", "nonce_str", "sign")) {
            if (fields.getOrDefault(name, "").isEmpty()) throw new WechatV2Call.NotTaken("缺少参数" + name);
        }
        var account = books.accountByMchNo("wxpay", fields.get("mch_id"))
                .orElseThrow(() -> new WechatV2Call.NotTaken("mch_id不存在"));
        var key = v2.key(account.id())
                .orElseThrow(() -> new WechatV2Call.NotTaken("商户号未设置API密钥"))
                .apiKey();
        var type = fields.getOrDefault("sign_type", "").isEmpty() ? WechatV2Words.MD5 : fields.get("sign_type");
        var right = List.of(WechatV2Words.MD5, WechatV2Words.HMAC).contains(type)
                && WechatV2Words.sign(fields, key, type).equals(fields.get("sign"));
        var number = fields.getOrDefault("out_trade_no", "?");
        var written = new String(body, StandardCharsets.UTF_8);
        books.log(number, "←", "POST " + call.path, right ? "signature right" : "signature wrong", written);
        if (!right) throw new WechatV2Call.NotTaken("签名错误");
        return new Asked(call, account, key, type, fields);
    }

    // what he hears

    private record Ready(Response response, boolean late) {}

    private Ready answered(Asked asked, Function<Asked, Answer> deed) {
        var fields = new TreeMap<String, String>();
        fields.put("result_code", "SUCCESS");
        boolean late = false;
        try {
            if (!asked.account().appId().equals(asked.text("appid"))) {
                throw asked.refused("APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配");
            }
            asked.call().check(asked.fields());
            var answer = deed.apply(asked);
            if (answer.file() != null) return new Ready(file(asked, answer.file()), false);
            late = answer.late();
            fields.putAll(answer.fields());
        } catch (WechatV2Call.Refused no) {
            refuse(fields, no.code, no.getMessage());
        } catch (WechatRules.Refused no) {
            throughV3(asked, fields, no);
        }
        return new Ready(signed(asked, fields), late);
    }

    /** A no of the orders and refunds that v2 and v3 share. */
    private static void throughV3(Asked asked, Map<String, String> fields, WechatRules.Refused no) {
        var refused = asked.refused(OLDER.getOrDefault(no.code, no.code), no.getMessage());
        if (!(refused instanceof WechatV2Call.Refused known)) throw refused;
        refuse(fields, known.code, known.getMessage());
    }

    private static void refuse(Map<String, String> fields, String code, String message) {
        fields.put("result_code", "FAIL");
        fields.put("err_code", code);
        fields.put("err_code_des", message);
    }

    /** The answer as it leaves, unless the order's dial says that something happens to it. */
    private Response signed(Asked asked, SortedMap<String, String> fields) {
        var number = asked.fields().getOrDefault("out_trade_no", "?");
        var fault = fault(asked);
        if (fault == Fault.ANSWER_HTML) {
            books.log(number, "→", "502", "a proxy's page", "");
            return Response.status(502)
                    .type("text/html")
                    .entity("<h1>Bad Gateway</h1>")
                    .build();
        }
        if (fault == Fault.ANSWER_SYSTEM_ERROR) {
            fields.clear();
            refuse(fields, "SYSTEMERROR", "系统超时");
        }
        fields.put("return_code", "SUCCESS");
        fields.put("return_msg", "OK");
        for (var name : List.of("appid", "mch_id", "sub_appid", "sub_mch_id")) {
            if (asked.has(name)) fields.put(name, asked.text(name));
        }
        fields.put("nonce_str", Keys.letters(32));
        fields.put("sign", WechatV2Words.sign(fields, asked.key(), asked.signType()));
        if (fault == Fault.ANSWER_BADLY_SIGNED) fields.put("nonce_str", Keys.letters(32));
        var text = WechatV2Words.write("xml", fields);
        books.log(number, "→", fields.get("result_code"), fault == null ? "signed" : fault.name(), text);
        return Response.ok(text, XML).build();
    }

    /** What happens to the answer to a call about this order, or null; each happens once. */
    private Fault fault(Asked asked) {
        var trade = books.trade(asked.account().id(), asked.text("out_trade_no"));
        if (trade.isEmpty()) return null;
        for (var fault : ANSWERS) if (books.took(trade.get(), fault)) return fault;
        return null;
    }

    private static Response file(Asked asked, byte[] bytes) {
        var type = asked.has("tar_type") ? "application/x-gzip" : "text/plain; charset=utf-8";
        return Response.ok(bytes, type).build();
    }

    private static Response notTaken(WechatV2Call.NotTaken no) {
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "FAIL");
        fields.put("return_msg", no.getMessage());
        if (!no.number.isEmpty()) fields.put("error_code", no.number);
        return Response.ok(WechatV2Words.write("xml", fields), XML).build();
    }
}
