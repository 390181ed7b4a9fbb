package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SubMerchant;
import java.io.IOException;
import java.net.URI;
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
 * WeChat Pay's v2, set up for one account: signs what we send and verifies what comes back. The official SDK speaks v3 alone.
 *
 * <p>A reply has three layers. {@code return_code} says whether the message was taken at all; FAIL comes unsigned, usually with a
 * sentence and no code. {@code result_code} says whether what it asked for was done. Only then come data. Everything but the
 * first kind of no is signed, and nothing unsigned is believed.
 */
final class V2Client {
    private static final MediaType XML = MediaType.get("text/xml; charset=utf-8");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String NONCE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /** Not a no: the same parameters under the same numbers, later; only a query tells what has happened meanwhile. */
    private static final Set<String> UNDECIDED = Set.of(
            "SYSTEMERROR",
            "SYSTEM_ERROR",
            "BANKERROR",
            "BANK_ERROR",
            "USERPAYING",
            "BIZERR_NEED_RETRY",
            "FREQUENCY_LIMITED",
            "INVALID_REQ_TOO_MUCH");

    /**
     * A message that was not taken is answered with a sentence; these words in it say why, and that nothing was done. The order
     * matters: sentences about a signature name other things too. What is in none of them may be the server's own trouble.
     */
    private static final Map<String, List<String>> NOT_TAKEN = new LinkedHashMap<>();

    static {
        NOT_TAKEN.put("SIGNERROR", List.of("签名", "sign error", "signerror"));
        NOT_TAKEN.put("XML_FORMAT_ERROR", List.of("xml"));
        NOT_TAKEN.put("POST_DATA_EMPTY", List.of("post数据为空", "post_data_empty"));
        NOT_TAKEN.put("REQUIRE_POST_METHOD", List.of("post方法", "require_post_method"));
        NOT_TAKEN.put("NOT_UTF8", List.of("编码格式", "utf-8", "utf8"));
        NOT_TAKEN.put("APPID_MCHID_NOT_MATCH", List.of("不匹配", "not_match"));
        NOT_TAKEN.put("MCHID_NOT_EXIST", List.of("mchid不存在", "mch_id不存在", "商户号不存在", "mchid_not_exist"));
        NOT_TAKEN.put("APPID_NOT_EXIST", List.of("appid不存在", "appid_not_exist"));
        NOT_TAKEN.put("NOAUTH", List.of("权限", "noauth"));
        NOT_TAKEN.put("LACK_PARAMS", List.of("缺少", "lack_params", "missing parameter"));
        NOT_TAKEN.put("PARAM_ERROR", List.of("参数", "格式", "param_error"));
    }

    private final V2Account account;
    private final String gateway;
    private final String standby;
    private final OkHttpClient open;
    private final OkHttpClient certified;

    /** @param standby a second address, used when nothing could be sent to the first; or an empty text */
    V2Client(V2Account account, URI gateway, String standby, OkHttpClient transport) {
        this.account = account;
        this.gateway = gateway.toString();
        this.standby = standby;
        this.open = transport;
        this.certified =
                account.certificate().map(c -> c.shown(transport).build()).orElse(null);
    }

    V2Account account() {
        return account;
    }

    /** A new message that says who asks, and on whose behalf. */
    V2Message request(SubMerchant sub) {
        return new V2Message()
                .with("appid", account.appId())
                .with("mch_id", account.mchId())
                .with("sub_appid", sub.appId())
                .with("sub_mch_id", sub.mchId());
    }

    /** The verified reply to a call that succeeded. */
    V2Message call(String path, V2Message request) {
        return reply(exchange(open, path, request));
    }

    /** The same where money moves back: there WeChat Pay wants to see the merchant's certificate. */
    V2Message callWithCertificate(String path, V2Message request) {
        if (certified == null) {
            throw new ProviderFailure(
                    Kind.DECLINED, "pfx", "the node has no pfx, without which v2 neither refunds nor reverses");
        }
        return reply(exchange(certified, path, request));
    }

    /** A text that nobody signs; a refusal comes as XML instead. */
    String file(String path, V2Message request) {
        var body = exchange(open, path, request);
        var text = new String(body, StandardCharsets.UTF_8);
        if (!text.startsWith("<")) return text;
        V2Message refusal;
        try {
            refusal = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer is neither a file nor a refusal", e);
        }
        if (!refusal.text("return_code").equals("FAIL")) throw unusable("an answer that is no file");
        var sentence = refusal.text("return_msg");
        var undecided = sentence.toUpperCase(Locale.ROOT).contains("SYSTEM");
        var code = refusal.has("error_code") ? refusal.text("error_code") : reason(sentence);
        throw new ProviderFailure(
                undecided ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, code.isEmpty() ? sentence : code, sentence);
    }

    // the wire

    private byte[] exchange(OkHttpClient client, String path, V2Message request) {
        request.with("nonce_str", nonce());
        if (account.signature() != V2Signature.MD5) request.with("sign_type", account.signature().word);
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
            if (response.code() != 200) { // v2 says everything with 200, so somebody else speaks here
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

    // the three layers

    private V2Message reply(byte[] body) {
        V2Message reply;
        try {
            reply = V2Message.read(body);
        } catch (V2Message.Malformed e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer cannot be used: " + e.getMessage(), e);
        }
        if (reply.text("return_code").equals("FAIL")) throw notTaken(reply);
        if (!reply.text("return_code").equals("SUCCESS")) throw unusable("an answer without return_code");
        if (!reply.isSigned(account.signature(), account.key())) {
            throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong");
        }
        V2Answers.mustBeOurs(account, reply);
        switch (reply.text("result_code")) {
            case "SUCCESS" -> {
                return reply;
            }
            case "FAIL" -> throw refused(reply);
            default -> throw unusable("an answer without result_code");
        }
    }

    private static ProviderFailure refused(V2Message reply) {
        var code = reply.text("err_code");
        var decided = !code.isEmpty() && !UNDECIDED.contains(code);
        return new ProviderFailure(
                decided ? Kind.DECLINED : Kind.OUTCOME_UNKNOWN,
                code,
                reply.has("err_code_des") ? reply.text("err_code_des") : code);
    }

    private static ProviderFailure notTaken(V2Message reply) {
        var sentence = reply.text("return_msg");
        var code = reason(sentence);
        return code.isEmpty()
                ? new ProviderFailure(
                        Kind.OUTCOME_UNKNOWN, "", "not taken: " + sentence) // unsigned: no code of it is believed
                : new ProviderFailure(Kind.DECLINED, code, sentence);
    }

    /** The code that a sentence stands for, or an empty text. */
    private static String reason(String sentence) {
        var searched = sentence.toLowerCase(Locale.ROOT);
        return NOT_TAKEN.entrySet().stream()
                .filter(reason -> reason.getValue().stream().anyMatch(searched::contains))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    static ProviderFailure unusable(String what) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", what);
    }
}
