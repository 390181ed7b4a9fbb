package io.cashdesk.simulator.wxpay.v2;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * The calls of WeChat Pay's v2: which fields each has, and with which error codes it answers. Lengths are in
 * characters; those of body, attach and refund_desc in bytes of UTF-8, as its refusals count them. A field that a call
 * does not have is refused here, so that a misspelt name shows; WeChat Pay ignores it.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011935215">v2's documents</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">payment codes</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v2/partner/4011941293">service providers</a>
 */
abstract class WxpayV2Call {
    private static final Predicate<String> NUMBER = pattern("[0-9A-Za-z_|*@-]{1,32}");
    private static final Predicate<String> FEN = pattern("[1-9]\\d{0,11}");

    static final WxpayV2Call UNIFIEDORDER =
            new WxpayV2Call(
                    "/pay/unifiedorder",
                    "INVALID_REQUEST NOAUTH NOTENOUGH ORDERPAID ORDERCLOSED SYSTEMERROR APPID_NOT_EXIST MCHID_NOT_EXIST"
                            + " APPID_MCHID_NOT_MATCH LACK_PARAMS OUT_TRADE_NO_USED SIGNERROR XML_FORMAT_ERROR REQUIRE_POST_METHOD"
                            + " POST_DATA_EMPTY NOT_UTF8 PARAM_ERROR") {
                @Override
                void fields() {
                    order();
                    must("notify_url", WxpayV2Call::isNotifyUrl);
                    must("trade_type", oneOf("JSAPI", "NATIVE", "APP", "MWEB"));
                    may("product_id", text(32));
                    may("openid", text(128));
                    may("sub_openid", text(128));
                }
            };

    static final WxpayV2Call MICROPAY =
            new WxpayV2Call(
                    "/pay/micropay",
                    "SYSTEMERROR PARAM_ERROR ORDERPAID NOAUTH AUTHCODEEXPIRE NOTENOUGH NOTSUPORTCARD ORDERCLOSED ORDERREVERSED"
                            + " BANKERROR USERPAYING AUTH_CODE_ERROR AUTH_CODE_INVALID XML_FORMAT_ERROR REQUIRE_POST_METHOD SIGNERROR"
                            + " LACK_PARAMS NOT_UTF8 BUYER_MISMATCH APPID_NOT_EXIST MCHID_NOT_EXIST OUT_TRADE_NO_USED"
                            + " APPID_MCHID_NOT_MATCH INVALID_REQUEST TRADE_ERROR RULELIMIT") {
                @Override
                void fields() {
                    order();
                    must("auth_code", text(128));
                    may("deposit", oneOf("Y", "N"));
                }
            };

    static final WxpayV2Call ORDERQUERY = new WxpayV2Call("/pay/orderquery", "ORDERNOTEXIST SYSTEMERROR") {
        @Override
        void fields() {
            either("transaction_id", text(32));
            either("out_trade_no", NUMBER);
        }
    };

    static final WxpayV2Call CLOSEORDER =
            new WxpayV2Call(
                    "/pay/closeorder",
                    "ORDERPAID SYSTEMERROR ORDERNOTEXIST ORDERCLOSED SIGNERROR REQUIRE_POST_METHOD XML_FORMAT_ERROR"
                            + " TRADE_STATE_ERROR") {
                @Override
                void fields() {
                    must("out_trade_no", NUMBER);
                }
            };

    static final WxpayV2Call REVERSE =
            new WxpayV2Call(
                    "/secapi/pay/reverse",
                    "SYSTEMERROR INVALID_TRANSACTIONID PARAM_ERROR REQUIRE_POST_METHOD SIGNERROR XML_FORMAT_ERROR REVERSE_EXPIRE"
                            + " INVALID_REQUEST TRADE_ERROR TRADE_STATE_ERROR USERPAYING") {
                @Override
                void fields() {
                    either("transaction_id", text(32));
                    either("out_trade_no", NUMBER);
                }
            };

    static final WxpayV2Call REFUND =
            new WxpayV2Call(
                    "/secapi/pay/refund",
                    "SYSTEMERROR BIZERR_NEED_RETRY TRADE_OVERDUE ERROR USER_ACCOUNT_ABNORMAL INVALID_REQ_TOO_MUCH NOTENOUGH"
                            + " INVALID_TRANSACTIONID PARAM_ERROR APPID_NOT_EXIST MCHID_NOT_EXIST ORDERNOTEXIST REQUIRE_POST_METHOD"
                            + " SIGNERROR XML_FORMAT_ERROR FREQUENCY_LIMITED") {
                @Override
                void fields() {
                    either("transaction_id", text(32));
                    either("out_trade_no", NUMBER);
                    must("out_refund_no", pattern("[0-9A-Za-z_|*@-]{1,64}"));
                    must("total_fee", FEN);
                    must("refund_fee", FEN);
                    may("refund_fee_type", oneOf("CNY"));
                    may("refund_desc", bytes(80));
                    may("refund_account", oneOf("REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS"));
                    may("notify_url", WxpayV2Call::isNotifyUrl);
                }
            };

    static final WxpayV2Call REFUNDQUERY =
            new WxpayV2Call(
                    "/pay/refundquery",
                    "SYSTEMERROR REFUNDNOTEXIST INVALID_TRANSACTIONID PARAM_ERROR APPID_NOT_EXIST MCHID_NOT_EXIST"
                            + " REQUIRE_POST_METHOD SIGNERROR XML_FORMAT_ERROR") {
                @Override
                void fields() {
                    either("refund_id", text(32));
                    either("out_refund_no", text(64));
                    either("transaction_id", text(32));
                    either("out_trade_no", NUMBER);
                    may("offset", pattern("0|[1-9]\\d{0,5}"));
                }
            };

    static final WxpayV2Call DOWNLOADBILL = new WxpayV2Call("/pay/downloadbill", "") {
        @Override
        void fields() {
            must("bill_date", pattern("\\d{8}"));
            may("bill_type", oneOf("ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND"));
            may("tar_type", oneOf("GZIP"));
        }
    };

    final String path;

    private final Set<String> codes;
    private final Map<String, Predicate<String>> rules = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();

    /** Fields of which one must be there; if there are several, the first counts. */
    private final Set<String> numbers = new LinkedHashSet<>();

    private WxpayV2Call(String path, String codes) {
        this.path = path;
        this.codes = Set.of(codes.split(" "));
        must("appid", text(32));
        must("mch_id", text(32));
        must("nonce_str", text(32));
        must("sign", text(64));
        may("sign_type", oneOf(WxpayV2Signature.MD5, WxpayV2Signature.HMAC));
        may("sub_appid", text(32));
        may("sub_mch_id", text(32));
        fields();
    }

    /** Adds the fields that this call has beside those of every call. */
    abstract void fields();

    /** A message that is refused with an error code of the call's own list; the answer is signed. */
    static final class Refused extends RuntimeException {
        final String code;

        private Refused(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    /** A message that is refused without an error code, for bills with a number; the answer is not signed. */
    static final class NotTaken extends RuntimeException {
        final String number;

        NotTaken(String message) {
            this(message, "");
        }

        NotTaken(String message, String number) {
            super(message, null, false, false);
            this.number = number;
        }
    }

    /** A refusal with this code or, if the call does not have the code, with the message alone. */
    RuntimeException refused(String code, String message) {
        return codes.contains(code) ? new Refused(code, message) : new NotTaken(message);
    }

    /** Refuses fields that are missing, unknown or wrong. */
    void check(SortedMap<String, String> fields) {
        for (var name : required) {
            if (fields.getOrDefault(name, "").isEmpty()) throw lacks(name);
        }
        fields.forEach((name, value) -> {
            if (!rules.containsKey(name)) throw wrong(name);
            if (!value.isEmpty() && !rules.get(name).test(value)) throw wrong(name);
        });
        if (this == UNIFIEDORDER) checkOrder(fields);
        if (this == MICROPAY && !fields.get("auth_code").matches("1[0-5]\\d{16}")) {
            throw refused("AUTH_CODE_ERROR", "付款码格式错误");
        }
        if (!numbers.isEmpty() && numbers.stream().noneMatch(n -> has(fields, n))) throw lacks("out_trade_no");
    }

    private void checkOrder(SortedMap<String, String> fields) {
        var type = fields.get("trade_type");
        if (type.equals("NATIVE") && !has(fields, "product_id")) throw lacks("product_id");
        if (type.equals("MWEB") && !has(fields, "scene_info")) throw lacks("scene_info");
        if (type.equals("MWEB") && !fields.get("scene_info").contains("\"h5_info\"")) throw wrong("scene_info");
        if (!type.equals("JSAPI")) return;
        var partner = has(fields, "sub_mch_id");
        if (!has(fields, "openid") && !(partner && has(fields, "sub_openid"))) throw lacks("openid");
        if (has(fields, "sub_openid") && !has(fields, "sub_appid")) throw lacks("sub_appid");
    }

    private static boolean has(SortedMap<String, String> fields, String name) {
        return !fields.getOrDefault(name, "").isEmpty();
    }

    RuntimeException lacks(String name) {
        if (this == DOWNLOADBILL) return new NotTaken("missing parameter");
        return refused(codes.contains("LACK_PARAMS") ? "LACK_PARAMS" : "PARAM_ERROR", "缺少参数" + name);
    }

    RuntimeException wrong(String name) {
        if (this == DOWNLOADBILL) {
            return new NotTaken(name.equals("bill_type") ? "invalid bill_type" : "data format error");
        }
        return refused("PARAM_ERROR", "参数格式校验错误：" + name);
    }

    // what several calls have

    /** The fields of an order with any product. */
    void order() {
        may("device_info", text(32));
        must("body", bytes(128));
        may("detail", text(6000).and(WxpayV2Call::isJson));
        may("attach", bytes(127));
        must("out_trade_no", NUMBER);
        may("fee_type", oneOf("CNY"));
        must("total_fee", FEN);
        must("spbill_create_ip", pattern("[0-9a-fA-F:.]{2,64}"));
        may("time_start", pattern("\\d{14}"));
        may("time_expire", pattern("\\d{14}"));
        may("goods_tag", text(32));
        may("limit_pay", oneOf("no_credit"));
        may("receipt", oneOf("Y"));
        may("profit_sharing", oneOf("Y", "N"));
        may("scene_info", text(256).and(WxpayV2Call::isJson));
    }

    void must(String name, Predicate<String> rule) {
        required.add(name);
        rules.put(name, rule);
    }

    void may(String name, Predicate<String> rule) {
        rules.put(name, rule);
    }

    void either(String name, Predicate<String> rule) {
        numbers.add(name);
        may(name, rule);
    }

    static Predicate<String> text(int max) {
        return value -> value.codePointCount(0, value.length()) <= max;
    }

    static Predicate<String> bytes(int max) {
        return value -> value.getBytes(StandardCharsets.UTF_8).length <= max;
    }

    static Predicate<String> pattern(String regex) {
        return value -> value.matches(regex);
    }

    static Predicate<String> oneOf(String... values) {
        return Set.of(values)::contains;
    }

    private static boolean isJson(String value) {
        try (var reader = Json.createReader(new StringReader(value))) {
            return reader.readValue() instanceof JsonObject;
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            return false;
        }
    }

    private static boolean isNotifyUrl(String value) {
        try {
            var uri = URI.create(value);
            return text(256).test(value)
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && Set.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
