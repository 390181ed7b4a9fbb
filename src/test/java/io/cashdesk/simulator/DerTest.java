package io.cashdesk.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DerTest {
    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void writes_object_identifiers() {
        assertThat(hex(Der.oid("1.2.840.113549.1.1.11"))).isEqualTo("06092a864886f70d01010b"); // RFC 4055
        assertThat(hex(Der.oid("1.2.840.10045.4.3.2"))).isEqualTo("06082a8648ce3d040302"); // RFC 5758
        assertThat(hex(Der.oid("2.5.4.3"))).isEqualTo("0603550403");
        assertThat(hex(Der.oid("1.2.840.113635.100.6.11.1"))).isEqualTo("060a2a864886f76364060b01");
    }

    @Test
    void writes_lengths_of_one_and_of_more_bytes() {
        assertThat(hex(Der.element(Der.NULL))).isEqualTo("0500");
        assertThat(hex(Der.element(Der.OCTET_STRING, new byte[128]))).startsWith("048180");
        assertThat(hex(Der.element(Der.OCTET_STRING, new byte[300]))).startsWith("0482012c");
    }
}
