package io.cashdesk.checkout;

import io.cashdesk.checkout.OrderMoney.Handling;
import io.cashdesk.checkout.OrderMoney.Payment;
import io.cashdesk.checkout.OrderMoney.Refund;
import io.cashdesk.checkout.OrderMoney.Sign;
import io.cashdesk.ground.money.Money;
import io.cashdesk.ground.page.Messages;
import io.cashdesk.refund.RefundState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a payer's page writes about the money of its order, in one language: blocks of rows with a label and a value.
 * The same rows are shown, printed and copied.
 */
final class MoneyModel {
    private final CheckoutPage page;
    private final Locale language;

    MoneyModel(CheckoutPage page, Locale language) {
        this.page = page;
        this.language = language;
    }

    /** A block of rows; the keys are the names that the template uses. */
    private static Map<String, Object> block(String heading, List<Map<String, String>> rows) {
        return Map.of("heading", heading, "rows", rows);
    }

    private Map<String, String> row(String label, String value) {
        var row = new LinkedHashMap<String, String>();
        row.put("label", label);
        row.put("value", value);
        row.put("copy", null);
        row.put("at", null);
        return row;
    }

    private Map<String, String> number(String label, String value) {
        var row = row(label, value);
        row.put("copy", value);
        return row;
    }

    private Map<String, String> moment(String label, Instant at) {
        var row = row(label, Formats.moment(at, language));
        row.put("at", at.toString());
        return row;
    }

    /** The payment that pays the order, if there is one, with the order's number; it has no heading. */
    List<Map<String, String>> order() {
        var number = number(text("checkout.fact.number"), page.bill().number());
        var rows = new ArrayList<Map<String, String>>();
        page.money().payments().stream()
                .filter(p -> !p.stray())
                .findFirst()
                .ifPresentOrElse(
                        own -> {
                            rows.add(moment(text("checkout.fact.paid-at"), own.paidAt()));
                            rows.add(row(text("checkout.fact.paid-with"), wallet(own)));
                            rows.add(number);
                            rows.addAll(numberAndHandling(own));
                        },
                        () -> rows.add(number));
        return rows;
    }

    /** Every other payment, the earliest first, and where all the money is. */
    List<Map<String, Object>> blocks() {
        var blocks = new ArrayList<Map<String, Object>>();
        for (var payment : page.money().payments()) {
            if (!payment.stray()) continue;
            var rows = new ArrayList<Map<String, String>>();
            rows.add(row(text("checkout.money.received"), amount(payment.amount())));
            rows.add(moment(text("checkout.fact.paid-at"), payment.paidAt()));
            rows.add(row(text("checkout.fact.paid-with"), wallet(payment)));
            rows.addAll(numberAndHandling(payment));
            blocks.add(block(why(payment), rows));
        }
        var sums = sums();
        if (sums.size() > 2) blocks.add(block(text("checkout.money.sums"), sums));
        return blocks;
    }

    private String why(Payment payment) {
        var kind = payment.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return text("checkout.money.kind." + kind, amount(page.bill().total()));
    }

    private List<Map<String, String>> numberAndHandling(Payment payment) {
        var rows = new ArrayList<Map<String, String>>();
        rows.add(number(text("checkout.money.number", wallet(payment)), payment.number()));
        for (var refund : payment.refunds()) rows.addAll(refund(refund));
        // of what is refunded the refunds say more
        if (payment.handling() != Handling.COUNTED && payment.handling() != Handling.RETURNED) {
            var handling = payment.handling().name().toLowerCase(Locale.ROOT).replace('_', '-');
            var since = Formats.moment(payment.since(), language);
            rows.add(row(text("checkout.money.handling"), text("checkout.money.handling." + handling, shop(), since)));
        }
        return rows;
    }

    private List<Map<String, String>> refund(Refund refund) {
        var word = switch (refund.state()) {
            case REQUESTING, UNKNOWN, WAITING -> "requested";
            case PROCESSING -> "on-its-way";
            case SUCCEEDED -> "succeeded";
            case ABNORMAL -> "abnormal";
            case CLOSED -> "given-up";
            case FAILED -> throw new IllegalArgumentException("a refund that failed is not shown");
        };
        var at = Formats.moment(refund.ended().orElse(refund.since()), language);
        var shown = row(
                text("checkout.money.refund", amount(refund.amount())),
                text("checkout.money.refund." + word, at, shop()));
        var asksForIt = refund.state() == RefundState.ABNORMAL || refund.state() == RefundState.CLOSED;
        return asksForIt
                ? List.of(shown, number(text("checkout.money.refund.number"), refund.number()))
                : List.of(shown);
    }

    /** What was received and, if it is in more than one place, how much is where. */
    private List<Map<String, String>> sums() {
        var sums = page.money().sums();
        var rows = new ArrayList<Map<String, String>>();
        addSum(rows, "received", sums.received());
        addSum(rows, "kept", sums.kept());
        addSum(rows, "returned", sums.returned());
        addSum(rows, "on-its-way", sums.onItsWay());
        addSum(rows, "abnormal", sums.abnormal());
        addSum(rows, "held", sums.held());
        addSum(rows, "settled", sums.settled());
        return rows;
    }

    private void addSum(List<Map<String, String>> rows, String name, long fen) {
        if (fen != 0) rows.add(row(text("checkout.money.sum." + name), amount(Money.fen(fen))));
    }

    /**
     * Which of a state's texts fits: most have one; {@code checkout.<variant>.heading}, {@code .text} and
     * {@code .title} are its keys.
     */
    String variant() {
        var signs = page.money().signs();
        var word = page.state().word();
        return switch (page.state()) {
            case LATE ->
                signs.contains(Sign.STRAY_RETURNING)
                        ? "late.returning"
                        : signs.contains(Sign.STRAY_SETTLED) ? "late.settled" : "late.returned";
            case DOUBLE ->
                signs.contains(Sign.STRAY_HELD)
                        ? "double.held"
                        : signs.contains(Sign.STRAY_RETURNING)
                                ? "double.returning"
                                : signs.contains(Sign.STRAY_SETTLED) ? "double.settled" : "double.returned";
            case NEEDS_PERSON, REFUNDED -> signs.contains(Sign.REVERSED) ? word + ".reversed" : word;
            case EXPIRED, CLOSED ->
                switch (page.money().whyNone()) {
                    case NOTHING_CAME -> word;
                    case MAY_COME -> word + ".may-come";
                    case REVERSED -> word + ".reversed";
                };
            default -> word;
        };
    }

    /** The amount that the state's sentence is about. */
    String moved() {
        var sums = page.money().sums();
        var fen = switch (page.state()) {
            case REFUNDING -> sums.onItsWay();
            case ABNORMAL -> sums.abnormal();
            case LATE, DOUBLE, NEEDS_PERSON -> movedOfStrays(variant());
            default -> page.bill().refunded();
        };
        return amount(Money.fen(fen));
    }

    /** Of payments that were handled in different ways, those that the text is about. */
    private long movedOfStrays(String variant) {
        var sums = page.money().strays().sums();
        return switch (variant) {
            case "late.returning", "double.returning" -> sums.onItsWay();
            case "late.returned", "double.returned" -> sums.returned();
            case "late.settled", "double.settled" -> sums.settled();
            default -> sums.held();
        };
    }

    /** Whether times are shown besides that of the payment, whose label names the time zone. */
    boolean showsTimes() {
        return page.money().payments().stream()
                .anyMatch(p -> p.stray() || !p.refunds().isEmpty());
    }

    /** Whether the payer may have to ask the shop. */
    boolean needsContact() {
        var signs = page.money().signs();
        return switch (page.state()) {
            case NEEDS_PERSON, ABNORMAL, LATE, DOUBLE -> true;
            case CHOOSE -> page.ways().here().isEmpty();
            case EXPIRED, CLOSED -> page.money().whyNone() != OrderMoney.WhyNone.NOTHING_CAME;
            default -> page.bill().needsPerson() || signs.contains(Sign.STRAY) || givenUp();
        };
    }

    /** Whether nothing more happens until the payer and the shop have talked. */
    boolean needsAnswer() {
        return page.state() == PageState.NEEDS_PERSON
                || page.state() == PageState.ABNORMAL
                || page.money().signs().contains(Sign.STRAY_HELD);
    }

    private boolean givenUp() {
        return page.money().payments().stream()
                .flatMap(p -> p.refunds().stream())
                .anyMatch(r -> r.state() == RefundState.CLOSED);
    }

    /** All of it as text, for the clipboard: a line for each row. */
    String asText(String heading) {
        var lines = new ArrayList<String>();
        lines.add(shop());
        lines.add(heading);
        lines.add(line(row(text("checkout.fact.amount"), amount(page.bill().total()))));
        lines.add(line(row(text("checkout.fact.subject"), page.bill().subject())));
        order().forEach(row -> lines.add(line(row)));
        for (var block : blocks()) {
            lines.add("");
            lines.add((String) block.get("heading"));
            rows(block).forEach(row -> lines.add(line(row)));
        }
        if (showsTimes()) {
            lines.add("");
            lines.add(text("checkout.money.beijing"));
        }
        return lines.stream().collect(Collectors.joining("\n"));
    }

    @SuppressWarnings("unchecked") // as block() makes it
    private static List<Map<String, String>> rows(Map<String, Object> block) {
        return (List<Map<String, String>>) block.get("rows");
    }

    private String line(Map<String, String> row) {
        return text("checkout.money.line", row.get("label"), row.get("value"));
    }

    private String wallet(Payment payment) {
        return payment.wallet().name().in(language);
    }

    private String shop() {
        return page.shop().name();
    }

    private static String amount(Money money) {
        return "¥" + Formats.grouped(money);
    }

    private String text(String key, Object... arguments) {
        return Messages.text(language, key, arguments);
    }
}
