package io.cashdesk.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
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
    private Response answer;

    /** A form that comes in chunks, so that its length is not known before. */
    private ContainerRequestContext chunked(String path) {
        return proxy(ContainerRequestContext.class, (method, argument) -> switch (method) {
            case "getUriInfo" -> proxy(UriInfo.class, (m, a) -> m.equals("getPath") ? path : null);
            case "hasEntity" -> true;
            case "getLength" -> -1;
            case "getEntityStream" -> body;
            case "setEntityStream" -> replaced((InputStream) argument);
            case "abortWith" -> answered((Response) argument);
            default -> throw new AssertionError(method);
        });
    }

    private Object replaced(InputStream other) {
        body = other;
        return null;
    }

    private Object answered(Response response) {
        answer = response;
        return null;
    }

    private interface Answers {
        Object to(String method, Object argument);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        var loader = type.getClassLoader();
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, (self, method, arguments) -> {
            var value = answers.to(method.getName(), arguments == null ? null : arguments[0]);
            return method.getReturnType() == void.class ? null : value;
        }));
    }

    private void send(String path, int length) throws IOException {
        body = new ByteArrayInputStream(new byte[length]);
        answer = null;
        new PayerErrors().filter(chunked(path));
    }

    @Test
    void a_body_without_a_length_is_read_up_to_the_limit() throws IOException {
        for (var path : new String[] {"/checkout/tok/pay", "/checkout/tok/ask", "/checkout/tok/queryPayment"}) {
            send(path, PayerErrors.LARGEST_FORM + 1);

            assertThat(answer.getStatus()).as(path).isEqualTo(303);
            assertThat(answer.getHeaderString("Location")).isEqualTo("/checkout/tok");
        }
    }

    @Test
    void a_body_of_the_largest_size_is_passed_on_whole() throws IOException {
        send("/checkout/tok/pay", PayerErrors.LARGEST_FORM);

        assertThat(answer).isNull();
        assertThat(body.readAllBytes()).hasSize(PayerErrors.LARGEST_FORM);
    }
}
