package io.cashdesk.provider.wxpay;

import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.cipher.AeadCipher;
import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.cipher.RSAVerifier;
import com.wechat.pay.java.core.cipher.Verifier;
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
import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The official SDK, configured for one account: it signs requests and verifies answers and notifications. */
final class V3Client {
    /**
     * The host of the URLs that the SDK gets; requests are sent to the account's gateway. Signatures cover neither host
     * nor path prefix.
     */
    static final String HOST = "https://api.mch.weixin.qq.com";

    private static final String SIGNATURE = "WECHATPAY2-SHA256-RSA2048";

    /** Codes with an unknown outcome, whatever the HTTP status. */
    private static final Set<String> OUTCOME_UNKNOWN = Set.of("SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR");

    private static final List<String> READ_BY_THE_SDK = List.of(
            Constant.WECHAT_PAY_SERIAL,
            Constant.WECHAT_PAY_SIGNATURE,
            Constant.WECHAT_PAY_TIMESTAMP,
            Constant.WECHAT_PAY_NONCE,
            Constant.REQUEST_ID,
            Constant.CONTENT_TYPE);

    private final V3Account account;
    private final V3PlatformCertificates certificates;
    private final HttpClient http;
    private final Verifier verifier;
    private final AeadCipher cipher;

    V3Client(AccountSettings settings, OkHttpClient transport, Executor executor, Clock clock) {
        this.account = V3Account.of(settings);
        var ok = transport
                .newBuilder()
                .addInterceptor(new ToGateway(settings.gateway().toString(), WxpayNode.standbyGateway(settings)))
                .addInterceptor(V3Client::withHeaderNamesOfTheSdk)
                .build();
        var signer = new RSASigner(account.serial(), account.privateKey());
        var credential = V3Signing.credential(account.mchId(), signer, clock);
        var fetching = new DefaultHttpClientBuilder()
                .okHttpClient(ok)
                .disableRetryOnConnectionFailure()
                .credential(credential)
                .validator(new V3PlatformCertificates.NoValidation())
                .build();
        this.certificates = new V3PlatformCertificates(
                fetching, account.v3Key(), executor, clock, Duration.ofMillis(transport.callTimeoutMillis()));
        this.verifier = account.publicKey() == null
                ? new RSAVerifier(certificates)
                : new RSAVerifier(account.publicKey(), account.publicKeyId(), certificates);
        this.http = new DefaultHttpClientBuilder()
                .okHttpClient(ok)
                .disableRetryOnConnectionFailure()
                .credential(credential)
                .validator(V3Signing.validator(verifier, this::serial, clock))
                .build();
        this.cipher = new AeadAesCipher(account.v3Key().getBytes(StandardCharsets.UTF_8));
    }

    V3Account account() {
        return account;
    }

    /** The key of WeChat Pay that requests name, in its own spelling. */
    private String serial() {
        return account.publicKey() == null ? certificates.newestSerial() : account.publicKeyId();
    }

    /**
     * Redirects a signed request to the gateway, appending its path to the gateway's own. The standby is tried only if
     * the connection to the gateway failed before anything was sent.
     *
     * @param standby a second base address, or an empty text
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

    /** The SDK looks headers up case-sensitively, and proxies may send all names in lower case. */
    private static Response withHeaderNamesOfTheSdk(Interceptor.Chain chain) throws IOException {
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

    /** The unsigned file at an address from a signed answer. */
    byte[] download(String address) {
        var path = address.indexOf("/v3/"); // the host is ignored: all requests go through the gateway
        if (path < 0)
            throw new ProviderFailure(
                    ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "an answer without the address of a bill");
        try (var stream = http.download(HOST + address.substring(path))) {
            return stream.readAllBytes();
        } catch (ServiceException refused) {
            throw refusal(refused);
        } catch (IOException | HttpException e) {
            throw new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, "", "the bill could not be downloaded", e);
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

    /** The verified answer, empty for 204. Every exception of the SDK is mapped to a {@link ProviderFailure}. */
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
        } catch (RuntimeException e) { // for unsigned answers, HTML pages and old timestamps
            throw new ProviderFailure(
                    ProviderFailure.Kind.OUTCOME_UNKNOWN,
                    "",
                    "the answer cannot be used: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    /** The body of HTTP 202 is an error (the payer is entering the password), which the SDK returns as a success. */
    private static JsonObject accepted(JsonObject answer) {
        var code = answer.getString("code", "");
        if (code.isEmpty()) return answer;
        throw new ProviderFailure(ProviderFailure.Kind.OUTCOME_UNKNOWN, code, answer.getString("message", code));
    }

    private static ProviderFailure refusal(ServiceException refused) {
        var code = refused.getErrorCode() == null ? "" : refused.getErrorCode();
        var message =
                refused.getErrorMessage() == null ? "HTTP " + refused.getHttpStatusCode() : refused.getErrorMessage();
        var declined = refused.getHttpStatusCode() / 100 == 4 && !code.isEmpty() && !OUTCOME_UNKNOWN.contains(code);
        return new ProviderFailure(
                declined ? ProviderFailure.Kind.DECLINED : ProviderFailure.Kind.OUTCOME_UNKNOWN,
                code,
                message + field(refused.getResponseBody()));
    }

    /** The name of the refused field and what is wrong with it, but not its value, which may be personal data. */
    private static String field(String body) {
        try {
            if (!(object(body).get("detail") instanceof JsonObject detail)) return "";
            var field = detail.getString("field", "");
            var issue = detail.getString("issue", "");
            return field.isEmpty() ? "" : " (" + field + (issue.isEmpty() ? "" : ": " + issue) + ")";
        } catch (RuntimeException e) { // not JSON: no detail
            return "";
        }
    }

    /**
     * Verifies a notification over its raw text, then decrypts its content. The SDK's parser is not used, because it
     * fails where {@code associated_data} is missing.
     *
     * @param signType the header {@code Wechatpay-Signature-Type}, or null
     * @throws RuntimeException of many types, of the SDK too: each means that the message is not authentic
     */
    JsonObject open(String serial, String timestamp, String nonce, String signature, String signType, String body) {
        if (signType != null && !signType.equals(SIGNATURE)) {
            throw new IllegalArgumentException("the signature is not of type " + SIGNATURE);
        }
        if (!verifier.verify(serial, timestamp + "\n" + nonce + "\n" + body + "\n", signature)) {
            throw new ValidationException("the signature is wrong");
        }
        var resource = object(body).getJsonObject("resource");
        return object(V3Content.open(cipher, resource, resource.getString("original_type", "")));
    }

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IllegalStateException("not a JSON object", e);
        }
    }
}
