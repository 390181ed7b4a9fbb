package io.cashdesk.provider.douyin;

import static io.cashdesk.provider.WrongNodeValue.require;

import io.cashdesk.provider.AccountSettings;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Arrays;

/** The protocols that an account may speak; {@code dialect} in the node says which. */
enum Dialect {
    /** 担保支付, the guaranteed payment: MD5 with a salt. */
    ECPAY("ecpay"),
    /** 通用交易系统, the general trade system: RSA and access tokens. */
    TRADE("trade");

    private final String wireName;

    Dialect(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The node's. Where it names none, a node with a private key speaks the one that needs it.
     *
     * @throws io.cashdesk.provider.WrongNodeValue if there is no such dialect
     */
    static Dialect of(AccountSettings settings) {
        var given = settings.values().get("dialect");
        var absent = given == null || given == JsonValue.NULL || (given instanceof JsonString text && blank(text));
        if (absent) {
            var trade = !settings.text("privateKey").isEmpty();
            require(
                    !trade
                            || (settings.text("salt").isEmpty()
                                    && settings.text("token").isEmpty()),
                    "节点中同时有担保支付（salt、token）和通用交易系统（privateKey）的密钥，请用 dialect 指明 ecpay 或 trade，并去掉另一种的密钥",
                    "the node has keys of both dialects, salt or token (guaranteed payment) and privateKey (general trade"
                            + " system): say which in dialect, ecpay or trade, and leave out the keys of the other");
            return trade ? TRADE : ECPAY;
        }
        var found = Arrays.stream(values())
                .filter(d -> given instanceof JsonString && d.wireName.equals(settings.text("dialect")))
                .findFirst();
        require(
                found.isPresent(),
                "dialect 应为 ecpay（担保支付）或 trade（通用交易系统）；不填时，填写了 privateKey 的节点为 trade，否则为 ecpay",
                "dialect must be ecpay (guaranteed payment) or trade (general trade system); where it is absent, a node"
                        + " with privateKey is trade and any other is ecpay");
        return found.orElseThrow();
    }

    private static boolean blank(JsonString text) {
        return text.getString().isBlank();
    }

    @Override
    public String toString() {
        return wireName;
    }
}
