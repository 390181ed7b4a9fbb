package io.cashdesk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.NewOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderFieldsTest {
    private static JsonBody data(String json) {
        return JsonBody.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"1.0, 1", "1e3, 1000", "990, 990", "10000000000, 10000000000"})
    void total_fee_is_a_number_without_a_fraction(String written, long fen) {
        assertThat(OrderFields.total(data("{\"total_fee\":" + written + "}")).minor())
                .isEqualTo(fen);
    }

    @Nested
    class Custom {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "total_fee", "subject", "body", "other", "return_url", "time_expire", "auth_code", "store_id",
                    "sub_mchid", "sub_appid", "app_auth_token", "needQRcode", "isPC", "provider", "context", "data",
                    "payOrder", "pay_order", "providers", "pid", "custom", "openid", "notify_info", "_id"
                })
        void must_not_contain_a_name_of_the_call_or_the_record(String name) {
            assertThatThrownBy(() -> OrderFields.custom(data("{\"custom\":{\"" + name + "\":1}}")))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.CUSTOM_COLLIDES))
                    .hasMessageContaining(name);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"level\":3}", "{\"goods\":{\"subject\":\"tea\"}}", "{\"note\":\"\\\\u0000\"}"})
        void is_kept_as_it_is_otherwise(String custom) {
            assertThat(OrderFields.custom(data("{\"custom\":" + custom + "}"))).isEqualTo(custom);
        }

        @Test
        void may_not_use_exactly_the_names_that_the_documentation_lists() throws IOException {
            var page = Files.readString(Path.of("docs/api.md"));
            var list = page.substring(page.indexOf("### Names that custom may not use"));
            var names = new TreeSet<String>();
            Pattern.compile("`([A-Za-z0-9_]+)`")
                    .matcher(list.substring(list.indexOf("(1110):"), list.indexOf("\n#")))
                    .results()
                    .forEach(match -> names.add(match.group(1)));

            assertThat(names).isEqualTo(OrderFields.NOT_IN_CUSTOM);
        }
    }

    @Nested
    class A_deadline {
        private final Instant now = Instant.parse("2026-11-21T12:00:00.400Z");

        private NewOrder.Deadline in(Duration time, Duration soonest) {
            var json = "{\"time_expire\":" + now.plus(time).toEpochMilli() + "}";
            var deadline = OrderFields.deadline(data(json), Duration.ofHours(2), soonest, now);
            OrderFields.requireNotice(data(json), soonest, now);
            return deadline;
        }

        @Test
        void that_was_stored_may_be_nearer_than_the_minimum_but_not_past() {
            var stored = data("{\"time_expire\":" + now.plusSeconds(3).toEpochMilli() + "}");

            assertThat(OrderFields.deadline(stored, Duration.ofHours(2), Duration.ofMinutes(5), now)
                            .at())
                    .isEqualTo(Instant.parse("2026-11-21T12:00:03Z"));
            assertThatThrownBy(() -> OrderFields.deadline(
                            stored, Duration.ofHours(2), Duration.ofMinutes(5), now.plusSeconds(3)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.TIME_EXPIRE));
        }

        @Test
        void without_time_expire_needs_no_notice() {
            assertThatCode(() -> OrderFields.requireNotice(data("{}"), Duration.ofMinutes(5), now))
                    .doesNotThrowAnyException();
        }

        @Test
        void without_time_expire_is_a_time_from_now_and_not_named() {
            assertThat(OrderFields.deadline(data("{}"), Duration.ofHours(2), Duration.ofMinutes(1), now))
                    .isEqualTo(new NewOrder.Deadline(Instant.parse("2026-11-21T14:00:00Z"), false));
        }

        @ParameterizedTest
        @CsvSource({"60, 59.6", "60, 50", "300, 290", "300, 299", "1, 2", "1, 1209600"})
        void may_be_ten_seconds_nearer_than_the_minimum(long soonest, double seconds) {
            var wanted = Duration.ofMillis((long) (seconds * 1000));

            var deadline = in(wanted, Duration.ofSeconds(soonest));

            assertThat(deadline.named()).isTrue();
            assertThat(deadline.at())
                    .isEqualTo(Instant.ofEpochSecond(now.plus(wanted).getEpochSecond()));
        }

        @ParameterizedTest
        @CsvSource({"60, 49.999", "300, 289", "1, 0", "1, -1", "60, -1", "60, 1296001"})
        void that_is_nearer_or_past_or_too_far_is_refused_with_the_earliest_moment(long soonest, double seconds) {
            assertThatThrownBy(() -> in(Duration.ofMillis((long) (seconds * 1000)), Duration.ofSeconds(soonest)))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.type()).isEqualTo(ProblemType.TIME_EXPIRE))
                    .hasMessageContaining(Long.toString(now.plusSeconds(soonest).toEpochMilli() + 1));
        }

        @Test
        void is_at_least_a_second_away_so_that_the_order_can_be_opened() {
            assertThat(in(Duration.ofMillis(10), Duration.ofSeconds(1)).at())
                    .isEqualTo(Instant.parse("2026-11-21T12:00:02Z"));
        }

        private NewOrder.Deadline written(String value) {
            var earlier = Instant.ofEpochMilli(1_794_999_000_000L);
            var json = data("{\"time_expire\":" + value + "}");
            return OrderFields.deadline(json, Duration.ZERO, Duration.ofSeconds(1), earlier);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1795000000000", "1795000000000.0", "1.795e12"})
        void is_a_number_without_a_fraction(String value) {
            assertThat(written(value).at()).isEqualTo(Instant.ofEpochMilli(1_795_000_000_000L));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"1795000000000\"", "1795000000000.5", "true", "1795000000"})
        void is_nothing_else(String value) {
            assertThatThrownBy(() -> written(value)).hasMessageContaining("time_expire");
        }
    }
}
