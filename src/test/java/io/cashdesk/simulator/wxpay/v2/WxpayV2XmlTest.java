package io.cashdesk.simulator.wxpay.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** v2's messages. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2XmlTest {
    @Test
    void reads_what_it_writes_and_what_others_write() throws Exception {
        var fields = new TreeMap<>(Map.of("body", "茶 <&> ]]> 5", "attach", ""));
        var others =
                "<?xml version=\"1.0\"?>\n<xml>\n <body>茶 &lt;&amp;&gt; <![CDATA[]]]]>&gt; 5</body><attach/></xml>\n";

        assertThat(WxpayV2Xml.read(WxpayV2Xml.write("xml", fields).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(fields);
        assertThat(WxpayV2Xml.read(others.getBytes(StandardCharsets.UTF_8))).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "appid=1",
                "<root><a>1</a></root>",
                "<xml><a>1</a><a>2</a></xml>",
                "<xml><a b=\"1\">1</a></xml>",
                "<xml><a><b>1</b></a></xml>",
                "<xml><a>1</a></xml><xml/>",
                "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><xml><a>&e;</a></xml>",
            })
    void takes_nothing_but_one_level_of_fields(String body) {
        assertThatThrownBy(() -> WxpayV2Xml.read(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WxpayV2Xml.Unreadable.class);
    }

    @Test
    void takes_nothing_but_utf_8() {
        assertThatThrownBy(() -> WxpayV2Xml.read("<xml><a>é</a></xml>".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(WxpayV2Xml.Unreadable.class)
                .hasMessageContaining("UTF-8");
    }
}
