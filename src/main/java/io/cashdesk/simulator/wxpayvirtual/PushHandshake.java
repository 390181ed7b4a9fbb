package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;

/** The check of a push address when it is entered in the console: the server there must return what was sent. */
@ApplicationScoped
class PushHandshake {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    @Inject
    Clock clock;

    /** @param said what was answered instead, or why nothing was */
    record Result(boolean verified, String said) {}

    Result check(URI address, String token) {
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        var nonce = RandomText.digits(10);
        var echo = RandomText.digits(19);
        var query = "signature=" + VirtualSignature.ofPush(token, timestamp, nonce) + "&timestamp=" + timestamp
                + "&nonce=" + nonce + "&echostr=" + echo;
        var whole = URI.create(address + (address.getRawQuery() == null ? "?" : "&") + query);
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(whole).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
            var right = answer.statusCode() == 200 && answer.body().equals(echo);
            return new Result(right, right ? "" : answer.statusCode() + " " + answer.body());
        } catch (IOException e) {
            return new Result(false, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(false, "the server stops");
        }
    }
}
