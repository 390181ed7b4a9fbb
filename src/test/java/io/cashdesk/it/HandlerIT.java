package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.TestRun;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A WAR with a handler: ours, with a jar in it that handles orders of the type "tea" (docs/handlers.md). */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HandlerIT {
    static Node node;
    static String key;

    @BeforeAll
    static void start() {
        node = Nodes.start(
                "handler",
                TestDatabase.fresh(),
                null,
                Map.of("WAR", war(TeaHandler.class).getPath()));
        TestDatabase.execute(node.dbUrl(), "create table tea_sold (out_trade_no text primary key, fen bigint)");
        TestDatabase.execute(node.dbUrl(), "create table tea_behaviour (behaviour text)");
        key = node.merchant("tea-shop", "test");
    }

    @AfterAll
    static void stop() {
        node.stop();
    }

    private static File war(Class<?>... handlers) {
        var jar = ShrinkWrap.create(JavaArchive.class, "tea.jar").addClasses(handlers);
        var name = "with-" + handlers.length + "-handlers.war";
        var war = TestRun.directory().resolve(name).toFile();
        ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(new File(System.getProperty("cashdesk.war")))
                .as(WebArchive.class)
                .addAsLibraries(jar)
                .as(ZipExporter.class)
                .exportTo(war, true);
        return war;
    }

    @BeforeEach
    void inGoodMood() {
        behaviour("good");
    }

    private static void behaviour(String behaviour) {
        TestDatabase.execute(node.dbUrl(), "delete from tea_behaviour");
        TestDatabase.execute(node.dbUrl(), "insert into tea_behaviour values ('" + behaviour + "')");
    }

    private static String paid(String type) {
        var number = Shop.number();
        var body = "{\"provider\":\"wxpay\",\"needQRcode\":true,\"data\":{\"out_trade_no\":\"" + number
                + "\",\"total_fee\":990,\"subject\":\"茶\",\"type\":\"" + type + "\",\"custom\":{\"cups\":2}}}";
        assertThat(node.pay("createPayment", key, body).json().getInt("code")).isZero();
        node.simulator("pay", "{\"out_trade_no\":\"" + number + "\"}");
        Eventually.within(
                Duration.ofSeconds(10),
                "paid",
                () -> node.queryPayment(key, number, "").getBoolean("orderPaid"));
        return number;
    }

    private static long sold(String number) {
        return TestDatabase.number(
                node.dbUrl(), "select count(*) from tea_sold where out_trade_no = ? and fen = 990", number);
    }

    private static JsonObject awaited(String number) {
        return node.queryPayment(key, number, ",\"await_notify\":true");
    }

    private static JsonObject run(String number) {
        return node.call("GET", path(number), Node.MANAGE_TOKEN, null).json().getJsonObject("handler");
    }

    private static JsonObject runAgain(String number) {
        var answer = node.call("POST", path(number) + "/run", Node.MANAGE_TOKEN, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().getJsonObject("handler");
    }

    private static String path(String number) {
        return "/api/manage/merchants/tea-shop/handlers/test/" + number;
    }

    private static void eventually(String what, BooleanSupplier condition) {
        Eventually.within(Duration.ofSeconds(20), what, condition);
    }

    @Test
    void runs_once_when_its_order_is_paid_and_its_yes_is_user_order_success() {
        var number = paid("tea");

        assertThat(awaited(number).getBoolean("user_order_success")).isTrue();
        assertThat(sold(number)).isEqualTo(1);
        assertThat(run(number).getString("state")).isEqualTo("succeeded");
        assertThat(runAgain(number).getInt("tries")).isEqualTo(1);
    }

    @Test
    void that_fails_has_written_nothing_and_is_called_again() {
        behaviour("bad");
        var number = paid("tea");

        assertThat(awaited(number).getBoolean("user_order_success")).isFalse();
        assertThat(sold(number)).isZero();
        assertThat(run(number).getString("error")).isEqualTo("the handler answered false");
        behaviour("good");

        eventually("handled", () -> node.queryPayment(key, number, "").getBoolean("user_order_success"));
        assertThat(sold(number)).isEqualTo(1);
        assertThat(run(number).getInt("tries")).isEqualTo(2);
    }

    @Test
    void that_throws_has_written_nothing_and_an_operator_sees_why() {
        behaviour("broken");
        var number = paid("tea");

        assertThat(awaited(number).getBoolean("user_order_success")).isFalse();
        assertThat(sold(number)).isZero();
        assertThat(run(number).getString("error")).contains("the kettle is broken");
    }

    @Test
    void that_was_given_up_runs_again_when_an_operator_requests_it() {
        behaviour("bad");
        var number = paid("tea");
        assertThat(awaited(number).getBoolean("user_order_success")).isFalse();
        TestDatabase.execute(node.dbUrl(), """
                update handler_run r
                set round_at = now() - interval '3 days'
                from pay_order o
                where o.id = r.order_id and o.out_trade_no = '%s'
                """.formatted(number));
        eventually("given up", () -> run(number).getString("state").equals("given_up"));
        behaviour("good");

        runAgain(number);

        eventually("handled", () -> node.queryPayment(key, number, "").getBoolean("user_order_success"));
        assertThat(sold(number)).isEqualTo(1);
    }

    @Test
    void of_another_type_is_not_called() {
        var number = paid("coffee");

        assertThat(awaited(number).containsKey("user_order_success")).isFalse();
        assertThat(node.call("GET", path(number), Node.MANAGE_TOKEN, null).status())
                .isEqualTo(404);
        assertThat(sold(number)).isZero();
    }

    @Test
    void and_the_webhooks_must_all_succeed() {
        try (var server = new MerchantServer()) {
            server.answers(500, "");
            node.manage(
                    "PUT",
                    "merchants/tea-shop/webhooks/shop",
                    Json.createObjectBuilder().add("url", server.url()).add("mode", "test"));
            var number = paid("tea");
            eventually("handled", () -> run(number).getString("state").equals("succeeded"));
            eventually("refused", () -> !server.about(number).isEmpty());
            eventually(
                    "not a success", () -> !node.queryPayment(key, number, "").getBoolean("user_order_success", true));
            server.answers(200, "");

            eventually("acknowledged", () -> node.queryPayment(key, number, "").getBoolean("user_order_success"));
            node.call("POST", "/api/manage/merchants/tea-shop/webhooks/shop/disable", Node.MANAGE_TOKEN, null);
        }
    }

    @Test
    void whose_server_is_killed_during_the_call_takes_effect_once() {
        behaviour("slow");
        var number = paid("tea");
        eventually(
                "begun",
                () -> TestDatabase.number(
                                node.dbUrl(),
                                "select count(*) from scheduled_tasks where task_name = 'handler-run' and picked")
                        > 0);

        node.kill();
        assertThat(sold(number)).isZero();
        behaviour("good");
        node.start();

        Eventually.within(
                Duration.ofSeconds(60),
                "handled after the restart",
                () -> node.queryPayment(key, number, "").getBoolean("user_order_success", false));
        assertThat(sold(number)).isEqualTo(1);
    }

    @Test
    void beside_another_one_of_the_same_type_stops_the_start_with_a_sentence() throws IOException {
        var both = Map.of("WAR", war(TeaHandler.class, SecondTeaHandler.class).getPath());

        assertThatThrownBy(() -> Nodes.start("two-handlers", TestDatabase.fresh(), null, both))
                .hasMessageContaining("refused to start");

        assertThat(Files.readString(TestRun.directory().resolve("nodes/two-handlers/server.log")))
                .contains("two handlers name the type tea");
    }
}
