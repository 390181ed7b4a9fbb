package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.AppleReceipts.Receipt;
import io.cashdesk.simulator.appleiap.AppleReceipts.Unusable;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleReceiptsTest {
    private final AppleReceipts receipts = new AppleReceipts();

    AppleReceiptsTest() {
        receipts.signer = AppleTestKeys.signer();
    }

    @Test
    void are_read_as_they_were_written() {
        var receipt = new Receipt("com.example", Environment.SANDBOX, List.of("1", "2"));

        assertThat(receipts.read(receipts.write(receipt))).isEqualTo(receipt);
    }

    @Test
    void of_a_purchase_lists_it_last() {
        var receipt = receipts.read(receipts.of(APurchase.of("coins60").build(), APurchase.APP));

        assertThat(receipt.bundleId()).isEqualTo("com.example");
        assertThat(receipt.environment()).isEqualTo(Environment.PRODUCTION);
        assertThat(receipt.transactionIds()).containsExactly("450012345678901");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!!", "MIIB", "eyJhIjoxfQ==", "Q0RSMQ=="})
    void that_are_none_are_malformed(String text) {
        assertThatThrownBy(() -> receipts.read(text))
                .isInstanceOfSatisfying(
                        Unusable.class, u -> assertThat(u.forged()).isFalse());
    }

    @Test
    void with_another_byte_or_of_xcode_are_not_authentic() {
        var right = Base64.getDecoder()
                .decode(receipts.write(new Receipt("com.example", Environment.PRODUCTION, List.of("12345"))));
        right[right.length - 5] ^= 1;
        var xcode = receipts.write(new Receipt("com.example", Environment.XCODE, List.of("1")));

        for (var text : List.of(Base64.getEncoder().encodeToString(right), xcode)) {
            assertThatThrownBy(() -> receipts.read(text))
                    .isInstanceOfSatisfying(
                            Unusable.class, u -> assertThat(u.forged()).isTrue());
        }
    }
}
