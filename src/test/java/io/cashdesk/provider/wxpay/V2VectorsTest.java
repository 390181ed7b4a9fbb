package io.cashdesk.provider.wxpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and signatures of API v2, checked with WeChat Pay's published examples. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class V2VectorsTest {
    static final String KEY = "192006250b4c09247ec02edce69f6a2d";
    static final String ENCRYPTED =
            "WBzGpzQuNpcFxIlFjUUD9BZv+lpBMzd2SHiKCkwfALWid5G8ZvfOussfMIHLbKJmcnxPKdb1ZJEqTAp8ysQv+xa1fj+"
                    + "Eorgndx3fNxf3KAYa3LPgsjvZgxaeYyrhV05Kbjkj6ywg27cEyTTaPZFYNg==";

    private static V2Message published() {
        return new V2Message()
                .with("appid", "wxd930ea5d5a258f4f")
                .with("mch_id", "10000100")
                .with("device_info", "1000")
                .with("body", "test")
                .with("nonce_str", "ibuaiVcKdpRxkhJA")
                .with("attach", "") // not signed, because it is empty
                .with("sign", "is not signed");
    }

    private static V2Message read(String xml) throws V2Message.Malformed {
        return V2Message.read(xml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void signs_the_published_message_with_md5() {
        assertThat(published().sign(V2Signature.MD5, KEY)).isEqualTo("9A0A8659F005D6984697E2CA0A9CF3B7");
    }

    @Test
    void signs_the_published_message_with_hmac_sha256() {
        assertThat(published().sign(V2Signature.HMAC_SHA256, KEY))
                .isEqualTo("6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6");
    }

    @Test
    void signs_the_published_wallet_parameters() {
        var account = new V2Account(
                "wxd678efh567hg6787", "1", "qazwsxedcrfvtgbyhnujmikolp111111", V2Signature.MD5, Optional.empty());

        var parameters = V2WalletParameters.inWechat(
                account,
                new PrepayId("wxd678efh567hg6787", "wx2017033010242291fcfe0db70013231072"),
                "1490840662",
                "5K8264ILTKCH16CQ2502SI8ZNMTM67VS");

        assertThat(parameters.getString("paySign")).isEqualTo("22D9B4E54AB1950F51E0649E8810ACD6");
    }

    @Test
    void decrypts_with_the_md5_of_the_key() throws Exception {
        var opened = V2Message.read(V2Signature.open(ENCRYPTED, KEY), "root");

        assertThat(opened.text("out_refund_no")).isEqualTo("R1");
        assertThat(opened.text("refund_status")).isEqualTo("SUCCESS");
        assertThat(V2Signature.contentKey(KEY)).isEqualTo("d96eb16afdd491fa1e705096edbc2205");
    }

    @Test
    void the_md5_of_a_key_keeps_its_leading_zeros() throws Exception {
        int n = 0;
        while (!V2Wire.md5(String.format("%032d", n)).startsWith("00")) n++;
        var key = String.format("%032d", n);

        assertThat(V2Signature.contentKey(key)).isEqualTo(V2Wire.md5(key)).hasSize(32);
        assertThat(V2Signature.open(V2Wire.encrypt("<root></root>", key), key)).isEqualTo("<root></root>");
    }

    @Test
    void decrypts_nothing_with_another_key() {
        assertThatThrownBy(() -> V2Signature.open(ENCRYPTED, "x".repeat(32)))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> V2Signature.open("*", KEY)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void reads_back_any_text_that_it_wrote() throws Exception {
        var value = "茶 <b>&amp; ]]> \"x\" 🍵\r\nnext\rline" + (char) 0xD800 + (char) 7;
        var message = new V2Message().with("body", value);

        var read = read(message.xml());

        assertThat(read.text("body")).isEqualTo("茶 <b>&amp; ]]> \"x\" 🍵\nnext\nline");
        assertThat(read.sign(V2Signature.MD5, KEY)).isEqualTo(message.sign(V2Signature.MD5, KEY));
    }

    @Test
    void reads_texts_with_and_without_cdata() throws Exception {
        var read = read("<xml>\n  <a>&lt;<![CDATA[<]]></a>\n  <b></b><c/>\n</xml>");

        assertThat(read.text("a")).isEqualTo("<<");
        assertThat(read.has("b")).isFalse();
        assertThat(read.has("c")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<xml>",
                "<html></html>",
                "<xml><a><b>1</b></a></xml>",
                "<xml><a>1</a><a>2</a></xml>",
                "<xml><a x='1'>1</a></xml>",
                "<xml>text</xml>",
                "<!DOCTYPE xml><xml><a>1</a></xml>",
                "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><a>&x;</a></xml>",
                "<!DOCTYPE xml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><xml><a>&b;</a></xml>",
                "<xml><a>&x;</a></xml>"
            })
    void reads_only_flat_xml_without_a_dtd(String xml) {
        assertThatThrownBy(() -> read(xml)).isInstanceOf(V2Message.Malformed.class);
    }

    @Test
    void reads_only_utf_8() {
        assertThatThrownBy(() -> V2Message.read("<xml><a>茶</a></xml>".getBytes(Charset.forName("GBK"))))
                .isInstanceOf(V2Message.Malformed.class);
    }
}
