package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The sub-merchant that one call names is that of every later call for the same number. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SubMerchantIT {
    static Shop shop;
    static String publishable;
    static String sub;

    private final String number = Shop.number();

    @BeforeAll
    static void open() {
        shop = new Shop("sub-merchant-it");
        publishable = shop.node
                .manage(
                        "POST",
                        "merchants/sub-merchant-it/keys",
                        Json.createObjectBuilder().add("mode", "test").add("kind", "publishable"))
                .json()
                .getString("key");
        var first = Shop.number(); // opens the merchant's test account
        assertThat(shop.node.createPayment(shop.key, "wxpay", first, 990).json().getInt("code"))
                .isZero();
        sub = TestDatabase.text(shop.node.dbUrl(), """
                select p.sub_mchid
                from sim_wechat p
                join sim_account a on a.id = p.account_id
                join merchant m on m.id = a.merchant_id
                where m.pid = 'sub-merchant-it'
                """);
    }

    private JsonObject call(String action, String key, String subMchId) {
        var data = Shop.order(number);
        if (subMchId != null) data.add("sub_mchid", subMchId);
        var body = Json.createObjectBuilder().add("data", data);
        if (action.equals("createPayment")) {
            body.add("provider", "wxpay").add("needQRcode", true);
        }
        if (key.equals(publishable)) {
            var envelope =
                    Json.createObjectBuilder().add("action", "pay/" + action).add("data", body);
            return shop.node
                    .call("POST", "/http/vk-pay/" + key, null, envelope.build().toString())
                    .json();
        }
        return shop.node.pay(action, key, body.build().toString()).json();
    }

    private String code(String key, String subMchId) {
        var created = call("createPayment", key, subMchId);
        assertThat(created.getInt("code")).as(created.toString()).isZero();
        return created.getJsonObject("orderInfo").getString("codeUrl");
    }

    private int codeOf(String action, String subMchId) {
        return call(action, shop.key, subMchId).getInt("code");
    }

    /** For whom the only attempt collects. */
    private void collectsForIt() {
        assertThat(TestDatabase.number(
                        shop.node.dbUrl(),
                        "select count(*) from attempt a join pay_order o on o.id = a.order_id where o.out_trade_no = ?",
                        number))
                .isEqualTo(1);
        assertThat(TestDatabase.text(shop.node.dbUrl(), """
                        select a.request::jsonb -> 'sub' ->> 'mch_id'
                        from attempt a
                        join pay_order o on o.id = a.order_id
                        where o.out_trade_no = ?
                        """, number)).isEqualTo(sub);
    }

    @Test
    void named_by_createPayment_it_is_that_of_a_publishable_key_and_of_a_call_without() {
        var first = code(shop.key, sub);

        assertThat(code(publishable, null)).isEqualTo(first);
        assertThat(code(shop.key, null)).isEqualTo(first);
        assertThat(codeOf("createPayment", "1999999999")).isEqualTo(2007);
        collectsForIt();
    }

    @Test
    void named_by_createCheckout_it_is_that_of_createPayment() {
        assertThat(codeOf("createCheckout", sub)).isZero();

        code(shop.key, null);

        assertThat(codeOf("createPayment", "1999999999")).isEqualTo(2007);
        collectsForIt();
    }

    @Test
    void named_by_createPayment_it_is_that_of_createCheckout() {
        code(shop.key, sub);

        assertThat(codeOf("createCheckout", null)).isZero();
        assertThat(codeOf("createCheckout", "1999999999")).isIn(1115, 2007);
        code(publishable, null);
        collectsForIt();
    }
}
