package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.MadeCertificate;
import io.cashdesk.testing.Nginx;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.TestRun;
import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * A server behind Debian's nginx, which ends TLS with the configuration that docs/operations.md shows and rewrites
 * nothing. The simulated providers notify and the demo shop is called through it too.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxyIT {
    private static final String WECHAT = Shop.IPHONE + " MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN";

    /** Where a page leads or sends a form: attributes, and the address of a refresh. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:href|src|action|data-[a-z-]+)=\"([^\"]*)\"|;\\s*url=([^\"]*)\"");

    static MadeCertificate certificate;
    static int port;
    static String base;
    static Node node;
    static Nginx nginx;
    static String key;
    static HttpClient client;

    @BeforeAll
    static void open() throws Exception {
        Nginx.needed();
        var directory = TestRun.directory().resolve("nginx");
        certificate = new MadeCertificate(directory);
        client = HttpClient.newBuilder()
                .sslContext(certificate.trusting())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build(); // HTTP/2 to nginx, as browsers
        port = TestRun.freePort();
        base = "https://localhost:" + port;
        var demo = directory.resolve("demo.properties");
        node = Nodes.start(
                "proxied",
                TestDatabase.fresh(),
                base,
                Map.of(
                        "CASHDESK_TRUSTED_PROXIES",
                        "127.0.0.1",
                        "CASHDESK_HOSTS",
                        "listed",
                        "CASHDESK_DEMO_FILE",
                        demo.toString(),
                        "JVM_OPTIONS",
                        "-XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=" + certificate.store()
                                + " -Djavax.net.ssl.trustStorePassword=" + MadeCertificate.PASSWORD));
        nginx = new Nginx(directory, documented(port), port);
        openShop(demo);
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (nginx != null) nginx.close();
        if (node != null) node.kill();
    }

    /** The block of docs/operations.md, with the ports, name and files of this test. */
    private static String documented(int listen) throws Exception {
        var page = Files.readString(Path.of("docs/operations.md"));
        var begin = page.indexOf("```nginx\n");
        assertThat(begin).as("docs/operations.md has an nginx block").isPositive();
        var block = page.substring(begin + "```nginx\n".length(), page.indexOf("\n```", begin) + 1);
        block = replaced(
                block,
                "server 127.0.0.1:8080;",
                "server 127.0.0.1:" + node.base().getPort() + ";");
        block = replaced(block, "listen 443 ssl", "listen 127.0.0.1:" + listen + " ssl");
        block = replaced(block, "server_name pay.example.com;", "server_name localhost;");
        block = replaced(
                block,
                "/etc/ssl/pay.example.com.pem",
                certificate.certificatePem().toString());
        return replaced(
                block,
                "/etc/ssl/private/pay.example.com.key",
                certificate.keyPem().toString());
    }

    private static String replaced(String text, String documented, String ours) {
        assertThat(text).contains(documented);
        return text.replace(documented, ours);
    }

    private static void openShop(Path demo) throws IOException {
        node.manage(
                "PUT",
                "merchants/demo",
                Json.createObjectBuilder()
                        .add("name", "演示商店")
                        .add("return_urls", Json.createArrayBuilder().add(base + "/demo/")));
        key = node.manage(
                        "POST",
                        "merchants/demo/keys",
                        Json.createObjectBuilder().add("mode", "test"))
                .json()
                .getString("key");
        var secret = node.manage(
                        "PUT",
                        "merchants/demo/webhooks/demo-shop",
                        Json.createObjectBuilder()
                                .add("url", base + "/demo/webhook")
                                .add("mode", "test"))
                .json()
                .getString("secret");
        var properties = new Properties();
        properties.putAll(Map.of("base_url", base, "pid", "demo", "key", key, "webhook_secret", secret));
        try (var out = Files.newBufferedWriter(demo)) {
            properties.store(out, null);
        }
    }

    private static Browser browser(Screen screen) throws Exception {
        return new Browser(screen, "--ignore-certificate-errors-spki-list=" + certificate.publicKeyHash());
    }

    private static void isSecure(String address) {
        assertThat(address).startsWith(base + "/");
    }

    @Test
    void a_payer_at_a_desk_buys_pays_and_returns_to_the_shop() throws Exception {
        try (var browser = browser(Screen.desktop())) {
            browser.open(base + "/demo/");
            browser.click("button[data-buy]");
            browser.click("button[data-provider=alipay]");
            browser.find("[data-state=code]");
            isSecure(browser.driver().getCurrentUrl());
            var page = browser.driver().getWindowHandle();
            browser.inNewTab(browser.attribute("#open-wallet", "href"));
            isSecure(browser.driver().getCurrentUrl());
            browser.click("#pay");
            browser.find("[data-state=SUCCESS]");
            browser.toTab(page);

            browser.waitFor("[data-state=paid], [data-order-state=paid]", Duration.ofSeconds(10));
            browser.waitFor("[data-order-state=paid]", Duration.ofSeconds(15));

            isSecure(browser.driver().getCurrentUrl());
            browser.picture("paid-behind-nginx");
        }
    }

    @Test
    void a_phone_scans_the_code_for_any_wallet_and_pays() throws Exception {
        try (var browser = browser(Screen.phone(Shop.IPHONE))) {
            browser.open(checkout(Shop.number()).replace("/checkout/", "/q/"));
            isSecure(browser.driver().getCurrentUrl());
            browser.click("button[data-provider=wxpay]"); // our policy lets the form lead to https only
            browser.click("#pay");

            browser.waitFor("[data-state=paid]", Duration.ofSeconds(15));

            isSecure(browser.driver().getCurrentUrl());
        }
    }

    @Test
    void every_address_on_a_phones_way_is_a_path_or_https() throws Exception {
        var page = checkout(Shop.number());
        var scanned = get(page.replace("/checkout/", "/q/"), Shop.IPHONE);
        assertThat(location(scanned)).isEqualTo(path(page));

        addresses(get(page, Shop.IPHONE));
        var chosen = post(page + "/pay", Shop.IPHONE, "provider=wxpay");
        assertThat(location(chosen)).startsWith(path(page) + "?");
        var opening = get(base + location(chosen), Shop.IPHONE);
        var wallet = addresses(opening).stream()
                .filter(a -> a.contains("/simulator/wxpay/h5?"))
                .findFirst()
                .orElseThrow();
        isSecure(wallet);

        var opened = send(request(wallet, Shop.IPHONE).header("Referer", page).build());
        assertThat(location(opened)).startsWith("/simulator/wallet?code=");
        addresses(get(base + location(opened), Shop.IPHONE));
        var code = location(opened).replaceFirst(".*code=", "");
        var paid = post(base + "/simulator/wallet/pay", Shop.IPHONE, "code=" + code);
        assertThat(location(paid)).startsWith("/simulator/wallet?code=");
        addresses(get(base + location(paid), Shop.IPHONE));
        assertThat(location(get(page + "/return", Shop.IPHONE))).isEqualTo(path(page));
    }

    @Test
    void inside_wechat_the_login_goes_round_in_https_with_secure_cookies() throws Exception {
        var page = checkout(Shop.number());
        var first = get(page, WECHAT);
        isSecure(location(first));
        assertThat(location(first)).contains("redirect_uri=https%3A%2F%2Flocalhost");
        var cookies = first.headers().allValues("Set-Cookie");
        assertThat(cookies).isNotEmpty().allMatch(c -> c.contains("Secure"));
        var back = get(location(first), WECHAT);
        isSecure(location(back));

        var known = send(request(location(back), WECHAT)
                .header("Cookie", cookies.get(0).replaceFirst(";.*", ""))
                .build());

        assertThat(location(known)).isEqualTo(path(page));
        assertThat(known.headers().allValues("Set-Cookie")).isNotEmpty().allMatch(c -> c.contains("Secure"));
        assertThat(get(page + "?lang=en&choose&problem=x", WECHAT).headers().allValues("Set-Cookie"))
                .isNotEmpty()
                .allMatch(c -> c.contains("Secure"));
    }

    @Test
    void forms_may_lead_to_our_own_https_address_only() throws Exception {
        var policy = get(base + "/demo/", Shop.IPHONE)
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();

        assertThat(policy).contains("form-action 'self' " + base + ";").doesNotContain("http:");
    }

    @Test
    void a_query_waits_for_25_seconds() throws Exception {
        var page = checkout(Shop.number());
        var begun = System.nanoTime();

        var answer = send(request(page + "/queryPayment", Shop.IPHONE)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(20));
    }

    @Test
    void a_body_as_large_as_a_notification_may_be_passes() throws Exception {
        var answer = post(base + "/notify/alipay/x", Shop.IPHONE, "a=" + "x".repeat(200 * 1024));

        assertThat(answer.statusCode()).isNotIn(413, 421, 502);
    }

    @Test
    void the_payers_address_is_the_one_that_nginx_saw() throws Exception {
        var number = Shop.number();
        var body = "{\"provider\":\"alipay\",\"needQRcode\":true,\"data\":"
                + Shop.order(number).build() + "}";

        var answer = send(request(base + "/api/pay/createPayment", Shop.IPHONE)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", "198.51.100.1, unknown")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(TestDatabase.text(
                        node.dbUrl(), "select client_ip from pay_order where out_trade_no = '" + number + "'"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void without_the_header_host_every_request_is_for_the_upstream_and_that_can_be_listed() throws Exception {
        var page = checkout(Shop.number());
        var other = TestRun.freePort();
        var forgotten = replaced(documented(other), "proxy_set_header Host $http_host;", "");
        var directory = TestRun.directory().resolve("nginx-without-host");
        try (var unnamed = new Nginx(directory, forgotten, other)) {
            assertThat(unnamed).isNotNull();
            var answer = get(page.replace(":" + port, ":" + other), Shop.IPHONE);
            assertThat(answer.statusCode()).isEqualTo(421);
            assertThat(answer.body()).contains("the host cashdesk");
        }
        var third = TestRun.freePort();
        var listed = replaced(forgotten, "cashdesk", "listed").replace(":" + other, ":" + third);
        try (var named = new Nginx(directory, listed, third)) {
            assertThat(named).isNotNull();
            var answer = get(page.replace("/checkout/", "/q/").replace(":" + port, ":" + third), Shop.IPHONE);
            assertThat(location(answer)).isEqualTo(path(page));
        }
    }

    private static String checkout(String number) {
        var address = node.createCheckout(key, number);
        isSecure(address);
        return address;
    }

    private static String path(String address) {
        return address.substring(base.length());
    }

    private static HttpRequest.Builder request(String address, String agent) {
        return HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(60))
                .header("User-Agent", agent)
                .header("Accept", "text/html,*/*");
    }

    private static HttpResponse<String> get(String address, String agent) throws Exception {
        return send(request(address, agent).build());
    }

    private static HttpResponse<String> post(String address, String agent, String form) throws Exception {
        return send(request(address, agent)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(302, 303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** All addresses of a page; none is of plain http, none names another host than the base address. */
    private static List<String> addresses(HttpResponse<String> page) {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        var found = ADDRESS.matcher(page.body())
                .results()
                .map(m -> m.group(1) != null ? m.group(1) : m.group(2))
                .map(a -> a.replace("&amp;", "&"))
                .toList();
        assertThat(found).isNotEmpty().noneMatch(a -> a.startsWith("http:") || a.startsWith("//"));
        assertThat(found).filteredOn(a -> a.startsWith("https:")).allMatch(a -> a.startsWith(base + "/"));
        assertThat(page.body().replace("http://www.w3.org/", "")).doesNotContain("http://");
        return found;
    }
}
