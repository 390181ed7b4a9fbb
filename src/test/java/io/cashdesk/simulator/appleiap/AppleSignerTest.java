package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.testing.AppleJws;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Date;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleSignerTest {
    private final AppleSigner signer = AppleTestKeys.signer();
    private final X509Certificate root = AppleJws.certificate(signer.root().getBytes(StandardCharsets.US_ASCII));
    private final JsonObject payload = Json.createObjectBuilder()
            .add("productId", "金币")
            .add("signedDate", AppleTestKeys.NOW.toEpochMilli())
            .build();

    @Test
    void signs_as_apple_does_under_a_root_that_can_be_trusted() {
        for (var environment : new Environment[] {Environment.PRODUCTION, Environment.SANDBOX}) {
            var jws = AppleJws.parse(signer.jws(payload, environment));

            assertThat(jws.problem(root)).isEmpty();
            assertThat(jws.payload()).isEqualTo(payload);
            assertThat(jws.header().keySet()).containsExactlyInAnyOrder("alg", "x5c");
            assertThat(jws.chain().get(2)).isEqualTo(root);
        }
    }

    @Test
    void the_root_and_the_intermediate_are_authorities_and_the_leaf_is_none() throws Exception {
        var chain = AppleJws.parse(signer.jws(payload, Environment.PRODUCTION)).chain();

        assertThat(chain.get(0).getBasicConstraints()).isEqualTo(-1);
        assertThat(chain.get(1).getBasicConstraints()).isZero();
        assertThat(chain.get(2).getBasicConstraints()).isPositive();
        assertThat(chain.get(2).getExtensionValue(AppleChain.INTERMEDIATE_MARKER))
                .isNull();
        for (int i = 0; i < 2; i++) chain.get(i).verify(chain.get(i + 1).getPublicKey());
        root.verify(root.getPublicKey());
    }

    @Test
    void the_certificates_are_valid_for_purchases_that_a_test_has_moved_into_the_past() throws Exception {
        for (var certificate :
                AppleJws.parse(signer.jws(payload, Environment.PRODUCTION)).chain()) {
            certificate.checkValidity(Date.from(AppleTestKeys.NOW.minusSeconds(365L * 86_400)));
            certificate.checkValidity(Date.from(AppleTestKeys.NOW.plusSeconds(10L * 365 * 86_400)));
        }
    }

    @Test
    void a_forged_one_differs_in_the_signature_alone() {
        var right = signer.jws(payload, Environment.PRODUCTION);
        var forged = AppleJws.parse(AppleSigner.forged(right));

        assertThat(forged.signed()).isEqualTo(AppleJws.parse(right).signed());
        assertThat(forged.problem(root)).isEqualTo("signature");
    }

    @Test
    void another_installation_has_another_root() {
        assertThat(AppleJws.parse(AppleTestKeys.signer().jws(payload, Environment.PRODUCTION))
                        .problem(root))
                .isNotEmpty();
    }

    @Test
    void xcode_signs_with_one_certificate_of_its_own() {
        var jws = AppleJws.parse(signer.jws(payload, Environment.XCODE));

        assertThat(jws.chain()).hasSize(1);
        assertThat(jws.isSigned()).isTrue();
        assertThat(jws.problem(root)).isNotEmpty();
    }
}
