package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Optional;
import java.util.Set;

/** The body of a call to {@code /xpay/…}, read strictly: a field of another type, or an unknown one, is refused. */
final class XpayFields {
    static final int PARAMETER = 268490002;

    private static final long MOST = 1_000_000_000;

    private final JsonObject body;

    private XpayFields(JsonObject body) {
        this.body = body;
    }

    static XpayFields of(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return new XpayFields(reader.readObject());
        } catch (RuntimeException e) { // the parser has other types for too deep and too long
            throw wrong("body is not a JSON object");
        }
    }

    /** The environment that chooses the key: 0 without the field, or if the text is no object. */
    static int envOf(String text) {
        try {
            return of(text).env();
        } catch (WechatRefusal malformed) {
            return 0;
        }
    }

    XpayFields only(String... names) {
        var known = Set.of(names);
        for (var name : body.keySet()) if (!known.contains(name)) throw wrong("unknown field " + name);
        return this;
    }

    int env() {
        if (!body.containsKey("env")) return 0;
        var env = number("env");
        if (env != 0 && env != 1) throw wrong("env must be 0 or 1");
        return (int) env;
    }

    String text(String name) {
        return optional(name).filter(t -> !t.isEmpty()).orElseThrow(() -> wrong("missing " + name));
    }

    Optional<String> optional(String name) {
        if (!body.containsKey(name)) return Optional.empty();
        if (body.get(name) instanceof JsonString s) return Optional.of(s.getString());
        throw wrong(name + " must be a string");
    }

    /** A whole number that is not negative. */
    long number(String name) {
        if (!body.containsKey(name)) throw wrong("missing " + name);
        if (body.get(name) instanceof JsonNumber n
                && n.isIntegral()
                && n.bigIntegerValue().bitLength() < 63
                && n.longValue() >= 0
                && n.longValue() <= MOST) return n.longValue();
        throw wrong(name + " must be a whole number");
    }

    long positive(String name) {
        var number = number(name);
        if (number == 0) throw new WechatRefusal(268490024, name + " must be greater than 0");
        return number;
    }

    /** A number of the merchant's: 8 to 32 characters. */
    String ownNumber(String name) {
        var number = text(name);
        if (!number.matches("[0-9A-Za-z_\\-|*@]{8,32}")) throw wrong(name + " is malformed");
        return number;
    }

    /** Older texts have it: 1 Android, 2 iOS. */
    void checkDeviceType() {
        if (body.containsKey("device_type") && !Set.of(1L, 2L).contains(number("device_type"))) {
            throw wrong("device_type must be 1 or 2");
        }
    }

    /** The JSON text of a list of {@code {productid, unit_price, quantity}}, if it is there. */
    void checkPayItem() {
        var text = optional("payitem").orElse("");
        if (text.isEmpty()) return;
        try (var reader = Json.createReader(new StringReader(text))) {
            JsonArray items = reader.readArray();
            for (var item : items) {
                var object = item.asJsonObject();
                object.getString("productid");
                object.getJsonNumber("unit_price").longValueExact();
                object.getJsonNumber("quantity").longValueExact();
            }
        } catch (RuntimeException e) { // of several types: not JSON, another type, a missing member
            throw wrong("payitem must be the JSON text of a list of {productid, unit_price, quantity}");
        }
    }

    static WechatRefusal wrong(String message) {
        return new WechatRefusal(PARAMETER, "parameter error: " + message);
    }

    static WechatRefusal unknown(String message) {
        return new WechatRefusal(PARAMETER, "data does not exist: " + message);
    }
}
