package io.cashdesk.provider.wxpayvirtual;

import static io.cashdesk.provider.wxpayvirtual.VirtualClient.required;
import static io.cashdesk.provider.wxpayvirtual.VirtualClient.whole;

import io.cashdesk.provider.Coins.Balance;
import io.cashdesk.provider.Coins.Left;
import io.cashdesk.provider.Coins.User;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.ProviderFailure.Kind;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.OptionalLong;

/**
 * The coins of a mini-program's users. A number takes effect once: WeChat answers a repetition of a call that succeeded
 * with 268490004, and of a cancellation with 268490005.
 */
final class VirtualCoins {
    private static final String SUCCEEDED_BEFORE = "268490004";
    private static final String CANCELLED_BEFORE = "268490005";

    /** Android. Newer documents have no such member; clients of vk-uni-pay send it. */
    private static final int DEVICE_TYPE = 1;

    private VirtualCoins() {}

    static Balance balance(VirtualClient client, User user) {
        var answer = client.call("query_user_balance", of(user), user.session());
        return new Balance(
                required(answer, "balance"),
                required(answer, "present_balance"),
                whole(answer, "sum_save").orElse(0L),
                whole(answer, "sum_present").orElse(0L),
                whole(answer, "sum_balance").orElse(0L),
                whole(answer, "sum_cost").orElse(0L),
                flag(answer, "first_save_flag"));
    }

    private static boolean flag(JsonObject answer, String name) {
        var value = answer.get(name);
        return value == JsonValue.TRUE || VirtualClient.text(answer, name).matches("1|true");
    }

    static Left pay(VirtualClient client, User user, String number, long amount, JsonArray items, String remark) {
        var body = of(user).add("amount", amount)
                .add("order_id", number)
                .add("payitem", items.toString())
                .add("remark", remark)
                .add("device_type", DEVICE_TYPE);
        try {
            return left(client.call("currency_pay", body, user.session()));
        } catch (ProviderFailure failure) {
            return unlessDone(failure, SUCCEEDED_BEFORE);
        }
    }

    static void cancel(VirtualClient client, User user, String spent, String number, long amount, boolean sentBefore) {
        var body = of(user).add("pay_order_id", spent)
                .add("order_id", number)
                .add("amount", amount)
                .add("device_type", DEVICE_TYPE);
        try {
            client.call("cancel_currency_pay", body, user.session());
        } catch (ProviderFailure failure) {
            // without an earlier call of this number, the spending was given back under another one
            unlessDone(
                    failure,
                    sentBefore && failure.providerCode().equals(CANCELLED_BEFORE)
                            ? CANCELLED_BEFORE
                            : SUCCEEDED_BEFORE);
        }
    }

    static Left present(VirtualClient client, User user, String number, long amount) {
        var body = Json.createObjectBuilder()
                .add("openid", user.openid())
                .add("order_id", number)
                .add("amount", amount)
                .add("device_type", DEVICE_TYPE);
        try {
            return left(client.call("present_currency", body));
        } catch (ProviderFailure failure) {
            return unlessDone(failure, SUCCEEDED_BEFORE);
        }
    }

    private static JsonObjectBuilder of(User user) {
        return Json.createObjectBuilder().add("openid", user.openid()).add("user_ip", user.ip());
    }

    private static Left unlessDone(ProviderFailure failure, String done) {
        if (failure.kind() == Kind.DECLINED && failure.providerCode().equals(done)) return Left.UNKNOWN;
        throw failure;
    }

    private static Left left(JsonObject answer) {
        return new Left(
                number(answer, "balance"), number(answer, "present_balance"), number(answer, "used_present_amount"));
    }

    /** What is not said, or cannot be read, is not known: the call has succeeded all the same. */
    private static OptionalLong number(JsonObject answer, String name) {
        var text = VirtualClient.text(answer, name);
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
