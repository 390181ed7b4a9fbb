package io.cashdesk;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cashdesk.docs.MarkdownPage;
import io.cashdesk.ground.job.RetrySchedule;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.order.PayOrderChanged;
import io.cashdesk.payload.OrderPayload;
import io.cashdesk.provider.MakesRefunds;
import io.cashdesk.testing.WebhookReceiver;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/api.md and the pages beside it say, compared with the code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiPageTest {
    private static String page(String path) throws IOException {
        return Files.readString(Path.of(path));
    }

    private static Stream<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1));
    }

    /** The text under a heading, up to the next one. */
    private static String section(String heading) throws IOException {
        var page = page("docs/api.md");
        var begin = page.indexOf("\n" + heading + "\n");
        assertThat(begin).as(heading).isNotNegative();
        var next = Pattern.compile("(?m)^#{2,3} ").matcher(page);
        return page.substring(begin, next.find(begin + heading.length() + 1) ? next.start() : page.length());
    }

    @Nested
    class Examples {
        private static Stream<JsonObject> blocks(String text) {
            return matches("(?s)```json\n(.*?)\n```", text).map(block -> {
                try (var reader = Json.createReader(new StringReader(block))) {
                    return reader.readObject();
                }
            });
        }

        @Test
        void are_JSON() throws IOException {
            assertThat(blocks(page("docs/api.md"))).hasSizeGreaterThan(8);
        }

        @Test
        void show_every_event_with_fields_that_it_has() throws IOException {
            var events = section("### Events");
            var kinds = Arrays.stream(PayOrderChanged.Kind.values()).map(PayOrderChanged.Kind::word);
            var shown = blocks(events).toList();

            assertThat(shown)
                    .extracting(event -> event.getString("type"))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(kinds, Stream.of("webhook.test")).toList());
            var allowed = new TreeSet<>(OrderPayload.FIELDS);
            allowed.addAll(Set.of("table", "webhook", "mode")); // a key of custom; those of the test event
            assertThat(shown)
                    .allSatisfy(event -> assertThat(allowed)
                            .containsAll(event.getJsonObject("data").keySet()));
        }

        @Test
        void show_the_whole_details_of_payments_and_refunds() throws IOException {
            var events = section("### Events");

            for (var name : List.of("payment", "refund")) {
                var table = events.substring(events.indexOf("| `" + name + "` | type | |"));
                var fields = matches(
                                "(?m)^\\| `([a-z_]+)` \\|",
                                table.substring(table.indexOf("|---"), table.indexOf("\n\n")))
                        .toList();
                assertThat(blocks(events).filter(event -> event.containsKey(name)))
                        .hasSize(2)
                        .allSatisfy(
                                event -> assertThat(event.getJsonObject(name).keySet())
                                        .containsExactlyInAnyOrderElementsOf(fields));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/api.md",
                "docs/first-hour.md",
                "docs/webhooks.md",
                "docs/simulator.md",
                "docs/operations.md"
            })
    void links_lead_to_headings_that_exist(String from) throws IOException {
        var base = Path.of(from);
        var links = matches("\\]\\(([^)\\s]+)\\)", page(from)).filter(link -> !link.contains("://"));

        assertThat(links.filter(link -> link.contains("#")).toList()).allSatisfy(link -> {
            var parts = link.split("#", 2);
            var to = parts[0].isEmpty() ? base : base.resolveSibling(parts[0]);
            assertThat(MarkdownPage.of(to.toString(), Files.readString(to)).anchors())
                    .contains(parts[1]);
        });
    }

    @Test
    void the_packages_that_tests_need_are_the_same_in_readme_and_continuous_integration() throws IOException {
        var installed = packages("(?s)packages=\\(([^)]*)\\)", ".ci/run");

        assertThat(packages("apt-get install ([^`]*)`", "README.md")).isEqualTo(installed);
        assertThat(packages("apt-get install ([^`]*)`", "README.zh-CN.md")).isEqualTo(installed);
        assertThat(installed)
                .containsAll(Arrays.stream(WebhookReceiver.Language.values())
                        .map(WebhookReceiver.Language::debianPackage)
                        .toList());
    }

    private static Set<String> packages(String pattern, String path) throws IOException {
        var list = matches(pattern, page(path)).findFirst().orElseThrow();
        return Arrays.stream(list.strip().split("\\s+")).collect(toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "python", "php", "java"})
    void a_receiver_of_webhooks_has_at_most_50_lines(String language) throws IOException {
        var block = matches("(?s)```" + language + "\n(.*?)\n```", page("docs/webhooks.md"));

        assertThat(block.toList())
                .hasSize(1)
                .allSatisfy(program -> assertThat(program.lines()).hasSizeLessThanOrEqualTo(50));
    }

    /** The tables of "Limits": the first column of a row to its second and third. */
    @TestFactory
    Stream<DynamicTest> limits_are_those_of_the_code() throws IOException, ReflectiveOperationException {
        var rows = matches("(?m)^\\| (.+ \\| .+ \\|.*)\\|$", section("## Limits"))
                .map(row -> row.split(" \\| ?", 2))
                .collect(Collectors.toMap(row -> row[0], row -> row[1], (a, b) -> b));
        return expected().entrySet().stream()
                .map(limit -> dynamicTest(
                        limit.getKey(),
                        () -> assertThat(rows.get(limit.getKey()))
                                .as(limit.getKey())
                                .contains(limit.getValue())));
    }

    private static Map<String, List<String>> expected() throws ReflectiveOperationException {
        var defaults = new Settings(name -> null);
        var limits = new LinkedHashMap<String, List<String>>();
        limits.put("body", List.of(JsonBody.LIMIT / 1024 + " KiB"));
        limits.put(
                "nesting of a body, and of JSON in a text",
                List.of(constant("ground.json.JsonBody", "DEEPEST") + " levels"));
        limits.put(
                "number in a body",
                List.of(
                        constant("ground.json.JsonText", "MOST_DIGITS") + " digits",
                        "exponent " + constant("ground.json.JsonText", "LARGEST_EXPONENT")));
        limits.put(
                "`Idempotency-Key`",
                List.of(
                        duration("idempotency.IdempotencyKeys", "KEPT_FOR").toHours() + " hours",
                        duration("idempotency.IdempotencyKeys", "LEASE").toSeconds() + " s",
                        "1 to 255"));
        limits.put(
                "time that a change of keys and origins needs to reach every node",
                List.of(seconds("merchant.ApiKeys", "CACHED")));
        limits.put("`total_fee`", List.of("1 to " + grouped("payment.OrderFields", "MOST_FEN") + " fen"));
        limits.put("a text in `context`", List.of(grouped("payment.Platform", "LONGEST") + " characters"));
        limits.put(
                "deadline without `time_expire`",
                List.of(
                        "createPayment "
                                + duration("payment.CreatePayment", "LIFE").toHours() + " hours",
                        "createCheckout " + defaults.checkoutLife().toMinutes() + " minutes",
                        "CASHDESK_CHECKOUT_SECONDS"));
        limits.put(
                "`time_expire`, at most",
                List.of(duration("payment.OrderFields", "LONGEST").toDays() + " days"));
        limits.put("`time_expire`, at least", List.of(seconds("payment.OrderFields", "TOLERANCE") + " of it"));
        limits.put(
                "code on the checkout page", List.of(defaults.codeLife().toSeconds() + " s", "CASHDESK_CODE_SECONDS"));
        limits.put("payment code", List.of(seconds("payment.CreatePayment", "AT_POINT_OF_SALE")));
        limits.put(
                "payable attempts of an order at a time",
                List.of(defaults.payableAttempts() + " (2021)", "CASHDESK_PAYABLE_ATTEMPTS"));
        limits.put(
                "attempts of an order in a minute",
                List.of(defaults.attemptsPerMinute() + " (2021)", "CASHDESK_ATTEMPTS_PER_MINUTE"));
        limits.put(
                "wait for a notification, with `await_notify`",
                List.of(duration("payment.QueryPayment", "NOTIFICATION_FIRST").toMillis() + " ms"));
        limits.put(
                "queries of an order at the provider",
                List.of("one in " + seconds("payment.QueryOrder", "QUERY_AT_MOST_EVERY")));
        limits.put(
                "response of a provider",
                List.of(defaults.providerTimeout().toSeconds() + " s", "CASHDESK_PROVIDER_TIMEOUT_SECONDS"));
        limits.put(
                "calls to one provider account at a time",
                List.of(
                        defaults.providerCalls() + " per node",
                        (long) constant("account.ProviderCalls", "LONGEST_WAIT_MILLIS") / 1000 + " s",
                        "CASHDESK_PROVIDER_CALLS"));
        limits.put(
                "`queryRefund` of CloudPay",
                List.of(
                        constant("face.cloudpay.CloudPayRefunds", "PAGE") + " refunds",
                        seconds("face.cloudpay.QueryTime", "LONGEST") + " for"));
        var wechat = provider("wxpay.WxpayProvider");
        var alipay = provider("alipay.AlipayProvider");
        limits.put("`refund_desc`", List.of(constant("refund.RefundFields", "LONGEST_REASON") + " characters"));
        limits.put("refunds of one payment", List.of("WeChat Pay " + wechat.mostRefunds(null) + " (2016)"));
        assertThat(List.of(wechat.refundable(), alipay.refundable())).containsOnly(Period.ofYears(1));
        limits.put("time after the payment", List.of("1 year (2017)"));
        limits.put(
                "unknown outcome",
                List.of("after " + duration("refund.Refund", "PERSON_AFTER").toHours() + " hours"));
        webhooks(limits, defaults);
        limits.put(
                "wrong amounts for one number, from one caller",
                List.of(constant("payment.WrongAmounts", "PER_CALLER") + " in an hour"));
        limits.put(
                "wrong amounts for all numbers of a merchant, from one caller",
                List.of(constant("payment.WrongAmounts", "PER_ADDRESS") + " in an hour"));
        assertThat(duration("payment.WrongAmounts", "COUNTED")).isEqualTo(Duration.ofHours(1));
        limits.put("preflight", List.of(constant("face.vk.CrossOrigin", "PREFLIGHT_IS_VALID") + " s"));
        limits.put("`branding.logo`", List.of((int) constant("manage.PutMerchant", "LARGEST_LOGO") / 1024 + " KiB"));
        limits.put(
                "page of a list",
                List.of(constant("manage.QueryParameters", "PAGE") + ", at most "
                        + constant("manage.QueryParameters", "LARGEST_PAGE")));
        return limits;
    }

    private static void webhooks(Map<String, List<String>> limits, Settings defaults)
            throws ReflectiveOperationException {
        limits.put(
                "size of an answer",
                List.of(
                        (int) constant("ground.http.PublicHttpClient", "MAX_BODY") / 1024 + " KiB",
                        grouped("webhook.DeliveryResult", "STORED") + " characters"));
        var pauses = (long[]) constant("ground.job.RetrySchedule", "PAUSES_SECONDS");
        limits.put(
                "pauses between tries",
                List.of(Arrays.stream(pauses, 0, pauses.length - 1)
                                .mapToObj(ApiPageTest::shortly)
                                .collect(Collectors.joining(", "))
                        + ", then every " + shortly(pauses[pauses.length - 1])));
        limits.put("tries end", List.of(RetrySchedule.LIMIT.toDays() + " days"));
        limits.put(
                "`Retry-After`",
                List.of(duration("webhook.DeliveryResult", "LONGEST_RETRY_AFTER")
                                .toHours() + " hour"));
        limits.put(
                "deliveries to one endpoint at a time",
                List.of(constant("webhook.DueDeliveries", "PER_ENDPOINT") + "; "
                        + constant("webhook.DueDeliveries", "PER_FAILING_ENDPOINT") + " while"));
        limits.put(
                "deliveries of one merchant at a time",
                List.of(constant("webhook.DueDeliveries", "PER_MERCHANT") + " of a node's "
                        + constant("webhook.Dispatch", "THREADS")));
        limits.put(
                "an endpoint is disabled",
                List.of(duration("webhook.Endpoint", "FAILS_AT_MOST").toDays() + " days"));
        limits.put(
                "old secret after `rotate`",
                List.of(
                        grouped("manage.ManageWebhooksResource", "LONGEST_GRACE") + " s",
                        grouped("manage.ManageWebhooksResource", "USUAL_GRACE") + " s"));
        limits.put("events of one `resend`", List.of(grouped("webhook.Resend", "AT_ONCE") + ","));
        limits.put(
                "log of tries",
                List.of(
                        defaults.webhookTriesKept().orElseThrow().toDays() + " days",
                        "CASHDESK_KEEP_WEBHOOK_TRIES_DAYS"));
    }

    private static MakesRefunds provider(String type) throws ReflectiveOperationException {
        var constructor = Class.forName("io.cashdesk.provider." + type).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (MakesRefunds) constructor.newInstance();
    }

    /** A duration as the page writes it. */
    private static String shortly(long seconds) {
        if (seconds >= 3600) return seconds / 3600 + " h";
        return seconds >= 60 ? seconds / 60 + " min" : seconds + " s";
    }

    private static Object constant(String type, String name) throws ReflectiveOperationException {
        var field = Class.forName("io.cashdesk." + type).getDeclaredField(name);
        field.setAccessible(true);
        return field.get(null);
    }

    private static Duration duration(String type, String name) throws ReflectiveOperationException {
        return (Duration) constant(type, name);
    }

    private static String seconds(String type, String name) throws ReflectiveOperationException {
        return duration(type, name).toSeconds() + " s";
    }

    private static String grouped(String type, String name) throws ReflectiveOperationException {
        return String.format(Locale.ROOT, "%,d", ((Number) constant(type, name)).longValue());
    }
}
