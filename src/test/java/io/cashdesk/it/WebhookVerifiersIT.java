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
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
    private static final int LIMIT_BYTES = 1024 * 1024;

    /** A receiver ends a request after 15 seconds; the rest is for a slow machine. */
    private static final int STALLED_MILLIS = 40_000;

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

    @ParameterizedTest
    @EnumSource
    void refuse_a_secret_with_which_anyone_can_sign(Language language) throws Exception {
        language.needed();
        var body = "{\"type\":\"payment.paid\",\"data\":{\"out_trade_no\":\"FORGED\"}}";
        var secrets = new HashMap<String, byte[]>(); // and the keys of which they would be the secrets
        secrets.put(null, new byte[0]);
        secrets.put("", new byte[0]);
        secrets.put("whsec_", new byte[0]);
        secrets.put("whsec_" + Base64.getEncoder().encodeToString(new byte[23]), new byte[23]);
        secrets.put("whsec_" + Base64.getEncoder().encodeToString(new byte[65]), new byte[65]);
        secrets.put(Base64.getEncoder().encodeToString(new byte[24]), new byte[24]);

        for (var secret : secrets.entrySet()) {
            var output = WebhookReceiver.refuse(
                    language, secret.getKey(), directory(language), body, signed(secret.getValue(), body));

            assertThat(output)
                    .as("%s with the secret %s", language, secret.getKey())
                    .contains("WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in Base64")
                    .doesNotContain("FORGED");
        }
    }

    /** As anyone can sign who knows the key; {@code HmacSHA256} takes no empty one, and zeros are the same to it. */
    private static Map<String, String> signed(byte[] key, String body) throws GeneralSecurityException {
        var now = Long.toString(Instant.now().getEpochSecond());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
        var signature = mac.doFinal(("msg_forged." + now + "." + body).getBytes(StandardCharsets.UTF_8));
        return Map.of(
                "webhook-id",
                "msg_forged",
                "webhook-timestamp",
                now,
                "webhook-signature",
                "v1," + Base64.getEncoder().encodeToString(signature));
    }

    @ParameterizedTest
    @EnumSource
    void accept_webhooks_while_other_requests_are_stalled_and_after_broken_ones(Language language) throws Exception {
        language.needed();
        var secret = secret();
        try (var receiver = receiver(language, secret)) {
            put(
                    "receiver",
                    Json.createObjectBuilder()
                            .add("url", receiver.url())
                            .add("mode", "test")
                            .add("secret", secret));
            var head =
                    "POST /hook HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
            receiver.begin(head + "{}").close();
            try (var inBody = receiver.begin(head + "{}");
                    var inHead = receiver.begin("POST /hook HTTP/1.1\r\nHos")) {
                test("receiver");
                eventually(
                        "received beside stalled requests",
                        () -> deliveries("receiver", "?state=acknowledged").size() == 1);

                if (language != Language.PHP) { // whose web server sets the time
                    for (var stalled : new Socket[] {inBody, inHead}) {
                        stalled.setSoTimeout(STALLED_MILLIS);
                        assertThat(new String(stalled.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                                .as("what came before the connection ended")
                                .doesNotContain(" 204 ");
                    }
                }
            }
            assertThat(receiver.isAlive()).isTrue();
            test("receiver");
            eventually(
                    "received after broken requests",
                    () -> deliveries("receiver", "?state=acknowledged").size() == 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refuse_a_body_over_the_limit(Language language) throws Exception {
        language.needed();
        var key = new byte[24];
        new SecureRandom().nextBytes(key);
        try (var receiver = receiver(language, "whsec_" + Base64.getEncoder().encodeToString(key))) {
            var body = "{\"type\":\"payment.paid\",\"data\":{\"out_trade_no\":\"BIG\"}}";
            var most = body + " ".repeat(LIMIT_BYTES - body.length());

            assertThat(receiver.post(most, signed(key, most))).isEqualTo(ACCEPTED);
            assertThat(receiver.post(most + " ", signed(key, most + " "))).isEqualTo(413);
        }
    }

    private WebhookReceiver receiver(Language language, String secret) throws IOException {
        return WebhookReceiver.start(language, secret, directory(language));
    }

    private Path directory(Language language) {
        return TestRun.directory().resolve("webhook-receivers").resolve(shop.pid + "-" + language);
    }

    private static String secret() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
