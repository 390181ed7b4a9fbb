package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** The list of orders: newest first, a page at a time, of one wallet or one state if the address says so. */
@ApplicationScoped
class OrdersPage {
    static final int ROWS = 30;

    /** The states of a trade that can be chosen. */
    static final List<String> STATES =
            List.of("UNSCANNED", "NOTPAY", "USERPAYING", "SUCCESS", "PAYERROR", "REVOKED", "CLOSED");

    @Inject
    TradeStore trades;

    @Inject
    SimulatedProviders providers;

    @Inject
    WalletPage wallet;

    @Inject
    Clock clock;

    /**
     * What the address says. Unknown values choose nothing.
     *
     * @param before the id of the last order of the page before; empty: the newest orders
     */
    record Choice(String wallet, String state, String before) {
        String address(String newBefore) {
            return "/simulator/?wallet=" + encoded(wallet) + "&state=" + encoded(state)
                    + (newBefore.isEmpty() ? "" : "&before=" + encoded(newBefore));
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    Choice choice(String walletName, String state, String before) {
        var known = providers.all().stream().anyMatch(p -> p.name().equals(walletName));
        return new Choice(
                known ? walletName : "",
                state != null && STATES.contains(state) ? state : "",
                before != null && before.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? before : "");
    }

    Map<String, Object> model(Choice choice, Locale language) {
        var before = choice.before().isEmpty() ? new UUID(-1, -1) : UUID.fromString(choice.before());
        var found = trades.latest(choice.wallet(), choice.state(), before, ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var model = new LinkedHashMap<String, Object>();
        model.put("orders", shown.stream().map(t -> row(t, language)).toList());
        model.put("wallet", choice.wallet());
        model.put("chosen", choice.state());
        model.put(
                "wallets", providers.all().stream().map(SimulatedProvider::name).toList());
        model.put("states", STATES);
        model.put("filtered", !choice.wallet().isEmpty() || !choice.state().isEmpty());
        model.put("newest", choice.before().isEmpty() ? "" : choice.address(""));
        model.put(
                "older",
                found.size() > ROWS ? choice.address(shown.get(ROWS - 1).id().toString()) : "");
        return model;
    }

    private Map<String, Object> row(Trade trade, Locale language) {
        var state = wallet.state(trade);
        var row = new LinkedHashMap<String, Object>();
        row.put("number", trade.number());
        row.put("provider", trade.provider());
        row.put("amount", Yuan.grouped(trade.amount()));
        row.put("subject", trade.subject());
        row.put(
                "state",
                state.equals("SUCCESS") ? Refunds.of(providers.of(trade), trade).stateOf(trade) : state);
        row.put("ago", Ago.text(trade.createdAt(), clock.instant(), language));
        row.put("exact", Ago.exact(trade.createdAt()));
        row.put("iso", trade.createdAt().toString());
        row.put("link", WalletResource.page(trade));
        return row;
    }
}
