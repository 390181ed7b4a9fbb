package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The management API: its token, and the accounts that it refuses and accepts. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManageIT {
    static Shop shop;
    static Node node;
    static String key;

    @BeforeAll
    static void open() {
        shop = new Shop("manage-it");
        node = shop.node;
        key = shop.key;
    }

    @Nested
    class The_management_api {
        @Test
        void needs_its_token() {
            assertThat(node.call("PUT", "/api/manage/merchants/x", "wrong", "{\"name\":\"X\"}")
                            .json()
                            .getInt("code"))
                    .isEqualTo(4004);
        }

        @Test
        void refuses_an_account_by_the_key_that_is_wrong_and_never_echoes_a_secret() {
            var body = Json.createObjectBuilder()
                    .add(
                            "wxpay",
                            Json.createObjectBuilder()
                                    .add(
                                            "h5",
                                            Json.createObjectBuilder()
                                                    .add("appId", "wx1")
                                                    .add("mchId", "1600000000")
                                                    .add("v3Key", "a-secret-that-is-too-short")));

            var answer = node.manage("PUT", "merchants/manage-it/providers", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().getInt("code")).isEqualTo(1112);
            assertThat(answer.body()).contains("v3Key").doesNotContain("a-secret-that-is-too-short");
        }

        @Test
        void accepts_a_configuration_with_unused_nodes_left_blank() {
            var body = Json.createObjectBuilder()
                    .add("_id", "manage-it")
                    .add("alipayAppPayToH5Pay", false)
                    .add(
                            "wxpay",
                            Json.createObjectBuilder()
                                    .add(
                                            "mp-weixin",
                                            Json.createObjectBuilder()
                                                    .add("appId", "")
                                                    .add("mchId", "")))
                    .add("vkspay", Json.createObjectBuilder().add("mchId", "").add("key", ""));

            assertThat(node.manage("PUT", "merchants/manage-it/providers", body)
                            .json()
                            .getJsonArray("nodes"))
                    .isEmpty();
        }
    }
}
