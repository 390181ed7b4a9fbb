package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatedAccounts;
import io.cashdesk.simulator.Trade;
import io.cashdesk.simulator.TradeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Alipay's bills. A bill exists as soon as its day or month is over; Alipay makes it the next morning, or on the third
 * of the next month.
 *
 * @see <a href="https://opendocs.alipay.com/open/02e7gr">alipay.data.dataservice.bill.downloadurl.query</a>
 */
@ApplicationScoped
class AlipayBills {
    private static final Duration LIFE_OF_AN_ADDRESS = Duration.ofSeconds(30);

    @Inject
    TradeStore trades;

    @Inject
    AlipayRefundStore refundStore;

    @Inject
    AlipayBillStore billStore;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    Clock clock;

    /** One day or one month in China, up to but without {@code to}. */
    record Span(Instant from, Instant to, String name) {}

    /**
     * A payment or a refund.
     *
     * @param refund null for a payment
     * @param fen what the seller got; negative for a refund
     * @param fee fen; negative for a payment, positive if Alipay returned a part of the fee
     */
    record Entry(Trade trade, AlipayRefund refund, Instant at, long fen, long fee) {}

    /** Makes a bill and answers with the address of its download. */
    JsonObjectBuilder offer(Account seller, JsonObject content) {
        var type = AlipayRules.optional(content, "bill_type", 20);
        if (!List.of("trade", "signcustomer").contains(type)) throw arguments("bill_type");
        var span = span(AlipayRules.optional(content, "bill_date", 15));
        var entries = entries(seller, span);
        var zip = type.equals("trade")
                ? AlipayBillFiles.trades(seller, span, entries, clock.instant())
                : AlipayBillFiles.flows(seller, span, entries, clock.instant());
        var token = RandomText.letters(64);
        billStore.add(token, new AlipayBillStore.Bill(seller.mchNo() + "_" + span.name() + ".csv.zip", zip));
        var gateway = testAccounts.gateway(AlipayServer.NAME).toString();
        var answer = Json.createObjectBuilder()
                .add("bill_download_url", gateway.replace("/gateway.do", "/bill") + "?token=" + token);
        return entries.isEmpty() ? answer.add("bill_file_code", "EMPTY_DATA_WITH_BILL_FILE") : answer;
    }

    /** The file behind an address, for 30 seconds. */
    Optional<AlipayBillStore.Bill> fetch(String token) {
        return billStore.find(token, LIFE_OF_AN_ADDRESS);
    }

    private static AlipayRefusal arguments(String name) {
        return new AlipayRefusal("40004", "INVAILID_ARGUMENTS", "入参不合法：" + name); // Alipay's own spelling
    }

    private Span span(String date) {
        LocalDate first;
        LocalDate next;
        try {
            var monthly = date.length() == 7;
            first = monthly ? YearMonth.parse(date).atDay(1) : LocalDate.parse(date);
            next = monthly ? first.plusMonths(1) : first.plusDays(1);
        } catch (DateTimeException e) {
            throw arguments("bill_date");
        }
        var today = clock.instant().atOffset(AlipayFormat.CHINA).toLocalDate();
        if (next.isAfter(today) || first.isBefore(today.minusYears(6))) {
            throw new AlipayRefusal("40004", "BILL_NOT_EXIST", "账单不存在");
        }
        return new Span(
                first.atStartOfDay().toInstant(AlipayFormat.CHINA),
                next.atStartOfDay().toInstant(AlipayFormat.CHINA),
                date.replace("-", ""));
    }

    private List<Entry> entries(Account seller, Span span) {
        var entries = new ArrayList<Entry>();
        for (var trade : trades.paidBetween(seller.id(), span.from(), span.to())) {
            entries.add(new Entry(trade, null, trade.paidAt(), trade.amount(), -fee(trade.amount())));
        }
        for (var refund : refundStore.between(seller.id(), span.from(), span.to())) {
            var trade = trades.get(refund.tradeId());
            var before = trade.amount() - refund.total() + refund.amount();
            var back = fee(before) - fee(trade.amount() - refund.total());
            entries.add(new Entry(trade, refund, refund.at(), -refund.amount(), back));
        }
        entries.sort(Comparator.comparing(Entry::at));
        return entries;
    }

    /** The fee of 0.60 percent in fen, rounded to the fen. */
    private static long fee(long fen) {
        return (fen * 60 + 5_000) / 10_000;
    }
}
