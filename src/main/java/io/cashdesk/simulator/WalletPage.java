package io.cashdesk.simulator;

import io.cashdesk.ground.page.Messages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the wallet page shows of a trade: the payer's balance, the payment and its refunds, the faults, and the log. */
@ApplicationScoped
class WalletPage {
    private static final Set<String> PAYABLE = Set.of("NOTPAY", "USERPAYING");

    @Inject
    AccountStore accounts;

    @Inject
    Payers payers;

    @Inject
    ExchangeLog log;

    @Inject
    SimulatedProviders providers;

    @Inject
    Clock clock;

    /** Changes whenever the page of this trade would. */
    String version(Trade trade) {
        return String.join(
                "-",
                state(trade),
                log.newest(trade),
                Long.toString(payers.balance(trade)),
                Integer.toHexString(FaultSettings.text(trade.faults()).hashCode()));
    }

    /** The trade's state; CLOSED if the payer's wallet cannot open it any more. */
    String state(Trade trade) {
        var over = trade.expired(clock.instant()) || providers.of(trade).cannotBeOpened(trade);
        return over && Set.of("NOTPAY", "UNSCANNED").contains(trade.state()) ? "CLOSED" : trade.state();
    }

    /** As {@link #state}; of a paid trade REFUNDED or PARTLY_REFUNDED, if it is. What the pages show. */
    String shown(Trade trade) {
        var state = state(trade);
        return state.equals("SUCCESS") ? Refunds.of(providers.of(trade), trade).stateOf(trade) : state;
    }

    Map<String, Object> model(Trade trade, Locale language) {
        var provider = providers.of(trade);
        var refunds = Refunds.of(provider, trade);
        var state = state(trade);
        var balance = payers.balance(trade);
        var payable = PAYABLE.contains(state);
        var model = new LinkedHashMap<String, Object>();
        model.put("version", version(trade)); // before the log is read, so that a line in between is not missed
        model.put("provider", trade.provider());
        model.put("state", state);
        model.put("shown", state.equals("SUCCESS") ? refunds.stateOf(trade) : state);
        model.put("payable", payable);
        model.put("wallets", provider.wallets(trade));
        model.put("number", trade.number());
        model.put("transaction", trade.paidAt() == null ? "" : trade.transactionId());
        model.put("subject", trade.subject());
        model.put("code", trade.code());
        var yuan = Yuan.grouped(trade.amount());
        model.put("yuan", yuan.substring(0, yuan.indexOf('.')));
        model.put("fen", yuan.substring(yuan.indexOf('.')));
        model.put("seller", accounts.get(trade.accountId()).mchNo());
        model.put("paidAt", trade.paidAt() == null ? "" : Ago.exact(trade.paidAt()));
        model.put("balance", Yuan.grouped(balance));
        var topUp = Payers.topUp(balance, trade.amount());
        model.put("topUp", payable && topUp > 0 ? Yuan.grouped(topUp) : "");
        model.put("refunds", refunds.all().stream().map(WalletPage::refund).toList());
        model.put("groups", groups(provider, trade));
        model.put("active", active(trade));
        model.put(
                "log", log.of(trade).stream().map(e -> line(e, trade, language)).toList());
        return model;
    }

    private static Map<String, String> refund(Refunds.Refund refund) {
        return Map.of(
                "number", refund.number(),
                "amount", Yuan.grouped(refund.amount()),
                "state", refund.state(),
                "at", Ago.exact(refund.at()));
    }

    /** The provider's faults by their groups, in the order of {@link Fault.Group}. */
    private static List<Map<String, Object>> groups(SimulatedProvider provider, Trade trade) {
        var groups = new ArrayList<Map<String, Object>>();
        for (var group : Fault.Group.values()) {
            var faults = provider.faults().stream()
                    .filter(f -> f.group() == group)
                    .map(f -> Map.<String, Object>of("name", f.name(), "on", trade.has(f)))
                    .toList();
            if (!faults.isEmpty()) groups.add(Map.of("name", group.name(), "faults", faults));
        }
        return groups;
    }

    private List<String> active(Trade trade) {
        return trade.faults().stream()
                .filter(name -> providers.fault(name).isPresent())
                .toList();
    }

    private Map<String, Object> line(ExchangeLog.Entry entry, Trade trade, Locale language) {
        var e = entry.exchange();
        var event = Stream.of(Exchange.Event.values())
                .filter(known -> known.name().equals(e.what()))
                .findFirst();
        var provider = Messages.text(language, "simulator.provider." + trade.provider());
        var line = new LinkedHashMap<String, Object>();
        line.put("id", entry.id());
        line.put("at", Ago.timeOfDay(entry.at()));
        line.put("exact", entry.at().toString());
        line.put("way", e.way().name());
        line.put("who", Messages.text(language, "simulator.way." + e.way(), provider));
        line.put("what", event.map(known -> "").orElse(e.what()));
        line.put(
                "event",
                event.map(known -> Messages.text(language, "simulator.event." + known, e.why()))
                        .orElse(""));
        line.put("verdict", event.isPresent() ? "" : e.verdict().name());
        line.put("mark", e.verdict().mark());
        line.put("why", event.isPresent() ? "" : why(e.why(), language));
        line.put("status", e.status() == 0 ? "" : "HTTP " + e.status());
        line.put("headers", e.headers());
        line.put("body", Pretty.body(e.body()));
        line.put("plain", Pretty.body(e.plain()));
        return line;
    }

    /** A fault by its name on the page; the provider's words as they are. */
    private String why(String why, Locale language) {
        if (why.equals(Exchange.LATE)) return Messages.text(language, "simulator.why.LATE");
        return Exchange.reasonIn(why, language)
                .or(() -> providers.fault(why).map(fault -> Messages.text(language, "simulator.fault." + fault.name())))
                .orElse(why);
    }
}
