package io.cashdesk.run;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadyBoxTest {
    private static final String KEY = "sk_test_" + "k".repeat(43);

    private static JsonObject account(String provider) {
        var payers = Json.createArrayBuilder()
                .add(Json.createObjectBuilder()
                        .add("name", "FIRST")
                        .add("openid", "o1234567890abcdefSimulatedP1")
                        .add("subOpenid", "oabcdef1234567890SimulatedP1")
                        .add("openId", "0A4S" + "x".repeat(40)));
        return Json.createObjectBuilder()
                .add("provider", provider)
                .add(
                        "nodes",
                        Json.createArrayBuilder(List.of("app-plus", "codepay", "h5", "h5-weixin", "mp-weixin", "mweb")))
                .add("appId", "wx1234567890abcdef")
                .add("mchId", "1612345678")
                .add("subMerchants", Json.createArrayBuilder().add("1712345678"))
                .add("payers", payers)
                .build();
    }

    private static String text() {
        return text(true, "m".repeat(44));
    }

    private static String text(boolean development, String token) {
        return new ReadyBox(
                        "http://localhost:8080",
                        development,
                        token,
                        new ReadyBox.Shop("demo", KEY, "whsec_" + "w".repeat(44)),
                        List.of(account("wxpay"), account("alipay")),
                        Path.of("/home/developer/cashdesk/.data"),
                        "T20261127101500")
                .text();
    }

    @Test
    void names_everything_that_a_newcomer_needs() {
        assertThat(text())
                .contains(
                        "http://localhost:8080/demo/",
                        "http://localhost:8080/simulator/",
                        KEY,
                        "m".repeat(44),
                        "whsec_",
                        "mp-weixin",
                        "wx1234567890abcdef",
                        "1612345678",
                        "1712345678",
                        "o1234567890abcdefSimulatedP1",
                        ".data/server.log",
                        "Ctrl-C");
        assertThat(text().lines()).anyMatch(l -> l.matches("pid +demo"));
    }

    @Test
    void reads_in_a_terminal_of_100_columns() {
        assertThat(text().lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(ReadyBox.WIDTH));
        assertThat(text()).matches("[\\x20-\\x7e\\n]+");
    }

    @Test
    void has_a_first_call_that_can_be_copied() {
        var call = text().substring(text().indexOf("curl"));

        assertThat(call).contains("-H 'Authorization: Bearer " + KEY + "'", "\"out_trade_no\": \"T20261127101500\"");
        assertThat(call.chars().filter(c -> c == '\'').count()).isEqualTo(6);
        assertThat(call.lines().limit(2)).allMatch(l -> l.endsWith(" \\"));
    }

    @Test
    void says_that_the_simulators_list_is_off_without_development() {
        assertThat(text(false, "t"))
                .contains("its list of orders is off, because CASHDESK_DEVELOPMENT=false")
                .doesNotContain("http://localhost:8080/simulator/");
    }

    @Test
    void says_what_each_of_the_two_ids_of_alipays_payer_is() {
        var alipay = text().substring(text().indexOf("\nalipay"));

        assertThat(alipay).contains("SimulatedP1  (payer FIRST: the user id)", "x  (payer FIRST: the open id)");
    }

    @Test
    void a_secret_of_the_operator_is_not_printed(@TempDir Path folder) throws IOException {
        var given = Secrets.in(folder.resolve("given"), Map.of("CASHDESK_MANAGE_TOKEN", "operators-own")::get);
        var made = Secrets.in(folder.resolve("made"), name -> null);

        assertThat(given.random("MANAGE_TOKEN")).isEqualTo("operators-own");
        assertThat(given.shown("MANAGE_TOKEN")).isEqualTo("(from CASHDESK_MANAGE_TOKEN)");
        assertThat(made.shown("MANAGE_TOKEN"))
                .isEqualTo(made.random("MANAGE_TOKEN"))
                .hasSize(44);
    }
}
