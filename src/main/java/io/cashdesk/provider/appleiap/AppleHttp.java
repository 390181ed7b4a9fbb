package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.http.ProviderTransport;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** One exchange with a server of Apple, which answers in JSON. */
final class AppleHttp {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    /** Bytes; the longest answer is to a receipt with hundreds of purchases, each of them listed, and repeats it. */
    private static final int LONGEST = 4 * 1024 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final OkHttpClient client;
    private final Duration longest;

    /** @param shared whose connections are used */
    AppleHttp(OkHttpClient shared, Duration timeout) {
        this.longest = timeout.plus(CONNECT);
        this.client = shared.newBuilder().readTimeout(timeout).build();
    }

    /** How long one verification may take, whatever the number of its exchanges. */
    Deadline deadline() {
        return Deadline.in(longest);
    }

    record Reply(int status, String body) {}

    /**
     * @param body null: none
     * @throws ProviderFailure UNREACHABLE if nothing was sent, OUTCOME_UNKNOWN if no usable answer came
     */
    Reply exchange(String method, String address, Map<String, String> headers, byte[] body, Deadline until) {
        var url = HttpUrl.parse(address);
        if (url == null) throw new ProviderFailure(Kind.DECLINED, "gateway", "the gateway is not an address");
        var request =
                new Request.Builder().url(url).method(method, body == null ? null : RequestBody.create(body, JSON));
        headers.forEach(request::header);
        var call = client.newCall(request.build());
        call.timeout().timeout(until.left().toMillis(), TimeUnit.MILLISECONDS);
        try (var response = call.execute()) {
            var source = response.body().source();
            if (source.request(LONGEST + 1L)) throw unusable("an answer that is too long");
            return new Reply(response.code(), source.readUtf8());
        } catch (IOException e) {
            throw ProviderTransport.nothingWasSent(e)
                    ? new ProviderFailure(Kind.UNREACHABLE, "", "no connection", e)
                    : new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", "no answer in time", e);
        }
    }

    static ProviderFailure unusable(String why) {
        return new ProviderFailure(Kind.OUTCOME_UNKNOWN, "", why);
    }
}
