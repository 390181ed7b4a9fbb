package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** One exchange with a gateway: every answer of all dialects is a JSON object with HTTP 200. */
final class VkspayHttp {
    static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded; charset=utf-8");
    static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    /** Characters: a real answer is much shorter. */
    private static final int LONGEST = 256 * 1024;

    private VkspayHttp() {}

    /**
     * @throws ProviderFailure UNREACHABLE if nothing was sent, OUTCOME_UNKNOWN if no usable answer came; the message
     *     does not have the address, which may contain the key
     */
    static JsonObject post(OkHttpClient client, String address, MediaType type, byte[] body) {
        return exchange(
                client,
                new Request.Builder()
                        .url(url(address))
                        .post(RequestBody.create(body, type))
                        .build());
    }

    static JsonObject get(OkHttpClient client, String address) {
        return exchange(client, new Request.Builder().url(url(address)).build());
    }

    private static HttpUrl url(String address) {
        var url = HttpUrl.parse(address);
        if (url == null) throw new ProviderFailure(Kind.DECLINED, "gateway", "the gateway is not an address");
        return url;
    }

    private static JsonObject exchange(OkHttpClient client, Request request) {
        try (var response = client.newCall(request).execute()) {
            if (response.code() != 200) throw unusable("HTTP " + response.code());
            var source = response.body().source();
            if (source.request(LONGEST + 1L)) throw unusable("an answer that is too long");
            return object(source.readUtf8());
        } catch (IOException e) {
            throw ProviderTransport.nothingWasSent(e)
                    ? new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e)
                    : new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time", e);
        }
    }

    private static JsonObject object(String text) {
        var json = text.startsWith("\uFEFF") ? text.substring(1) : text; // PHP files saved with a byte order mark
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "an answer that is no JSON object", e);
        }
    }

    /** Some forks put the whole reply into {@code data}: its members beside those around it, which win. */
    static JsonObject flat(JsonObject reply) {
        var inner = reply.get("data");
        if (inner instanceof JsonString text && text.getString().startsWith("{")) inner = object(text.getString());
        if (!(inner instanceof JsonObject data)) return reply;
        var all = Json.createObjectBuilder(data);
        reply.forEach((name, value) -> {
            if (!name.equals("data")) all.add(name, value);
        });
        return all.build();
    }

    static ProviderFailure unusable(String why) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", why);
    }
}
