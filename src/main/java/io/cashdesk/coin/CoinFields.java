package io.cashdesk.coin;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.provider.Coins;
import io.cashdesk.provider.SessionKey;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the fields of the calls about coins, in camel case and with underscores. */
final class CoinFields {
    private static final long MOST_COINS = 10_000_000_000L;
    private static final int LONGEST_REMARK = 127;
    private static final int MOST_ITEMS = 50;

    private static final LocalizedText ITEMS = new LocalizedText(
            "JSON 文本 [{\"productid\", \"unit_price\", \"quantity\"}]，单价和数量为正整数",
            "the JSON text [{\"productid\", \"unit_price\", \"quantity\"}], with positive whole numbers");

    private final JsonBody body;

    /** @param more fields of this call, in camel case, beside those of every call */
    CoinFields(JsonBody body, String... more) {
        this.body = body;
        var names = new ArrayList<>(List.of("pid", "openid", "userIp", "user_ip"));
        for (var name : more) {
            names.add(name);
            names.add(snake(name));
        }
        body.only(names);
    }

    private static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    /** The spelling that the call has; both are refused, because they could differ. */
    private String spelled(String camel) {
        var snake = snake(camel);
        if (snake.equals(camel) || !body.has(snake)) return camel;
        if (body.has(camel)) {
            throw body.malformed(snake, "与 " + camel + " 二选一", "left out, because there is " + camel);
        }
        return snake;
    }

    String openid(Coins provider) {
        var openid = body.text("openid", 128).orElse("");
        if (openid.isBlank()) {
            throw body.malformed("openid", "用户的 openid", "the user's openid");
        }
        return openid;
    }

    String userIp(String callerAddress) {
        return body.text(spelled("userIp"), 64).filter(ip -> !ip.isBlank()).orElse(callerAddress);
    }

    Optional<SessionKey> sessionKey() {
        return body.text(spelled("sessionKey"), 256).filter(k -> !k.isBlank()).map(SessionKey::new);
    }

    String number(Coins provider, String camel) {
        return optionalNumber(provider, camel).orElseThrow(() -> wrongNumber(spelled(camel)));
    }

    Optional<String> optionalNumber(Coins provider, String camel) {
        var name = spelled(camel);
        var number = body.text(name, 64).filter(n -> !n.isBlank());
        if (number.isPresent() && !provider.fitsCoins(number.get())) throw wrongNumber(name);
        return number;
    }

    private RuntimeException wrongNumber(String name) {
        return body.malformed(name, "1 到 32 位的数字、字母、_ - | * @", "1 to 32 of digits, letters, _ - | * and @");
    }

    long amount() {
        return body.whole("amount")
                .filter(a -> a >= 1 && a <= MOST_COINS)
                .orElseThrow(() -> body.malformed("amount", "代币数量，正整数", "a number of coins, a positive whole number"));
    }

    /** Only 1, Android, is taken. */
    void checkDevice() {
        var name = spelled("deviceType");
        if (body.has(name) && body.whole(name).orElse(0L) != 1) {
            throw body.malformed(name, "1（安卓），或不传；2（iOS）不支持", "1 (Android) or left out; 2 (iOS) is not supported");
        }
    }

    String remark(String otherwise) {
        return body.text("remark", LONGEST_REMARK).filter(r -> !r.isBlank()).orElse(otherwise);
    }

    /** What the coins are spent on; one thing of the whole amount if the call does not say. */
    JsonArray items(String number, long amount) {
        var given = body.json().get("payitem");
        var items = given instanceof JsonArray array ? array : null;
        if (given instanceof JsonString text && !text.getString().isBlank()) items = parsed(text.getString());
        if (items == null && body.has("payitem") && !(given instanceof JsonString)) throw wrongItems();
        if (items == null) {
            return Json.createArrayBuilder()
                    .add(Json.createObjectBuilder()
                            .add("productid", number)
                            .add("unit_price", amount)
                            .add("quantity", 1))
                    .build();
        }
        if (items.isEmpty() || items.size() > MOST_ITEMS) throw wrongItems();
        for (var item : items) {
            if (!(item instanceof JsonObject object)
                    || !(object.get("productid") instanceof JsonString id)
                    || id.getString().isBlank()
                    || JsonBody.wholeNumber(object.get("unit_price"))
                            .filter(n -> n > 0)
                            .isEmpty()
                    || JsonBody.wholeNumber(object.get("quantity"))
                            .filter(n -> n > 0)
                            .isEmpty()) {
                throw wrongItems();
            }
        }
        return items;
    }

    private JsonArray parsed(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readArray();
        } catch (JsonException | IllegalStateException e) {
            throw wrongItems();
        }
    }

    private RuntimeException wrongItems() {
        return ProblemType.field("payitem", ITEMS, body.shown("payitem"));
    }
}
