package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.provider.Recorded;
import io.cashdesk.provider.WireTest;
import io.cashdesk.testing.Machine;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An account with the three certificates. */
class AlipayCertificateTest extends WireTest<AlipayWire> {
    AlipayCertificateTest() {
        super(new AlipayWire(AlipayWire.Keys.CERTIFICATE));
    }

    @Test
    void every_request_has_the_certificate_numbers() {
        create(account());

        assertThat(AlipayWire.decoded(lastRequest().query()))
                .containsEntry("app_cert_sn", AlipayWire.number("1001"))
                .containsKey("alipay_root_cert_sn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"appCertContent", "alipayPublicCertContent", "alipayRootCertContent"})
    void refuses_a_missing_or_invalid_certificate_and_names_its_key(String key) {
        for (var value :
                new String[] {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}) {
            assertThatThrownBy(() -> wire.provider().check(account(with(key, value))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }

    @Test
    void refuses_a_private_key_of_another_certificate() {
        var other = with("privateKey", Recorded.text("alipay/alipay-private.key"));

        assertThatThrownBy(() -> wire.provider().check(account(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("privateKey");
    }

    @Test
    void calls_to_a_slow_gateway_run_in_parallel() throws Exception {
        var account = account();
        warmUp(account);
        server.answers(request -> wire.success(request).delayed(Duration.ofMillis(600)));
        var threads = Executors.newFixedThreadPool(8);
        var calls = Collections.<Callable<Object>>nCopies(8, () -> create(account));
        var start = System.nanoTime();

        var done = threads.invokeAll(calls);
        threads.shutdown();

        for (var call : done) assertThat(call.get()).isNotNull();
        var inARow = Duration.ofMillis(8 * 600);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Machine.limit(Duration.ofSeconds(3), inARow.minusMillis(100)));
    }
}
