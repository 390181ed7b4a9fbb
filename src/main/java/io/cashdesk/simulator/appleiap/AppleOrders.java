package io.cashdesk.simulator.appleiap;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.appleiap.AppleProduct.Environment;
import io.cashdesk.simulator.appleiap.AppleSales.Order;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a payer buys from the body of {@code POST /simulator/appleiap/buy}. */
@ApplicationScoped
class AppleOrders {
    static final List<String> OWNERSHIPS = List.of("PURCHASED", "FAMILY_SHARED");

    /** In any case, as the app passes it. */
    static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private static final Pattern PRODUCT = Pattern.compile("[A-Za-z0-9._]{1,100}");
    private static final int MOST_PIECES = 10;
    private static final long DEAREST = 10_000_000_000L;

    @Inject
    AppleApps apps;

    @Inject
    ApplePurchases purchases;

    Account app(JsonBody body) {
        var bundleId = body.requiredText("bundle_id", 155);
        return apps.byBundleId(bundleId)
                .orElseThrow(
                        () -> body.malformed(
                                "bundle_id",
                                "模拟器中已有应用的 bundleId；先用测试密钥发起一笔 appleiap 支付，再从 GET /api/manage/merchants/{pid}/test-accounts 读取",
                                "the bundleId of an app in the simulator: make a payment of appleiap with the test key first, then read it from GET /api/manage/merchants/{pid}/test-accounts"));
    }

    Order order(Account app, JsonBody body) {
        var quantity = body.whole("quantity").orElse(1L);
        if (quantity < 1 || quantity > MOST_PIECES) {
            throw body.malformed("quantity", "1 至 10 的整数", "a whole number from 1 to 10");
        }
        var price = body.whole("price");
        if (price.isPresent() && (price.get() < 0 || price.get() > DEAREST)) {
            throw body.malformed(
                    "price", "0 至 10000000000 的整数（货币单位的千分之一）", "a whole number from 0 to 10000000000 (thousandths)");
        }
        var product = product(body, price);
        var currency = body.text("currency", 3).orElse("CNY");
        if (!currency.matches("[A-Z]{3}")) {
            throw body.malformed("currency", "三个大写字母的货币代码", "a currency code of three capital letters");
        }
        return new Order(
                product,
                quantity,
                price.orElseGet(() -> product.price() * quantity),
                currency,
                token(body),
                oneOf(body, "ownership", OWNERSHIPS),
                Environment.of(oneOf(body, "environment", Environment.texts())).orElseThrow(),
                with(app, body));
    }

    /** With a price, any product can be bought; those that the store does not sell are consumables then. */
    private static AppleProduct product(JsonBody body, Optional<Long> price) {
        var id = body.requiredText("product_id", 100);
        var known = AppleProduct.named(id);
        if (known.isPresent()) return known.get();
        if (price.isEmpty() || !PRODUCT.matcher(id).matches()) {
            var ids = String.join(", ", AppleProduct.ids());
            throw body.malformed(
                    "product_id",
                    "以下之一：" + ids + "；其他商品需同时给出 price",
                    "one of " + ids + "; any other one only together with price");
        }
        return new AppleProduct(id, AppleProduct.CONSUMABLE, price.get());
    }

    private static String token(JsonBody body) {
        var token = body.text("appAccountToken", 64).orElse("");
        if (!token.isEmpty() && !UUID.matcher(token).matches()) {
            throw body.malformed(
                    "appAccountToken",
                    "UUID，例如 createPayment 的 orderInfo 中的值",
                    "a UUID, for example that of createPayment's orderInfo");
        }
        return token;
    }

    /** The first word if it is absent. */
    private static String oneOf(JsonBody body, String name, List<String> words) {
        var word = body.text(name, 32).orElse(words.get(0));
        if (!words.contains(word)) throw body.malformed(name, LocalizedText.oneOf(words));
        return word;
    }

    private List<String> with(Account app, JsonBody body) {
        var ids = body.texts("with", 20, 40).orElse(List.of());
        for (var id : ids) {
            if (purchases.byId(app.id(), id).isEmpty()) {
                throw body.malformed("with", "同一应用的 transaction_id 列表", "a list of transaction_ids of the same app");
            }
        }
        return ids;
    }
}
