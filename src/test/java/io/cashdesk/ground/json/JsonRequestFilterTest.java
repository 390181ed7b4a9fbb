package io.cashdesk.ground.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonRequestFilterTest {
    private InputStream body;

    private Object replaced(Object other) {
        body = (InputStream) other;
        return null;
    }

    /** What a resource at this path gets of a body. */
    private byte[] passedOn(String path, int length) throws IOException {
        body = new ByteArrayInputStream(new byte[length]);
        var loader = getClass().getClassLoader();
        var uri = Proxy.newProxyInstance(loader, new Class<?>[] {UriInfo.class}, (self, method, arguments) -> {
            if (method.getName().equals("getPath")) return path;
            if (method.getName().equals("getQueryParameters")) return new MultivaluedHashMap<String, String>();
            throw new AssertionError(method);
        });
        var request = (ContainerRequestContext) Proxy.newProxyInstance(
                loader,
                new Class<?>[] {ContainerRequestContext.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> new MultivaluedHashMap<String, String>();
                    case "getMediaType" -> null;
                    case "getUriInfo" -> uri;
                    case "hasEntity" -> true;
                    case "getEntityStream" -> body;
                    case "setEntityStream" -> replaced(arguments[0]);
                    default -> throw new AssertionError(method);
                });
        new JsonRequestFilter().filter(request);
        return body.readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/notify/wxpay/1",
                "/epay/submit.php",
                "/epay/mapi.php",
                "/epay/api.php",
                "/epay/api/pay/create",
                "/api/cloudPay/unifiedOrder"
            })
    void a_resource_that_checks_a_body_itself_gets_one_byte_more_than_the_largest_and_no_more(String path)
            throws IOException {
        assertThat(passedOn(path, 10 * JsonRequestFilter.LARGEST)).hasSize(JsonRequestFilter.LARGEST + 1);
        assertThat(passedOn(path, JsonRequestFilter.LARGEST)).hasSize(JsonRequestFilter.LARGEST);
        assertThat(passedOn(path, 1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/http/vk-pay", "/http/vk-pay/pk_test_1"})
    void an_envelope_may_be_as_long_as_a_receipt(String path) throws IOException {
        assertThat(passedOn(path, 2 * JsonBody.RECEIPT_LIMIT)).hasSize(JsonBody.RECEIPT_LIMIT + 1);
        assertThat(passedOn(path, JsonBody.RECEIPT_LIMIT)).hasSize(JsonBody.RECEIPT_LIMIT);
    }
}
