package io.cashdesk.provider.douyin;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** One exchange with Douyin: JSON in both directions, and HTTP 200 for refusals too. */
final class DouyinHttp {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    /** Bytes: a real answer is much shorter. */
    private static final long LONGEST = 256 * 1024;

    private DouyinHttp() {}

    /**
     * @throws ProviderFailure UNREACHABLE if nothing was sent, OUTCOME_UNKNOWN if no usable answer came; the message
     *     has neither headers nor bodies, which contain secrets
     */
    static JsonObject post(OkHttpClient client, String address, Map<String, String> headers, JsonObject body) {
        var url = HttpUrl.parse(address);
        if (url == null) throw new ProviderFailure(Kind.DECLINED, "gateway", "the gateway is not an address");
        var request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(body.toString().getBytes(StandardCharsets.UTF_8), JSON));
        headers.forEach(request::header);
        try (var response = client.newCall(request.build()).execute()) {
            if (response.code() != 200) throw unusable("HTTP " + response.code());
            var source = response.body().source();
            if (source.request(LONGEST + 1)) throw unusable("an answer that is too long");
            return object(source.readUtf8());
        } catch (IOException e) {
            throw ProviderTransport.nothingWasSent(e)
                    ? new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e)
                    : new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time", e);
        }
    }

    private static JsonObject object(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) { // the latter: its objects are nested too deep
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer that is no JSON object", e);
        }
    }

    static ProviderFailure unusable(String why) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", why);
    }
}
