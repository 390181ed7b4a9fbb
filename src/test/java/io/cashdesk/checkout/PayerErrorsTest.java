package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PayerErrorsTest {
    private InputStream body;

    /** A request whose body comes in chunks, so that its length is not known before. */
    private boolean isShort(int length) throws IOException {
        body = new ByteArrayInputStream(new byte[length]);
        Class<?>[] type = {ContainerRequestContext.class};
        var call = (ContainerRequestContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), type, (self, method, arguments) -> switch (method.getName()) {
                    case "getLength" -> -1;
                    case "getEntityStream" -> body;
                    case "setEntityStream" -> replaced((InputStream) arguments[0]);
                    default -> throw new AssertionError(method);
                });
        return PayerErrors.isShort(call);
    }

    private Object replaced(InputStream other) {
        body = other;
        return null;
    }

    @Test
    void a_body_without_a_length_is_read_up_to_the_limit() throws IOException {
        assertThat(isShort(PayerErrors.LARGEST_FORM + 1)).isFalse();
        assertThat(isShort(100 * PayerErrors.LARGEST_FORM)).isFalse();
    }

    @Test
    void a_body_of_the_largest_size_is_passed_on_whole() throws IOException {
        assertThat(isShort(PayerErrors.LARGEST_FORM)).isTrue();
        assertThat(body.readAllBytes()).hasSize(PayerErrors.LARGEST_FORM);
    }
}
