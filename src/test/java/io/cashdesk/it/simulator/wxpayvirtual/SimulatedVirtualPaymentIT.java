package io.cashdesk.it.simulator.wxpayvirtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Node;
import io.cashdesk.testing.Nodes;
import io.cashdesk.testing.PushReceiver;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.Simulator;
import io.cashdesk.testing.VirtualMerchant;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat's virtual payment as the simulator imitates it, over raw HTTP, without a line of our adapter. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatedVirtualPaymentIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String DONE = "{\"ErrCode\":0,\"ErrMsg\":\"success\"}";

    static Node node;
    static Simulator simulator;
    static PushReceiver receiver;
    static VirtualMerchant merchant;
    static VirtualMerchant.User user;

    @BeforeAll
    static void open() {
        node = Nodes.shared();
        simulator = new Simulator(node);
        receiver = new PushReceiver();
        merchant = new VirtualMerchant(node, Json.createObjectBuilder());
        user = merchant.login("FIRST");
        pushedTo(receiver.url());
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    @AfterEach
    void answersWell() {
        receiver.answers("success");
        merchant.console(Json.createObjectBuilder()
                .add("mode", "safe")
                .add("format", "json")
                .add("released", true));
    }

    private static void pushedTo(String url) {
        var answer = merchant.console(Json.createObjectBuilder().add("url", url));
        assertThat(answer.getBoolean("verified")).as(answer.toString()).isTrue();
    }

    /** The message of the first event about this number. */
    private static String event(String number) {
        return merchant.decrypted(push(number, 1).get(0));
    }

    private static List<PushReceiver.Push> push(String number, int atLeast) {
        Eventually.within(SOON, "events of " + number, () -> pushes(number).size() >= atLeast);
        return pushes(number);
    }

    private static List<PushReceiver.Push> pushes(String number) {
        return receiver.received().stream().filter(p -> isAbout(p, number)).toList();
    }

    private static boolean isAbout(PushReceiver.Push push, String number) {
        if (push.body().contains(number)) return true;
        try {
            return !push.member("Encrypt").isEmpty() && merchant.decrypted(push).contains(number);
        } catch (AssertionError | RuntimeException ofAnother) {
            return false;
        }
    }

    private static void until(String what, BooleanSupplier happened) {
        Eventually.within(SOON, what, happened);
    }

    @Nested
    class The_servers_calls {
        @Test
        void take_a_token_that_stays_the_same_until_it_is_forced() {
            var own = new VirtualMerchant(node, Json.createObjectBuilder());
            var secret = own.account.getString("secret");

            var first = own.stableToken(secret, false);
            var second = own.stableToken(secret, false);
            var forced = own.stableToken(secret, true);

            assertThat(first.getInt("expires_in")).isBetween(7_100, 7_200);
            assertThat(second.getString("access_token")).isEqualTo(first.getString("access_token"));
            assertThat(forced.getString("access_token")).isNotEqualTo(first.getString("access_token"));
            assertThat(own.stableToken(secret, true).getInt("errcode")).isEqualTo(45011);
            assertThat(own.stableToken("wrong", false).getInt("errcode")).isEqualTo(40125);
            assertThat(own.get("/cgi-bin/stable_token").getInt("errcode")).isEqualTo(43002);
            assertThat(own.post("/xpay/query_order?access_token=" + first.getString("access_token"), "{}")
                            .getInt("errcode"))
                    .isEqualTo(40001);
            assertThat(own.post("/xpay/query_order", "{}").getInt("errcode")).isEqualTo(41001);
            var use = simulator.call("wechat/tokens?app_id=" + own.appId, null).json();
            assertThat(use.getInt("issued")).isEqualTo(2);
        }

        @Test
        void in_the_last_five_minutes_of_a_token_give_another_and_take_both() {
            var own = new VirtualMerchant(node, Json.createObjectBuilder());
            var secret = own.account.getString("secret");
            var first = own.stableToken(secret, false).getString("access_token");
            age(own, 7_000);

            var next = own.stableToken(secret, false).getString("access_token");

            assertThat(next).isNotEqualTo(first);
            for (var token : List.of(first, next)) {
                assertThat(own.post("/xpay/query_order?access_token=" + token, "{}")
                                .getInt("errcode"))
                        .as("the signature is missing")
                        .isEqualTo(268490003);
            }
            age(own, 300);
            assertThat(own.post("/xpay/query_order?access_token=" + first, "{}").getInt("errcode"))
                    .isEqualTo(42001);
        }

        private void age(VirtualMerchant own, int seconds) {
            simulator.call("wechat/token", "{\"app_id\":\"" + own.appId + "\",\"seconds\":" + seconds + "}");
        }

        @Test
        void need_the_right_signatures_and_a_session() {
            var stranger = new VirtualMerchant.User(user.openid(), "AAAAAAAAAAAAAAAAAAAAAA==");
            var second = merchant.login("SECOND");
            var body = VirtualMerchant.of(user).add("user_ip", "203.0.113.7");
            simulator.call(
                    "wechat/session",
                    "{\"app_id\":\"" + merchant.appId + "\",\"openid\":\"" + second.openid() + "\",\"expired\":true}");

            assertThat(merchant.xpay("query_user_balance", body, stranger).getInt("errcode"))
                    .isEqualTo(268490003);
            assertThat(merchant.xpay(
                                    "query_user_balance",
                                    VirtualMerchant.of(second).add("user_ip", "203.0.113.7"),
                                    second)
                            .getInt("errcode"))
                    .isEqualTo(268490009);
            assertThat(merchant.xpay(
                                    "query_user_balance",
                                    Json.createObjectBuilder()
                                            .add("openid", "oOfSomebodyElse")
                                            .add("env", 0)
                                            .add("user_ip", "203.0.113.7"),
                                    user)
                            .getInt("errcode"))
                    .isEqualTo(268490001);
            assertThat(merchant.xpay(
                                    "query_biz_balance",
                                    Json.createObjectBuilder().add("env", 0))
                            .getInt("errcode"))
                    .isEqualTo(48001);
            assertThat(merchant.xpay("query_order", VirtualMerchant.of(user).add("order_id", "Never" + Shop.number()))
                            .getInt("errcode"))
                    .isEqualTo(268490002);
        }

        @Test
        void exchange_a_login_code_at_either_server_of_wechat_once() {
            var code = simulator
                    .call("login", "{\"app_id\":\"" + merchant.appId + "\",\"payer\":\"SECOND\"}")
                    .json();
            var target = "/sns/jscode2session?appid=" + merchant.appId + "&secret="
                    + merchant.account.getString("secret") + "&js_code=" + code.getString("login_code")
                    + "&grant_type=authorization_code";

            var session = merchant.get(target);

            assertThat(session.getString("openid")).isEqualTo(code.getString("openid"));
            assertThat(session.getString("session_key")).hasSize(24);
            assertThat(merchant.get(target).getInt("errcode")).isEqualTo(40163);
        }

        @Test
        void give_a_bill_after_a_while() {
            var number = Shop.number();
            merchant.buyGems(number, user);
            var days = Json.createObjectBuilder().add("begin_ds", 20260101).add("end_ds", 20271231);

            var first = merchant.xpay("download_bill", days);
            assertThat(first.getInt("errcode")).isEqualTo(268490011);

            until(
                    "the bill",
                    () -> merchant.xpay(
                                    "download_bill",
                                    Json.createObjectBuilder()
                                            .add("begin_ds", 20260101)
                                            .add("end_ds", 20271231))
                            .containsKey("url"));
        }
    }

    @Nested
    class The_clients_call {
        @Test
        void buys_goods_and_its_event_confirms_the_delivery() {
            var number = Shop.number();

            merchant.buyGems(number, user);

            var event = event(number);
            assertThat(PushReceiver.Push.member(event, "Event")).isEqualTo("xpay_goods_deliver_notify");
            assertThat(PushReceiver.Push.member(event, "OpenId")).isEqualTo(user.openid());
            assertThat(PushReceiver.Push.member(event, "ProductId")).isEqualTo("gems");
            assertThat(PushReceiver.Push.member(event, "Attach")).isEqualTo("附加");
            until("delivered", () -> merchant.order(number, user).getInt("status") == 4);
            var order = merchant.order(number, user);
            assertThat(order.getInt("paid_fee")).isEqualTo(600);
            assertThat(order.getInt("left_fee")).isEqualTo(600);
            assertThat(order.getInt("env_type")).isEqualTo(1);
            assertThat(order.getString("wxpay_order_id")).startsWith("42000");
        }

        @Test
        void takes_a_number_once_whatever_became_of_it() {
            var number = Shop.number();
            var cancelled = merchant.request(
                    merchant.arguments("short_series_goods", merchant.goods(number, "gems", 600, 1), user)
                            .add("outcome", "cancel"));

            assertThat(cancelled.getInt("errCode")).isEqualTo(-2);
            assertThat(merchant.order(number, user).getInt("status")).isEqualTo(1);
            assertThat(errCode(merchant.goods(number, "gems", 600, 1))).isEqualTo(-15002);
        }

        @Test
        void can_fail_close_the_order_or_leave_it_open() {
            var closed = Shop.number();
            var open = Shop.number();

            assertThat(outcome(Shop.number(), "fail").getInt("errCode")).isEqualTo(-1);
            assertThat(outcome(closed, "close").getInt("errCode")).isEqualTo(-15012);
            assertThat(outcome(open, "open").getString("code")).startsWith("virtual-");

            assertThat(merchant.order(closed, user).getInt("status")).isEqualTo(6);
            assertThat(merchant.order(open, user).getInt("status")).isEqualTo(1);
            simulator.pay(open);
            assertThat(merchant.order(open, user).getInt("status")).isBetween(2, 4);
        }

        private JsonObject outcome(String number, String outcome) {
            return merchant.request(
                    merchant.arguments("short_series_goods", merchant.goods(number, "gems", 600, 1), user)
                            .add("outcome", outcome));
        }

        private int errCode(JsonObjectBuilder signData) {
            return merchant.request(merchant.arguments("short_series_goods", signData, user))
                    .getInt("errCode");
        }

        @Test
        void is_refused_with_the_code_that_wechat_has_for_it() {
            var other = new VirtualMerchant.User(user.openid(), "AAAAAAAAAAAAAAAAAAAAAA==");
            var goods = merchant.arguments("short_series_goods", merchant.goods(Shop.number(), "gems", 600, 1), user);
            simulator.call(
                    "wxpay-virtual/product",
                    "{\"app_id\":\"" + merchant.appId
                            + "\",\"product_id\":\"new\",\"price\":100,\"state\":\"PENDING\"}");

            assertThat(errCode(merchant.goods(Shop.number(), "gems", 601, 1))).isEqualTo(-15013);
            assertThat(errCode(merchant.goods(Shop.number(), "nothing", 600, 1)))
                    .isEqualTo(-15010);
            assertThat(errCode(merchant.goods(Shop.number(), "new", 100, 1))).isEqualTo(-15014);
            assertThat(errCode(merchant.goods("short", "gems", 600, 1))).isEqualTo(-15001);
            assertThat(errCode(merchant.goods(Shop.number(), "gems", 600, 1).add("env", 1)))
                    .isEqualTo(-15011);
            assertThat(merchant.request(goods.add("paySig", "0".repeat(64))).getInt("errCode"))
                    .isEqualTo(-15006);
            assertThat(merchant.request(Json.createObjectBuilder().add("mode", "short_series_goods"))
                            .getInt("errCode"))
                    .isEqualTo(1001);
            assertThat(merchant.request(merchant.arguments(
                                    "short_series_goods", merchant.goods(Shop.number(), "gems", 600, 1), other))
                            .getInt("errCode"))
                    .isEqualTo(-15005);
            var onIos = merchant.request(
                    merchant.arguments("short_series_goods", merchant.goods(Shop.number(), "gems", 600, 1), user)
                            .add("platform", "ios"));
            assertThat(onIos.getInt("errCode")).isEqualTo(-15001);
            assertThat(onIos.getString("errMsg")).contains("INVALID_PLATFORM");
        }

        @Test
        void is_refused_with_an_old_session_key() {
            var own = new VirtualMerchant(node, Json.createObjectBuilder());
            var holder = own.login("FIRST");
            var arguments = own.arguments("short_series_goods", own.goods(Shop.number(), "gems", 600, 1), holder)
                    .build();
            var session = "{\"app_id\":\"" + own.appId + "\",\"openid\":\"" + holder.openid() + "\"}";

            simulator.call("wechat/session", session);
            assertThat(own.request(Json.createObjectBuilder(arguments)).getInt("errCode"))
                    .isEqualTo(-15007);

            own.login("FIRST");
            assertThat(own.request(Json.createObjectBuilder(arguments)).getInt("errCode"))
                    .as("signed with the key before")
                    .isEqualTo(-15005);
        }

        @Test
        void of_a_sandbox_uses_its_key_and_keeps_its_coins_apart() {
            var own = new VirtualMerchant(
                    node, Json.createObjectBuilder().add("sandbox", true).add("rate", 10));
            var holder = own.login("FIRST");
            var number = Shop.number();

            assertThat(own.request(own.arguments(
                                    "short_series_coin",
                                    own.signData(number, 30).add("env", 1),
                                    holder))
                            .getInt("errCode"))
                    .isZero();

            var records = simulator.records(number);
            assertThat(records.getInt("amount")).isEqualTo(300);
            assertThat(coins(own, holder, 1)).isEqualTo(30);
            assertThat(coins(own, holder, 0)).isZero();
        }
    }

    private static int coins(VirtualMerchant owner, VirtualMerchant.User holder, int env) {
        return simulator
                .call("wxpay-virtual/coins?app_id=" + owner.appId + "&openid=" + holder.openid() + "&env=" + env, null)
                .json()
                .getInt("balance");
    }

    @Nested
    class Coins {
        VirtualMerchant.User holder = merchant.login("SECOND");

        private JsonObjectBuilder spending(String number, long amount) {
            return VirtualMerchant.of(holder)
                    .add("user_ip", "203.0.113.7")
                    .add("order_id", number)
                    .add("amount", amount)
                    .add("payitem", "[{\"productid\":\"hat\",\"unit_price\":10,\"quantity\":1}]")
                    .add("remark", "");
        }

        @Test
        void are_bought_given_spent_once_and_given_back_once() {
            var recharge = Shop.number();
            var gift = Shop.number();
            var spent = Shop.number();
            var back = Shop.number();
            var before = coins(merchant, holder, 0);

            merchant.buyCoins(recharge, 100, holder);
            var given = merchant.xpay(
                    "present_currency",
                    VirtualMerchant.of(holder).add("order_id", gift).add("amount", 30));
            var paid = merchant.xpay("currency_pay", spending(spent, 50), holder);
            var again = merchant.xpay("currency_pay", spending(spent, 70), holder);

            assertThat(given.getInt("balance")).isEqualTo(before + 130);
            assertThat(paid.getInt("balance")).isEqualTo(before + 80);
            assertThat(paid.getInt("used_present_amount")).isBetween(30, 50);
            assertThat(again.getInt("errcode")).isEqualTo(268490004);
            assertThat(merchant.xpay(
                                    "present_currency",
                                    VirtualMerchant.of(holder)
                                            .add("order_id", gift)
                                            .add("amount", 31))
                            .getInt("errcode"))
                    .isEqualTo(268490004);
            assertThat(merchant.xpay("currency_pay", spending(Shop.number(), 1_000_000), holder)
                            .getInt("errcode"))
                    .isEqualTo(268490006);
            var cancel = VirtualMerchant.of(holder)
                    .add("user_ip", "203.0.113.7")
                    .add("pay_order_id", spent)
                    .add("order_id", back)
                    .add("amount", 50)
                    .build();
            assertThat(merchant.xpay("cancel_currency_pay", Json.createObjectBuilder(cancel), holder)
                            .getInt("errcode"))
                    .isZero();
            assertThat(merchant.xpay("cancel_currency_pay", Json.createObjectBuilder(cancel), holder)
                            .getInt("errcode"))
                    .isEqualTo(268490005);
            var balance = merchant.xpay(
                    "query_user_balance", VirtualMerchant.of(holder).add("user_ip", "203.0.113.7"), holder);
            assertThat(balance.getInt("balance")).isEqualTo(before + 130);
            assertThat(balance.getBoolean("first_save_flag")).isFalse();
            assertThat(merchant.decrypted(push(recharge, 1).get(0))).contains("xpay_coin_pay_notify");
        }

        @Test
        void answered_too_late_are_spent_all_the_same() {
            merchant.buyCoins(Shop.number(), 10, holder);
            var number = Shop.number();
            simulator.setFault(number, "ANSWER_SYSTEM_ERROR");

            var lost = merchant.xpay("currency_pay", spending(number, 10), holder);
            var again = merchant.xpay("currency_pay", spending(number, 10), holder);

            assertThat(lost.getInt("errcode")).isEqualTo(-1);
            assertThat(again.getInt("errcode")).isEqualTo(268490004);
        }
    }

    @Nested
    class Refunds {
        @Test
        void are_started_settled_later_and_reported() {
            var number = Shop.number();
            var refund = Shop.number();
            merchant.buyGems(number, user);

            var started = merchant.refund(number, refund, 600, 100, user);

            assertThat(started.getInt("errcode")).as(started.toString()).isZero();
            assertThat(started.getString("pay_order_id")).isEqualTo(number);
            assertThat(merchant.refund(number, Shop.number(), 500, 100, user).getInt("errcode"))
                    .as("another one meanwhile")
                    .isEqualTo(268490014);
            assertThat(merchant.refund(number, refund, 600, 100, user).getInt("errcode"))
                    .as("the same again")
                    .isZero();
            assertThat(merchant.order(refund, user).getInt("order_type")).isEqualTo(1);
            until(
                    "refunded",
                    () -> List.of(5, 8).contains(merchant.order(refund, user).getInt("status")));
            assertThat(merchant.decrypted(push(refund, 1).get(0)))
                    .contains("xpay_refund_notify", "\"RetCode\":0", "\"RetryTimes\":0");
            assertThat(merchant.refund(number, Shop.number(), 600, 100, user).getInt("errcode"))
                    .isEqualTo(268490016);
            assertThat(merchant.refund(number, Shop.number(), 500, 501, user).getInt("errcode"))
                    .isEqualTo(268490002);
            assertThat(merchant.refund(number, Shop.number(), 500, 500, user).getInt("errcode"))
                    .isZero();
            until("wholly refunded", () -> merchant.order(number, user).getInt("status") == 5);
        }

        @Test
        void can_fail() {
            var number = Shop.number();
            var refund = Shop.number();
            simulator.setFault(number, "REFUND_CLOSED");
            merchant.buyGems(number, user);

            merchant.refund(number, refund, 600, 600, user);

            until("failed", () -> merchant.order(refund, user).getInt("status") == 7);
            assertThat(merchant.decrypted(push(refund, 1).get(0))).contains("\"RetCode\":1");
            assertThat(merchant.order(number, user).getInt("left_fee")).isEqualTo(600);
        }

        @Test
        void can_wait_for_a_decision() {
            var number = Shop.number();
            var refund = Shop.number();
            simulator.setFault(number, "REFUND_SLOW");
            merchant.buyGems(number, user);
            merchant.refund(number, refund, 600, 600, user);

            simulator.call("wxpay-virtual/refund", "{\"refund_order_id\":\"" + refund + "\",\"status\":\"SUCCESS\"}");

            assertThat(merchant.order(refund, user).getInt("status")).isIn(5, 8);
        }

        @Test
        void are_refused_with_a_malformed_number_of_an_unpaid_order_or_for_another_user() {
            var number = Shop.number();
            merchant.request(merchant.arguments("short_series_goods", merchant.goods(number, "gems", 600, 1), user)
                    .add("outcome", "open"));
            var other = merchant.login("SECOND");

            assertThat(merchant.refund(number, Shop.number(), 600, 600, user).getInt("errcode"))
                    .isEqualTo(268490002);
            assertThat(merchant.refund(number, Shop.number(), 600, 600, other).getInt("errcode"))
                    .isEqualTo(268490001);
            simulator.pay(number);
            assertThat(merchant.refund(number, "with space", 600, 600, user).getInt("errcode"))
                    .isEqualTo(268490002);
            assertThat(merchant.refund(number, Shop.number(), 600, 0, user).getInt("errcode"))
                    .isEqualTo(268490024);
        }
    }

    @Nested
    class Events {
        @Test
        void need_an_address_that_returns_what_the_check_sends() {
            var own = new VirtualMerchant(node, Json.createObjectBuilder());

            assertThat(own.console(Json.createObjectBuilder().add("url", node.base() + "/health/live"))
                            .getBoolean("verified"))
                    .isFalse();
            own.console(Json.createObjectBuilder().add("url", receiver.url()));
            var check = receiver.checks().get(receiver.checks().size() - 1);
            assertThat(VirtualMerchant.sha1(own.account.getString("token"), check.get("timestamp"), check.get("nonce")))
                    .isEqualTo(check.get("signature"));
        }

        @ParameterizedTest
        @CsvSource({"plain, json", "plain, xml", "compatible, json", "compatible, xml", "safe, json", "safe, xml"})
        void come_in_every_mode_and_format(String mode, String format) {
            merchant.console(Json.createObjectBuilder().add("mode", mode).add("format", format));
            var number = Shop.number();

            merchant.buyGems(number, user);

            var push = push(number, 1).get(0);
            assertThat(merchant.isSigned(push)).isTrue();
            assertThat(push.body().startsWith("<xml>")).isEqualTo(format.equals("xml"));
            assertThat(push.member("Encrypt").isEmpty()).isEqualTo(mode.equals("plain"));
            assertThat(push.member("OutTradeNo").isEmpty()).isEqualTo(mode.equals("safe"));
            var message = mode.equals("plain") ? push.body() : merchant.decrypted(push);
            assertThat(PushReceiver.Push.member(message, "OutTradeNo")).isEqualTo(number);
            assertThat(PushReceiver.Push.member(message, "Quantity")).isEqualTo("1");
            assertThat(PushReceiver.Push.member(message, "TransactionId")).startsWith("42000");
            until("delivered", () -> merchant.order(number, user).getInt("status") == 4);
        }

        @Test
        void are_repeated_until_they_are_acknowledged() {
            merchant.console(Json.createObjectBuilder().add("mode", "plain"));
            receiver.answers(DONE.replace("0", "1"));
            var number = Shop.number();
            merchant.buyGems(number, user);
            push(number, 1);
            until("delivering", () -> merchant.order(number, user).getInt("status") == 3);

            receiver.answers(DONE);

            assertThat(push(number, 2)).hasSizeGreaterThanOrEqualTo(2);
            until("delivered", () -> merchant.order(number, user).getInt("status") == 4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"NOTIFY_TAMPERED", "NOTIFY_FORGED", "NOTIFY_OF_OTHER_APPLICATION"})
        void can_be_tampered_with_or_of_another_application_or_forged(String fault) {
            try (var own = new PushReceiver()) {
                var seller = new VirtualMerchant(node, Json.createObjectBuilder());
                var buyer = seller.login("FIRST");
                seller.console(Json.createObjectBuilder().add("url", own.url()));
                var number = Shop.number();
                simulator.setFault(number, fault);
                own.answers("not acknowledged");

                seller.buyGems(number, buyer);

                until(fault, () -> own.received().size() >= 2);
                var first = own.received().get(0);
                assertThat(seller.isSigned(first)).isEqualTo(fault.equals("NOTIFY_OF_OTHER_APPLICATION"));
                if (fault.equals("NOTIFY_FORGED")) return;
                if (fault.equals("NOTIFY_OF_OTHER_APPLICATION")) {
                    assertThatThrownBy(() -> seller.decrypted(first)).isInstanceOf(AssertionError.class);
                }
                var second = own.received().get(1);
                assertThat(seller.isSigned(second)).isTrue();
                assertThat(seller.decrypted(second)).contains(number);
            }
        }

        @Test
        void come_twice_or_in_the_wrong_order_if_that_is_set() {
            var twice = Shop.number();
            simulator.setFault(twice, "NOTIFY_TWICE_AT_ONCE");
            merchant.buyGems(twice, user);
            push(twice, 2);

            var late = Shop.number();
            var refund = Shop.number();
            simulator.setFault(late, "NOTIFY_AFTER_REFUND");
            merchant.buyGems(late, user);
            merchant.refund(late, refund, 600, 600, user);
            var events = push(late, 2).stream().map(merchant::decrypted).toList();
            assertThat(events.get(0)).contains("xpay_refund_notify");
            assertThat(events.get(1)).contains("xpay_goods_deliver_notify");
        }

        @Test
        void are_not_needed_if_the_merchant_says_that_it_has_delivered() {
            var number = Shop.number();
            simulator.setFault(number, "NOTIFY_LOST");
            merchant.buyGems(number, user);
            assertThat(merchant.order(number, user).getInt("status")).isEqualTo(2);

            var provided = Json.createObjectBuilder().add("order_id", number).add("env", 0);
            assertThat(merchant.xpay("notify_provide_goods", provided).getInt("errcode"))
                    .isZero();

            assertThat(merchant.order(number, user).getInt("status")).isEqualTo(4);
        }
    }
}
