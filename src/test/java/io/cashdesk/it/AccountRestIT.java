package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.otherprovider.Pair;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.OtherProviderProcess;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** An account whose provider refuses every query, because its key was replaced there: the sweeper leaves it alone. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountRestIT {
    private static OtherProviderProcess provider;
    private final Node node = Nodes.shared();

    @BeforeAll
    static void start() {
        provider = OtherProviderProcess.start();
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    private void put(String pid, String name, JsonObjectBuilder settings) {
        var answer = node.manage(
                "PUT",
                "merchants/" + pid + "/providers",
                Json.createObjectBuilder().add(name, Json.createObjectBuilder().add("h5", settings)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private long attempts(String pid, String condition) {
        return TestDatabase.number(
                node.dbUrl(),
                "select count(*) from attempt a join merchant m on m.id = a.merchant_id where m.pid = ? and "
                        + condition,
                pid);
    }

    private long queries(String pid) {
        return TestDatabase.number(
                node.dbUrl(),
                "select count(*) from attempt a join merchant m on m.id = a.merchant_id where m.pid = ? and queried_at > now() - interval '10 s'",
                pid);
    }

    private JsonObjectBuilder wechatKey(Pair keys) {
        return Json.createObjectBuilder(provider.account("wxpay-keys"))
                .add("appCertContent", keys.certificatePem().replace("\n", "\\n"))
                .add("appPrivateKeyContent", keys.privatePem().replace("\n", "\\n"));
    }

    private JsonObjectBuilder alipayKey(Pair keys) {
        return Json.createObjectBuilder(provider.account("alipay-keys")).add("privateKey", keys.privateBase64());
    }

    /** Has every query of this account refused, until its node is put as it was. */
    private void restsAndWakes(String pid, String name, String other, JsonObjectBuilder refused, JsonObject good) {
        var key = provider.liveMerchant(node, pid, false);
        var numbers = Stream.generate(Shop::number).limit(8).toList();
        numbers.forEach(
                no -> assertThat(node.createPayment(key, name, no, 990).body()).contains("codeUrl"));
        put(pid, name, refused);

        Eventually.within(
                Duration.ofSeconds(60),
                "the attempts rest",
                () -> attempts(pid, "a.next_step = 'RESTING'") >= 4
                        && TestDatabase.number(
                                        node.dbUrl(),
                                        "select count(*) from account_rest r join merchant m on m.id = r.merchant_id"
                                                + " where m.pid = ? and r.failures >= 5",
                                        pid)
                                == 1);
        assertThat(attempts(pid, "a.state = 'SHOWN'"))
                .as("nothing is closed by a refusal")
                .isEqualTo(8);

        assertThat(node.createPayment(key, other, numbers.get(0), 990).body())
                .as("the other wallet")
                .contains("codeUrl");

        put(pid, name, Json.createObjectBuilder(good));
        provider.get("pay?fault=silent&number=" + numbers.get(7));
        Eventually.within(
                Duration.ofSeconds(30),
                "the orders are woken",
                () -> attempts(pid, "a.next_step = 'RESTING'") == 0
                        && attempts(pid, "a.state = 'PAID'") == 1
                        && queries(pid) >= 1);
    }

    @Test
    void an_account_whose_wechat_key_is_refused_rests_and_new_settings_wake_its_orders() {
        restsAndWakes(
                "rest-wxpay", "wxpay", "alipay", wechatKey(Pair.make("stranger")), provider.account("wxpay-keys"));
    }

    @Test
    void an_account_whose_alipay_key_is_refused_rests_and_new_settings_wake_its_orders() {
        restsAndWakes(
                "rest-alipay", "alipay", "wxpay", alipayKey(Pair.make("stranger")), provider.account("alipay-keys"));
    }

    @Test
    void after_an_hour_of_refusals_only_new_settings_or_a_successful_call_end_the_rest() {
        var key = provider.liveMerchant(node, "rest-long", false);
        var numbers = Stream.generate(Shop::number).limit(6).toList();
        numbers.forEach(no -> node.createPayment(key, "wxpay", no, 990));
        put("rest-long", "wxpay", wechatKey(Pair.make("stranger")));
        var rest = " from account_rest r join merchant m on m.id = r.merchant_id where m.pid = 'rest-long'";
        Eventually.within(
                Duration.ofSeconds(60),
                "it rests",
                () -> TestDatabase.number(node.dbUrl(), "select count(*)" + rest + " and r.resting") == 1);

        TestDatabase.execute(
                node.dbUrl(),
                "update account_rest r set refused_since = now() - interval '2 hours', until = now() from merchant m"
                        + " where m.id = r.merchant_id and m.pid = 'rest-long'");
        Eventually.within(
                Duration.ofSeconds(90),
                "an operator must look",
                () -> TestDatabase.number(
                                node.dbUrl(),
                                "select count(*)" + rest
                                        + " and r.needs_person is not null and r.until > now() + interval '100 years'")
                        == 1);

        var listed = node.call("GET", "/api/manage/merchants/rest-long/needs-person", Node.MANAGE_TOKEN, null)
                .json()
                .getJsonArray("accounts");
        assertThat(listed).hasSize(1);
        assertThat(listed.getJsonObject(0).getString("provider")).isEqualTo("wxpay");
        assertThat(listed.getJsonObject(0).getString("node")).isEqualTo("h5");
        assertThat(listed.getJsonObject(0).getString("reason")).contains("every query has been refused");

        put("rest-long", "wxpay", Json.createObjectBuilder(provider.account("wxpay-keys")));
        Eventually.within(
                Duration.ofSeconds(30),
                "forgotten",
                () -> TestDatabase.number(node.dbUrl(), "select count(*)" + rest) == 0
                        && attempts("rest-long", "a.next_step = 'RESTING'") == 0);
    }

    @Test
    void an_account_with_a_single_order_rests_too_and_its_payer_can_take_another_wallet() {
        var key = provider.liveMerchant(node, "rest-one", false);
        var number = Shop.number();
        node.createPayment(key, "wxpay", number, 990);
        put("rest-one", "wxpay", wechatKey(Pair.make("stranger")));

        Eventually.within(
                Duration.ofMinutes(3),
                "it has rested twice",
                () -> TestDatabase.number(
                                node.dbUrl(),
                                "select count(*) from account_rest r join merchant m on m.id = r.merchant_id"
                                        + " where m.pid = 'rest-one' and r.rests >= 2")
                        == 1);
        assertThat(node.createPayment(key, "alipay", number, 990).body()).contains("codeUrl");
    }
}
