package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Machine;
import io.cashdesk.testing.MerchantServer;
import io.cashdesk.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Endpoints: secrets, when an endpoint is disabled and enabled, and calls about it that are refused. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WebhookEndpointIT extends WebhookShop {
    @Test
    void a_rotated_secret_and_the_one_before_it_both_verify_until_the_grace_ends() {
        var old = put("shop", endpoint(server));

        var fresh = post("shop/rotate", "{\"grace_seconds\":3600}");
        test("shop");

        eventually("received", () -> server.received().size() == 1);
        var both = server.received().get(0);
        var secret = fresh.getString("secret");
        assertThat(both.headers().firstValue("webhook-signature").orElseThrow()).matches("v1,\\S+ v1,\\S+");
        assertThat(both.verifies(old)).isTrue();
        assertThat(both.verifies(secret)).isTrue();
        assertThat(fresh.getJsonObject("webhook").containsKey("old_secret_until"))
                .isTrue();

        var last = post("shop/rotate", "{\"grace_seconds\":0}").getString("secret");
        test("shop");

        eventually("received again", () -> server.received().size() == 2);
        var one = server.received().get(1);
        assertThat(one.verifies(last)).isTrue();
        assertThat(one.verifies(secret)).isFalse();
        assertThat(get("shop").toString()).doesNotContain("whsec_");
    }

    @Test
    void an_endpoint_that_answers_410_receives_nothing_more_until_it_is_enabled() {
        put("shop", endpoint(server));
        server.answers(410, "");
        var first = test("shop");

        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        assertThat(state("shop").getString("disabled_because")).isEqualTo("gone");
        assertThat(manage("POST", "shop/test", null).json().getInt("code")).isEqualTo(2030);
        put("shop", endpoint(server)); // the same again changes nothing
        assertThat(state("shop").getBoolean("enabled")).isFalse();
        server.answers(200, "");
        TestDatabase.execute(
                shop.node.dbUrl(), "update webhook_delivery set next_at = now() where id = '" + first + "'");
        var other = endpointWithDelivery("other"); // by now the first one would have been sent too
        eventually("the other delivery is received", () -> other.received().size() == 1);
        other.close();
        assertThat(server.received()).hasSize(1);

        try (var moved = new MerchantServer()) {
            put("shop", endpoint(moved)); // another address is another server, so it is enabled
            eventually("received there", () -> moved.received().size() == 1);
            assertThat(moved.received().get(0).id())
                    .isEqualTo(server.received().get(0).id());
            assertThat(state("shop").getBoolean("enabled")).isTrue();
            assertThat(delivery("shop", first).getInt("tries")).isEqualTo(2);
        }
    }

    @Test
    void deliveries_that_wait_for_a_disabled_endpoint_continue_when_it_is_enabled() {
        put("shop", endpoint(server));
        server.answers(410, "");
        var first = test("shop");
        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        server.answers(200, "");

        post("shop/enable", null);

        eventually("received", () -> delivery("shop", first).getString("state").equals("acknowledged"));
        assertThat(server.received().stream().map(MerchantServer.Received::id).distinct())
                .hasSize(1);
        assertThat(state("shop").getBoolean("enabled")).isTrue();
    }

    @Test
    void a_hundred_thousand_waiting_deliveries_are_due_in_small_steps_when_it_is_enabled() {
        put("shop", endpoint(server));
        server.answers(410, ""); // is disabled again by the first one that is sent, so that this is about the backlog
        test("shop");
        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        TestDatabase.execute(shop.node.dbUrl(), """
                create temp table backlog as
                    select gen_random_uuid() as event, e.merchant_id, e.id as endpoint
                    from generate_series(1, 100000), webhook_endpoint e
                    join merchant m on m.id = e.merchant_id
                    where m.pid = '%s';
                insert into webhook_event (merchant_id, id, mode, type, subject, payload, created_at)
                    select merchant_id, event, 'TEST', 'webhook.test', event, '{}', now() from backlog;
                insert into webhook_delivery (merchant_id, id, version, event_id, endpoint_id, created_at, state, tries, round_tries, round_at, next_at)
                    select merchant_id, gen_random_uuid(), 0, event, endpoint, now(), 'WAITING', 9, 9, now() - interval '3 days', now() + interval '9 hours'
                    from backlog
                """.formatted(shop.pid));
        var later = "select count(*) from webhook_delivery where next_at > now() + interval '1 hour'";
        assertThat(TestDatabase.number(shop.node.dbUrl(), later)).isGreaterThanOrEqualTo(100_000);
        var begun = System.nanoTime();

        post("shop/enable", null);

        var took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(took).isLessThan(Machine.limit(Duration.ofSeconds(2)));
        assertThat(TestDatabase.number(shop.node.dbUrl(), later))
                .as("not in the call")
                .isPositive();
        Eventually.within(
                Duration.ofSeconds(60),
                "disabled again, while the backlog is long",
                () -> !state("shop").getBoolean("enabled"));
        Eventually.within(
                Duration.ofSeconds(90),
                "all are due, with a whole retry schedule",
                () -> TestDatabase.number(shop.node.dbUrl(), """
                        select count(*)
                        from webhook_delivery d
                        join webhook_endpoint e on e.id = d.endpoint_id
                        where d.merchant_id = (select id from merchant where pid = ?) and d.state = 'WAITING'
                            and (d.next_at > now() + interval '1 hour' or d.round_tries > 1 or d.round_at < e.enabled_at or e.resuming)
                        """, shop.pid) == 0);
        TestDatabase.execute(shop.node.dbUrl(), """
                with gone as (
                    delete from webhook_delivery d using merchant m where d.merchant_id = m.id and m.pid = '%s' returning d.event_id)
                select count(*) from gone
                """.formatted(shop.pid));
    }

    @Test
    void an_endpoint_that_has_failed_for_five_days_is_disabled_and_shows_why() {
        put("shop", endpoint(server));
        server.answers(500, "");
        var id = test("shop");
        eventually("failing", () -> state("shop").containsKey("failing_since"));
        TestDatabase.execute(shop.node.dbUrl(), """
                update webhook_endpoint e
                set failing_since = now() - interval '5 days'
                from merchant m
                where m.id = e.merchant_id and m.pid = '%s'
                """.formatted(shop.pid));

        post("shop/deliveries/" + id + "/resend", null);

        eventually("disabled", () -> !state("shop").getBoolean("enabled"));
        assertThat(state("shop").getString("disabled_because")).isEqualTo("failing");
        assertThat(state("shop").getInt("waiting")).isEqualTo(1);
    }

    @Test
    void a_secret_that_cannot_be_decrypted_stops_only_its_own_endpoint_until_a_new_one_is_put() {
        put("shop", endpoint(server));
        TestDatabase.execute(shop.node.dbUrl(), """
                update webhook_endpoint e
                set sealed = encode(repeat('x', 64)::bytea, 'base64')
                from merchant m
                where m.id = e.merchant_id and m.pid = '%s'
                """.formatted(shop.pid));
        var id = test("shop");

        try (var other = endpointWithDelivery("other")) {
            eventually("the other endpoint receives", () -> !other.received().isEmpty());
        }
        eventually("it fails", () -> state("shop").containsKey("failing_since"));
        assertThat(delivery("shop", id).toString()).contains("does not open under CASHDESK_MASTER_KEY");

        put("shop", endpoint(server).add("secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"));

        eventually("it is received", () -> !server.received().isEmpty());
    }

    @Test
    void a_wrong_parameter_is_named() {
        put("shop", endpoint(server));

        assertThat(manage("GET", "unknown", null).json().getInt("code")).isEqualTo(4007);
        assertThat(manage("GET", "shop/deliveries?colour=red", null).json().getString("detail"))
                .contains("colour");
        assertThat(manage("GET", "shop/deliveries?state=lost", null).json().getInt("code"))
                .isEqualTo(1102);
        assertThat(manage("GET", "shop/deliveries?limit=501", null).json().getInt("code"))
                .isEqualTo(1102);
        assertThat(manage("POST", "shop/rotate", "{\"grace_seconds\":604801}")
                        .json()
                        .getInt("code"))
                .isEqualTo(1102);
        assertThat(manage("POST", "shop/resend", "{\"to\":1}").json().getString("detail"))
                .contains("from");
        assertThat(manage("POST", "shop/resend", "{\"from\":1,\"to\":2,\"after\":\"x\"}")
                        .json()
                        .getInt("code"))
                .isEqualTo(1102);
        var path = "/api/manage/merchants/" + shop.pid + "/webhooks/shop";
        assertThat(shop.node.call("GET", path, shop.key, null).json().getInt("code"))
                .isEqualTo(4004);
        assertThat(get("").getJsonArray("webhooks").getJsonObject(0).getString("name"))
                .isEqualTo("shop");
        assertThat(get("").getJsonArray("webhooks").getJsonObject(0).getJsonArray("types"))
                .isEmpty();
    }
}
