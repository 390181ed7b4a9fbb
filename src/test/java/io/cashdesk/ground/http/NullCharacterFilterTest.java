package io.cashdesk.ground.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.ARequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NullCharacterFilterTest {
    /** The status with which the filter answers; 0 if it lets the request pass. */
    private static int status(String path, String query) throws Exception {
        var status = new int[1];
        var passed = new boolean[1];
        var response = (HttpServletResponse) Proxy.newProxyInstance(
                NullCharacterFilterTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (p, method, arguments) -> {
                    if (method.getName().equals("setStatus")) status[0] = (int) arguments[0];
                    return method.getName().equals("getWriter") ? new PrintWriter(new StringWriter()) : null;
                });
        new NullCharacterFilter()
                .doFilter(new ARequest().path(path).query(query).request(), response, (q, r) -> passed[0] = true);
        assertThat(passed[0]).isEqualTo(status[0] == 0);
        return status[0];
    }

    @ParameterizedTest
    @CsvSource({
        "/demo/orders/a%00b,, 404",
        "/simulator/style/%00.css,, 404",
        "/simulator/wallet, code=a%00b, 404",
        "/%00,, 404",
        "/demo/orders/a%2500b,, 0",
        "/simulator/wallet, code=T1, 0",
        "/checkout/a%00b,, 0",
        "/q/%00,, 0",
        "/api/pay/%00,, 0"
    })
    void answers_404_where_nothing_else_does(String path, String query, int status) throws Exception {
        assertThat(status(path, query)).isEqualTo(status);
    }
}
