package io.cashdesk.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.qrcode.QrCode;
import io.cashdesk.ground.setting.Authority;
import io.cashdesk.ground.setting.InvalidSetting;
import io.cashdesk.ground.setting.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroundTest {
    @Nested
    class Money_ {
        @Test
        void converts_to_yuan_and_back_exactly() {
            assertThat(Money.fen(990).yuan()).isEqualTo("9.90");
            assertThat(Money.fen(1).yuan()).isEqualTo("0.01");
            assertThat(Money.fromYuan("9.9")).isEqualTo(Money.fen(990));
            assertThat(Money.fromYuan("100000000.00")).isEqualTo(Money.fen(10_000_000_000L));
        }

        @Test
        void refuses_fractions_of_a_fen_and_negative_amounts() {
            assertThatThrownBy(() -> Money.fromYuan("9.901")).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> Money.fen(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class A_body {
        @ParameterizedTest
        @ValueSource(strings = {"", "[]", "7", "{\"a\":}", "{\"a\":1", "nul"})
        void that_is_not_an_object_is_refused(String text) {
            assertThatThrownBy(() -> JsonBody.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.BODY));
        }

        @Test
        void that_is_not_utf_8_is_refused() {
            assertThatThrownBy(() -> JsonBody.parse(new byte[] {'{', (byte) 0xff, '}'}))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.BODY));
        }

        @Test
        void with_an_unknown_field_is_refused_and_the_field_named() {
            var body = JsonBody.parse("{\"total_fe\":1}".getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> body.only("total_fee"))
                    .hasMessageContaining("total_fe")
                    .hasMessageContaining("total_fee");
        }

        @Test
        void accepts_only_whole_numbers() {
            var body = JsonBody.parse("{\"a\":5,\"b\":5.0,\"c\":\"5\",\"d\":5.5}".getBytes(StandardCharsets.UTF_8));

            assertThat(body.whole("a")).contains(5L).isEqualTo(body.whole("b"));
            for (var name : List.of("c", "d")) {
                assertThatThrownBy(() -> body.whole(name)).isInstanceOf(Problem.class);
            }
        }
    }

    @Nested
    class Problem_types {
        @Test
        void have_unique_codes_and_messages_in_both_languages() {
            var types = ProblemType.values();

            assertThat(Arrays.stream(types).map(ProblemType::code)).doesNotHaveDuplicates();
            for (var type : types) {
                var problem = type.with("a", "b", "c", "d");
                assertThat(problem.message(Locale.ENGLISH)).isNotBlank();
                assertThat(problem.message(Locale.CHINESE)).containsPattern("\\p{IsHan}");
            }
        }

        @Test
        void insert_a_localized_text_in_the_language_of_the_message() {
            var problem =
                    ProblemType.PROVIDER_REFUSED.with("wxpay", "X", "x", new LocalizedText("请改正。", "Correct it."));

            assertThat(problem.getMessage()).contains("Correct it.").doesNotContain("请改正");
            assertThat(problem.message(Locale.CHINESE)).contains("请改正。").doesNotContain("Correct");
        }

        @Test
        void have_additional_members_for_a_providers_refusal() {
            var problem = ProblemType.PROVIDER_REFUSED
                    .with("wxpay", "NO_AUTH", "x", new LocalizedText("请开通。", "Enable it."))
                    .withRefusal(new Problem.Refusal(
                            "NO_AUTH", "merchant", "no", new LocalizedText("请换一种方式。", "Pay another way.")))
                    .retryAfter(Duration.ofSeconds(5));

            var body = problem.json(Locale.ENGLISH);
            assertThat(body.getString("provider_code")).isEqualTo("NO_AUTH");
            assertThat(body.getString("fault")).isEqualTo("merchant");
            assertThat(body.getString("retry")).isEqualTo("no");
            assertThat(body.getString("payer_msg")).isEqualTo("Pay another way.");
            assertThat(problem.json(Locale.CHINESE).getString("payer_msg")).isEqualTo("请换一种方式。");
            assertThat(ProblemType.METHOD.with("GET").json(Locale.ENGLISH))
                    .doesNotContainKeys("provider_code", "fault", "retry", "payer_msg");
        }

        @Test
        void have_a_row_in_docs_api() throws IOException {
            var page = Files.readString(Path.of("docs/api.md"));

            assertThat(Arrays.stream(ProblemType.values()))
                    .allSatisfy(t -> assertThat(page)
                            .contains("| " + t.code() + " | " + t.status() + " | `" + t.slug() + "` |"));
        }
    }

    @Nested
    class Message_texts {
        @Test
        void exist_in_both_languages() throws IOException {
            for (var bundle : List.of("simulator", "checkout", "demo")) {
                var english = properties(bundle + ".properties");
                var chinese = properties(bundle + "_zh.properties");

                assertThat(english.keySet())
                        .as(bundle)
                        .isEqualTo(chinese.keySet())
                        .isNotEmpty();
            }
        }

        private Map<String, String> properties(String name) throws IOException {
            var read = new java.util.Properties();
            try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages", name))) {
                read.load(in);
            }
            var map = new HashMap<String, String>();
            read.forEach((k, v) -> map.put((String) k, (String) v));
            return map;
        }
    }

    @Nested
    class A_qr_code {
        @Test
        void is_an_svg_with_a_quiet_zone_of_four() {
            var svg = QrCode.svg("weixin://wxpay/bizpayurl?pr=abc", 232);

            assertThat(svg).startsWith("<svg").contains("viewBox=\"0 0 ").contains("M4 4h7v1");
        }

        @Test
        void is_a_png_of_200_pixels() throws IOException {
            var url = QrCode.pngDataUrl("https://qr.alipay.com/bax00000000000000000000");
            var bytes = java.util.Base64.getDecoder().decode(url.substring("data:image/png;base64,".length()));
            var image = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(bytes));

            assertThat(image.getWidth()).isEqualTo(200);
        }
    }

    @Nested
    class A_setting {
        final Map<String, String> environment = new HashMap<>(Map.of(
                "CASHDESK_DB_URL", "jdbc:postgresql://localhost/x",
                "CASHDESK_BASE_URL", "https://pay.example.com",
                "CASHDESK_MASTER_KEY", java.util.Base64.getEncoder().encodeToString(new byte[32]),
                "CASHDESK_MANAGE_TOKEN", "0123456789abcdef"));

        @Test
        void that_is_missing_is_named_in_the_error() {
            new Settings(environment::get).check();
            for (var name : List.copyOf(environment.keySet())) {
                var without = new HashMap<>(environment);
                without.remove(name);
                assertThatThrownBy(() -> new Settings(without::get).check())
                        .isInstanceOf(InvalidSetting.class)
                        .hasMessageContaining(name);
            }
        }

        @Test
        void that_is_invalid_is_refused_with_what_is_valid() {
            environment.put("CASHDESK_MASTER_KEY", "short");
            assertThatThrownBy(() -> new Settings(environment::get).check()).hasMessageContaining("32 bytes in Base64");

            environment.put("CASHDESK_HTTP_PORT", "eighty");
            assertThatThrownBy(() -> new Settings(environment::get).httpPort())
                    .hasMessageContaining("whole number from 1 to 65535");
        }

        @ParameterizedTest
        @CsvSource({
            "https://pay.example.com, https://pay.example.com",
            "https://pay.example.com/, https://pay.example.com",
            "HTTPS://Pay.Example.com:443, https://pay.example.com",
            "https://pay.example.com:8443/, https://pay.example.com:8443",
            "http://localhost:8080, http://localhost:8080",
            "http://10.0.0.7:80, http://10.0.0.7",
            "https://[::1]:8443, https://[::1]:8443"
        })
        void of_the_base_address_is_a_scheme_a_host_and_a_port(String given, String base) {
            environment.put("CASHDESK_BASE_URL", given);

            assertThat(new Settings(environment::get).baseUrl()).isEqualTo(base);
        }

        @Test
        void of_the_base_address_leaves_room_for_an_address_for_notifications() {
            var longest = "https://" + ("a".repeat(60) + ".").repeat(3) + "example.c";
            environment.put("CASHDESK_BASE_URL", longest);

            assertThat(new Settings(environment::get).baseUrl())
                    .isEqualTo(longest)
                    .hasSize(200);
            environment.put("CASHDESK_BASE_URL", longest + "n");
            assertThatThrownBy(() -> new Settings(environment::get).baseUrl())
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining("CASHDESK_BASE_URL has 201 characters")
                    .hasMessageContaining("200");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://pay.example.com/pay",
                    "https://pay.example.com/pay/",
                    "https://pay.example.com//",
                    "https://pay.example.com?x=1",
                    "https://pay.example.com/?",
                    "https://pay.example.com#top",
                    "https://user@pay.example.com",
                    "https://user:secret@pay.example.com",
                    "https://pay.example.com and more",
                    "https://pay.example.com, https://pay2.example.com",
                    "https://pay.example.com:99999",
                    "https://pay.example.com:0",
                    "https://支付.example",
                    "https:///pay",
                    "https:pay.example.com",
                    "ftp://pay.example.com",
                    "//pay.example.com",
                    "pay.example.com",
                    "pay.example.com:8080"
                })
        void of_the_base_address_is_nothing_else(String given) {
            environment.put("CASHDESK_BASE_URL", given);

            assertThatThrownBy(() -> new Settings(environment::get).check())
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining("CASHDESK_BASE_URL is \"" + given + "\"")
                    .hasMessageContaining("without a path, query, fragment or user");
        }

        @Test
        void of_hosts_and_proxies_is_a_list() {
            var settings = new Settings(environment::get);
            assertThat(settings.hosts()).isEmpty();
            assertThat(settings.trustedProxies()).isEmpty();

            environment.put("CASHDESK_HOSTS", "pay2.example.com, 10.0.0.7:8080");
            assertThat(settings.hosts())
                    .extracting(Authority::toString)
                    .containsExactly("pay2.example.com", "10.0.0.7:8080");

            environment.put("CASHDESK_HOSTS", "https://pay2.example.com");
            assertThatThrownBy(settings::check)
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining(
                            "CASHDESK_HOSTS has \"https://pay2.example.com\" but must be a list of hosts");

            environment.remove("CASHDESK_HOSTS");
            environment.put("CASHDESK_TRUSTED_PROXIES", "10.0.0.0/8, nginx");
            assertThatThrownBy(settings::check)
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining("CASHDESK_TRUSTED_PROXIES has \"nginx\" but must be a list of IP addresses");
        }

        @Test
        void of_days_is_0_for_ever_or_at_least_its_minimum() {
            assertThat(new Settings(environment::get).orderEventsKept()).contains(Duration.ofDays(1_190));

            environment.put("CASHDESK_KEEP_ORDER_EVENTS_DAYS", "0");
            assertThat(new Settings(environment::get).orderEventsKept()).isEmpty();

            environment.put("CASHDESK_KEEP_ORDER_EVENTS_DAYS", "29");
            assertThatThrownBy(() -> new Settings(environment::get).check())
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining("CASHDESK_KEEP_ORDER_EVENTS_DAYS is \"29\"")
                    .hasMessageContaining("from 30 to 36500, or 0 to keep them for ever");
        }
    }

    @Test
    void migrations_are_named_by_a_valid_minute() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("db-migrations"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .allMatch(n -> n.matches(
                            "V2\\d{3}(0[1-9]|1[0-2])([0-2]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d__[a-z_]+\\.sql"));
        }
    }
}
