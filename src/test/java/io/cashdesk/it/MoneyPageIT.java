package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.cashdesk.testing.Browser;
import io.cashdesk.testing.Browser.Screen;
import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The payer's page tells what became of all money that came for an order, and follows it while it is on its way. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MoneyPageIT {
    private static final Duration SOON = Duration.ofSeconds(45);

    static Shop shop;
    static Browser browser;

    @BeforeAll
    static void open() {
        shop = new Shop("money-page-it");
        browser = new Browser(Screen.desktop());
        put(Json.createObjectBuilder()
                .add(
                        "return_urls",
                        Json.createArrayBuilder()
                                .add(shop.node.base().resolve("/demo/").toString()))
                .add(
                        "contact",
                        Json.createObjectBuilder()
                                .add("phone", "+86 10 8888 6666")
                                .add("email", "help@shop.example")));
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    @BeforeEach
    void refunds() {
        policy("refund", "refund");
    }

    private static void put(jakarta.json.JsonObjectBuilder merchant) {
        var answer = shop.node.manage("PUT", "merchants/money-page-it", merchant);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void policy(String late, String duplicate) {
        put(Json.createObjectBuilder().add("late_payment", late).add("duplicate_payment", duplicate));
    }

    /** An order that leads back to the shop, with its page; its number. */
    private static String order() {
        var number = Shop.number();
        var body = "{\"data\":{\"out_trade_no\":\"" + number + "\",\"total_fee\":990,\"subject\":\"茶\","
                + "\"type\":\"goods\",\"return_url\":\"" + shop.node.base().resolve("/demo/") + "\"}}";
        assertThat(shop.call("createCheckout", body).status()).isEqualTo(200);
        return number;
    }

    private static void create(String number, String provider) {
        assertThat(shop.node.createPayment(shop.key, provider, number, 990).status())
                .isEqualTo(200);
    }

    private static void pay(String number, String provider) {
        shop.simulator.call("pay", "{\"out_trade_no\":\"" + number + "\",\"provider\":\"" + provider + "\"}");
    }

    private static void untilReceipts(String number, int count) {
        Eventually.within(
                SOON,
                count + " receipts",
                () -> TestDatabase.number(
                                shop.node.dbUrl(),
                                "select count(*) from receipt r join pay_order o on o.id = r.order_id"
                                        + " where o.out_trade_no = ?",
                                number)
                        == count);
    }

    private static void closeOrder(String number) {
        assertThat(shop.call("closePayment", "{\"out_trade_no\":\"" + number + "\"}")
                        .status())
                .isEqualTo(200);
    }

    private static void show(String number) {
        var token = TestDatabase.text(
                shop.node.dbUrl(), "select checkout_token from pay_order where out_trade_no = ?", number);
        browser.open(shop.node.base().resolve("/checkout/" + token).toString());
    }

    private static void until(String state) {
        browser.waitFor("[data-state=" + state + "]", SOON);
    }

    private static String text() {
        return (String) browser.driver().executeScript("return document.querySelector('main').innerText");
    }

    private static void assertTells(String... parts) {
        assertThat(text()).contains(parts).doesNotContain("未扣款");
        assertThat(new AxeBuilder().analyze(browser.driver()).getViolations()).isEmpty();
    }

    /** What the database has stored of the order's payment from Alipay: the wallet's number. */
    private static String alipaysNumber(String number) {
        return TestDatabase.text(
                shop.node.dbUrl(),
                "select r.transaction_id from receipt r join pay_order o on o.id = r.order_id"
                        + " where o.out_trade_no = ? and r.provider = 'alipay'",
                number);
    }

    @Test
    void late_money_is_told_while_it_is_returned_and_when_it_has_arrived() {
        var number = order();
        create(number, "alipay");
        shop.simulator.setFaults(number, "REFUND_NOT_ENOUGH");
        closeOrder(number);
        show(number);
        until("closed");
        assertThat(text()).doesNotContain("未扣款").contains("未收到付款");

        pay(number, "alipay");

        until("late");
        assertTells("您的付款正在退回", "¥9.90", "支付宝", alipaysNumber(number), "起退款中", "+86 10 8888 6666");
        browser.picture("money-late-returning");
        shop.simulator.clearFaults(number);
        Eventually.within(SOON, "returned, on the open page", () -> text().contains("您的付款已退回"));
        assertTells("已退款");
        assertThat(browser.attribute("main", "data-poll")).isNull();
        assertThat(browser.attribute("#back-to-shop", "href")).endsWith("/return");
        browser.picture("money-late-returned");
    }

    @Test
    void held_late_money_needs_a_person_and_a_decision_changes_the_page() {
        policy("hold", "hold");
        var number = order();
        create(number, "alipay");
        closeOrder(number);
        pay(number, "alipay");
        untilReceipts(number, 1);
        show(number);
        until("needs-person");
        assertTells("¥9.90", alipaysNumber(number), "暂存", "help@shop.example", number);
        assertThat(browser.attribute("#call-shop", "href")).isEqualTo("tel:+861088886666");
        assertThat(browser.attribute("#mail-shop", "href")).contains("?subject=" + number);
        browser.picture("money-held");

        decide(number, "settle");

        until("late");
        assertTells("已用其他方式与您结清", "¥9.90");
        browser.picture("money-settled");
    }

    private static void decide(String number, String decision) {
        var receipt = TestDatabase.text(
                shop.node.dbUrl(),
                "select r.id::text from receipt r join pay_order o on o.id = r.order_id where o.out_trade_no = ?",
                number);
        var answer = shop.node.manage(
                "POST",
                "merchants/money-page-it/orders/" + number + "/decisions",
                Json.createObjectBuilder()
                        .add("mode", "test")
                        .add("receipt", receipt)
                        .add("decision", decision)
                        .add("reason", "the payer called")
                        .add("by", "Li"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void a_wrong_amount_is_held_and_told_with_what_was_due_and_returned_after_a_decision() {
        var number = order();
        shop.setFault(number, "NOTIFY_WRONG_AMOUNT");
        create(number, "wxpay");
        show(number);
        shop.pay(number);
        until("needs-person");
        assertTells("收到的付款与应付金额 ¥9.90 不符", "暂存");
        shop.simulator.clearFaults(number);

        decide(number, "return");

        Eventually.within(SOON, "returned, on a page on which the payer may pay again", () -> {
            show(number);
            return browser.attribute("main", "data-state").matches("code|choose")
                    && browser.driver().getPageSource().contains("已退款");
        });
    }

    @Test
    void a_second_payment_and_a_partial_refund_are_told_with_sums() {
        var number = order();
        create(number, "alipay");
        create(number, "wxpay");
        pay(number, "wxpay");
        shop.untilPaid(number);
        shop.simulator.setFaults(number, "REFUND_NOT_ENOUGH");
        pay(number, "alipay");
        untilReceipts(number, 2);
        show(number);
        until("double");
        assertTells("支付成功，另一笔付款正在退回", alipaysNumber(number), "合计", "¥19.80");
        browser.picture("money-double-returning");
        shop.simulator.clearFaults(number);
        var refund = shop.call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":300}");
        assertThat(refund.status()).as(refund.body()).isEqualTo(200);

        Eventually.within(
                SOON, "both refunds, on the open page", () -> text().contains("退款 ¥3.00") && !text().contains("正在退回"));

        assertTells("用于此订单", "¥6.90", "已退回给您", "¥12.90");
        browser.picture("money-double-partly-refunded");
    }

    @Test
    void a_refund_on_its_way_that_cannot_reach_the_payer_is_followed_until_it_is_abnormal() {
        var number = shop.paid("wxpay");
        shop.setFault(number, "REFUND_SLOW");
        var refund = shop.call(
                "refund",
                "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":300,\"out_refund_no\":\"" + number + "r\"}");
        assertThat(refund.status()).as(refund.body()).isEqualTo(200);
        show(number);
        until("refunding");
        assertTells("退款处理中", "¥3.00", "起退款中");
        browser.picture("money-refunding");

        shop.simulator.call("refund", "{\"out_refund_no\":\"" + number + "r\",\"status\":\"ABNORMAL\"}");

        until("abnormal");
        assertTells("退款未能到账", "¥3.00", number + "r", "+86 10 8888 6666");
        browser.picture("money-abnormal");
    }

    @Test
    void a_paid_link_is_a_receipt_and_before_it_is_paid_a_link_leads_back_to_the_shop() {
        var number = order();
        create(number, "wxpay");
        show(number);
        assertThat(browser.attribute("dialog #to-shop", "href")).endsWith("/return");
        pay(number, "wxpay");
        shop.untilPaid(number);
        show(number);
        until("paid");

        var transaction = TestDatabase.text(
                shop.node.dbUrl(), "select transaction_id from pay_order where out_trade_no = ?", number);

        assertTells(number, transaction, "微信支付", "复制全部", "打印");
        assertThat(browser.attribute("#copy-all", "data-copy")).contains("¥9.90", "茶", number, transaction);
    }
}
