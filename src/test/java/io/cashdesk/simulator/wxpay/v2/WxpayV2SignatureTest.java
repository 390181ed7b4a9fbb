package io.cashdesk.simulator.wxpay.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** v2's signatures and encryption, compared with published texts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WxpayV2SignatureTest {
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
                "sign", "not signed"));

        assertThat(WxpayV2Signature.sign(fields, KEY, type)).isEqualTo(sign);
    }

    @Test
    void signs_a_launch_as_published() {
        var fields = new TreeMap<>(Map.of(
                "appId", "wxd678efh567hg6787",
                "nonceStr", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
                "package", "prepay_id=wx2017033010242291fcfe0db70013231072",
                "signType", "MD5",
                "timeStamp", "1490840662"));

        assertThat(WxpayV2Signature.sign(fields, "qazwsxedcrfvtgbyhnujmikolp111111", WxpayV2Signature.MD5))
                .isEqualTo("22D9B4E54AB1950F51E0649E8810ACD6");
    }

    @Test
    void encrypts_as_documented() {
        var text = "<root><out_refund_no><![CDATA[R1]]></out_refund_no>"
                + "<refund_status><![CDATA[SUCCESS]]></refund_status></root>";

        assertThat(WxpayV2Signature.encryptionKey(KEY)).isEqualTo("d96eb16afdd491fa1e705096edbc2205");
        assertThat(WxpayV2Signature.encrypt(text, KEY))
                .isEqualTo("WBzGpzQuNpcFxIlFjUUD9BZv+lpBMzd2SHiKCkwfALWid5G8ZvfOussfMIHLbKJmcnxPKdb1ZJEqTAp8ysQv"
                        + "+xa1fj+Eorgndx3fNxf3KAYa3LPgsjvZgxaeYyrhV05Kbjkj6ywg27cEyTTaPZFYNg==");
    }
}
