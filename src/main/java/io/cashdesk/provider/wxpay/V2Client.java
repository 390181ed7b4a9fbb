package io.cashdesk.provider.wxpay;

import static io.cashdesk.provider.wxpay.WxpayFailures.unusable;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SubMerchant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * The client of API v2 for one account: signs requests and verifies answers. The official SDK supports v3 only.
 *
 * <p>An answer has three layers. {@code return_code=FAIL} means that the message was rejected; it is unsigned, usually
 * with a text and no code. {@code result_code=FAIL} means that the operation was refused, with a code. Otherwise the
 * answer has data. All but the first are signed.
 */
final class V2Client {
    private static final MediaType XML = MediaType.get("text/xml; charset=utf-8");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String NONCE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /**
     * Codes with an unknown outcome: a query tells, or the same request again with the same numbers. A refusal because
     * of too many calls (FREQUENCY_LIMITED, INVALID_REQ_TOO_MUCH) is none: the request was not processed.
     */
    private static final Set<String> OUTCOME_UNKNOWN =
            Set.of("SYSTEMERROR", "SYSTEM_ERROR", "BANKERROR", "BANK_ERROR", "USERPAYING", "BIZERR_NEED_RETRY");

    /**
     * Codes by texts that a rejection's {@code return_msg} contains. Such a message was certainly not processed; any
     * other text may mean a failure inside WeChat Pay. The first match counts: texts about a signature also mention
     * parameters.
     */
    private static final Map<String, List<String>> REJECTIONS = new LinkedHashMap<>();

    static {
        REJECTIONS.put("SIGNERROR", List.of("签名", "sign error", "signerror"));
        REJECTIONS.put("XML_FORMAT_ERROR", List.of("xml"));
        REJECTIONS.put("POST_DATA_EMPTY", List.of("post数据为空", "post_data_empty"));
        REJECTIONS.put("REQUIRE_POST_METHOD", List.of("post方法", "require_post_method"));
        REJECTIONS.put("NOT_UTF8", List.of("编码格式", "utf-8", "utf8"));
        REJECTIONS.put("APPID_MCHID_NOT_MATCH", List.of("不匹配", "not_match"));
        REJECTIONS.put("MCHID_NOT_EXIST", List.of("mchid不存在", "mch_id不存在", "商户号不存在", "mchid_not_exist"));
        REJECTIONS.put("APPID_NOT_EXIST", List.of("appid不存在", "appid_not_exist"));
        REJECTIONS.put("NOAUTH", List.of("权限", "noauth"));
        REJECTIONS.put("LACK_PARAMS", List.of("缺少", "lack_params", "missing parameter"));
        REJECTIONS.put("PARAM_ERROR", List.of("参数", "格式", "param_error"));
    }

    private final V2Account account;
    private final String gateway;
    private final String standby;
    private final OkHttpClient plain;

    /** With the merchant's certificate; null if the account has none. */
    private final OkHttpClient certified;

    V2Client(AccountSettings settings, OkHttpClient transport) {
        this.account = V2Account.of(settings);
        this.gateway = settings.gateway().toString();
        this.standby = WxpayNode.standbyGateway(settings);
        this.plain = transport;
        this.certified = account.certificate().map(c -> c.on(transport)).orElse(null);
    }

    V2Account account() {
        return account;
    }

    /** A new message with the ids of the merchant and its sub-merchant. */
    V2Message request(SubMerchant sub) {
        return new V2Message()
                .with("appid", account.appId())
                .with("mch_id", account.mchId())
                .with("sub_appid", sub.appId())
                .with("sub_mch_id", sub.mchId());
    }

    /** The verified answer to a call that succeeded. */
    V2Message call(String path, V2Message request) {
        return ours(verified(exchange(plain, path, request)));
    }

    /** As {@link #call}, but whose payment it is about is not compared; the caller does that. */
    V2Message callAboutPayment(String path, V2Message request) {
        return verified(exchange(plain, path, request));
    }

    /** The same with the merchant's certificate, which WeChat Pay requires for refunds and reversals. */
    V2Message callWithCertificate(String path, V2Message request) {
        if (certified == null) {
            throw new ProviderFailure(
                    Kind.DECLINED, "pfx", "the node has no pfx, without which v2 neither refunds nor reverses");
        }
        return ours(verified(exchange(certified, path, request)));
    }

    /** An unsigned text file; a refusal comes as XML instead. */
    String file(String path, V2Message request) {
        var body = exchange(plain, path, request);
        var file = new String(body, StandardCharsets.UTF_8);
        if (!file.startsWith("<")) return file;
        V2Message refusal;
        try {
            refusal = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer is neither a file nor a refusal", e);
        }
        if (!refusal.text("return_code").equals("FAIL")) throw unusable("an answer that is no file");
        var text = refusal.text("return_msg");
        var code = refusal.has("error_code") ? refusal.text("error_code") : rejectionCode(text);
        var kind = text.toUpperCase(Locale.ROOT).contains("SYSTEM") ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED;
        throw new ProviderFailure(kind, code.isEmpty() ? text : code, text);
    }

    // sending

    private byte[] exchange(OkHttpClient client, String path, V2Message request) {
        request.with("nonce_str", nonce());
        if (account.signature() != V2Signature.MD5) request.with("sign_type", account.signature().wireName);
        request.signed(account.signature(), account.key());
        var bytes = request.xml().getBytes(StandardCharsets.UTF_8);
        try {
            return post(client, gateway + path, bytes);
        } catch (IOException e) {
            if (!ProviderTransport.nothingWasSent(e)) throw noAnswer(e);
            if (standby.isEmpty()) throw unreachable(e);
        }
        try {
            return post(client, standby + path, bytes);
        } catch (IOException e) {
            throw ProviderTransport.nothingWasSent(e) ? unreachable(e) : noAnswer(e);
        }
    }

    private static byte[] post(OkHttpClient client, String address, byte[] bytes) throws IOException {
        var request = new Request.Builder().url(address).post(RequestBody.create(bytes, XML));
        try (var response = client.newCall(request.build()).execute()) {
            if (response.code() != 200) { // v2 answers with 200 only, so this comes from a proxy
                throw unusable("HTTP " + response.code());
            }
            return response.body().bytes();
        }
    }

    static String nonce() {
        var nonce = new StringBuilder();
        for (int i = 0; i < 32; i++) nonce.append(NONCE_LETTERS.charAt(RANDOM.nextInt(NONCE_LETTERS.length())));
        return nonce.toString();
    }

    private static ProviderFailure unreachable(IOException e) {
        return new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e);
    }

    private static ProviderFailure noAnswer(IOException e) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time", e);
    }

    // reading answers

    private V2Message verified(byte[] body) {
        V2Message answer;
        try {
            answer = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer cannot be used: " + e.getMessage(), e);
        }
        if (answer.text("return_code").equals("FAIL")) throw rejected(answer);
        if (!answer.text("return_code").equals("SUCCESS")) throw unusable("an answer without return_code");
        if (!answer.isSigned(account.signature(), account.key())) {
            throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong");
        }
        switch (answer.text("result_code")) {
            case "SUCCESS" -> {
                return answer;
            }
            case "FAIL" -> throw refused(ours(answer));
            default -> throw unusable("an answer without result_code");
        }
    }

    private V2Message ours(V2Message answer) {
        V2Answers.checkIdentity(account, answer);
        return answer;
    }

    private static ProviderFailure refused(V2Message answer) {
        var code = answer.text("err_code");
        var declined = !code.isEmpty() && !OUTCOME_UNKNOWN.contains(code);
        return new ProviderFailure(
                declined ? Kind.DECLINED : Kind.OUTCOME_UNKNOWN,
                code,
                answer.has("err_code_des") ? answer.text("err_code_des") : code);
    }

    /** A rejection is unsigned, so a code in it is not used. */
    private static ProviderFailure rejected(V2Message answer) {
        var text = answer.text("return_msg");
        var code = rejectionCode(text);
        return code.isEmpty()
                ? new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "not taken: " + text)
                : new ProviderFailure(Kind.DECLINED, code, text);
    }

    /** The code for the text of a rejection, or an empty text. */
    private static String rejectionCode(String returnMsg) {
        var searched = returnMsg.toLowerCase(Locale.ROOT);
        return REJECTIONS.entrySet().stream()
                .filter(rejection -> rejection.getValue().stream().anyMatch(searched::contains))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }
}
