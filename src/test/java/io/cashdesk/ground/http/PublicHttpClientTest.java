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
    void an_address_of_a_private_range_is_private(String address) throws UnknownHostException {
        assertThat(PublicHttpClient.isPrivate(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"})
    void other_addresses_are_public(String address) throws UnknownHostException {
        assertThat(PublicHttpClient.isPrivate(InetAddress.getByName(address))).isFalse();
    }

    /** Returns the given results one after the other; the last one is repeated. */
    private static final class StubDns implements Dns {
        final List<List<InetAddress>> answers = new ArrayList<>();
        int lookups;

        StubDns then(String... addresses) throws UnknownHostException {
            var all = new ArrayList<InetAddress>();
            for (var address : addresses) all.add(InetAddress.getByName(address));
            answers.add(all);
            return this;
        }

        @Override
        public List<InetAddress> lookup(String name) {
            return answers.get(Math.min(lookups++, answers.size() - 1));
        }
    }

    private static PublicHttpClient client(boolean development, Dns dns) {
        var client = new PublicHttpClient();
        client.settings = new Settings(n -> n.equals("CASHDESK_DEVELOPMENT") ? Boolean.toString(development) : null);
        client.dns = dns;
        client.open();
        return client;
    }

    @Test
    void a_host_name_is_resolved_once_for_every_call() throws Exception {
        try (var shop = new MerchantServer()) {
            var dns = new StubDns()
                    .then("127.0.0.1")
                    .then("127.0.0.1")
                    .then("127.0.0.2"); // no server listens on 127.0.0.2
            var client = client(true, dns);
            var url = URI.create(shop.url().replace("127.0.0.1", "shop.example"));

            assertThat(client.post(url, Map.of(), "{}", false).address()).startsWith("127.0.0.1:");
            assertThat(client.post(url, Map.of(), "{}", false).status()).isEqualTo(200);
            assertThatThrownBy(() -> client.post(url, Map.of(), "{}", false)).isInstanceOf(ConnectException.class);

            assertThat(dns.lookups).isEqualTo(3);
            assertThat(shop.received()).hasSize(2);
        }
    }

    @Test
    void a_host_with_a_private_address_is_refused_even_if_it_also_has_a_public_one() throws Exception {
        var client = client(false, new StubDns().then("1.1.1.1", "10.0.0.1"));

        assertThatThrownBy(() -> client.post(URI.create("https://shop.example/hook"), Map.of(), "{}", false))
                .hasMessageContaining("leads to the private address 10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"})
    void a_private_address_is_refused_in_every_notation(String url) {
        assertThatThrownBy(() -> client(false, Dns.SYSTEM).post(URI.create(url), Map.of(), "{}", false))
                .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/n",
                "https://[::1]/n",
                "https://[::ffff:10.0.0.1]/n",
                "https://10.1.2.3:8443/n",
                "https://2130706433/n",
                "https://0x7f.1/n",
                "https://localhost/n",
                "https://shop.LOCALHOST/n",
                "http://shop.example/n",
                "ftp://shop.example/n",
                "https://user@shop.example/n",
                "https:///n",
                "/n",
                "https://shop.example/a b"
            })
    void an_address_that_is_never_called_is_known_by_its_text(String url) {
        assertThat(client(false, Dns.SYSTEM).refusal(url)).isPresent();
    }

    @Test
    void other_addresses_may_be_called_as_far_as_their_text_shows() {
        assertThat(client(false, Dns.SYSTEM).refusal("https://shop.example/n?a=1"))
                .isEmpty();
        assertThat(client(false, Dns.SYSTEM).refusal("https://1.1.1.1/n")).isEmpty();
        assertThat(client(true, Dns.SYSTEM).refusal("http://127.0.0.1:8090/n")).isEmpty();
        assertThat(client(true, Dns.SYSTEM).refusal("ftp://127.0.0.1/n")).isPresent();
    }

    @Test
    void an_address_is_called_with_GET_without_a_body() throws Exception {
        try (var shop = new MerchantServer()) {
            var exchange = client(true, Dns.SYSTEM).get(URI.create(shop.url() + "?a=1"), Map.of("User-Agent", "test"));

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(shop.received().get(0).body()).isEmpty();
        }
        assertThatThrownBy(() -> client(false, Dns.SYSTEM).get(URI.create("https://127.0.0.1/"), Map.of()))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void a_redirect_is_returned_and_not_followed() throws Exception {
        try (var shop = new MerchantServer();
                var other = new MerchantServer()) {
            shop.answerHeader("Location", other.url());
            shop.answers(307, "");

            assertThat(client(true, Dns.SYSTEM)
                            .post(URI.create(shop.url()), Map.of(), "{}", false)
                            .status())
                    .isEqualTo(307);
            assertThat(other.received()).isEmpty();
        }
    }

    @Test
    void a_second_response_on_a_connection_is_not_read_by_the_next_request() throws Exception {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var connections = new AtomicInteger();
            var ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
            var error = "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno".getBytes(StandardCharsets.US_ASCII);
            var serving = CompletableFuture.runAsync(() -> {
                while (true) {
                    try (var socket = server.accept()) {
                        var first = connections.incrementAndGet() == 1;
                        socket.getInputStream().read(new byte[4096]);
                        socket.getOutputStream().write(first ? ok : error);
                        if (first) socket.getOutputStream().write(ok); // a second response, without a request
                        socket.getOutputStream().flush();
                        socket.getInputStream().read(new byte[4096]);
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            var client = client(true, Dns.SYSTEM);
            var address = URI.create("http://127.0.0.1:" + server.getLocalPort());

            assertThat(client.post(address, Map.of(), "{}", false).status()).isEqualTo(200);
            assertThat(client.post(address, Map.of(), "{}", false).status()).isEqualTo(500);
            client.close();
            server.close();
            serving.join();
        }
    }
}
