package io.cashdesk.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.WireTest;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A call reads no archive of the class path. Only the first one may: what it finds is kept. */
@ParameterizedClass
@EnumSource
class AlipayClassPathTest extends WireTest<AlipayWire> {
    /** Searched for by the API of these tests, not by the server's: InContainerIT. */
    private static final String JSON = "META-INF/services/jakarta.json.spi.JsonProvider";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final List<String> searched = new ArrayList<>();

    AlipayClassPathTest(AlipayWire.Keys keys) {
        super(new AlipayWire(keys));
    }

    @BeforeEach
    void count() {
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {
            @Override
            public URL getResource(String name) {
                searched.add(name);
                return super.getResource(name);
            }

            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                searched.add(name);
                return super.getResources(name);
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                searched.add(name);
                return super.findClass(name);
            }
        });
    }

    @AfterEach
    void putBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private void calls() {
        server.answers(wire::success);
        assertThat(create(account())).isInstanceOf(PaymentPrompt.ScanQrCode.class);
        server.answers(
                wire.answers(
                        "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\",\"sub_msg\":\"no\"}"));
        assertThat(query(account(), attempt(NUMBER))).isInstanceOf(ProviderReport.Absent.class);
    }

    @Test
    void only_the_first_calls_search_the_class_path() {
        calls();
        searched.clear();

        calls();

        assertThat(searched).allMatch(JSON::equals);
    }
}
