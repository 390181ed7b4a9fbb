package io.cashdesk.provider.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.FileItem;
import com.alipay.api.internal.util.AbstractHttpClient;
import com.alipay.api.internal.util.AlipayLogger;
import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.PerAccount;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SubMerchant;
import io.cashdesk.provider.WrongNodeValue;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonException;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.security.Security;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * The only class that uses the SDK, and limits what it can do. Its class initialiser switches off the JVM's certificate
 * checks for the whole server, so it runs here, once, and the property is put back; its loggers write whole requests,
 * so they are off; and its own transport may send a POST twice, so it is given ours.
 */
@ApplicationScoped
class AlipaySdk {
    private static final String DISABLED = "jdk.certpath.disabledAlgorithms";

    private static final String SANDBOX = "https://openapi-sandbox.dl.alipaydev.com/gateway.do";

    /**
     * Refusals by the gateway, before any trade is touched. Only these are believed unsigned, because a gateway that
     * does not know the application cannot sign for it.
     */
    private static final Set<String> GATEWAY_SAYS_NO = Set.of("20001", "40001", "40002", "40003", "40005", "40006");

    @Inject
    ProviderTransport transport;

    @Inject
    Clock clock;

    private final PerAccount<Built> clients = new PerAccount<>(this::build);

    /**
     * What was built of the settings.
     *
     * @param idle clients that no call uses right now; never more of them than calls ran at the same time
     */
    record Built(String gateway, AlipayAccount account, AlipayClient client, Queue<AlipayClient> idle) {}

    /** At the start of the server, not during a payment. */
    void atStart(@Observes @Initialized(ApplicationScoped.class) Object atStart) {
        // being called is enough: the bean is made, and with it what follows
    }

    @PostConstruct
    void tame() {
        tameSdk();
    }

    static void tameSdk() {
        var checks = Security.getProperty(DISABLED);
        try {
            Class.forName("com.alipay.api.AbstractAlipayClient");
            Class.forName("com.alipay.api.internal.util.AlipaySignature");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the server has no module com.alipay.sdk; docs/operations.md says how it gets it", e);
        } finally {
            if (checks != null) Security.setProperty(DISABLED, checks);
        }
        AlipayLogger.setNeedEnableLogger(false);
    }

    AlipayAccount account(AccountSettings settings) {
        return built(settings).account();
    }

    /** Signs for a browser: the address of the wallet's page with the whole request in it. Makes no call. */
    String pageUrl(AccountSettings settings, AlipayRequest<?> call) {
        try {
            var page = client(
                    account(settings), settings.pages().map(URI::toString).orElse(address(settings)));
            return ClockedAlipayClient.withSignedTime(
                    page.pageExecute(call, "GET").getBody());
        } catch (AlipayApiException e) {
            throw new IllegalStateException("a request cannot be signed", e);
        }
    }

    /** Signs for the wallet's SDK in an app: the text that it takes. Makes no call. */
    String orderText(AccountSettings settings, AlipayRequest<?> call) {
        try {
            var text = built(settings).client().sdkExecute(call).getBody();
            return ClockedAlipayClient.withSignedTime(text);
        } catch (AlipayApiException e) {
            throw new IllegalStateException("a request cannot be signed", e);
        }
    }

    /** Calls, and believes only what it may; every way in which the SDK can fail becomes one of ours. */
    <T extends AlipayResponse> T call(AccountSettings settings, AlipayRequest<T> call, SubMerchant sub) {
        var built = built(settings);
        var token = sub.token().isEmpty() ? null : sub.token();
        try {
            var answer = built.account().certificates()
                    ? withClientOfItsOwn(built, call, token)
                    : built.client().execute(call, null, token);
            if (answer == null) throw AlipayAnswers.unusable("no answer");
            // a login answers without a code when it succeeds
            var code = answer.getCode() == null && answer.getSubCode() == null ? AlipayAnswers.OK : answer.getCode();
            if (code == null) throw AlipayAnswers.unusable("an answer without a code");
            if (!code.equals(AlipayAnswers.OK) && !GATEWAY_SAYS_NO.contains(code) && !signed(answer)) {
                throw AlipayAnswers.unusable("an unsigned refusal: " + code + " " + answer.getSubCode());
            }
            return answer;
        } catch (AlipayApiException e) {
            if (ProviderTransport.nothingWasSent(e)) {
                throw new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e);
            }
            if (saysForged(e)) throw new ProviderFailure(Kind.NOT_AUTHENTIC, "", "the answer's signature is wrong", e);
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no usable answer", e);
        } catch (ProviderFailure e) {
            throw e;
        } catch (RuntimeException e) { // the SDK throws bare ones for unsigned answers
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no usable answer", e);
        }
    }

    /**
     * In certificate mode the SDK's client keeps a field between its steps, so no two calls may share one at a time.
     * They do not queue for it either: behind a few answers that never come, the last caller would stand for minutes.
     */
    private <T extends AlipayResponse> T withClientOfItsOwn(Built built, AlipayRequest<T> call, String token)
            throws AlipayApiException {
        var idle = built.idle().poll();
        var client = idle != null ? idle : client(built.account(), built.gateway());
        try {
            return client.certificateExecute(call, null, token);
        } finally {
            built.idle().add(client);
        }
    }

    /** The SDK has no type for it, only words. */
    private static boolean saysForged(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var words = String.valueOf(cause.getMessage());
            if (words.contains("sign check fail") || words.contains("cert check fail")) return true;
        }
        return false;
    }

    /** The SDK verifies a refusal that is signed, and believes one that is not. */
    private static boolean signed(AlipayResponse answer) {
        try (var reader = Json.createReader(new StringReader(answer.getBody()))) {
            return !reader.readObject().getString("sign", "").isEmpty();
        } catch (JsonException | NullPointerException e) {
            return false;
        }
    }

    private Built built(AccountSettings settings) {
        return clients.of(settings);
    }

    /** Reads the settings anew, and says what is wrong with them. */
    Built build(AccountSettings settings) {
        var account = AlipayAccount.of(settings);
        var address = address(settings);
        var client = client(account, address);
        return new Built(address, account, client, new ConcurrentLinkedQueue<>(List.of(client)));
    }

    /** The provider's own sandbox is selected by sandbox: true; an explicit gateway has precedence. */
    static String address(AccountSettings settings) {
        var sandbox = settings.values().getBoolean("sandbox", false)
                && settings.text("gateway").isEmpty();
        return sandbox ? SANDBOX : settings.gateway().toString();
    }

    private AlipayClient client(AlipayAccount account, String gateway) {
        var config = new AlipayConfig();
        config.setServerUrl(gateway);
        config.setAppId(account.appId());
        config.setPrivateKey(account.privateKey());
        config.setFormat("json");
        config.setCharset("utf-8");
        config.setSignType("RSA2");
        if (account.certificates()) {
            config.setAppCertContent(account.appCert());
            config.setAlipayPublicCertContent(account.alipayCert());
            config.setRootCertContent(account.rootCert());
        } else {
            config.setAlipayPublicKey(account.alipayPublicKey());
        }
        config.setCustomizedHttpClient(new Transport(transport.client()));
        var checks = Security.getProperty(DISABLED);
        try {
            return new ClockedAlipayClient(config, clock);
        } catch (AlipayApiException
                | RuntimeException e) { // of the keys, all but the root certificates were read before
            throw new WrongNodeValue(
                    account.certificates()
                            ? new LocalizedText(
                                    "alipayRootCertContent 应为 PEM 格式的支付宝根证书 alipayRootCert.crt",
                                    "alipayRootCertContent must be Alipay's root certificates in PEM"
                                            + " (alipayRootCert.crt)")
                            : new LocalizedText(
                                    "SDK 不接受 privateKey 和 alipayPublicKey",
                                    "the SDK does not take privateKey and alipayPublicKey"),
                    e);
        } finally {
            if (checks != null) Security.setProperty(DISABLED, checks); // certificate mode touches it again
        }
    }

    /** A POST, once. */
    private static final class Transport extends AbstractHttpClient {
        private final OkHttpClient client;

        private Transport(OkHttpClient client) {
            this.client = client;
        }

        @Override
        public String doPost(String url, Map<String, String> params, String charset, Map<String, String> headers)
                throws IOException {
            var form = new FormBody.Builder(Charset.forName(charset));
            params.forEach((name, value) -> {
                if (name != null && value != null) form.add(name, value);
            });
            var request = new Request.Builder()
                    .url(ClockedAlipayClient.withSignedTime(url))
                    .post(form.build());
            if (headers != null) headers.forEach(request::header);
            try (var response = client.newCall(request.build()).execute()) {
                if (!response.isSuccessful()) throw new IOException("HTTP " + response.code());
                return new String(response.body().bytes(), Charset.forName(charset));
            }
        }

        @Override
        public String doPost(
                String url,
                Map<String, String> params,
                Map<String, FileItem> files,
                String charset,
                Map<String, String> headers)
                throws IOException {
            throw new IOException("no call that we make sends files");
        }
    }
}
