package io.cashdesk.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Texts that Alipay signs, and its serials. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AlipayFormatTest {
    @Test
    void numbers_certificates_as_alipay_does() {
        var issuer = "CN=Ant Financial Certification Authority R1,OU=Certification Authority,O=Ant Financial,C=CN";

        assertThat(AlipayCertificates.serial(issuer, new BigInteger("2292228364100439313")))
                .isEqualTo("687b59193f3f462dd5336e5abf83c5d8");
    }

    @Test
    void joins_fields_sorted_and_without_the_empty_ones() {
        assertThat(AlipayFormat.canonical(Map.of("b", "2", "a", "1 +/", "c", "")))
                .isEqualTo("a=1 +/&b=2");
    }
}
