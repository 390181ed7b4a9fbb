package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated WeChat Pay's own reading of v2, held to the published vectors. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WechatV2WordsTest {
    private static final String KEY = "192006250b4c09247ec02edce69f6a2d";

    @ParameterizedTest
    @CsvSource({
        "MD5, 9A0A8659F005D6984697E2CA0A9CF3B7",
        "HMAC-SHA256, 6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"
    })
    void signs_as_published(String type, String sign) {
        var fields = new TreeMap<>(Map.of(
                "appid", "wxd930ea5d5a258f4f",
                "body", "test",
                "device_info", "1000",
                "mch_id", "10000100",
                "nonce_str", "ibuaiVcKdpRxkhJA",
                "attach", "",
                "sign", "whatever stands there"));

        assertThat(WechatV2Words.sign(fields, KEY, type)).isEqualTo(sign);
    }

    @Test
    void signs_a_launch_as_published() {
        var fields = new TreeMap<>(Map.of(
                "appId", "wxd678efh567hg6787",
                "nonceStr", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
                "package", "prepay_id=wx2017033010242291fcfe0db70013231072",
                "signType", "MD5",
                "timeStamp", "1490840662"));

        assertThat(WechatV2Words.sign(fields, "qazwsxedcrfvtgbyhnujmikolp111111", WechatV2Words.MD5))
                .isEqualTo("22D9B4E54AB1950F51E0649E8810ACD6");
    }

    @Test
    void seals_as_the_documents_say() {
        var text = "<root><out_refund_no><![CDATA[R1]]></out_refund_no>"
                + "<refund_status><![CDATA[SUCCESS]]></refund_status></root>";

        assertThat(WechatV2Words.sealingKey(KEY)).isEqualTo("d96eb16afdd491fa1e705096edbc2205");
        assertThat(WechatV2Words.seal(text, KEY))
                .isEqualTo("WBzGpzQuNpcFxIlFjUUD9BZv+lpBMzd2SHiKCkwfALWid5G8ZvfOussfMIHLbKJmcnxPKdb1ZJEqTAp8ysQv"
                        + "+xa1fj+Eorgndx3fNxf3KAYa3LPgsjvZgxaeYyrhV05Kbjkj6ywg27cEyTTaPZFYNg==");
    }

    @Test
    void reads_what_it_writes_and_what_others_write() throws Exception {
        var fields = new TreeMap<>(Map.of("body", "茶 <&> ]]> 5", "attach", ""));
        var others =
                "<?xml version=\"1.0\"?>\n<xml>\n <body>茶 &lt;&amp;&gt; <![CDATA[]]]]>&gt; 5</body><attach/></xml>\n";

        assertThat(WechatV2Words.read(WechatV2Words.write("xml", fields).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(fields);
        assertThat(WechatV2Words.read(others.getBytes(StandardCharsets.UTF_8))).isEqualTo(fields);
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
        assertThatThrownBy(() -> WechatV2Words.read(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WechatV2Words.Unreadable.class);
    }

    @Test
    void takes_nothing_but_utf_8() {
        assertThatThrownBy(() -> WechatV2Words.read("<xml><a>é</a></xml>".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(WechatV2Words.Unreadable.class)
                .hasMessageContaining("UTF-8");
    }
}
