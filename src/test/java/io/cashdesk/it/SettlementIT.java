package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Money that the simulated Douyin keeps until it is settled. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SettlementIT {
    static DouyinShop douyin;

    @BeforeAll
    static void open() {
        douyin = new DouyinShop("settlement-it", "ecpay");
    }

    @Nested
    class Without_a_day {
        @Test
        void a_payment_waits_until_a_person_settles_it_and_a_repetition_does_nothing() {
            var number = douyin.paid();
            var waiting = douyin.settlement(number);
            assertThat(waiting.getString("state")).isEqualTo("waiting");
            assertThat(waiting.getInt("amount")).isEqualTo(990);
            assertThat(waiting).doesNotContainKey("due_at");

            var answer = douyin.settle(number);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            douyin.untilSettlement(number, "settled");
            var settled = douyin.settlement(number);
            assertThat(settled.getString("settled_by")).isEqualTo("person");
            assertThat(settled.getString("by")).isEqualTo("Wang");

            var again = douyin.settle(number);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.json().getJsonObject("settlement").getString("settlement_no"))
                    .isEqualTo(settled.getString("settlement_no"));
            assertThat(douyin.get("settlements").getJsonArray("settlements").toString())
                    .doesNotContain(number);
            assertThat(douyin.get("settlements?state=settled")
                            .getJsonArray("settlements")
                            .toString())
                    .contains(number);
        }

        @Test
        void what_is_left_after_a_refund_is_settled() {
            var number = douyin.paid();
            var refunded = douyin.shop.call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":100}");
            assertThat(refunded.json().getInt("code")).as(refunded.body()).isZero();
            Eventually.within(
                    DouyinShop.SOON,
                    "the refund has ended",
                    () -> douyin.settlement(number).getInt("amount") == 890);

            assertThat(douyin.settle(number).status()).isEqualTo(200);
            douyin.untilSettlement(number, "settled");
        }

        @Test
        void a_payment_that_is_refunded_completely_needs_none() {
            var number = douyin.paid();
            douyin.shop.call("refund", "{\"out_trade_no\":\"" + number + "\"}");
            douyin.untilSettlement(number, "not_needed");

            assertThat(douyin.settle(number).json().getInt("code")).isEqualTo(2046);
        }

        @Test
        void what_cannot_be_settled_is_refused_by_name() {
            var unpaid = Shop.number();
            douyin.opened(unpaid);
            assertThat(douyin.settle(unpaid).json().getInt("code")).isEqualTo(2002);
            assertThat(douyin.settle("T-none").json().getInt("code")).isEqualTo(2001);

            var ordinary = new Shop("settlement-it-wxpay");
            var paid = ordinary.paid("wxpay");
            var refused = ordinary.node.manage(
                    "POST",
                    "merchants/settlement-it-wxpay/orders/" + paid + "/settlements",
                    Json.createObjectBuilder().add("by", "Wang").add("mode", "test"));
            assertThat(refused.json().getInt("code")).as(refused.body()).isEqualTo(1108);
        }

        @Test
        void the_list_is_read_page_by_page() {
            var numbers = List.of(douyin.paid(), douyin.paid(), douyin.paid());
            var seen = new ArrayList<String>();
            var path = "settlements?limit=2";
            for (var page = douyin.get(path); ; page = douyin.get(path + "&cursor=" + page.getString("next"))) {
                page.getJsonArray("settlements")
                        .forEach(s -> seen.add(s.asJsonObject().getString("out_trade_no")));
                if (!page.containsKey("next")) break;
            }
            assertThat(seen).containsAll(numbers).doesNotHaveDuplicates();
        }
    }

    @Nested
    class With_a_day {
        @Test
        void a_payment_that_is_due_is_settled_without_a_person() {
            var seller = new DouyinShop("settlement-it-due", "ecpay");
            seller.settleAfter(0);
            var number = seller.paid();

            seller.untilSettlement(number, "settled");
            assertThat(seller.settlement(number).getString("settled_by")).isEqualTo("schedule");
            assertThat(seller.settle(number).json().getInt("code")).isEqualTo(2045);
        }

        @Test
        void a_change_of_the_node_counts_for_payments_that_wait() {
            var seller = new DouyinShop("settlement-it-change", "ecpay");
            seller.settleAfter(7);
            var number = seller.paid();
            var paidAt = seller.settlement(number).getJsonNumber("paid_at").longValue();
            assertThat(seller.settlement(number).getJsonNumber("due_at").longValue())
                    .isEqualTo(paidAt + 7 * 86_400_000L);

            seller.settleAfter(null);
            assertThat(seller.settlement(number)).doesNotContainKey("due_at");
            seller.settleAfter(0);
            seller.untilSettlement(number, "settled");
        }

        @Test
        void what_has_failed_is_tried_again_all_at_once() {
            var answer = douyin.post("settlements", Json.createObjectBuilder().add("by", "Wang"));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().getInt("count")).isNotNegative();
        }

        @ParameterizedTest
        @ValueSource(strings = {"ecpay", "trade"})
        void a_lost_answer_is_queried_and_settled_once(String dialect) {
            var seller = new DouyinShop("settlement-it-lost-" + dialect, dialect);
            var number = seller.paid();
            seller.shop.simulator.setFaults(number, "ANSWER_TIMES_OUT_AFTER_ACCEPTING", "NOTIFY_LOST");
            var answer = seller.settle(number).json();
            assertThat(answer.getJsonObject("settlement").getString("state"))
                    .as("the answer was lost: " + answer)
                    .isEqualTo("unknown");

            Eventually.within(
                    DouyinShop.SOON.multipliedBy(2),
                    "it is settled",
                    () -> seller.settlement(number).getString("state").equals("settled"));
            assertThat(TestDatabase.text(
                            seller.shop.node.dbUrl(),
                            "select count(*)::text from sim_douyin_settlement s join sim_trade t on t.id = s.trade_id"
                                    + " where t.number = ?",
                            number))
                    .isEqualTo("1");
        }
    }

    @Test
    void many_that_are_due_at_an_account_that_does_not_answer_do_not_stop_another_account() throws IOException {
        var seller = new DouyinShop("settlement-it-many", "ecpay");
        var number = seller.paid();
        try (var silent = new ServerSocket(0)) { // takes connections, and never answers
            seller.moveTo("http://127.0.0.1:" + silent.getLocalPort());
            copies(seller, number, 50_000);
            var other = new DouyinShop("settlement-it-few", "ecpay");
            other.settleAfter(0);
            other.untilSettlement(other.paid(), "settled");
            assertThat(TestDatabase.text(
                            seller.shop.node.dbUrl(),
                            "select count(*)::text from settlement s join merchant m on m.id = s.merchant_id"
                                    + " where m.pid = ? and s.settlement_no like 'copy-%' and s.next_at is not null",
                            seller.shop.pid))
                    .as("those that are still due, beside which the other one was settled")
                    .isNotEqualTo("0");
        } finally {
            for (var copies : List.of("settlement where settlement_no", "receipt where transaction_id")) {
                TestDatabase.execute(
                        seller.shop.node.dbUrl(),
                        "delete from " + copies + " like 'copy-%' and merchant_id ="
                                + " (select id from merchant where pid = '" + seller.shop.pid + "')");
            }
        }
    }

    /** So many payments of this order, whose settlements are due now; their provider does not answer. */
    private static void copies(DouyinShop seller, String number, int count) {
        TestDatabase.execute(seller.shop.node.dbUrl(), """
                insert into receipt
                select (jsonb_populate_record(r,
                    jsonb_build_object('id', gen_random_uuid(), 'transaction_id', 'copy-' || i, 'kind', 'LATE',
                        'disposition', 'SETTLED', 'decision', 'SETTLE'))).*
                from receipt r
                join pay_order o on o.merchant_id = r.merchant_id and o.id = r.order_id
                cross join generate_series(1, %1$d) i
                where o.out_trade_no = '%2$s';
                insert into settlement (merchant_id, id, version, order_id, receipt_id, attempt_id, account_id, mode, provider,
                    merchant_no, settlement_no, amount, currency, paid_at, due_at, created_at, state, next_at, tries,
                    asked_by, person_required, parts)
                select s.merchant_id, gen_random_uuid(), 0, s.order_id, r.id, s.attempt_id, s.account_id, s.mode,
                    s.provider, s.merchant_no, r.transaction_id, s.amount, s.currency, s.paid_at, s.due_at, s.created_at,
                    'WAITING', now(), 0, 'copy', false, ''
                from settlement s
                join pay_order o on o.merchant_id = s.merchant_id and o.id = s.order_id
                join receipt r on r.merchant_id = o.merchant_id and r.order_id = o.id and r.transaction_id like 'copy-%%'
                where o.out_trade_no = '%2$s';
                """.formatted(count, number));
    }
}
