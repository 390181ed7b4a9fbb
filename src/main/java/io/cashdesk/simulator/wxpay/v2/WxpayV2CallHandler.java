package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.CommonFault;
import io.cashdesk.simulator.Exchange;
import io.cashdesk.simulator.ExchangeLog;
import io.cashdesk.simulator.Fault;
import io.cashdesk.simulator.FaultyAnswer;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.wxpay.WxpayRefundStore;
import io.cashdesk.simulator.wxpay.WxpayRefusal;
import io.cashdesk.simulator.wxpay.WxpayServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Carries out v2's calls: verifies the signature, runs the operation, signs the answer. The status is always 200. A
 * message that cannot be read or verified is answered without a signature, every other one with one.
 *
 * <p>WeChat Pay demands the merchant's certificate below {@code /secapi} during the TLS handshake. The simulator's
 * loopback listener uses plain HTTP, where no certificate can be shown, so these paths differ from the others in
 * nothing else.
 */
@ApplicationScoped
class WxpayV2CallHandler {
    private static final String XML = "text/xml; charset=utf-8";
    private static final List<Fault> ANSWERS =
            List.of(CommonFault.ANSWER_SYSTEM_ERROR, CommonFault.ANSWER_HTML, CommonFault.ANSWER_BADLY_SIGNED);

    /** v2's names for the error codes of the shared orders and refunds, which have v3's names, where the two differ. */
    private static final Map<String, String> CODES = Map.of(
            "ORDER_CLOSED", "ORDERCLOSED",
            "ORDER_NOT_EXIST", "ORDERNOTEXIST",
            "NO_AUTH", "NOAUTH",
            "NOT_ENOUGH", "NOTENOUGH",
            "SYSTEM_ERROR", "SYSTEMERROR");

    @Inject
    AccountStore accounts;

    @Inject
    TradeStore trades;

    @Inject
    ExchangeLog log;

    @Inject
    WxpayRefundStore refunds;

    @Inject
    WxpayV2Store v2;

    @Inject
    Settings settings;

    /**
     * The answer to a call: fields that are signed, or a file without a signature.
     *
     * @param late true if it is sent after the caller's time-out
     */
    record Answer(Map<String, String> fields, byte[] file, boolean late) {
        static Answer of(Map<String, String> fields) {
            return new Answer(fields, null, false);
        }
    }

    /** Verifies a message, runs the operation and signs the answer; a refusal is answered as WeChat Pay does. */
    CompletionStage<Response> answer(
            HttpServletRequest http, WxpayV2Call call, byte[] body, Function<WxpayV2Request, Answer> operation) {
        if (http.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        try {
            return answered(verified(call, body), operation);
        } catch (WxpayV2Call.NotTaken refusal) {
            return CompletableFuture.completedFuture(unsigned(refusal));
        }
    }

    /** The answer to a request with another method than POST. */
    Response wrongMethod(HttpServletRequest http) {
        if (http.getLocalPort() != settings.simulatorPort()) throw new NotFoundException();
        return unsigned(new WxpayV2Call.NotTaken("请使用post方法"));
    }

    // the request

    private WxpayV2Request verified(WxpayV2Call call, byte[] body) {
        SortedMap<String, String> fields;
        try {
            fields = WxpayV2Xml.read(body);
        } catch (WxpayV2Xml.Unreadable e) {
            throw new WxpayV2Call.NotTaken(e.getMessage());
        }
        for (var name : List.of("appid", "mch_id", "nonce_str", "sign")) {
            if (fields.getOrDefault(name, "").isEmpty()) throw new WxpayV2Call.NotTaken("缺少参数" + name);
        }
        var account = accounts.byMchNo(WxpayServer.NAME, fields.get("mch_id"))
                .orElseThrow(() -> new WxpayV2Call.NotTaken("mch_id不存在"));
        var key = v2.key(account.id())
                .orElseThrow(() -> new WxpayV2Call.NotTaken("商户号未设置API密钥"))
                .apiKey();
        var type = fields.getOrDefault("sign_type", "").isEmpty() ? WxpayV2Signature.MD5 : fields.get("sign_type");
        var right = List.of(WxpayV2Signature.MD5, WxpayV2Signature.HMAC).contains(type)
                && WxpayV2Signature.sign(fields, key, type).equals(fields.get("sign"));
        var request = new WxpayV2Request(call, account, key, type, fields);
        log.add(line(request, Exchange.Way.CALL, "POST " + call.path)
                .verdict(right ? Exchange.Verdict.RIGHT : Exchange.Verdict.WRONG, right ? "" : Exchange.MISMATCH)
                .headers(Map.of("Content-Type", "text/xml"))
                .body(new String(body, StandardCharsets.UTF_8)));
        if (!right) {
            var refusal = new WxpayV2Call.NotTaken("签名错误");
            log.add(line(request, Exchange.Way.ANSWER, "").status(200).body(text(refusal)));
            throw refusal;
        }
        return request;
    }

    private Exchange line(WxpayV2Request request, Exchange.Way way, String what) {
        return Exchange.of(request.account().id(), orderOf(request), way, what);
    }

    /** The merchant's number of the order that a call is about; calls also name it by other numbers. */
    private String orderOf(WxpayV2Request request) {
        var account = request.account().id();
        if (request.has("out_trade_no")) return request.text("out_trade_no");
        if (request.has("transaction_id")) {
            return trades.paidByTransactionId(account, request.text("transaction_id"))
                    .map(Trade::number)
                    .orElse("");
        }
        var refund = request.has("out_refund_no")
                ? refunds.find(account, request.text("out_refund_no"))
                : refunds.byRefundId(account, request.text("refund_id"));
        return refund.map(r -> trades.get(r.tradeId()).number()).orElse("");
    }

    // the answer

    private CompletionStage<Response> answered(WxpayV2Request request, Function<WxpayV2Request, Answer> operation) {
        var fields = new TreeMap<String, String>();
        fields.put("result_code", "SUCCESS");
        boolean late = false;
        try {
            if (!request.account().appId().equals(request.text("appid"))) {
                throw request.refused("APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配");
            }
            request.call().check(request.fields());
            var answer = operation.apply(request);
            if (answer.file() != null) return CompletableFuture.completedFuture(file(request, answer.file()));
            late = answer.late();
            fields.putAll(answer.fields());
        } catch (WxpayV2Call.Refused refusal) {
            refuse(fields, refusal.code, refusal.getMessage());
        } catch (WxpayRefusal refusal) {
            refuse(request, fields, refusal);
        }
        return FaultyAnswer.of(signed(request, fields, late), late);
    }

    /** A refusal of the orders and refunds that v2 and v3 share, if the call has a code for it. */
    private static void refuse(WxpayV2Request request, Map<String, String> fields, WxpayRefusal refusal) {
        var refused = request.refused(CODES.getOrDefault(refusal.code(), refusal.code()), refusal.getMessage());
        if (!(refused instanceof WxpayV2Call.Refused known)) throw refused;
        refuse(fields, known.code, known.getMessage());
    }

    private static void refuse(Map<String, String> fields, String code, String message) {
        fields.put("result_code", "FAIL");
        fields.put("err_code", code);
        fields.put("err_code_des", message);
    }

    /** The signed answer, or what one of the order's faults makes of it. */
    private Response signed(WxpayV2Request request, SortedMap<String, String> fields, boolean late) {
        var fault = fault(request);
        if (fault == CommonFault.ANSWER_HTML) {
            log.add(line(request, Exchange.Way.ANSWER, "")
                    .status(502)
                    .verdict(Exchange.Verdict.NONE, CommonFault.ANSWER_HTML.name()));
            return FaultyAnswer.proxyPage();
        }
        if (fault == CommonFault.ANSWER_SYSTEM_ERROR) {
            fields.clear();
            refuse(fields, "SYSTEMERROR", "系统超时");
        }
        fields.put("return_code", "SUCCESS");
        fields.put("return_msg", "OK");
        for (var name : List.of("appid", "mch_id", "sub_appid", "sub_mch_id")) {
            if (request.has(name)) fields.put(name, request.text(name));
        }
        fields.put("nonce_str", RandomText.letters(32));
        fields.put("sign", WxpayV2Signature.sign(fields, request.key(), request.signType()));
        if (fault == CommonFault.ANSWER_BADLY_SIGNED) fields.put("nonce_str", RandomText.letters(32));
        var text = WxpayV2Xml.write("xml", fields);
        log.add(line(request, Exchange.Way.ANSWER, "")
                .status(200)
                .late(late)
                .signed(fault == CommonFault.ANSWER_BADLY_SIGNED ? fault : null)
                .headers(Map.of("Content-Type", "text/xml"))
                .body(text));
        return Response.ok(text, XML).build();
    }

    /** The fault that concerns the answer to a call about this order, or null. */
    private Fault fault(WxpayV2Request request) {
        return trades.find(request.account().id(), request.text("out_trade_no"))
                .flatMap(trade -> trades.takeFirst(trade, ANSWERS))
                .orElse(null);
    }

    private static Response file(WxpayV2Request request, byte[] bytes) {
        var type = request.has("tar_type") ? "application/x-gzip" : "text/plain; charset=utf-8";
        return Response.ok(bytes, type).build();
    }

    private static Response unsigned(WxpayV2Call.NotTaken refusal) {
        return Response.ok(text(refusal), XML).build();
    }

    private static String text(WxpayV2Call.NotTaken refusal) {
        var fields = new TreeMap<String, String>();
        fields.put("return_code", "FAIL");
        fields.put("return_msg", refusal.getMessage());
        if (!refusal.number.isEmpty()) fields.put("error_code", refusal.number);
        return WxpayV2Xml.write("xml", fields);
    }
}
