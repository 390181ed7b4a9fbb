package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.douyin.Members.text;

import io.cashdesk.provider.AccessTokens;
import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;

/**
 * Calls of one account of the trade system to Douyin's OpenAPI, with the application's token.
 *
 * @see <a
 *     href="https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/interface-request-credential/non-user-authorization/get-client_token">client_token</a>
 */
final class TradeClient {
    /** The token is not valid, or not any more. */
    private static final Set<String> TOKEN_REFUSED = Set.of("2190002", "2190008", "11002");

    /** Busy, and internal errors: the call may have taken effect. */
    private static final Set<String> OUTCOME_UNKNOWN = Set.of("2100004", "2191000", "13000");

    /** Members that may have the second, finer code; the pages of the OpenAPI do not agree on one. */
    private static final Set<String> SUB_CODES = Set.of("sub_err_no", "sub_code", "sub_error_code");

    /** A finer code at the beginning of the words. */
    private static final Pattern CODE_IN_WORDS = Pattern.compile("^\\W*((?:1[0-3]|20)\\d{3})\\b");

    private final AccountSettings settings;
    private final DouyinAccount account;
    private final OkHttpClient http;
    private final AccessTokens tokens;

    TradeClient(AccountSettings settings, DouyinAccount account, OkHttpClient http, AccessTokens tokens) {
        this.settings = settings;
        this.account = account;
        this.http = http;
        this.tokens = tokens;
    }

    DouyinAccount account() {
        return account;
    }

    /**
     * A call.
     *
     * @param name the last part of its path: "order_query"
     * @return the answer, whose {@code err_no} is 0
     * @throws ProviderFailure with the finer of Douyin's two codes
     */
    JsonObject call(String name, JsonObjectBuilder members) {
        var body = members.build();
        var token = tokens.of(settings, this::fetch);
        try {
            return post(name, token, body);
        } catch (ProviderFailure failure) {
            if (failure.kind() != Kind.DECLINED || !TOKEN_REFUSED.contains(failure.providerCode())) throw failure;
        }
        return post(name, tokens.insteadOf(token, settings, this::fetch), body);
    }

    private JsonObject post(String name, String token, JsonObject body) {
        var answer = DouyinHttp.post(
                http,
                account.gateway() + "/api/trade_basic/v1/developer/" + name + "/",
                Map.of("access-token", token),
                body);
        var code = text(answer, "err_no");
        if (code.isEmpty()) throw DouyinHttp.unusable("an answer without err_no");
        if (code.equals("0")) return answer;
        var sub = subCode(answer);
        var unknown = OUTCOME_UNKNOWN.contains(code) || OUTCOME_UNKNOWN.contains(sub);
        throw new ProviderFailure(
                unknown ? Kind.OUTCOME_UNKNOWN : Kind.DECLINED, sub.isEmpty() ? code : sub, words(answer));
    }

    private static String subCode(JsonObject answer) {
        for (var place : new JsonObject[] {answer, Members.object(answer, "extra"), Members.object(answer, "data")}) {
            for (var name : SUB_CODES) {
                var code = text(place, name);
                if (!code.isEmpty() && !code.equals("0")) return code;
            }
        }
        var inData = text(Members.object(answer, "data"), "error_code");
        if (!inData.isEmpty() && !inData.equals("0")) return inData;
        var inWords = CODE_IN_WORDS.matcher(words(answer));
        return inWords.find() ? inWords.group(1) : "";
    }

    private static String words(JsonObject answer) {
        var words = text(answer, "err_msg");
        return words.isEmpty() ? text(answer, "err_tips") : words;
    }

    /**
     * Another token; the former one stays valid for a while.
     *
     * @throws ProviderFailure UNREACHABLE, with Douyin's code if it has refused: whatever the token is needed for was
     *     certainly not sent
     */
    private AccessTokens.Fetched fetch() {
        JsonObject answer;
        try {
            answer = DouyinHttp.post(
                    http,
                    account.gateway() + "/oauth/client_token/",
                    Map.of(),
                    Json.createObjectBuilder()
                            .add("grant_type", "client_credential")
                            .add("client_key", account.appId())
                            .add("client_secret", account.secret())
                            .build());
        } catch (ProviderFailure failure) {
            throw new ProviderFailure(
                    Kind.UNREACHABLE, failure.providerCode(), "no access token: " + failure.getMessage());
        }
        var data = Members.object(answer, "data");
        var code = text(data, "error_code");
        if (!code.isEmpty() && !code.equals("0")) {
            throw new ProviderFailure(Kind.UNREACHABLE, code, "no access token: " + text(data, "description"));
        }
        var token = text(data, "access_token");
        var life = Members.whole(data, "expires_in").orElse(0L);
        if (token.isEmpty() || life <= 0) {
            throw new ProviderFailure(Kind.UNREACHABLE, "", "an answer without an access token");
        }
        return new AccessTokens.Fetched(token, Duration.ofSeconds(life));
    }
}
