package io.cashdesk.fault;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The providers' books against ours, line by line, and against what merchants heard and were promised. It knows the rules from
 * their sentences and nothing of the code that keeps them.
 */
final class Audit {
    /** How the providers say that more was asked back than came: our own reservation must have known. */
    private static final List<String> TOO_MUCH = List.of("REFUND_AMT_NOT_EQUAL_TOTAL", "订单可退款余额不足");

    /** How long after its last question to the provider a merchant's close may be written down. */
    private static final Duration CLOSING_TAKES = Duration.ofSeconds(12);

    private final Map<String, Plan> plans;
    private final List<Simulated.Trade> trades;
    private final List<Simulated.Refund> theirRefunds;
    private final Ours ours;
    private final Map<UUID, Integer> thankedFor;
    private final List<Ears.Heard> heard;
    private final List<Market.Promise> promises;
    private final Map<UUID, Ours.Order> orders;
    private final Map<UUID, List<Ours.Receipt>> receiptsOf;
    private final Map<UUID, List<Ours.Refund>> refundsOf;
    private final List<Difference> differences = new ArrayList<>();

    /** Two lines that should agree and do not. */
    record Difference(String number, String what, String provider, String ours) {
        @Override
        public String toString() {
            return "order " + number + ": " + what + "\n      provider: " + provider + "\n      ours:     " + ours;
        }
    }

    Audit(
            Map<String, Plan> plans,
            List<Simulated.Trade> trades,
            List<Simulated.Refund> theirRefunds,
            Map<UUID, Integer> thankedFor,
            Ours ours,
            List<Ears.Heard> heard,
            List<Market.Promise> promises) {
        this.plans = plans;
        this.trades = trades;
        this.theirRefunds = theirRefunds;
        this.thankedFor = thankedFor;
        this.ours = ours;
        this.heard = heard;
        this.promises = promises;
        this.orders = ours.orders().stream().collect(Collectors.toMap(Ours.Order::id, Function.identity()));
        this.receiptsOf = ours.receipts().stream().collect(Collectors.groupingBy(Ours.Receipt::order));
        this.refundsOf = ours.refunds().stream().collect(Collectors.groupingBy(Ours.Refund::order));
    }

    List<Difference> differences() {
        money();
        news();
        refunds();
        ours.orders().forEach(this::order);
        webhooks();
        promises();
        return differences;
    }

    private void differ(String number, String what, Object provider, Object ours) {
        differences.add(new Difference(number, what, String.valueOf(provider), String.valueOf(ours)));
    }

    // money that came

    private void money() {
        var byTransaction = ours.receipts().stream()
                .collect(Collectors.groupingBy(r -> r.provider() + r.merchantNo() + r.transactionId()));
        var numbers = new HashMap<String, UUID>();
        ours.attempts().forEach(a -> numbers.put(a.provider() + a.merchantNo() + a.attemptNo(), a.order()));
        var known = new HashSet<Ours.Receipt>();
        for (var trade : trades) {
            var order = orders.get(numbers.get(trade.provider() + trade.merchantNo() + trade.number()));
            if (order == null) {
                differ(trade.number(), "a trade that no attempt of ours stands for", trade, "nothing");
                continue;
            }
            var receipts = byTransaction.getOrDefault(
                    trade.provider() + trade.merchantNo() + trade.transactionId(), List.of());
            known.addAll(receipts);
            if (!trade.paid() || trade.state().equals("REVOKED")) {
                if (!receipts.isEmpty()) differ(order.number(), "money that nobody paid", trade, receipts);
            } else if (receipts.isEmpty()) {
                differ(order.number(), "paid, and lost here", trade, order + " " + attempts(order));
            } else if (receipts.size() > 1) {
                differ(order.number(), "paid once, and twice here", trade, receipts);
            } else if (receipts.get(0).amount() != trade.reported()
                    || !receipts.get(0).order().equals(order.id())) {
                differ(order.number(), "another amount or another order's", trade, receipts.get(0));
            }
        }
        for (var receipt : ours.receipts()) {
            if (!known.contains(receipt)) differ(number(receipt.order()), "money that nobody paid", "nothing", receipt);
        }
    }

    /** What a provider was thanked for has been written down: it will never be said again. */
    private void news() {
        var byNumber = new HashMap<String, UUID>();
        ours.attempts().forEach(a -> byNumber.put(a.provider() + a.merchantNo() + a.attemptNo(), a.order()));
        var thanked = new HashMap<String, Integer>();
        for (var trade : trades) {
            var order = byNumber.get(trade.provider() + trade.merchantNo() + trade.number());
            thanked.merge(trade.provider() + " " + order, thankedFor.getOrDefault(trade.id(), 0), Integer::sum);
        }
        var written = ours.news().stream()
                .collect(Collectors.toMap(n -> n.provider() + " " + n.order(), Ours.News::count, Integer::sum));
        thanked.forEach((key, count) -> {
            if (written.getOrDefault(key, 0) < count) {
                var order = orders.get(UUID.fromString(key.split(" ")[1]));
                differ(
                        order.number(),
                        "thanked for, and not written down",
                        count + " pieces of news",
                        written.get(key));
            }
        });
    }

    private String number(UUID order) {
        return orders.get(order).number();
    }

    private List<Ours.Attempt> attempts(Ours.Order order) {
        return ours.attempts().stream()
                .filter(a -> a.order().equals(order.id()))
                .toList();
    }

    // money that goes back

    private void refunds() {
        var trade = trades.stream().collect(Collectors.toMap(Simulated.Trade::id, Function.identity()));
        var receipts = ours.receipts().stream().collect(Collectors.toMap(Ours.Receipt::id, Function.identity()));
        var byNumber = ours.refunds().stream()
                .collect(Collectors.groupingBy(r -> r.provider() + r.merchantNo() + r.refundNo()));
        var known = new HashSet<Ours.Refund>();
        var sums = new HashMap<UUID, Long>();
        for (var theirs : theirRefunds) {
            var of = trade.get(theirs.trade());
            var same = byNumber.getOrDefault(theirs.provider() + theirs.merchantNo() + theirs.number(), List.of());
            known.addAll(same);
            if (Set.of("SUCCESS", "PROCESSING", "ABNORMAL").contains(theirs.state())) {
                sums.merge(of.id(), theirs.amount(), Long::sum);
            }
            if (same.size() != 1) {
                differ(of.number(), "a refund there is not one refund here", theirs, same);
                continue;
            }
            var refund = same.get(0);
            if (refund.amount() != theirs.amount()
                    || !receipts.get(refund.receipt()).transactionId().equals(of.transactionId())) {
                differ(number(refund.order()), "a refund of another amount or payment", theirs, refund);
            }
            var expected = switch (theirs.state()) {
                case "SUCCESS" -> Set.of("SUCCEEDED");
                case "HIDDEN" -> Set.of("ASKING", "UNKNOWN", "FAILED", "CLOSED"); // no query tells, so a person must
                default -> Set.of(theirs.state());
            };
            if (!expected.contains(refund.state())) {
                differ(number(refund.order()), "a refund in another state", theirs, refund);
            }
        }
        sums.forEach((id, sum) -> {
            if (sum > trade.get(id).reported()) {
                differ(trade.get(id).number(), "more went back than came", trade.get(id), sum);
            }
        });
        for (var refund : ours.refunds()) {
            if (refund.failure() != null && TOO_MUCH.stream().anyMatch(refund.failure()::contains)) {
                differ(number(refund.order()), "the provider had to say that it is too much", refund.failure(), refund);
            }
            if (!known.contains(refund) && !refund.state().equals("FAILED")) {
                differ(number(refund.order()), "a refund that the provider does not have", "nothing", refund);
            }
        }
    }

    // orders

    private void order(Ours.Order order) {
        var receipts = receiptsOf.getOrDefault(order.id(), List.of());
        var counted =
                receipts.stream().filter(r -> r.disposition().equals("COUNTED")).toList();
        var right = receipts.stream().filter(r -> r.amount() == order.total()).toList();
        var house = plans.get(order.number()).house();
        var money = receipts.isEmpty() ? "no money" : receipts.toString();
        if (!plans.containsKey(order.number()) || plans.get(order.number()).fen() != order.total()) {
            differ(
                    order.number(),
                    "another total than was asked for",
                    plans.get(order.number()).fen(),
                    order);
        }
        switch (order.state()) {
            case "PAID" -> {
                if (counted.size() != 1 || !counted.get(0).id().equals(order.paidReceipt())) {
                    differ(order.number(), "paid, but not by one payment", money, order);
                } else if (counted.get(0).amount() != order.total()
                        || !counted.get(0).transactionId().equals(order.transactionId())) {
                    differ(order.number(), "paid by a payment that is not its own", money, order);
                }
            }
            case "CLOSED" -> {
                if (!right.isEmpty() && house == Plan.House.ACCEPTS) {
                    differ(order.number(), "late money is accepted, and was not", money, order);
                }
            }
            default -> {
                if (!right.isEmpty()) differ(order.number(), "it was paid", money, order);
            }
        }
        if (!order.state().equals("PAID") && !counted.isEmpty()) {
            differ(order.number(), "money counts that does not pay it", money, order);
        }
        for (var receipt : receipts) receipt(order, receipt, house);
        if (order.state().equals("PAID") && !Boolean.TRUE.equals(order.handled())) {
            differ(order.number(), "its merchant has handled it, and we do not say so", "yes", order.handled());
        }
        var mine = refundsOf.getOrDefault(order.id(), List.of()).stream()
                .filter(r -> r.cause().equals("MERCHANT"))
                .filter(r -> r.state().equals("SUCCEEDED"))
                .toList();
        var sum = mine.stream().mapToLong(Ours.Refund::amount).sum();
        if (order.refundFee() != sum || order.refundNum() != mine.size()) {
            differ(order.number(), "refunded is not the sum of its refunds", mine, order);
        }
    }

    private void receipt(Ours.Order order, Ours.Receipt receipt, Plan.House house) {
        var refunds = refundsOf.getOrDefault(order.id(), List.of()).stream()
                .filter(r -> r.receipt().equals(receipt.id()))
                .toList();
        var reserved = refunds.stream()
                .filter(Ours.Refund::reserves)
                .mapToLong(Ours.Refund::amount)
                .sum();
        var refunded = refunds.stream()
                .filter(r -> r.state().equals("SUCCEEDED"))
                .mapToLong(Ours.Refund::amount)
                .sum();
        if (receipt.reserved() != reserved || receipt.refunded() != refunded || reserved > receipt.amount()) {
            differ(order.number(), "what is set aside is not what its refunds need", refunds, receipt);
        }
        if ((receipt.amount() != order.total()) != receipt.kind().equals("AMOUNT_DIFFERS")) {
            differ(order.number(), "a payment of another kind", order, receipt);
        }
        if (List.of("ORDER", "LATE").contains(receipt.kind())) inTime(order, receipt);
        var expected = switch (receipt.kind()) {
            case "ORDER" -> Set.of("COUNTED");
            case "AMOUNT_DIFFERS" -> Set.of("HELD");
            case "LATE" -> stray(house.late, reserved, refunded, receipt.amount());
            default -> stray(house.duplicate, reserved, refunded, receipt.amount());
        };
        if (!expected.contains(receipt.disposition())) {
            differ(order.number(), "a stray payment is not where its merchant wants it: " + expected, refunds, receipt);
        }
        if (receipt.disposition().equals("HELD") && order.needsPerson() == null) {
            differ(order.number(), "money is held and nobody is told to look", receipt, order);
        }
    }

    /** Whoever asks before he closes finds money that is there. */
    private void inTime(Ours.Order order, Ours.Receipt receipt) {
        var trade = trades.stream()
                .filter(t -> t.transactionId().equals(receipt.transactionId()))
                .findFirst();
        for (var closed : ours.closed()) {
            if (!closed.order().equals(order.id())
                    || trade.isEmpty()
                    || !trade.get().paid()) continue;
            var latest =
                    closed.by().equals("deadline") ? closed.at() : closed.at().minus(CLOSING_TAKES);
            if (trade.get().paidAt().isBefore(latest)) {
                differ(order.number(), "closed though it was paid before", trade.get(), closed);
            }
        }
    }

    private static Set<String> stray(String policy, long reserved, long refunded, long amount) {
        if (policy.equals("hold")) return Set.of("HELD");
        if (refunded == amount) return Set.of("RETURNED");
        return reserved == amount ? Set.of("RETURNING") : Set.of("HELD"); // the provider would not, or not yet
    }

    // what merchants heard

    private void webhooks() {
        var must = new HashMap<String, String>();
        var may = new HashSet<String>();
        for (var order : ours.orders()) {
            if (order.state().equals("PAID")) must.put("payment.paid " + order.id(), order.toString());
            if (ours.closed().stream().anyMatch(c -> c.order().equals(order.id())))
                must.put("payment.closed " + order.id(), order.toString());
        }
        for (var receipt : ours.receipts()) {
            var type = Map.of("LATE", "payment.late ", "DUPLICATE", "payment.duplicate ")
                    .get(receipt.kind());
            if (type != null) must.put(type + receipt.id(), receipt.toString());
        }
        for (var refund : ours.refunds()) {
            if (refund.state().equals("SUCCEEDED")) must.put("refund.succeeded " + refund.id(), refund.toString());
            if (Set.of("ABNORMAL", "CLOSED").contains(refund.state())) {
                must.put("refund.failed " + refund.id(), refund.toString());
            }
            may.add("refund.failed "
                    + refund.id()); // told where nobody waited for the answer; perhaps tried again since
        }
        var events = new HashMap<String, Ours.Event>();
        for (var event : ours.events()) {
            var key = event.type() + " " + event.subject();
            if (events.put(key, event) != null) differ(number(event.order()), "told twice", key, event);
            if (!must.containsKey(key) && !may.contains(key)) {
                differ(number(event.order()), "told, and not true", orders.get(event.order()), event);
            }
        }
        must.forEach((key, line) -> {
            if (!events.containsKey(key)) differ("?", "true, and never told: " + key, "nothing", line);
        });
        var byId = heard.stream().collect(Collectors.groupingBy(Ears.Heard::id));
        ours.events().forEach(event -> event(event, byId.getOrDefault(event.webhookId(), List.of())));
        var ids = ours.events().stream().map(Ours.Event::webhookId).collect(Collectors.toSet());
        byId.forEach((id, all) -> {
            if (!ids.contains(id)) differ("?", "heard, and in nobody's outbox", all.get(0), "no event " + id);
        });
        subjects(byId);
    }

    private void event(Ours.Event event, List<Ears.Heard> heardOfIt) {
        var number = number(event.order());
        var deliveries = ours.deliveries().stream()
                .filter(d -> d.event().equals(event.id()))
                .toList();
        if (deliveries.isEmpty()) differ(number, "an event that goes to nobody", "the merchant listens", event);
        for (var delivery : deliveries) {
            var there = heardOfIt.stream()
                    .filter(h -> h.path().equals(delivery.path()))
                    .toList();
            if (!delivery.state().equals("HEARD")) differ(number, "not heard in time: " + delivery, there, event);
            else if (there.stream().noneMatch(Ears.Heard::yes)) {
                differ(number, "counts as heard, and the merchant never said yes", there, delivery);
            }
        }
        if (heardOfIt.stream().map(Ears.Heard::body).distinct().count() > 1) {
            differ(number, "the same webhook with different bodies", heardOfIt, event);
        }
        for (var one : heardOfIt) {
            if (!one.verified()) differ(number, "a webhook whose signature is wrong", one, event);
        }
        if (!heardOfIt.isEmpty()) body(event, heardOfIt.get(0));
    }

    private void body(Ours.Event event, Ears.Heard one) {
        var order = orders.get(event.order());
        var body = object(one.body());
        var data = body.getJsonObject("data");
        var right = body.getString("type").equals(event.type())
                && data.getString("out_trade_no").equals(order.number())
                && data.getInt("total_fee") == order.total()
                && data.getString("pid").equals(order.pid());
        switch (event.type()) {
            case "payment.paid" ->
                right &= data.getInt("status") >= 1
                        && data.getString("transaction_id").equals(order.transactionId());
            case "payment.closed" -> right &= data.getInt("status") == -1;
            case "payment.late", "payment.duplicate" -> {
                var receipt = find(receiptsOf.get(order.id()), r -> r.id().equals(event.subject()));
                var payment = body.getJsonObject("payment");
                right &= payment.getString("transaction_id").equals(receipt.transactionId())
                        && payment.getInt("total_fee") == receipt.amount();
            }
            default -> {
                var refund = find(refundsOf.get(order.id()), r -> r.id().equals(event.subject()));
                var said = body.getJsonObject("refund");
                right &= said.getString("out_refund_no").equals(refund.outRefundNo())
                        && said.getInt("refund_fee") == refund.amount()
                        && said.getString("refund_status").equals("success")
                                == event.type().equals("refund.succeeded");
            }
        }
        if (!right) differ(order.number(), "a webhook whose body is not right", one.body(), event + " of " + order);
    }

    private static <T> T find(List<T> all, java.util.function.Predicate<T> which) {
        return all.stream().filter(which).findFirst().orElseThrow();
    }

    /** As the merchant sees it: the same thing under two ids would be done twice. */
    private void subjects(Map<String, List<Ears.Heard>> byId) {
        var ids = new HashMap<String, Set<String>>();
        byId.forEach((id, all) -> {
            var body = object(all.get(0).body());
            var about =
                    body.getString("type") + " " + body.getJsonObject("data").getString("out_trade_no") + " "
                            + (body.containsKey("refund")
                                    ? body.getJsonObject("refund").getString("out_refund_no")
                                    : body.containsKey("payment")
                                            ? body.getJsonObject("payment").getString("transaction_id")
                                            : "");
            ids.computeIfAbsent(about, k -> new HashSet<>()).add(id);
        });
        ids.forEach((about, several) -> {
            if (several.size() > 1) differ(about.split(" ")[1], "heard under several ids: " + about, several, "");
        });
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    // what merchants were promised

    private void promises() {
        var byNumber = ours.orders().stream().collect(Collectors.toMap(Ours.Order::number, Function.identity()));
        for (var promise : promises) {
            var order = byNumber.get(promise.number());
            if (order == null) {
                differ(promise.number(), "promised, and forgotten", promise, "no order");
                continue;
            }
            var kept = switch (promise.kind()) {
                case PAID -> order.state().equals("PAID");
                case CLOSED ->
                    order.state().equals("CLOSED")
                            || (order.state().equals("PAID")
                                    && plans.get(order.number()).house() == Plan.House.ACCEPTS);
                case REFUND_ACCEPTED ->
                    refundsOf.getOrDefault(order.id(), List.of()).stream()
                                    .filter(r ->
                                            r.outRefundNo().equals(promise.refund()) && r.amount() == promise.fen())
                                    .count()
                            == 1;
            };
            if (!kept) differ(promise.number(), "a promise was not kept: " + promise, "", order);
        }
    }
}
