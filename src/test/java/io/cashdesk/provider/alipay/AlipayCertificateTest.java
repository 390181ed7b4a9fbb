package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.Recorded;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An account with the three certificates. */
class AlipayCertificateTest extends AlipayContract {
    @Override
    protected JsonObject node() {
        return Json.createObjectBuilder(super.node())
                .add("appCertContent", Recorded.text("alipay/application-certificate.pem"))
                .add("alipayPublicCertContent", Recorded.text("alipay/alipay-certificate.pem"))
                .add("alipayRootCertContent", Recorded.text("alipay/root-certificates.pem"))
                .build();
    }

    @Override
    String beside() {
        return "\"alipay_cert_sn\":\"" + number("1002") + "\",";
    }

    /** As Alipay numbers a certificate: MD5 of issuer and decimal serial number. */
    private static String number(String serial) {
        try {
            var text = "CN=Test Root R1,O=Test,C=CN" + serial;
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%032x", new BigInteger(1, digest));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void names_its_certificates_in_every_request() {
        server.answers(this::well);

        provider().create(account(), request());

        assertThat(decoded(server.asked().get(0).query()))
                .containsEntry("app_cert_sn", number("1001"))
                .containsKey("alipay_root_cert_sn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"appCertContent", "alipayPublicCertContent", "alipayRootCertContent"})
    void refuses_a_certificate_that_is_missing_or_no_certificate_by_its_name(String key) {
        for (var value :
                new String[] {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}) {
            assertThatThrownBy(() -> provider().check(settings(with(key, value), gateway(server.address()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }

    @Test
    void refuses_a_private_key_that_is_not_the_certificates() {
        var other = with("privateKey", Recorded.text("alipay/alipay-private.key"));

        assertThatThrownBy(() -> provider().check(settings(other, gateway(server.address()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("privateKey");
    }

    @Test
    void many_calls_at_once_do_not_disturb_each_other() throws Exception {
        server.answers(this::well);
        var account = account();
        var threads = Executors.newFixedThreadPool(8);
        var calls = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 40; i++) calls.add(() -> provider().create(account, request()));

        var done = threads.invokeAll(calls);
        threads.shutdown();

        for (var call : done) assertThat(call.get()).isNotNull();
    }
}
