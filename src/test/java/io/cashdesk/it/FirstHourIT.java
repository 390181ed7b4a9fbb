package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A newcomer copies the blocks of a document into a terminal, one after the other. Every block that is marked bash is
 * run as it stands, in one shell; a block that is marked json behind it is what the document says that it prints.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FirstHourIT {
    private static final Pattern BLOCK = Pattern.compile("```(bash|json)\\n(.*?)```", Pattern.DOTALL);
    private static final String NEXT = "@@ next block @@";

    static Shop demo;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        demo = new Shop("demo");
    }

    /** A command and what it prints, if the document shows it. */
    private record Step(String command, List<String> printed) {}

    private static List<Step> steps(Path document) throws IOException {
        var steps = new ArrayList<Step>();
        var block = BLOCK.matcher(Files.readString(document));
        while (block.find()) {
            if (block.group(1).equals("bash")) steps.add(new Step(block.group(2), new ArrayList<>()));
            else steps.get(steps.size() - 1).printed().add(block.group(2).strip());
        }
        return steps;
    }

    /** The clone's documents, and what {@code mvn -Prun} leaves in its directory, for this server. */
    private void prepare() throws IOException {
        var docs = Files.createDirectories(directory.resolve("docs"));
        Files.copy(Path.of("docs/webhooks.md"), docs.resolve("webhooks.md"));
        var data = Files.createDirectories(directory.resolve(".data"));
        Files.writeString(data.resolve("demo.properties"), "pid=demo\nkey=" + demo.key + "\n");
        Files.writeString(data.resolve("secrets.properties"), "MANAGE_TOKEN=" + Node.MANAGE_TOKEN + "\n");
    }

    private List<String> run(List<Step> steps, int receiverPort) throws Exception {
        prepare();
        var script = new StringBuilder("set -m\n"); // as in a terminal: jobs have numbers
        for (var step : steps) {
            script.append(step.command()
                            .replace("http://localhost:8080", demo.node.base().toString())
                            .replace("9000", Integer.toString(receiverPort)))
                    .append("\necho; echo '")
                    .append(NEXT)
                    .append("'\n");
        }
        var file = Files.writeString(directory.resolve("walk.sh"), script);
        var output = directory.resolve("walk.out");
        var process = new ProcessBuilder("bash", file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        return List.of(Files.readString(output).split(NEXT));
    }

    private static void requireTools() {
        for (var tool : List.of("bash", "curl", "python3", "openssl")) {
            assumeTrue(
                    path().anyMatch(d -> Files.isExecutable(d.resolve(tool))), "the documents' commands need " + tool);
        }
    }

    private static Stream<Path> path() {
        return Pattern.compile(":").splitAsStream(System.getenv("PATH")).map(Path::of);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md", "docs/first-hour.md", "docs/first-hour.zh-CN.md"})
    void the_documented_commands_print_what_the_document_says(String document) throws Exception {
        requireTools();
        var steps = steps(Path.of(document));
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        var printed = run(steps, port);

        assertThat(steps).hasSizeGreaterThanOrEqualTo(3);
        assertThat(printed).hasSize(steps.size() + 1);
        for (int i = 0; i < steps.size(); i++) {
            for (var expected : steps.get(i).printed()) requireFields(expected, printed.get(i));
        }
        if (document.contains("first-hour")) {
            assertThat(String.join("", printed))
                    .containsPattern("msg_\\S+ payment\\.paid TEA")
                    .contains("\"POST / HTTP/1.1\" 204");
        }
    }

    /** Each field that the document shows is in the answer, with its value; "…" stands for any text. */
    private static void requireFields(String expected, String printed) {
        var answer = printed.lines()
                .filter(l -> l.startsWith("{"))
                .reduce((a, b) -> b)
                .orElse("{}");
        // two calls in one block; the receiver in the background may write behind an answer
        answer = answer.substring(answer.lastIndexOf("}{") + 1, answer.lastIndexOf('}') + 1);
        var wanted = json(expected.replace("[…]", "[]").replaceAll(",\\s*…\\s*}", "}"));
        requireFields(wanted, json(answer), printed);
    }

    private static void requireFields(JsonObject wanted, JsonObject answer, String printed) {
        wanted.forEach((name, value) -> {
            var found = answer.get(name);
            assertThat(found).as("%s in %s", name, printed).isNotNull();
            if (value instanceof JsonObject nested) requireFields(nested, found.asJsonObject(), printed);
            else if (value instanceof JsonString text) {
                assertThat(((JsonString) found).getString()).matches(pattern(text.getString()));
            } else if (value.getValueType() != JsonValue.ValueType.ARRAY) {
                assertThat(found).as(name).isEqualTo(value);
            } else if (!value.asJsonArray().isEmpty()) {
                assertThat(found).as(name).isEqualTo(value);
            }
        });
    }

    private static String pattern(String text) {
        return Pattern.quote(text).replace("…", "\\E.*\\Q");
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Test
    void the_test_accounts_are_those_of_the_documents() throws IOException {
        var answer = demo.node.call("GET", "/api/manage/merchants/demo/test-accounts", Node.MANAGE_TOKEN, null);

        assertThat(answer.status()).isEqualTo(200);
        for (var document : List.of("docs/simulator.md", "docs/first-hour.md", "docs/first-hour.zh-CN.md")) {
            var text = Files.readString(Path.of(document));
            assertThat(text).contains(field(answer, "wxpay", "appId"));
        }
        var simulator = Files.readString(Path.of("docs/simulator.md"));
        for (var name : List.of("appId", "mchId", "subAppId")) {
            assertThat(simulator).contains(field(answer, "wxpay", name));
        }
        for (var name : List.of("appId", "mchId")) assertThat(simulator).contains(field(answer, "alipay", name));
        var payers = account(answer, "wxpay").getJsonArray("payers");
        for (var payer : payers.getValuesAs(JsonObject.class))
            assertThat(simulator).contains(payer.getString("openid"));
        assertThat(simulator)
                .contains(account(answer, "wxpay").getJsonArray("subMerchants").getString(0));
    }

    private static JsonObject account(Node.Answer answer, String provider) {
        return answer.json().getJsonArray("accounts").getValuesAs(JsonObject.class).stream()
                .filter(a -> a.getString("provider").equals(provider))
                .findFirst()
                .orElseThrow();
    }

    private static String field(Node.Answer answer, String provider, String name) {
        return account(answer, provider).getString(name);
    }

    @Test
    void the_test_accounts_are_those_with_which_payments_are_made_and_never_change() {
        new Shop("first-hour-other");
        var first =
                demo.node.call("GET", "/api/manage/merchants/first-hour-other/test-accounts", Node.MANAGE_TOKEN, null);
        var paying = new Shop("first-hour-other");
        var order = Shop.order(Shop.number())
                .add(
                        "openid",
                        account(first, "wxpay")
                                .getJsonArray("payers")
                                .getJsonObject(1)
                                .getString("openid"));

        var created = paying.create("wxpay", Shop.on("mp-weixin", ""), order);

        assertThat(created.json().getJsonObject("orderInfo").getString("appId"))
                .isEqualTo(field(first, "wxpay", "appId"))
                .isNotEqualTo(field(
                        demo.node.call("GET", "/api/manage/merchants/demo/test-accounts", Node.MANAGE_TOKEN, null),
                        "wxpay",
                        "appId"));
        assertThat(demo.node
                        .call("GET", "/api/manage/merchants/first-hour-other/test-accounts", Node.MANAGE_TOKEN, null)
                        .body())
                .isEqualTo(first.body())
                .doesNotContain("Key", "secret", "BEGIN");
    }

    @Test
    void the_test_accounts_are_for_the_holder_of_the_token() {
        var path = "/api/manage/merchants/demo/test-accounts";

        assertThat(demo.node.call("GET", path, demo.key, null).json().getInt("code"))
                .isEqualTo(4004);
        assertThat(demo.node
                        .call("GET", "/api/manage/merchants/nobody-here/test-accounts", Node.MANAGE_TOKEN, null)
                        .json()
                        .getInt("code"))
                .isEqualTo(4005);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/pay/nothing, false",
        "/nothing, false",
        "/pay/, false",
        "/simulator/nothing, false",
        "/api/manage/nothing, false",
        "//api/pay/createPayment, true",
        "/api//pay///createPayment, true",
        "/checkout/x//queryPayment, true"
    })
    void a_path_that_is_not_there_is_shown_with_single_slashes(String path, boolean doubled) {
        var request = HttpRequest.newBuilder(URI.create(demo.node.base() + path))
                .header("Authorization", "Bearer " + demo.key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();

        var answer = Node.send(request);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("//");
        assertThat(answer.json().getString("detail").contains("doubled slash")).isEqualTo(doubled);
        assertThat(answer.json().getString("detail")).contains(path.replaceAll("/{2,}", "/"));
    }

    @Test
    void addresses_in_answers_have_single_slashes() {
        var number = demo.paid("wxpay");
        var checkout = demo.node.createCheckout(demo.key, Shop.number());
        var record = demo.node
                .queryPayment(demo.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder");

        var notify = record.getString("notify_url") + record.getString("notify_path");

        for (var address : List.of(checkout, notify)) {
            assertThat(address).startsWith(demo.node.base().toString());
            assertThat(address.substring("http://".length())).doesNotContain("//");
        }
    }
}
