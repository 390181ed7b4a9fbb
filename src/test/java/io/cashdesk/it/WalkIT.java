package io.cashdesk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.Eventually;
import io.cashdesk.testing.Shop;
import io.cashdesk.testing.TestDatabase;
import jakarta.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;
import net.jqwik.api.statistics.Statistics;

/**
 * Random walks of orders through the API of the real server, with a payer on the other side, beside a model of a few
 * numbers that determines every answer. Nothing fails here; {@link FaultIT} adds faults.
 */
class WalkIT {
    private static final long TOTAL = 1_000;
    private static final int TOO_MANY_ATTEMPTS = 2021;
    private static final List<Walk> ENDED = new ArrayList<>();
    private static Shop shop;

    private static synchronized Shop shop() {
        if (shop == null) {
            shop = new Shop("walk-it");
            shop.node.manage(
                    "PUT",
                    "merchants/walk-it",
                    Json.createObjectBuilder().add("late_payment", "refund").add("duplicate_payment", "refund"));
        }
        return shop;
    }

    /** One order, and its model. */
    private static final class Walk {
        final String number = Shop.number();

        /** The numbers of its attempts at the providers, the newest last. */
        final Map<String, String> tries = new LinkedHashMap<>();

        final List<String> paidTries = new ArrayList<>();
        String state = "NONE";
        long refunded;
        int refunds;
        int strays;

        void create(String provider) {
            var answer = shop().node.createPayment(shop().key, provider, number, TOTAL);
            var code = switch (state) {
                case "PAID" -> 2005;
                case "CLOSED" -> 2006;
                default -> 0;
            };
            if (state.equals("UNPAID") && answer.json().getInt("code") == TOO_MANY_ATTEMPTS) return;
            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(code);
            if (code != 0) return;
            state = "UNPAID";
            var attempt = TestDatabase.text(shop().node.dbUrl(), """
                    select attempt_no
                    from attempt a
                    join pay_order o on o.id = a.order_id
                    where o.out_trade_no = ? and a.state = 'SHOWN'
                    """, number);
            tries.remove(attempt);
            tries.put(attempt, provider);
        }

        /**
         * Whether an earlier code can still be paid depends on the provider; what such a payment means depends on us.
         */
        void pay(int which) {
            if (tries.isEmpty()) return;
            var attempts = List.copyOf(tries.keySet());
            var attempt = attempts.get(attempts.size() - 1 - which % attempts.size());
            var newest = attempt.equals(attempts.get(attempts.size() - 1));
            if (paidTries.contains(attempt)) return;
            var paid = shop().node
                    .simulator(
                            "pay", "{\"out_trade_no\":\"" + attempt + "\",\"provider\":\"" + tries.get(attempt) + "\"}")
                    .json()
                    .getBoolean("paid");
            if (state.equals("UNPAID") && newest) assertThat(paid).isTrue();
            if (!paid) return;
            paidTries.add(attempt);
            if (state.equals("UNPAID")) state = "PAID";
            else strays++;
            Eventually.within(Duration.ofSeconds(10), "received " + attempt, () -> receipts("") == paidTries.size());
        }

        void close() {
            var answer = shop().call("closePayment", "{\"out_trade_no\":\"" + number + "\"}");
            var code = switch (state) {
                case "NONE" -> 2001;
                case "PAID" -> 2005;
                default -> 0;
            };
            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(code);
            if (state.equals("UNPAID")) state = "CLOSED";
        }

        void refund(long fen) {
            var answer = shop().call("refund", "{\"out_trade_no\":\"" + number + "\",\"refund_fee\":" + fen + "}");
            var code = switch (state) {
                case "NONE" -> 2001;
                case "PAID" -> fen > TOTAL - refunded ? 2015 : 0;
                default -> 2002;
            };
            assertThat(answer.json().getInt("code")).as(answer.body()).isEqualTo(code);
            if (code != 0) return;
            refunded += fen;
            refunds++;
        }

        void compare() {
            var answer = shop().query(number);
            if (state.equals("NONE")) {
                assertThat(answer.getInt("code")).isEqualTo(2001);
                return;
            }
            assertThat(answer.getBoolean("orderPaid")).isEqualTo(state.equals("PAID"));
            assertThat(answer.getInt("status") == -1).isEqualTo(state.equals("CLOSED"));
            assertThat(receipts("")).isEqualTo(paidTries.size());
            assertThat(receipts(" and r.disposition = 'COUNTED'")).isEqualTo(state.equals("PAID") ? 1 : 0);
        }

        /** The final comparison, after everything that takes time is finished. */
        void compareInTheEnd() {
            if (state.equals("NONE")) return;
            Eventually.within(
                    Duration.ofSeconds(30),
                    number + ": " + strays + " strays back, " + refunded + " refunded",
                    () -> receipts(" and r.disposition = 'RETURNED'") == strays && record("refund_fee") == refunded);
            assertThat(record("refund_num")).isEqualTo(refunds);
            var status = switch (state) {
                case "UNPAID" -> 0;
                case "CLOSED" -> -1;
                default -> refunded == 0 ? 1 : refunded < TOTAL ? 2 : 3;
            };
            assertThat(record("status")).isEqualTo(status);
        }

        private int record(String field) {
            return shop().node
                    .queryPayment(shop().key, number, ",\"pay_order_info\":true")
                    .getJsonObject("payOrder")
                    .getInt(field, 0);
        }

        private long receipts(String more) {
            return TestDatabase.number(
                    shop().node.dbUrl(),
                    "select count(*) from receipt r join pay_order o on o.id = r.order_id where o.out_trade_no = ?"
                            + more,
                    number);
        }

        @Override
        public String toString() {
            return number + " " + state + ", paid " + paidTries + " of " + tries + ", refunded " + refunded;
        }
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void an_order_is_always_what_its_model_says(@ForAll("walks") ActionChain<Walk> walk) {
        walk.withInvariant("real and model agree", Walk::compare).run();
        var end = walk.finalState().orElseThrow();
        ENDED.add(end);
        Statistics.label("how orders ended").collect(end.state);
        Statistics.label("refunds, payments too many").collect(end.refunds > 0, end.strays > 0);
    }

    @AfterContainer
    static void all_money_is_where_the_models_say_in_the_end() {
        ENDED.forEach(Walk::compareInTheEnd);
    }

    @Provide
    ActionChainArbitrary<Walk> walks() {
        var provider = Arbitraries.of("wxpay", "alipay");
        var which = Arbitraries.integers().between(0, 3);
        var fen = Arbitraries.oneOf(Arbitraries.longs().between(1, TOTAL + 1), Arbitraries.of(1L, TOTAL / 2, TOTAL));
        return ActionChain.startWith(Walk::new)
                .withAction(5, (Action.Independent<Walk>)
                        () -> provider.map(p -> Transformer.mutate("create with " + p, w -> w.create(p))))
                .withAction(3, (Action.Independent<Walk>)
                        () -> which.map(i -> Transformer.mutate("pay " + i + " before the newest", w -> w.pay(i))))
                .withAction(1, Action.just("close", Transformer.mutate("close", Walk::close)))
                .withAction(3, (Action.Independent<Walk>)
                        () -> fen.map(f -> Transformer.mutate("refund " + f, w -> w.refund(f))))
                .withMaxTransformations(14);
    }
}
