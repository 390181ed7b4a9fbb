package io.cashdesk.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Contact;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PutContactTest {
    private static final Contact STORED = contact("010-1", "old@shop.example");

    private static Contact contact(String phone, String email) {
        return new Contact(Optional.ofNullable(phone), Optional.ofNullable(email));
    }

    private static Contact put(String contact) {
        var body = contact == null ? "{}" : "{\"contact\":" + contact + "}";
        return PutContact.changed(STORED, JsonBody.parse(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void absent_stays_and_null_removes() {
        assertThat(put(null)).isEqualTo(STORED);
        assertThat(put("{}")).isEqualTo(STORED);
        assertThat(put("{\"phone\":\"400 800\"}")).isEqualTo(contact("400 800", "old@shop.example"));
        assertThat(put("{\"phone\":null}")).isEqualTo(contact(null, "old@shop.example"));
        assertThat(put("{\"email\":null}")).isEqualTo(contact("010-1", null));
        assertThat(put("null")).isEqualTo(Contact.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"110", "+86 (10) 8888-6666", "12345678901234567890123456789012"})
    void a_phone_number_is_digits_and_what_stands_between_them(String phone) {
        assertThat(put("{\"phone\":\"" + phone + "\"}").phone()).contains(phone);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "11",
                "()-+ ",
                "1-2",
                "123456789012345678901234567890123",
                "400-SHOP",
                "１１０",
                "110\\n",
                "tel:110"
            })
    void another_phone_number_is_refused_by_its_path(String phone) {
        assertRefused("{\"phone\":\"" + phone + "\"}", "contact.phone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b.cn", "help+pay@mail.shop.example"})
    void an_email_is_one_address(String email) {
        assertThat(put("{\"email\":\"" + email + "\"}").email()).contains(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "a@b",
                "a@b.",
                "a@.b",
                "@b.cn",
                "a@b.cn,c@d.cn",
                "a@b.cn c@d.cn",
                "A <a@b.cn>",
                "a@b.cn?bcc=c",
                "a@b.cn\\n",
                "客服@b.cn",
                "a@-b.cn",
                "a@b@c.cn"
            })
    void another_email_is_refused_by_its_path(String email) {
        assertRefused("{\"email\":\"" + email + "\"}", "contact.email");
    }

    @Test
    void an_email_has_at_most_254_characters() {
        var domain = ("a".repeat(62) + ".").repeat(4);

        var longest = "b@" + domain.substring(0, 252 - 3) + ".cn";

        assertThat(longest).hasSize(254);
        assertThat(put("{\"email\":\"" + longest + "\"}").email()).contains(longest);
        assertRefused("{\"email\":\"b" + longest + "\"}", "contact.email");
    }

    @Test
    void other_fields_and_other_types_are_refused_by_name() {
        assertRefused("{\"fax\":\"110\"}", "contact.fax");
        assertRefused("{\"phone\":110}", "contact.phone");
        assertRefused("\"110\"", "contact");
    }

    private static void assertRefused(String contact, String field) {
        assertThatThrownBy(() -> put(contact)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isIn(ProblemType.FIELD, ProblemType.UNKNOWN_FIELD);
            assertThat(problem.message(Locale.SIMPLIFIED_CHINESE)).contains(field);
            assertThat(problem.message(Locale.ENGLISH)).contains(field);
        });
    }
}
