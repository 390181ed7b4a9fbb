package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.TestRun;
import io.cashdesk.testing.WebhookReceiver;
import io.cashdesk.testing.WebhookReceiver.Language;
import jakarta.json.Json;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receivers that docs/webhooks.md offers to copy, each started as the page says and sent real webhooks. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WebhookVerifiersIT extends WebhookShop {
    private static final int ACCEPTED = 204;
    private static final int REFUSED = 401;
    private static final long TOLERANCE_SECONDS = 300;

    /** One delivery of this server to a merchant's server, as it arrived there. */
    private record Sent(String id, String timestamp, String signature, String body) {
        static Sent of(MerchantServer.Received received) {
            return new Sent(
                    received.id(),
                    received.headers().firstValue("webhook-timestamp").orElseThrow(),
                    received.headers().firstValue("webhook-signature").orElseThrow(),
                    received.body());
        }

        Sent withBody(String other) {
            return new Sent(id, timestamp, signature, other);
        }

        Sent withId(String other) {
            return new Sent(other, timestamp, signature, body);
        }

        Sent withSignature(String other) {
            return new Sent(id, timestamp, other, body);
        }

        Sent at(long seconds) {
            return new Sent(id, Long.toString(seconds), signature, body);
        }

        /** The same body, signed at another time. */
        Sent signedAt(long seconds, String secret) throws WebhookSigningException {
            return at(seconds).withSignature(new Webhook(secret).sign(id, seconds, body));
        }

        Map<String, String> headers() {
            var headers = new HashMap<String, String>();
            headers.put("webhook-id", id);
            headers.put("webhook-timestamp", timestamp);
            if (!signature.isEmpty()) headers.put("webhook-signature", signature);
            return headers;
        }

        int at(WebhookReceiver receiver) throws IOException {
            return receiver.post(body, headers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void accept_what_this_server_sends_and_nothing_else(Language language) throws Exception {
        language.needed();
        var secret = secret();
        put("recorder", endpoint(server).add("secret", secret));
        try (var receiver = receiver(language, secret)) {
            put(
                    "receiver",
                    Json.createObjectBuilder()
                            .add("url", receiver.url())
                            .add("mode", "test")
                            .add("secret", secret));
            var number = shop.paid("wxpay");
            eventually("recorded", () -> !server.about(number).isEmpty());
            eventually(
                    "received by the program",
                    () -> deliveries("receiver", "?state=acknowledged").size() == 1);
            assertThat(receiver.output()).contains("payment.paid").contains(number);

            var sent = Sent.of(server.about(number).get(0));
            assertThat(sent.signature()).startsWith("v1,").doesNotContain(" ");
            assertThat(sent.at(receiver)).as("the webhook again").isEqualTo(ACCEPTED);
            refuses(receiver, sent, secret);
        }
    }

    private static void refuses(WebhookReceiver receiver, Sent sent, String secret) throws Exception {
        var now = Instant.now().getEpochSecond();
        var sentAt = Long.parseLong(sent.timestamp());
        assertThat(sent.signedAt(now - TOLERANCE_SECONDS + 60, secret).at(receiver))
                .as("four minutes old")
                .isEqualTo(ACCEPTED);
        assertThat(sent.withBody(sent.body().replace("\"total_fee\":990", "\"total_fee\":991"))
                        .at(receiver))
                .as("a changed body")
                .isEqualTo(REFUSED);
        assertThat(sent.withBody(sent.body() + "\n").at(receiver))
                .as("a body that is written in another way")
                .isEqualTo(REFUSED);
        assertThat(sent.at(sentAt + 1).at(receiver)).as("a changed timestamp").isEqualTo(REFUSED);
        assertThat(sent.withId("msg_other").at(receiver)).as("a changed id").isEqualTo(REFUSED);
        assertThat(sent.signedAt(now - TOLERANCE_SECONDS - 10, secret).at(receiver))
                .as("too old")
                .isEqualTo(REFUSED);
        assertThat(sent.signedAt(now + TOLERANCE_SECONDS + 60, secret).at(receiver))
                .as("from the future")
                .isEqualTo(REFUSED);
        assertThat(sent.signedAt(now, secret()).at(receiver))
                .as("another secret")
                .isEqualTo(REFUSED);
        assertThat(sent.withSignature("").at(receiver)).as("no signature").isEqualTo(REFUSED);
        assertThat(sent.withSignature(sent.signature().replace("v1,", "v1a,")).at(receiver))
                .as("another version")
                .isEqualTo(REFUSED);
        assertThat(receiver.post(sent.body(), Map.of())).as("no headers").isEqualTo(REFUSED);
    }

    @ParameterizedTest
    @EnumSource
    void accept_the_old_and_the_new_secret_while_one_is_changed(Language language) throws Exception {
        language.needed();
        var old = secret();
        var young = secret();
        put("recorder", endpoint(server).add("secret", old));
        post("recorder/rotate", "{\"secret\":\"" + young + "\"}");
        var number = shop.paid("wxpay");
        eventually("recorded", () -> !server.about(number).isEmpty());
        var sent = Sent.of(server.about(number).get(0));
        assertThat(sent.signature().split(" ")).hasSize(2);

        for (var secret : new String[] {old, young}) {
            try (var receiver = receiver(language, secret)) {
                assertThat(sent.at(receiver)).isEqualTo(ACCEPTED);
                assertThat(sent.withBody(sent.body() + " ").at(receiver)).isEqualTo(REFUSED);
            }
        }
        try (var receiver = receiver(language, secret())) {
            assertThat(sent.at(receiver)).isEqualTo(REFUSED);
        }
    }

    private WebhookReceiver receiver(Language language, String secret) throws IOException {
        return new WebhookReceiver(
                language,
                secret,
                TestRun.directory().resolve("webhook-receivers").resolve(shop.pid + "-" + language));
    }

    private static String secret() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
