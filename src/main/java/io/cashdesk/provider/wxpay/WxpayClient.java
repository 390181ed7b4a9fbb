package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.auth.WechatPay2Credential;
import com.wechat.pay.java.core.auth.WechatPay2Validator;
import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.cipher.RSAVerifier;
import com.wechat.pay.java.core.exception.HttpException;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.exception.ValidationException;
import com.wechat.pay.java.core.http.Constant;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.core.http.HttpHeaders;
import com.wechat.pay.java.core.http.HttpResponse;
import com.wechat.pay.java.core.http.JsonRequestBody;
import com.wechat.pay.java.core.http.JsonResponseBody;
import com.wechat.pay.java.core.http.UrlEncoder;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RequestParam;
import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.ProviderFailure;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The official SDK, set up for one account: it signs what we send and verifies what comes back. */
final class WxpayClient {
    /** What the SDK signs for; where it really goes is the account's gateway. Host and prefix are not part of a signature. */
    static final String HOST = "https://api.mch.weixin.qq.com";

    private static final String SIGNATURE = "WECHATPAY2-SHA256-RSA2048";
    private static final String CIPHER = "AEAD_AES_256_GCM";

    /** Not a no, whatever the HTTP status beside it. */
    private static final Set<String> UNDECIDED = Set.of("SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR");

    private static final List<String> READ_BY_THE_SDK = List.of(
            Constant.WECHAT_PAY_SERIAL,
            Constant.WECHAT_PAY_SIGNATURE,
            Constant.WECHAT_PAY_TIMESTAMP,
            Constant.WECHAT_PAY_NONCE,
            Constant.REQUEST_ID,
            Constant.CONTENT_TYPE);

    private final WxpayAccount account;
    private final PlatformCertificates certificates;
    private final HttpClient http;
    private final NotificationParser parser;

    /** @param standby a second address, or an empty text */
    WxpayClient(
            WxpayAccount account, URI gateway, String standby, OkHttpClient transport, Executor executor, Clock clock) {
        this.account = account;
        var ok = transport
                .newBuilder()
                .addInterceptor(new ToGateway(gateway.toString(), standby))
                .addInterceptor(WxpayClient::namesAsTheSdkKnowsThem)
                .build();
        var credential =
                new WechatPay2Credential(account.mchId(), new RSASigner(account.serial(), account.privateKey()));
        var fetching = new DefaultHttpClientBuilder()
                .okHttpClient(ok)
                .disableRetryOnConnectionFailure()
                .credential(credential)
                .validator(new PlatformCertificates.AnyAnswer())
                .build();
        this.certificates = new PlatformCertificates(
                fetching, account.v3Key(), executor, clock, Duration.ofMillis(transport.callTimeoutMillis()));
        var verifier = account.publicKey() == null
                ? new RSAVerifier(certificates)
                : new RSAVerifier(account.publicKey(), account.publicKeyId(), certificates);
        this.http = new DefaultHttpClientBuilder()
                .okHttpClient(ok)
                .disableRetryOnConnectionFailure()
                .credential(credential)
                .validator(new WechatPay2Validator(verifier))
                .build();
        this.parser = new NotificationParser(
                Map.of(SIGNATURE, verifier),
                Map.of(CIPHER, new AeadAesCipher(account.v3Key().getBytes(StandardCharsets.UTF_8))));
    }

    WxpayAccount account() {
        return account;
    }

    /**
     * Sends a signed request on to the gateway: same path below the gateway's own, after it was signed. The standby gets it only
     * if the connection to the first failed before anything was sent.
     */
    private record ToGateway(String gateway, String standby) implements Interceptor {
        @Override
        public Response intercept(Chain chain) throws IOException {
            try {
                return chain.proceed(at(gateway, chain.request()));
            } catch (IOException e) {
                if (standby.isEmpty() || !ProviderTransport.nothingWasSent(e)) throw e;
                return chain.proceed(at(standby, chain.request()));
            }
        }

        private static Request at(String server, Request request) {
            var signedFor = request.url();
            var target = server
                    + signedFor.encodedPath()
                    + (signedFor.encodedQuery() == null ? "" : "?" + signedFor.encodedQuery());
            return request.newBuilder().url(HttpUrl.get(target)).build();
        }
    }

    /** The SDK compares the names of headers letter by letter, and proxies may write them all in small letters. */
    private static Response namesAsTheSdkKnowsThem(Interceptor.Chain chain) throws IOException {
        var response = chain.proceed(chain.request());
        var answer = response.newBuilder();
        for (var name : READ_BY_THE_SDK) {
            var value = response.header(name);
            if (value != null) answer.header(name, value);
        }
        return answer.build();
    }

    JsonObject post(String path, JsonObject body) {
        var request = new JsonRequestBody.Builder().body(body.toString()).build();
        return exchange(() -> http.post(headers(), HOST + path, request, com.google.gson.JsonObject.class));
    }

    JsonObject get(String path) {
        return exchange(() -> http.get(headers(), HOST + path, com.google.gson.JsonObject.class));
    }

    /** The bytes below an address that WeChat Pay named; they carry no signature. */
    byte[] download(String address) {
        var path = address.indexOf("/v3/"); // whatever server it names, we go through our gateway
        if (path < 0) throw new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "no address of a bill");
        try (var stream = http.download(HOST + address.substring(path))) {
            return stream.readAllBytes();
        } catch (ServiceException refused) {
            throw refusal(refused);
        } catch (IOException | HttpException e) {
            throw new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "the bill did not come", e);
        }
    }

    static String inPath(String value) {
        return UrlEncoder.urlEncode(value);
    }

    private static HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.addHeader(Constant.ACCEPT, "application/json");
        headers.addHeader(Constant.CONTENT_TYPE, "application/json");
        return headers;
    }

    /** The verified answer, empty for 204; every way in which the SDK can fail becomes one of ours. */
    private <T> JsonObject exchange(Supplier<HttpResponse<T>> call) {
        try {
            if (account.publicKey() == null && certificates.getAvailableCertificate() == null) {
                throw new ProviderFailure(
                        ProviderFailure.Kind.UNREACHABLE,
                        "",
                        "no platform certificates could be fetched, so nothing was sent");
            }
            var body = call.get().getBody();
            if (!(body instanceof JsonResponseBody json)
                    || json.getBody() == null
                    || json.getBody().isEmpty()) {
                return JsonObject.EMPTY_JSON_OBJECT;
            }
            return accepted(object(json.getBody()));
        } catch (ProviderFailure e) {
            throw e;
        } catch (ServiceException refused) {
            throw refusal(refused);
        } catch (HttpException e) {
            throw ProviderTransport.nothingWasSent(e)
                    ? new ProviderFailure(ProviderFailure.Kind.UNREACHABLE, "", "no connection", e)
                    : new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "no answer in time", e);
        } catch (ValidationException e) {
            throw new ProviderFailure(ProviderFailure.Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong", e);
        } catch (RuntimeException e) { // the SDK lets bare exceptions out: unsigned answers, HTML pages, old timestamps
            throw new ProviderFailure(
                    ProviderFailure.Kind.OUTCOME_UNKNOWN,
                    "",
                    "the answer cannot be used: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    /** HTTP 202 carries an error's body ("the payer is typing his password"), and the SDK takes it for a success. */
    private static JsonObject accepted(JsonObject answer) {
        var code = answer.getString("code", "");
        if (code.isEmpty()) return answer;
        throw new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, code, answer.getString("message", code));
    }

    private static ProviderFailure refusal(ServiceException refused) {
        var code = refused.getErrorCode() == null ? "" : refused.getErrorCode();
        var message =
                refused.getErrorMessage() == null ? "HTTP " + refused.getHttpStatusCode() : refused.getErrorMessage();
        var understood = refused.getHttpStatusCode() / 100 == 4 && !code.isEmpty() && !UNDECIDED.contains(code);
        return new ProviderFailure(
                understood ? ProviderFailure.Kind.DECLINED : ProviderFailure.Kind.OUTCOME_UNKNOWN,
                code,
                message + where(refused.getResponseBody()));
    }

    /** Which field WeChat Pay means, and what is wrong with it; never the field's value. */
    private static String where(String body) {
        try {
            if (!(object(body).get("detail") instanceof JsonObject detail)) return "";
            var field = detail.getString("field", "");
            var issue = detail.getString("issue", "");
            return field.isEmpty() ? "" : " (" + field + (issue.isEmpty() ? "" : ": " + issue) + ")";
        } catch (RuntimeException e) { // not JSON: then there is nothing more to say
            return "";
        }
    }

    /** Verifies a notification over its raw bytes, then opens it. Throws what the SDK throws. */
    JsonObject open(String serial, String timestamp, String nonce, String signature, String signType, String body) {
        var param = new RequestParam.Builder()
                .serialNumber(serial)
                .timestamp(timestamp)
                .nonce(nonce)
                .signature(signature)
                .signType(signType)
                .body(body)
                .build();
        return object(parser.parse(param, com.google.gson.JsonObject.class).toString());
    }

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IllegalStateException("not a JSON object", e);
        }
    }
}
