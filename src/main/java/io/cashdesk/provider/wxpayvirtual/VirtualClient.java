package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import io.cashdesk.provider.SessionKey;
import io.cashdesk.provider.wechat.WechatLogin;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Calls of one account: serialised once, signed as they are sent, with the application's access token. */
final class VirtualClient {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    /** The access token is not valid, or not any more. */
    private static final Set<String> TOKEN_REFUSED = Set.of("40001", "42001", "40014");

    /** The call may have taken effect all the same. */
    private static final Set<String> OUTCOME_UNKNOWN = Set.of("-1");

    private final AccountSettings settings;
    private final VirtualAccount account;
    private final int env;
    private final OkHttpClient http;
    private final AccessTokens tokens;

    /** For calls in the environment in which the account collects now. */
    VirtualClient(AccountSettings settings, OkHttpClient http, AccessTokens tokens) {
        this(settings, VirtualAccount.of(settings), VirtualAccount.of(settings).env(), http, tokens);
    }

    /** @param env the environment of every call */
    VirtualClient(AccountSettings settings, VirtualAccount account, int env, OkHttpClient http, AccessTokens tokens) {
        this.settings = settings;
        this.account = account;
        this.env = env;
        this.http = http;
        this.tokens = tokens;
    }

    VirtualAccount account() {
        return account;
    }

    /** 0 in production, 1 in the sandbox. */
    int env() {
        return env;
    }

    /** A call that the application signs alone. */
    JsonObject call(String name, JsonObjectBuilder body) {
        return call(name, body, Optional.empty());
    }

    /**
     * A call.
     *
     * @param name the last part of its path: "query_order"
     * @param session in whose name it is signed too
     * @return the answer, whose {@code errcode} is 0
     * @throws ProviderFailure with WeChat's {@code errcode}
     */
    JsonObject call(String name, JsonObjectBuilder body, Optional<SessionKey> session) {
        var path = "/xpay/" + name;
        var text = body.add("env", env).build().toString();
        var address = HttpUrl.get(settings.gateway() + path)
                .newBuilder()
                .addQueryParameter("pay_sig", VirtualSignature.paySig(account.appKey(env), path, text));
        session.ifPresent(key -> address.addQueryParameter("signature", VirtualSignature.signature(key, text)));
        var token = tokens.of(settings, this::token);
        try {
            return post(address, token, text);
        } catch (ProviderFailure failure) {
            if (!TOKEN_REFUSED.contains(failure.providerCode())) throw failure;
        }
        return post(address, tokens.insteadOf(token, settings, this::token), text);
    }

    private AccessTokens.Fetched token() {
        return WechatLogin.token(http, settings, WechatLogin.API);
    }

    private JsonObject post(HttpUrl.Builder address, String token, String text) {
        var request = new Request.Builder()
                .url(address.setQueryParameter("access_token", token).build())
                .post(RequestBody.create(text.getBytes(StandardCharsets.UTF_8), JSON))
                .build();
        JsonObject answer;
        try (var response = http.newCall(request).execute()) {
            if (response.code() != 200) { // WeChat answers with 200 even for errors, so this comes from a proxy
                throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "HTTP " + response.code());
            }
            try (var reader = Json.createReader(new StringReader(response.body().string()))) {
                answer = reader.readObject();
            }
        } catch (JsonException e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "the answer is not JSON", e);
        } catch (IOException e) {
            var unsent = ProviderTransport.nothingWasSent(e);
            // without a cause: the exception may contain the address and thus the token
            throw new ProviderFailure(
                    unsent ? Kind.UNREACHABLE : Kind.OUTCOME_UNKNOWN,
                    "",
                    unsent ? "no connection" : "no answer in time");
        }
        if (!(answer.get("errcode") instanceof JsonNumber code)) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer without errcode");
        }
        var errcode = code.bigDecimalValue().toPlainString();
        if (errcode.equals("0")) return answer;
        throw new ProviderFailure(
                OUTCOME_UNKNOWN.contains(errcode) ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED,
                errcode,
                text(answer, "errmsg"));
    }

    // reading answers

    /** The text of a member, or an empty one; a number's digits. */
    static String text(JsonObject object, String name) {
        var value = object.get(name);
        if (value instanceof JsonString string) return string.getString();
        return value instanceof JsonNumber number ? number.bigDecimalValue().toPlainString() : "";
    }

    /**
     * A whole number, or its digits as a text.
     *
     * @return empty if there is no such member, or it is null
     * @throws ProviderFailure OUTCOME_UNKNOWN if it is something else
     */
    static Optional<Long> whole(JsonObject object, String name) {
        if (!object.containsKey(name) || object.get(name) == JsonValue.NULL) return Optional.empty();
        var text = text(object, name);
        if (text.matches("-?\\d{1,18}")) return Optional.of(Long.parseLong(text));
        throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer in which " + name + " is no whole number");
    }

    /** As {@link #whole}, of a member that must be there. */
    static long required(JsonObject object, String name) {
        return whole(object, name)
                .orElseThrow(() -> new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer without " + name));
    }
}
