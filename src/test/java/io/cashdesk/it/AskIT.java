package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.ProviderProxy;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "I have paid" and the return from a wallet over HTTP: they query the providers, and no payer reads JSON. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AskIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("ask-it");
    }

    /** The path of the page of a new order, after the payer has chosen WeChat Pay there. */
    private static String page(String number) {
        var page = URI.create(shop.node.createCheckout(shop.key, number)).getPath();
        assertThat(send("POST", page + "/pay", "provider=wxpay").statusCode()).isEqualTo(303);
        return page;
    }

    private static HttpRequest request(String method, String path, String form) {
        return HttpRequest.newBuilder(URI.create(shop.node.base() + path))
                .header("Accept", "text/html,application/xhtml+xml")
                .header("Accept-Language", "zh-CN")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(form))
                .build();
    }

    private static HttpResponse<String> send(String method, String path, String form) {
        try {
            return HTTP.send(request(method, path, form), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String shown(String path) {
        return send("GET", path, "").body();
    }

    private static long queries(String number) {
        return TestDatabase.number(
                shop.node.dbUrl(),
                "select coalesce(sum(a.queries), 0) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                number);
    }

    /**
     * Makes the last query so old that any caller may query again, and keeps the sweeper away.
     *
     * @return the number of queries so far
     */
    private static long ageLastQuery(String number) {
        TestDatabase.execute(
                shop.node.dbUrl(),
                "update attempt a set queried_at = now() - interval '1 minute', next_query_at = now() + interval '1 hour'"
                        + " from pay_order o where o.id = a.order_id and o.out_trade_no = '" + number + "'");
        return queries(number);
    }

    /** The time of the last query, in Beijing. */
    private static boolean queriedAt(String number, String time) {
        return TestDatabase.number(
                        shop.node.dbUrl(),
                        "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ? and"
                                + " to_char(a.queried_at at time zone 'Asia/Shanghai', 'HH24:MI:SS') = '"
                                + time + "'",
                        number)
                == 1;
    }

    @ParameterizedTest
    @CsvSource({"POST, /ask, ?asked", "GET, /back?out_trade_no=1&sign=2, ?back"})
    void a_payment_whose_notification_was_lost_is_known_within_the_request(String method, String address, String to) {
        var number = Shop.number();
        var page = page(number);
        shop.setFault(number, "NOTIFY_LOST");
        shop.pay(number);

        var began = System.nanoTime();
        var answer = send(method, page + address, "");
        var took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(location(answer)).isEqualTo(page + to);
        assertThat(shown(page + to)).contains("data-state=\"paid\"");
        assertThat(took).isLessThan(Machine.limit(Duration.ofSeconds(1)));
    }

    @Test
    void the_page_names_the_time_of_the_query_and_not_its_own() throws InterruptedException {
        var number = Shop.number();
        var page = page(number);
        var to = location(send("POST", page + "/ask", ""));
        Thread.sleep(1_500);

        var html = shown(to);

        assertThat(html).contains("data-state=\"not-yet\"");
        var time = html.replaceAll("(?s).*data-asked-at>查询时间 ([0-9:]{8})（.*", "$1");
        assertThat(queriedAt(number, time)).as(time).isTrue();
    }

    @Test
    void fifty_presses_at_once_are_one_query_and_a_later_one_follows_when_three_seconds_are_over() {
        var number = Shop.number();
        var page = page(number);
        var before = queries(number);

        var began = System.nanoTime();
        var presses = IntStream.range(0, 50)
                .mapToObj(i -> HTTP.sendAsync(request("POST", page + "/ask", ""), HttpResponse.BodyHandlers.ofString()))
                .toList();
        CompletableFuture.allOf(presses.toArray(CompletableFuture[]::new)).join();

        assertThat(presses).allSatisfy(p -> assertThat(location(p.join())).startsWith(page + "?asked"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Machine.limit(Duration.ofSeconds(3)));
        assertThat(queries(number)).isBetween(before + 1, before + 2); // the sweeper may make one
        shop.setFault(number, "NOTIFY_LOST");
        shop.pay(number);
        send("POST", page + "/ask", "");
        Eventually.within(
                Duration.ofSeconds(4), "the planned query", () -> shown(page).contains("data-state=\"paid\""));
    }

    @Test
    void a_press_soon_after_a_query_is_answered_by_the_next_one_and_not_by_the_earlier() {
        var number = Shop.number();
        var page = page(number);
        send("POST", page + "/ask", "");
        var before = queries(number);

        var to = location(send("POST", page + "/ask", ""));

        assertThat(to).startsWith(page + "?asked&wait=");
        if (queries(number) == before) assertThat(shown(to)).contains("data-state=\"checking\"");
        Eventually.within(Duration.ofSeconds(6), "the answer", () -> shown(to).contains("data-state=\"not-yet\""));
        assertThat(queries(number)).isGreaterThan(before);
    }

    @ParameterizedTest
    @CsvSource({"cancelled, ?cancelled", "not-opened, ?not-opened", "paid, ?asked"})
    void what_a_wallet_reported_is_queried_like_a_press(String reported, String to) {
        var number = Shop.number();
        var page = page(number);
        shop.setFault(number, "NOTIFY_LOST");
        shop.pay(number);

        var answer = location(send("POST", page + "/ask?reported=" + reported + "&lang=en", ""));

        assertThat(answer).startsWith(page + to).endsWith("lang=en");
        assertThat(shown(answer)).contains("data-state=\"paid\"");
    }

    @Test
    void without_an_attempt_nothing_is_queried_and_no_time_is_named() {
        var page = URI.create(shop.node.createCheckout(shop.key, Shop.number())).getPath();

        var html = shown(location(send("POST", page + "/ask", "")));

        assertThat(html).contains("此订单尚未发起付款").doesNotContain("查询时间").contains("data-state=\"not-yet\"");
    }

    @Test
    void reading_a_page_queries_nothing() {
        var number = Shop.number();
        var page = page(number);
        var before = ageLastQuery(number);

        for (var query : new String[] {"", "?asked", "?back", "?asked&wait", "?choose", "?any"}) shown(page + query);
        send("GET", page + "/ask", "");

        assertThat(queries(number)).isEqualTo(before);
    }

    @Test
    void a_provider_that_is_silent_holds_no_request_and_the_page_says_so() {
        try (var provider = OtherProviderProcess.start();
                var wire = new ProviderProxy(
                        URI.create(provider.account("wxpay-keys").getString("gateway")))) {
            var key = provider.liveMerchant(shop.node, "ask-slow", false);
            var behind =
                    Json.createObjectBuilder(provider.account("wxpay-keys")).add("gateway", wire.address());
            shop.node.manage(
                    "PUT",
                    "merchants/ask-slow/providers",
                    Json.createObjectBuilder()
                            .add("wxpay", Json.createObjectBuilder().add("h5", behind)));
            var page = URI.create(shop.node.createCheckout(key, Shop.number())).getPath();
            send("POST", page + "/pay", "provider=wxpay");
            wire.suspend();

            var began = System.nanoTime();
            var to = location(send("POST", page + "/ask", ""));

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Machine.limit(Duration.ofSeconds(3)));
            assertThat(to).startsWith(page + "?asked&wait=");
            assertThat(shown(to)).contains("data-state=\"checking\"", "查询时间");
            Eventually.within(
                    Duration.ofSeconds(20),
                    "the query has ended",
                    () -> shown(to).contains("data-state=\"not-yet\""));
            assertThat(shown(to)).contains("支付渠道没有应答");
            wire.resume();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /pay",
        "GET, /ask",
        "GET, /queryPayment",
        "PUT, ''",
        "DELETE, ''",
        "POST, ''",
        "PUT, /ask",
        "POST, /back",
        "POST, /return",
        "GET, /no/such/thing",
        "PATCH, /pay"
    })
    void what_is_not_for_browsers_leads_to_the_page(String method, String below) {
        var page = URI.create(shop.node.createCheckout(shop.key, Shop.number())).getPath();

        assertThat(location(send(method, page + below, ""))).isEqualTo(page);
        assertThat(location(send(method, "/checkout/NoSuchToken" + below, ""))).isEqualTo("/checkout/NoSuchToken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/checkout",
                "/checkout/",
                "/q",
                "/q/",
                "/q/NoSuchToken",
                "/checkout/NoSuchToken",
                "/checkout/%3Cb%3E",
                "/checkout/%E4%BD%A0",
                "/checkout//pay"
            })
    void an_address_without_a_payment_is_a_page_that_says_so(String path) {
        var answer = send("GET", path, "");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(answer.body()).contains("data-state=\"unknown\"", "没有找到这笔付款");
    }

    @Test
    void a_form_that_is_too_large_or_of_another_type_leads_to_the_page() {
        var page = URI.create(shop.node.createCheckout(shop.key, Shop.number())).getPath();
        var chunked = HttpRequest.newBuilder(URI.create(shop.node.base() + page + "/pay"))
                .header("Accept", "text/html")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
                        ("provider=wxpay&x=" + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8))))
                .build();
        var json = HttpRequest.newBuilder(URI.create(shop.node.base() + page + "/pay"))
                .header("Accept", "text/html")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();

        assertThat(location(send("POST", page + "/pay", "provider=" + "x".repeat(100_000))))
                .isEqualTo(page);
        assertThat(location(HTTP.sendAsync(chunked, HttpResponse.BodyHandlers.ofString())
                        .join()))
                .isEqualTo(page);
        assertThat(shown(page)).contains("data-state=\"choose\"");
        assertThat(HTTP.sendAsync(json, HttpResponse.BodyHandlers.ofString())
                        .join()
                        .headers()
                        .firstValue("Location"))
                .hasValue(page);
    }

    @Test
    void the_poll_keeps_json() {
        var answer = shop.node.call("POST", "/checkout/NoSuchToken/queryPayment", null, "");

        assertThat(answer.contentType().toLowerCase(Locale.ROOT)).contains("json");
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }

    @Test
    void the_link_to_the_other_language_keeps_the_state() {
        var page = URI.create(shop.node.createCheckout(shop.key, Shop.number())).getPath();

        for (var query : new String[] {"?asked", "?choose", "?any", "?back", "?choose&problem=provider-busy"}) {
            assertThat(shown(page + query))
                    .as(query)
                    .contains("href=\"" + query.replace("&", "&amp;") + "&amp;lang=en\"");
        }
        assertThat(shown(page + "?open")).contains("href=\"?lang=en\"");
    }
}
