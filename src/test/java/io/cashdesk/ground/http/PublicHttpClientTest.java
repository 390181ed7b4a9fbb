package io.cashdesk.ground.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.testing.MerchantServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublicHttpClientTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "fe80::1",
                "fd00::1",
                "2002:7f00:1::",
                "64:ff9b::7f00:1",
                "::"
            })
    void an_address_inside_is_private(String address) throws UnknownHostException {
        assertThat(PublicHttpClient.isPrivate(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"})
    void an_address_outside_is_public(String address) throws UnknownHostException {
        assertThat(PublicHttpClient.isPrivate(InetAddress.getByName(address))).isFalse();
    }

    /** Tells what names lead to, one answer after the other; the last one stays. */
    private static final class Names implements Dns {
        final List<List<InetAddress>> answers = new ArrayList<>();
        int asked;

        Names then(String... addresses) throws UnknownHostException {
            var all = new ArrayList<InetAddress>();
            for (var address : addresses) all.add(InetAddress.getByName(address));
            answers.add(all);
            return this;
        }

        @Override
        public List<InetAddress> lookup(String name) {
            return answers.get(Math.min(asked++, answers.size() - 1));
        }
    }

    private static PublicHttpClient outgoing(boolean development, Dns names) {
        var outgoing = new PublicHttpClient();
        outgoing.settings = new Settings(n -> n.equals("CASHDESK_DEVELOPMENT") ? Boolean.toString(development) : null);
        outgoing.dns = names;
        outgoing.open();
        return outgoing;
    }

    @Test
    void a_name_is_looked_up_once_for_every_call_and_followed_when_it_moves() throws Exception {
        try (var shop = new MerchantServer()) {
            var names = new Names().then("127.0.0.1").then("127.0.0.1").then("127.0.0.2"); // where nobody listens
            var outgoing = outgoing(true, names);
            var hook = URI.create(shop.url().replace("127.0.0.1", "shop.example"));

            assertThat(outgoing.post(hook, Map.of(), "{}", false).address()).startsWith("127.0.0.1:");
            assertThat(outgoing.post(hook, Map.of(), "{}", false).status()).isEqualTo(200);
            assertThatThrownBy(() -> outgoing.post(hook, Map.of(), "{}", false)).isInstanceOf(ConnectException.class);

            assertThat(names.asked).isEqualTo(3);
            assertThat(shop.heard()).hasSize(2);
        }
    }

    @Test
    void a_name_that_leads_inside_is_refused_even_if_it_leads_outside_too() throws Exception {
        var outgoing = outgoing(false, new Names().then("1.1.1.1", "10.0.0.1"));

        assertThatThrownBy(() -> outgoing.post(URI.create("https://shop.example/hook"), Map.of(), "{}", false))
                .hasMessageContaining("leads to the private address 10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"})
    void an_address_inside_is_refused_however_it_is_written(String url) {
        assertThatThrownBy(() -> outgoing(false, Dns.SYSTEM).post(URI.create(url), Map.of(), "{}", false))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void a_redirect_is_an_answer_and_not_followed() throws Exception {
        try (var shop = new MerchantServer();
                var other = new MerchantServer()) {
            shop.says("Location", other.url());
            shop.answers(307, "");

            assertThat(outgoing(true, Dns.SYSTEM)
                            .post(URI.create(shop.url()), Map.of(), "{}", false)
                            .status())
                    .isEqualTo(307);
            assertThat(other.heard()).isEmpty();
        }
    }

    @Test
    void a_server_that_answers_twice_is_not_heard_by_the_next_request() throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var connections = new AtomicInteger();
            var yes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
            var no = "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno".getBytes(StandardCharsets.US_ASCII);
            var serving = CompletableFuture.runAsync(() -> {
                while (true) {
                    try (var socket = server.accept()) {
                        var first = connections.incrementAndGet() == 1;
                        socket.getInputStream().read(new byte[4096]);
                        socket.getOutputStream().write(first ? yes : no);
                        if (first) socket.getOutputStream().write(yes); // unasked
                        socket.getOutputStream().flush();
                        socket.getInputStream().read(new byte[4096]);
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            var outgoing = outgoing(true, Dns.SYSTEM);
            var address = URI.create("http://127.0.0.1:" + server.getLocalPort());

            assertThat(outgoing.post(address, Map.of(), "{}", false).status()).isEqualTo(200);
            assertThat(outgoing.post(address, Map.of(), "{}", false).status()).isEqualTo(500);
            outgoing.close();
            server.close();
            serving.join();
        }
    }
}
