package io.cashdesk.it.wxpayv2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.WechatV2Merchant;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A merchant of ours, and what it is at WeChat Pay. */
record Seller(Shop shop, JsonObject node, WechatV2Merchant merchant) {
    JsonObject create(JsonObject context, String number, String... more) {
        var data = Shop.order(number);
        for (int i = 0; i < more.length; i += 2) data.add(more[i], more[i + 1]);
        var answer = shop.create("wxpay", context, data);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    Node.Answer charge(String number, String tail) {
        var code = "13" + String.format("%012d", ThreadLocalRandom.current().nextLong(1_000_000_000_000L)) + tail;
        return shop.create(null, JsonValue.NULL, Shop.order(number).add("auth_code", code));
    }

    String paid() {
        return shop.paid("wxpay");
    }

    Node.Answer refund(String number, String more) {
        return shop.call("refund", "{\"out_trade_no\":\"" + number + "\"" + more + "}");
    }

    void untilStatus(String number, int status) {
        Eventually.within(
                Duration.ofSeconds(20),
                number + " has status " + status,
                () -> shop.query(number).getInt("status") == status);
    }
}
