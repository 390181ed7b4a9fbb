package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.RawHttp;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts a server answers for, and where its redirects lead, as a client without a browser sees it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostIT {
    static Shop shop;
    static RawHttp http;
    static String host;

    @BeforeAll
    static void open() {
        shop = new Shop("host-it");
        http = new RawHttp(shop.node.base().getPort());
        host = "Host: " + shop.node.base().getRawAuthority();
    }

    private static String checkoutPath() {
        var address = shop.node.createCheckout(shop.key, Shop.number());
        assertThat(address).startsWith(shop.node.base() + "/checkout/");
        return address.substring(shop.node.base().toString().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/demo/",
                "/assets/checkout.css",
                "/assets/",
                "/checkout/x",
                "/q/x",
                "/simulator/",
                "/api/pay/queryPayment",
                "/api/manage/merchants",
                "/http/vk-pay/pk",
                "/api/cloudPay/queryOrder",
                "/unknown"
            })
    void another_host_is_answered_with_421_before_anything_else(String path) {
        for (var method : new String[] {"GET", "POST", "OPTIONS"}) {
            var answer = http.send(method, path, "", "Host: evil.example");

            assertThat(answer.status()).as(answer.text()).isEqualTo(421);
            assertThat(answer.text()).contains("\"code\":1126").contains("evil.example");
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }
        assertThat(http.get(
                                path,
                                "Host: evil.example",
                                "X-Forwarded-Host: " + shop.node.base().getRawAuthority())
                        .status())
                .isEqualTo(421);
    }

    @Test
    void a_browser_is_told_in_chinese_and_english() {
        var answer = http.get("/checkout/x", "Host: evil.example", "Accept: text/html");

        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(answer.text()).contains("主机 evil.example", "the host evil.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/metrics", "/notify/alipay/x"})
    void monitoring_and_notifications_are_taken_under_any_name(String path) {
        assertThat(http.get(path, "Host: evil.example").status()).isNotEqualTo(421);
        assertThat(http.get("/health/live", "Host: 10.0.0.7:8080").status()).isEqualTo(200);
    }

    @Test
    void the_simulators_listener_takes_any_name() {
        var simulator = new RawHttp(Integer.parseInt(shop.node.environment("CASHDESK_SIMULATOR_PORT")));

        assertThat(simulator
                        .get("/simulator/alipay/gateway.do", "Host: openapi.alipay.com")
                        .status())
                .isNotEqualTo(421);
    }

    @Test
    void in_development_loopback_is_taken_on_any_port() {
        for (var name : new String[] {"localhost", "LOCALHOST:1", "127.0.0.1:1234", "[::1]:80"}) {
            assertThat(http.get("/assets/checkout.css", "Host: " + name).status())
                    .as(name)
                    .isEqualTo(200);
        }
    }

    /** Most of these the server itself refuses, before any filter. */
    @Test
    void no_host_two_hosts_and_a_malformed_one_are_400() {
        assertThat(http.get("/checkout/x").status()).isEqualTo(400);
        assertThat(http.get("/checkout/x", host, "Host: evil.example").status()).isEqualTo(400);
        assertThat(http.get("/checkout/x", host, host).status()).isEqualTo(400);
        assertThat(http.get("/checkout/x", "Host: localhost<b>").status()).isEqualTo(400);
        assertThat(http.get("/checkout/x", "Host: localhost:port").status()).isEqualTo(400);
    }

    @Test
    void http_1_0_without_a_host_reaches_monitoring_only() {
        assertThat(http.sendLine("GET /checkout/x HTTP/1.0", "").status()).isEqualTo(421);
        assertThat(http.sendLine("GET /health/live HTTP/1.0", "").status()).isEqualTo(200);
    }

    /** A target in absolute form that names another host than the header is refused by the server itself. */
    @Test
    void an_absolute_target_must_name_a_known_host_too() {
        assertThat(http.get("http://evil.example/checkout/x", host).status()).isEqualTo(400);
        assertThat(http.get("http://evil.example/checkout/x", "Host: evil.example")
                        .status())
                .isEqualTo(421);
        assertThat(http.get("http://localhost/assets/checkout.css", host).status())
                .isEqualTo(200);
    }

    /** Under whichever of the server's names, and also those of the container itself, for directories. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/demo",
                "/simulator",
                "/assets",
                "/assets/",
                "/WEB-INF",
                "/WEB-INF/templates",
                "/META-INF",
                "/checkout",
                "/health",
                "//evil.example/",
                "/assets/..",
                "/checkout/x/return",
                "/checkout/x/payer"
            })
    void a_redirect_inside_is_a_path(String path) {
        for (var name : new String[] {host, "Host: 127.0.0.1:9"}) {
            var answer = http.get(path, name, "Accept: text/html");
            if (answer.status() < 300 || answer.status() > 399) continue;

            assertThat(answer.header("Location")).as(answer.text()).matches("/[^/].*|/");
        }
    }

    @Test
    void the_code_for_any_phone_and_the_choice_of_a_wallet_redirect_to_a_path() {
        var path = checkoutPath();

        var scanned = http.get(path.replace("/checkout/", "/q/"), "Host: 127.0.0.1:9");
        var chosen = http.send(
                "POST", path + "/pay", "provider=alipay", host, "Content-Type: application/x-www-form-urlencoded");

        assertThat(scanned.status()).isEqualTo(303);
        assertThat(scanned.header("Location")).isEqualTo(path);
        assertThat(chosen.status()).as(chosen.text()).isEqualTo(303);
        assertThat(chosen.header("Location")).startsWith(path);
    }

    @Test
    void addresses_that_are_handed_out_do_not_follow_the_host() {
        var body = "{\"data\":" + Shop.order(Shop.number()).build() + "}";
        var answer = http.send(
                "POST",
                "/api/pay/createCheckout",
                body,
                "Host: 127.0.0.1:9",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: https",
                "Content-Type: application/json",
                "Authorization: Bearer " + shop.key);

        assertThat(answer.text()).contains("\"checkout_url\":\"" + shop.node.base() + "/checkout/");
    }

    /** The shared server trusts no proxy. */
    @Test
    void what_a_stranger_forwards_is_not_the_payers_address() {
        var number = Shop.number();
        var answer = http.send(
                "POST",
                "/api/pay/createPayment",
                "{\"provider\":\"alipay\",\"needQRcode\":true,\"data\":"
                        + Shop.order(number).build() + "}",
                host,
                "X-Forwarded-For: 203.0.113.7",
                "Content-Type: application/json",
                "Authorization: Bearer " + shop.key);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(TestDatabase.text(
                        shop.node.dbUrl(), "select client_ip from pay_order where out_trade_no = '" + number + "'"))
                .isEqualTo("127.0.0.1");
    }
}
