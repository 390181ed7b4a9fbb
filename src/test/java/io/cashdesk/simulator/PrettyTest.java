package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PrettyTest {
    @Test
    void json_has_a_line_for_each_member() {
        assertThat(Pretty.body("{\"a\":1,\"b\":{\"c\":\"d\"}}").lines()).hasSizeGreaterThan(4);
    }

    @Test
    void json_that_was_cut_stays_as_it_is() {
        assertThat(Pretty.body("{\"a\":1,\"b\":…")).isEqualTo("{\"a\":1,\"b\":…");
    }

    @Test
    void xml_has_a_line_for_each_element() {
        assertThat(Pretty.body("<xml><a><![CDATA[1]]></a><b>2</b></xml>"))
                .isEqualTo("<xml>\n<a><![CDATA[1]]></a>\n<b>2</b>\n</xml>");
    }

    @Test
    void a_form_is_decoded_with_a_line_for_each_field() {
        assertThat(Pretty.body("subject=%E8%8C%B6&total_amount=9.90&sign=a%2Bb%3D"))
                .isEqualTo("subject=茶\ntotal_amount=9.90\nsign=a+b=");
    }

    @Test
    void other_texts_stay_as_they_are() {
        assertThat(Pretty.body("success")).isEqualTo("success");
        assertThat(Pretty.body("100% sure=yes")).isEqualTo("100% sure=yes");
        assertThat(Pretty.body("")).isEmpty();
    }

    @Test
    void json_that_a_parser_refuses_for_its_size_stays_as_it_is() {
        var deep = "[".repeat(5_000) + "]".repeat(5_000);
        var number = "{\"a\":" + "9".repeat(1_200) + "}";

        assertThat(Pretty.body(deep)).isEqualTo(deep);
        assertThat(Pretty.body(number)).isEqualTo(number);
    }
}
