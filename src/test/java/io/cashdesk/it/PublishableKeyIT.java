package io.cashdesk.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client with a publishable key may do and read, and from which pages. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishableKeyIT {
    private static final String PAGE = "https://m.shop.example";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static Shop shop;
    static String publishable;

    @BeforeAll
    static void open() {
        shop = new Shop("publishable-it");
        shop.node.manage(
                "PUT",
                "merchants/publishable-it",
                Json.createObjectBuilder().add("origins", Json.createArrayBuilder(List.of(PAGE))));
        publishable = key("publishable-it", "publishable");
    }

    static String key(String pid, String kind) {
        return shop.node
                .manage(
                        "POST",
                        "merchants/" + pid + "/keys",
                        Json.createObjectBuilder().add("mode", "test").add("kind", kind))
                .json()
                .getString("key");
    }

    private static String envelope(String action, String data) {
        return "{\"action\":\"pay/" + action + "\",\"data\":" + data + "}";
    }

    private static JsonObject client(String action, String data) {
        var answer = shop.node.call("POST", "/http/vk-pay/" + publishable, null, envelope(action, data));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private static String fields(String number, String more) {
        return "{\"provider\":\"wxpay\",\"needQRcode\":true,\"out_trade_no\":\"" + number
                + "\",\"subject\":\"tea\",\"type\":\"goods\"," + more + "}";
    }

    private static JsonObject create(String number, long fen) {
        return client("createPayment", fields(number, "\"total_fee\":" + fen));
    }

    /** As the merchant's server creates it. */
    private static String order() {
        var number = Shop.number();
        var body = "{\"provider\":\"wxpay\",\"needQRcode\":true,\"context\":{\"CLIENTIP\":\"203.0.113.7\"},\"data\":"
                + "{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"secret tea\",\"type\":\"goods\","
                + "\"user_id\":\"u-77\",\"nickname\":\"Li Lei\",\"custom\":{\"vip\":\"gold\"}}}";
        assertThat(shop.node.pay("createPayment", shop.key, body).json().getInt("code"))
                .isZero();
        return number;
    }

    private static String codeOf(String number) {
        var body = "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"secret tea\",\"type\":\"goods\"}}";
        return shop.node
                .pay("createPayment", shop.key, body)
                .json()
                .getJsonObject("orderInfo")
                .getString("codeUrl");
    }

    /** The same call from another address of this machine; the code of the answer. */
    private static int createFrom(String address, String number, long fen) {
        var body = envelope("createPayment", fields(number, "\"total_fee\":" + fen))
                .getBytes(StandardCharsets.UTF_8);
        var head = "POST /http/vk-pay/" + publishable + " HTTP/1.1\r\nHost: localhost:"
                + shop.node.base().getPort() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), shop.node.base().getPort()));
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            try (var reader = Json.createReader(
                    new StringReader(answer.substring(answer.indexOf("{"), answer.lastIndexOf("}") + 1)))) {
                return reader.readObject().getInt("code");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class Of_an_order {
        @Test
        void reads_number_status_amount_and_times_only() {
            var number = order();
            shop.pay(number);
            shop.untilPaid(number);
            shop.call(
                    "refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":90,\"refund_desc\":\"broken pot\"}");

            var answer = client("queryPayment", "{\"out_trade_no\":\"" + number + "\",\"pay_order_info\":true}");

            assertThat(answer.keySet())
                    .isSubsetOf(
                            "code",
                            "msg",
                            "orderPaid",
                            "out_trade_no",
                            "status",
                            "user_order_success",
                            "payOrder",
                            "pay_order");
            assertThat(answer.getBoolean("orderPaid")).isTrue();
            assertThat(answer.getJsonObject("payOrder").keySet())
                    .isSubsetOf(
                            "out_trade_no",
                            "status",
                            "total_fee",
                            "user_order_success",
                            "create_date",
                            "pay_date",
                            "notify_date",
                            "cancel_date")
                    .contains("out_trade_no", "status", "total_fee", "create_date", "pay_date");
            assertThat(answer.getJsonObject("pay_order")).isEqualTo(answer.getJsonObject("payOrder"));
            assertThat(answer.toString())
                    .doesNotContain("gold", "u-77", "Li Lei", "203.0.113.7", "secret tea", "broken pot");
        }

        @Test
        void is_never_looked_up_by_the_providers_number() {
            var number = order();
            shop.pay(number);
            shop.untilPaid(number);
            var transaction = shop.query(number).getString("transaction_id");

            for (var more : List.of("", ",\"out_trade_no\":\"" + number + "\"")) {
                var answer = client("queryPayment", "{\"transaction_id\":\"" + transaction + "\"" + more + "}");
                assertThat(answer.getInt("code")).isEqualTo(4003);
                assertThat(answer.toString()).doesNotContain(transaction);
            }
        }

        @Test
        void is_not_changed_by_a_payment_of_it() {
            var number = order();

            var created = client(
                    "createPayment",
                    fields(
                            number,
                            "\"total_fee\":990,\"user_id\":\"x\",\"nickname\":\"y\",\"custom\":{\"vip\":\"none\"}"));

            assertThat(created.getInt("code")).isZero();
            assertThat(created.toString()).doesNotContain("secret tea", "gold", "u-77", "Li Lei");
            var stored = shop.node
                    .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder");
            assertThat(stored.getString("description")).isEqualTo("secret tea");
            assertThat(stored.getString("type")).isEqualTo("goods");
            assertThat(stored.getString("user_id")).isEqualTo("u-77");
            assertThat(stored.getString("nickname")).isEqualTo("Li Lei");
            assertThat(stored.getString("client_ip")).isEqualTo("203.0.113.7");
            assertThat(stored.getJsonObject("custom").getString("vip")).isEqualTo("gold");
        }

        @Test
        void with_a_wrong_amount_is_answered_like_an_unknown_number() {
            var number = order();
            var unknown = Shop.number();

            var wrong = create(number, 991);
            var missing = create(unknown, 991);

            assertThat(wrong.getInt("code")).isEqualTo(2001);
            assertThat(wrong.toString().replace(number, unknown)).isEqualTo(missing.toString());
        }
    }

    @Nested
    class After_five_wrong_amounts {
        @Test
        void refuses_this_caller_and_this_number_and_leaves_the_payers_code_alone() {
            var number = order();
            var code = codeOf(number);

            for (int fen = 1; fen <= 5; fen++) {
                assertThat(create(number, fen).getInt("code")).isEqualTo(2001);
            }
            var refused = create(number, 990);

            assertThat(refused.getInt("code")).isEqualTo(1127);
            assertThat(refused.getInt("status")).isEqualTo(429);
            assertThat(create(number, 6).toString().replaceAll("\\d+ 秒|\\d+ seconds", ""))
                    .as("nothing says whether the amount was right")
                    .isEqualTo(refused.toString().replaceAll("\\d+ 秒|\\d+ seconds", ""));
            assertThat(createFrom("127.0.0.2", number, 990))
                    .as("the payer, at another address")
                    .isZero();
            assertThat(create(order(), 990).getInt("code")).as("another order").isZero();
            assertThat(codeOf(number)).as("the payer's code").isEqualTo(code);
        }

        @Test
        void refuses_unknown_numbers_too_so_that_it_does_not_show_which_exist() {
            var unknown = Shop.number();

            for (int fen = 1; fen <= 5; fen++) {
                assertThat(create(unknown, fen).getInt("code")).isEqualTo(2001);
            }

            assertThat(create(unknown, 6).getInt("code")).isEqualTo(1127);
        }

        @Test
        void counts_calls_at_the_same_time() {
            var number = order();

            var codes = IntStream.rangeClosed(1, 20)
                    .mapToObj(fen -> CompletableFuture.supplyAsync(() -> createFrom("127.0.0.3", number, fen)))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .collect(groupingBy(code -> code, counting()));

            assertThat(codes).containsEntry(2001, 5L).containsEntry(1127, 15L);
        }

        @Test
        void says_when_to_repeat_the_call() {
            var number = order();
            for (int fen = 1; fen <= 5; fen++) create(number, fen);

            var refused = send(
                    "POST",
                    "/http/vk-pay/" + publishable,
                    envelope("createPayment", fields(number, "\"total_fee\":990")),
                    "Origin",
                    PAGE);

            assertThat(refused.statusCode()).isEqualTo(200);
            assertThat(refused.body()).contains("\"code\":1127");
            assertThat(header(refused, "Access-Control-Expose-Headers")).isEqualTo("Retry-After");
            assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(3500, 3601);
        }

        @Test
        void of_which_the_first_was_an_hour_ago_it_counts_anew() {
            var number = order();
            for (int fen = 1; fen <= 5; fen++) createFrom("127.0.0.4", number, fen);
            assertThat(createFrom("127.0.0.4", number, 990)).isEqualTo(1127);

            TestDatabase.execute(
                    shop.node.dbUrl(), "update wrong_amount set first_at = first_at - interval '61 minutes'");

            assertThat(createFrom("127.0.0.4", number, 6)).isEqualTo(2001);
            assertThat(createFrom("127.0.0.4", number, 990)).isZero();
        }

        @Test
        void before_the_server_created_the_order_they_do_not_count() {
            var number = Shop.number();
            for (int call = 1; call <= 5; call++) createFrom("127.0.0.5", number, 990);
            assertThat(createFrom("127.0.0.5", number, 990)).isEqualTo(1127);

            shop.node.createPayment(shop.key, "wxpay", number, 990);

            assertThat(createFrom("127.0.0.5", number, 990)).isZero();
            assertThat(createFrom("127.0.0.5", number, 991))
                    .as("counts from one again")
                    .isEqualTo(2001);
            assertThat(createFrom("127.0.0.5", number, 990)).isZero();
        }

        @Test
        void of_other_callers_the_payer_pays() {
            var number = order();
            for (int caller = 10; caller < 21; caller++) {
                for (int fen = 1; fen <= 5; fen++) {
                    assertThat(createFrom("127.0.1." + caller, number, fen)).isEqualTo(2001);
                }
            }

            assertThat(createFrom("127.0.1.30", number, 990)).isZero();
        }
    }

    @Test
    void after_200_wrong_calls_for_any_number_right_ones_are_answered() {
        var number = order();
        for (int call = 1; call <= 200; call++) {
            assertThat(createFrom("127.0.2.1", Shop.number(), call)).isEqualTo(2001);
        }

        assertThat(createFrom("127.0.2.1", Shop.number(), 1)).isEqualTo(1127);
        assertThat(createFrom("127.0.2.1", number, 990)).isZero();
    }

    @Test
    void a_refusal_has_no_words_of_the_provider() {
        var atServer = shop.node
                .call("POST", "/http/vk-pay", shop.key, envelope("code2SessionWeixin", "{\"code\":\"no-such-code\"}"))
                .json();
        var atClient = client("code2SessionWeixin", "{\"code\":\"no-such-code\"}");

        assertThat(atServer.getInt("code")).isEqualTo(3002);
        assertThat(atClient.getInt("code")).isEqualTo(3002);
        assertThat(atClient.getString("provider_code")).isEqualTo(atServer.getString("provider_code"));
        assertThat(atClient.getString("payer_msg")).isEqualTo(atServer.getString("payer_msg"));
        assertThat(atClient.getString("detail"))
                .isNotEqualTo(atServer.getString("detail"))
                .contains("its words are not shown to a client");
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(shop.node.base().resolve(path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) request.headers(headers);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<String> preflight(String key, String origin) {
        return send(
                "OPTIONS",
                "/http/vk-pay/" + key,
                null,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "content-type");
    }

    @Nested
    class A_page {
        @Test
        void of_a_listed_origin_may_call_after_a_preflight() {
            var answer = preflight(publishable, PAGE);

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(PAGE);
            assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("POST");
            assertThat(header(answer, "Access-Control-Allow-Headers"))
                    .containsIgnoringCase("Content-Type")
                    .containsIgnoringCase("Accept-Language");
            assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("600");
            assertThat(answer.headers().allValues("Vary").toString()).contains("Origin");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://evil.example",
                    "http://m.shop.example",
                    "https://m.shop.example:8443",
                    "https://m.shop.example.evil.example",
                    "https://shop.example",
                    "null"
                })
        void of_another_origin_gets_no_headers(String origin) {
            for (var answer : List.of(
                    preflight(publishable, origin),
                    send("POST", "/http/vk-pay/" + publishable, envelope("queryPayment", "{}"), "Origin", origin))) {
                assertThat(answer.headers().map().keySet())
                        .noneMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
                assertThat(answer.headers().allValues("Vary").toString()).contains("Origin");
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "POST | {\"action\":\"pay/queryPayment\",\"data\":{}} | 200",
                    "POST | {\"action\":\"pay/refund\",\"data\":{}} | 200",
                    "POST | { | 200",
                    "POST | LARGE | 200",
                    "PUT | {} | 405",
                    "GET | `` | 405"
                })
        void reads_errors_too(String method, String body, int status) {
            var text = "LARGE".equals(body) ? "x".repeat(70_000) : body;

            var answer = send(method, "/http/vk-pay/" + publishable, text, "Origin", PAGE);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(PAGE);
            assertThat(answer.headers().allValues("Vary").toString()).contains("Origin");
        }

        @Test
        void with_an_unknown_key_gets_no_headers() {
            var unknown = send("POST", "/http/vk-pay/pk_test_no", envelope("queryPayment", "{}"), "Origin", PAGE);

            assertThat(unknown.body()).contains("4002");
            assertThat(header(unknown, "Access-Control-Allow-Origin")).isEmpty();
            assertThat(header(unknown, "Vary")).isEqualTo("Origin");
            assertThat(preflight("pk_test_no", PAGE).statusCode()).isEqualTo(204);
        }

        @Test
        void has_nothing_of_a_secret_key() {
            var inPath = send("POST", "/http/vk-pay/" + shop.key, envelope("queryPayment", "{}"), "Origin", PAGE);
            var inHeader = send(
                    "POST",
                    "/http/vk-pay",
                    envelope("queryPayment", "{}"),
                    "Origin",
                    PAGE,
                    "Authorization",
                    "Bearer " + shop.key);
            var api = send("OPTIONS", "/api/pay/queryPayment", null, "Origin", PAGE);

            for (var answer : List.of(inPath, inHeader, api, preflight(shop.key, PAGE))) {
                assertThat(header(answer, "Access-Control-Allow-Origin")).isEmpty();
            }
            assertThat(inPath.body()).contains("4002");
        }

        @Test
        void on_a_return_url_may_call_unless_origins_are_listed() {
            var other = new Shop("publishable-it-default");
            var pk = key(other.pid, "publishable");
            put(other.pid, "{\"return_urls\":[\"https://Shop.example:443/orders\"]}");

            assertThat(header(preflight(pk, "https://shop.example"), "Access-Control-Allow-Origin"))
                    .isEqualTo("https://shop.example");
            assertThat(put(other.pid, "{\"origins\":[\"https://X.example:443/\",\"https://x.example\"]}")
                            .body())
                    .contains("\"origins\":[\"https://x.example\"]");
            Eventually.within(
                    Duration.ofSeconds(20),
                    "the node keeps a key's origins for a few seconds",
                    () -> header(preflight(pk, "https://shop.example"), "Access-Control-Allow-Origin")
                            .isEmpty());
            assertThat(put(other.pid, "{\"origins\":null}").body()).contains("\"origins\":[\"https://shop.example\"]");
            assertThat(put(other.pid, "{\"origins\":[]}").body()).contains("\"origins\":[]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"*", "null", "https://*.example", "https://shop.example/x", "shop.example"})
        void is_listed_by_an_origin_and_nothing_else(String origin) {
            var answer = put("publishable-it", "{\"origins\":[\"" + origin + "\"]}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().getInt("code")).isEqualTo(1128);
        }

        private Node.Answer put(String pid, String body) {
            return shop.node.call("PUT", "/api/manage/merchants/" + pid, Node.MANAGE_TOKEN, body);
        }

        @Test
        void on_another_origin_pays_in_a_real_browser() throws IOException {
            var pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            pages.createContext("/", exchange -> {
                var html = "<!doctype html><title>shop</title><p id=answer></p>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, html.length);
                exchange.getResponseBody().write(html);
                exchange.close();
            });
            pages.start();
            var origin = "http://127.0.0.1:" + pages.getAddress().getPort();
            var other = new Shop("publishable-it-browser");
            var pk = key(other.pid, "publishable");
            var number = Shop.number();
            shop.node.createPayment(other.key, "wxpay", number, 990);
            var call = "fetch('" + shop.node.base() + "/http/vk-pay/" + pk
                    + "',{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify("
                    + envelope("createPayment", fields(number, "\"total_fee\":990"))
                    + ")}).then(r=>r.json()).then(j=>arguments[0](String(j.code)),e=>arguments[0]('blocked'))";
            try (var browser = new Browser(Browser.Screen.desktop())) {
                browser.open(origin + "/");
                assertThat(browser.driver().executeAsyncScript(call)).isEqualTo("blocked");
                put(other.pid, "{\"origins\":[\"" + origin + "\"]}");
                Eventually.within(
                        Duration.ofSeconds(20),
                        "the node keeps a key's origins for a few seconds",
                        () -> "0".equals(browser.driver().executeAsyncScript(call)));
            } finally {
                pages.stop(0);
            }
        }
    }

    @Nested
    class The_platform {
        @ParameterizedTest
        @CsvSource({
            "https://servicewechat.com/wx1234567890abcdef/25/page-frame.html, wxpay_mp-weixin",
            "https://m.shop.example/cart, wxpay_h5"
        })
        void is_known_by_the_referer(String referer, String payType) {
            var body = envelope(
                    "createPayment",
                    "{\"provider\":\"wxpay\",\"out_trade_no\":\"" + order()
                            + "\",\"subject\":\"tea\",\"type\":\"goods\",\"total_fee\":990}");

            var answer = send("POST", "/http/vk-pay/" + publishable, body, "Referer", referer);

            assertThat(answer.body()).contains(payType); // without an openid the mini-program is refused by this name
        }
    }
}
