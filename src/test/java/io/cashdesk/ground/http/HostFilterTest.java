package io.cashdesk.ground.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.setting.Settings;
import io.cashdesk.testing.ARequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HostFilterTest {
    private static final int PASSED = 0;

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "CASHDESK_BASE_URL", "https://pay.example.com",
            "CASHDESK_HOSTS", "pay2.example.com, 10.0.0.7:8080,[2001:db8::7]:8443"));

    /** The status with which the filter answers, and what it says; 0 if it lets the request pass. */
    private record Outcome(int status, String body) {}

    private Outcome outcome(ARequest request) {
        try {
            var settings = new Settings(environment::get);
            var filter = new HostFilter();
            filter.settings = settings;
            filter.knownHosts = new KnownHosts();
            filter.knownHosts.settings = settings;
            filter.knownHosts.read();
            var status = new int[1];
            var body = new StringWriter();
            var response = (HttpServletResponse) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (p, method, arguments) -> {
                        if (method.getName().equals("setStatus")) status[0] = (int) arguments[0];
                        return method.getName().equals("getWriter") ? new PrintWriter(body, true) : null;
                    });
            var passed = new boolean[1];
            filter.doFilter(request.request(), response, (q, r) -> passed[0] = true);
            assertThat(passed[0]).isEqualTo(status[0] == PASSED);
            return new Outcome(status[0], body.toString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int status(String... hosts) {
        return outcome(new ARequest().path("/checkout/x").header("Host", hosts)).status();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pay.example.com",
                "PAY.Example.COM",
                "pay.example.com.",
                "pay.example.com:443",
                "pay.example.com:",
                "pay2.example.com",
                "pay2.example.com:80",
                "pay2.example.com:443",
                "10.0.0.7:8080",
                "[2001:db8::7]:8443",
                "[2001:DB8:0:0:0:0:0:7]:8443"
            })
    void takes_the_base_address_and_the_listed_hosts(String host) {
        assertThat(status(host)).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @CsvSource({"pay.example.com:8443, 0", "pay.example.com, 0", "pay.example.com:443, 421", "pay.example.com:80, 421"})
    void takes_a_base_address_with_a_port_also_without_it(String host, int status) {
        environment.put("CASHDESK_BASE_URL", "https://pay.example.com:8443");

        assertThat(status(host)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "pay.example.com:8443",
                "pay.example.com:80",
                "pay.example.com.evil.example",
                "evil-pay.example.com",
                "xpay.example.com",
                "10.0.0.7",
                "10.0.0.7:8081",
                "[2001:db8::7]",
                "localhost",
                "localhost:8080",
                "127.0.0.1:8080",
                "[::1]:8080"
            })
    void answers_421_for_another_host(String host) {
        assertThat(status(host)).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:1234",
                "LOCALHOST:1234",
                "127.0.0.1:8080",
                "127.9.9.9",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]"
            })
    void takes_loopback_on_any_port_in_development(String host) {
        environment.put("CASHDESK_DEVELOPMENT", "true");

        assertThat(status(host)).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost.evil.example", "127.0.0.1.evil.example", "evil.example", "10.0.0.1", "[::2]"})
    void takes_nothing_else_in_development(String host) {
        environment.put("CASHDESK_DEVELOPMENT", "true");

        assertThat(status(host)).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pay.example.com/x",
                "pay.example.com evil.example",
                "user@pay.example.com",
                "pay.example.com:port",
                "pay.example.com:99999",
                "[pay.example.com]",
                "pay.example.com,evil.example",
                "<script>"
            })
    void answers_400_for_what_is_no_host(String host) {
        assertThat(status(host)).isEqualTo(400);
    }

    @Test
    void answers_400_for_no_header_and_for_two() {
        assertThat(status()).isEqualTo(400);
        assertThat(status("pay.example.com", "pay.example.com")).isEqualTo(400);
        assertThat(status("pay.example.com", "evil.example")).isEqualTo(400);
    }

    @Test
    void of_an_absolute_target_its_host_counts() {
        var path = "/checkout/x";
        assertThat(outcome(new ARequest()
                                .path(path)
                                .absolute("https://evil.example" + path)
                                .header("Host", "pay.example.com"))
                        .status())
                .isEqualTo(421);
        assertThat(outcome(new ARequest()
                                .path(path)
                                .absolute("http://pay.example.com" + path)
                                .header("Host", "evil.example"))
                        .status())
                .isEqualTo(PASSED);
        assertThat(outcome(new ARequest()
                                .path(path)
                                .absolute("http://pay.example.com@evil.example" + path)
                                .header("Host", "pay.example.com"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void does_not_believe_what_proxies_forward() {
        assertThat(outcome(new ARequest()
                                .header("Host", "evil.example")
                                .header("X-Forwarded-Host", "pay.example.com")
                                .header("Forwarded", "host=pay.example.com"))
                        .status())
                .isEqualTo(421);
        assertThat(outcome(new ARequest().header("Host", "pay.example.com").header("X-Forwarded-Host", "evil.example"))
                        .status())
                .isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/health/",
                "/health/live",
                "/health/live/",
                "/health/ready",
                "/metrics",
                "/metrics/",
                "/notify/",
                "/notify/alipay/0193-a",
                "/notify/alipay/0193-a/",
                "/notify/wxpay/0193-a/refund"
            })
    void takes_monitoring_and_notifications_under_any_name(String path) {
        assertThat(outcome(new ARequest().path(path).header("Host", "10.1.1.1:8080"))
                        .status())
                .isEqualTo(PASSED);
        assertThat(outcome(new ARequest().path(path)).status()).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/healthy",
                "/health/../api/pay/queryPayment",
                "/health;x/../demo/",
                "/metrics/../demo/",
                "/notify/../api/pay/queryPayment",
                "/notify/a/..;/..;/api/pay/queryPayment",
                "/notify/%2e%2e/demo/",
                "/notify//demo",
                "/health/live/demo",
                "/metrics//",
                "/notifyx",
                "/api/pay/queryPayment",
                "/http/vk-pay/x",
                "/api/cloudPay/x",
                "/assets/checkout.css",
                "/simulator/wallet",
                "/demo/"
            })
    void takes_nothing_else_under_any_name(String path) {
        assertThat(outcome(new ARequest().path(path).header("Host", "evil.example"))
                        .status())
                .isEqualTo(421);
    }

    @Test
    void takes_everything_on_the_simulators_listener() {
        assertThat(outcome(new ARequest()
                                .path("/simulator/alipay/gateway.do")
                                .to(8079)
                                .header("Host", "openapi.alipay.com"))
                        .status())
                .isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/pay/queryPayment", "/api", "/http/vk-pay/pk_test_x"})
    void answers_with_json_in_the_apis_whatever_is_accepted(String path) {
        var answer =
                outcome(new ARequest().path(path).header("Host", "evil.example").header("Accept", "text/html"));

        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.body()).startsWith("{").contains("\"code\":1126");
    }

    @Test
    void says_which_host_it_is_not_and_what_to_do() {
        var json = outcome(new ARequest().header("Host", "evil.example").header("Accept-Language", "en"));
        var page = outcome(new ARequest().header("Host", "evil.example").header("Accept", "text/html,*/*"));
        var malformed = outcome(new ARequest().header("Host", "<script>").header("Accept", "text/html,*/*"));

        assertThat(json.body())
                .contains("\"code\":1126", "\"status\":421", "the host evil.example", "CASHDESK_HOSTS")
                .startsWith("{");
        assertThat(page.body())
                .contains("主机 evil.example", "the host evil.example")
                .doesNotContain("{");
        assertThat(malformed.body()).doesNotContain("script");
    }
}
