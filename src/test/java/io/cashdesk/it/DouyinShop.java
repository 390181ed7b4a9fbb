package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.UUID;

/**
 * A merchant in live mode with a new account at the simulated Douyin, and the calls about its settlements and refunds.
 */
final class DouyinShop {
    static final Duration SOON = Duration.ofSeconds(20);

    final Shop shop;
    private final JsonObject account;

    /** @param dialect "ecpay" or "trade" */
    DouyinShop(String name, String dialect) {
        shop = new Shop(name + "-" + UUID.randomUUID().toString().substring(0, 8), "live");
        account = shop.node
                .simulator("accounts/douyin", "{\"dialect\":\"" + dialect + "\"}")
                .json()
                .getJsonObject("node");
        settleAfter(null);
    }

    /** Puts the node with another gateway. */
    void moveTo(String gateway) {
        put(Json.createObjectBuilder(account).add("gateway", gateway));
    }

    /** A text of the account's node. */
    String node(String key) {
        return account.getString(key);
    }

    /** Puts the node with this many days; null: only a person settles. */
    void settleAfter(Integer days) {
        var node = Json.createObjectBuilder(account);
        if (days != null) node.add("settleAfterDays", days);
        put(node);
    }

    private void put(JsonObjectBuilder node) {
        var put = shop.node.manage(
                "PUT",
                "merchants/" + shop.pid + "/providers",
                Json.createObjectBuilder()
                        .add("douyin", Json.createObjectBuilder().add("mp-toutiao", node)));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
    }

    /** An order of 9.90 yuan that waits in the mini-program; what the client receives. */
    JsonObject opened(String number) {
        var created = shop.create("douyin", Shop.on("mp-toutiao", ""), Shop.order(number));
        assertThat(created.json().getInt("code")).as(created.body()).isZero();
        return created.json().getJsonObject("orderInfo");
    }

    /** A paid order of 9.90 yuan; its number. */
    String paid() {
        var number = Shop.number();
        var info = opened(number);
        if (info.containsKey("byteAuthorization")) {
            shop.node.simulator("douyin/requestOrder", info.toString());
        }
        shop.node.simulator("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"douyin\"}");
        shop.untilPaid(number);
        return number;
    }

    /** Douyin's number of a paid order. */
    String orderId(String number) {
        return shop.node
                .queryPayment(shop.key, number, ",\"pay_order_info\":true")
                .getJsonObject("payOrder")
                .getString("transaction_id");
    }

    JsonObject get(String path) {
        var answer = shop.node.call("GET", "/api/manage/merchants/" + shop.pid + "/" + path, token(), null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    Node.Answer post(String path, JsonObjectBuilder body) {
        return shop.node.manage("POST", "merchants/" + shop.pid + "/" + path, body);
    }

    Node.Answer settle(String number) {
        return post(
                "orders/" + number + "/settlements", Json.createObjectBuilder().add("by", "Wang"));
    }

    /** The settlement of an order, in whichever state. */
    JsonObject settlement(String number) {
        return get("settlements?state=all&limit=500").getJsonArray("settlements").stream()
                .map(s -> s.asJsonObject())
                .filter(s -> s.getString("out_trade_no").equals(number))
                .findFirst()
                .orElseThrow();
    }

    void untilSettlement(String number, String state) {
        Eventually.within(
                SOON,
                number + " is " + state,
                () -> settlement(number).getString("state").equals(state));
    }

    private static String token() {
        return Node.MANAGE_TOKEN;
    }
}
