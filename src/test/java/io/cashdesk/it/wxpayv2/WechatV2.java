package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.TestDatabase;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;

/**
 * Merchants whose nodes say {@code version: 2}: live keys, one merchant for each signature method, the simulator's v2
 * on the other side. What clients are given is recomputed with the JDK alone.
 */
abstract class WechatV2 {
    static final Map<String, Seller> SELLERS = new HashMap<>();

    @BeforeAll
    static void open() {
        for (var signType : new String[] {WechatV2Merchant.MD5, WechatV2Merchant.HMAC}) {
            SELLERS.computeIfAbsent(signType, s -> seller("v2-" + s, s));
        }
    }

    static Seller seller(String pid, String signType, String... without) {
        var shop = new Shop(pid, "live");
        var node = Json.createObjectBuilder(WechatV2Merchant.newNode(shop.node));
        // an absent signType means MD5
        if (!signType.equals(WechatV2Merchant.MD5)) node.add("signType", signType);
        for (var name : without) node.remove(name);
        var made = node.build();
        put(pid, made);
        return new Seller(shop, made, new WechatV2Merchant(made, signType));
    }

    static void put(String pid, JsonObject node) {
        var withoutSubMerchants = // with them, every call would have to name one
                Json.createObjectBuilder(node).remove("subMerchants").build();
        var nodes = Json.createObjectBuilder();
        for (var name : new String[] {"h5", "mp-weixin", "h5-weixin", "mweb", "app-plus", "codepay"}) {
            nodes.add(name, withoutSubMerchants);
        }
        var put = Nodes.shared()
                .manage(
                        "PUT",
                        "merchants/" + pid + "/providers",
                        Json.createObjectBuilder().add("wxpay", nodes));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        assertThat(put.body()).doesNotContain(node.getString("key"));
    }

    static JsonObject records(String number) {
        return new Simulator(Nodes.shared()).records(number);
    }

    static void age(String number, Duration by) {
        new Simulator(Nodes.shared()).age(number, by);
    }

    static Map<String, String> texts(JsonObject info, String... without) {
        var texts = new TreeMap<String, String>();
        info.forEach((name, value) -> texts.put(name, ((JsonString) value).getString()));
        for (var name : without) texts.remove(name);
        return texts;
    }

    static String snake(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    static long authentic(String number) {
        return TestDatabase.number(Nodes.shared().dbUrl(), """
                select count(*)
                from notification n
                join pay_order o on o.id = n.order_id
                where o.out_trade_no = ? and n.verdict = 'AUTHENTIC'
                """, number);
    }
}
