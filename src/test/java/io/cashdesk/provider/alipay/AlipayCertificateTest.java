package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.Creates;
import io.cashdesk.provider.Recorded;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An account with the three certificates. */
class AlipayCertificateTest extends AlipayProductContract {
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

        ((Creates) provider()).create(account(), request());

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
    void calls_to_a_slow_gateway_do_not_queue_for_each_other() throws Exception {
        var account = account();
        warmUp(account);
        server.answers(request -> well(request).late(Duration.ofMillis(600)));
        var threads = Executors.newFixedThreadPool(8);
        var calls = Collections.<Callable<Object>>nCopies(8, () -> ((Creates) provider()).create(account, request()));
        var start = System.nanoTime();

        var done = threads.invokeAll(calls);
        threads.shutdown();

        for (var call : done) assertThat(call.get()).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(3_000)); // 4.8 s in a row
    }
}
