package io.cashdesk.simulator.appleiap;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.ApplePurchase.Revocation;
import jakarta.json.JsonValue;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppleObjectsTest {
    private static final long AT = APurchase.AT.toEpochMilli();

    @Test
    void a_transaction_names_the_app_the_product_and_the_token_as_it_was_passed() {
        var t = AppleObjects.transaction(APurchase.of("coins60").build(), APurchase.APP, APurchase.AT.plusMillis(5));

        assertThat(t.getString("transactionId")).isEqualTo("450012345678901");
        assertThat(t.getString("originalTransactionId")).isEqualTo("450012345678901");
        assertThat(t.getString("bundleId")).isEqualTo("com.example");
        assertThat(t.getString("productId")).isEqualTo("coins60");
        assertThat(t.getString("type")).isEqualTo("Consumable");
        assertThat(t.getString("appAccountToken")).isEqualTo(APurchase.TOKEN);
        assertThat(t.getString("inAppOwnershipType")).isEqualTo("PURCHASED");
        assertThat(t.getString("environment")).isEqualTo("Production");
        assertThat(t.getString("transactionReason")).isEqualTo("PURCHASE");
        assertThat(t.getJsonNumber("price").longValueExact()).isEqualTo(6_000);
        assertThat(t.getString("currency")).isEqualTo("CNY");
        assertThat(t.getJsonNumber("purchaseDate").longValueExact()).isEqualTo(AT);
        assertThat(t.getJsonNumber("signedDate").longValueExact()).isEqualTo(AT + 5);
        assertThat(t.getInt("quantity")).isEqualTo(1);
        assertThat(t.keySet())
                .doesNotContain("expiresDate", "webOrderLineItemId", "revocationDate", "revocationPercentage");
    }

    @Test
    void a_subscription_has_an_end_and_a_line_of_its_own() {
        var t = AppleObjects.transaction(APurchase.of("vip").build(), APurchase.APP, APurchase.AT);

        assertThat(t.getJsonNumber("expiresDate").longValueExact())
                .isEqualTo(AT + Duration.ofDays(30).toMillis());
        assertThat(t.getString("webOrderLineItemId")).isNotEqualTo(t.getString("transactionId"));
        assertThat(t.getString("subscriptionGroupIdentifier")).isNotEmpty();
    }

    @Test
    void what_was_taken_back_says_how_much() {
        var half =
                APurchase.of("coins60").takenBack(Revocation.PRORATED, 50_000).build();

        var t = AppleObjects.transaction(half, APurchase.APP, APurchase.AT);

        assertThat(t.getString("revocationType")).isEqualTo("REFUND_PRORATED");
        assertThat(t.getInt("revocationPercentage")).isEqualTo(50_000);
        assertThat(t.getInt("revocationReason")).isZero();
        assertThat(t.getJsonNumber("revocationDate").longValueExact()).isEqualTo(AT + 60_000);
        assertThat(half.refunded()).isEqualTo(300);
    }

    @Test
    void in_the_legacy_answer_every_value_is_a_text() {
        var vip = AppleObjects.legacy(
                APurchase.of("vip").takenBack(Revocation.FULL, Revocation.ALL).build());

        assertThat(vip.values()).allMatch(v -> v.getValueType() == JsonValue.ValueType.STRING);
        assertThat(vip.getString("quantity")).isEqualTo("1");
        assertThat(vip.getString("purchase_date")).isEqualTo("2018-09-05 05:03:52 Etc/GMT");
        assertThat(vip.getString("purchase_date_pst")).isEqualTo("2018-09-04 22:03:52 America/Los_Angeles");
        assertThat(vip.getString("purchase_date_ms")).isEqualTo("1536123832000");
        assertThat(vip.getString("app_account_token")).isEqualTo(APurchase.TOKEN);
        assertThat(vip.getString("cancellation_date")).isEqualTo("2018-09-05 05:04:52 Etc/GMT");
        assertThat(vip.getString("cancellation_reason")).isEqualTo("0");
        assertThat(vip).containsKeys("expires_date_ms", "web_order_line_item_id", "original_purchase_date_ms");
    }

    @Test
    void faults_change_the_product_or_the_ownership() {
        var other = APurchase.of("coins60")
                .with(AppleFault.PURCHASE_OF_OTHER_PRODUCT)
                .build();
        var shared =
                APurchase.of("film").with(AppleFault.PURCHASE_FAMILY_SHARED).build();

        assertThat(AppleObjects.transaction(other, APurchase.APP, APurchase.AT).getString("productId"))
                .isEqualTo("film");
        assertThat(AppleObjects.legacy(other).getString("product_id")).isEqualTo("film");
        assertThat(AppleObjects.transaction(shared, APurchase.APP, APurchase.AT).getString("inAppOwnershipType"))
                .isEqualTo("FAMILY_SHARED");
        assertThat(AppleObjects.legacy(shared).getString("in_app_ownership_type"))
                .isEqualTo("FAMILY_SHARED");
    }

    @Test
    void a_subscription_is_active_expired_or_revoked() {
        var vip = APurchase.of("vip");

        assertThat(AppleObjects.subscriptionStatus(vip.build().detail(), APurchase.AT))
                .isEqualTo(1);
        assertThat(AppleObjects.subscriptionStatus(vip.build().detail(), APurchase.AT.plus(Duration.ofDays(31))))
                .isEqualTo(2);
        assertThat(AppleObjects.subscriptionStatus(
                        vip.takenBack(Revocation.FULL, Revocation.ALL).build().detail(), APurchase.AT))
                .isEqualTo(5);
    }

    @Test
    void the_sandbox_has_no_number_of_the_app_in_the_store() {
        assertThat(AppleObjects.adamId(APurchase.APP, Environment.PRODUCTION)).isEqualTo(1234);
        assertThat(AppleObjects.adamId(APurchase.APP, Environment.SANDBOX)).isZero();
    }
}
