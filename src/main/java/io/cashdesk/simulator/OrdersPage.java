package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The list of orders: newest first, a page at a time, of one wallet or one state if the address says so. */
@ApplicationScoped
class OrdersPage {
    static final int ROWS = 30;

    /** The states that can be chosen: those that {@link WalletPage#shown} gives. */
    static final List<String> STATES = List.of(
            "UNSCANNED",
            "NOTPAY",
            "USERPAYING",
            "SUCCESS",
            "PARTLY_REFUNDED",
            "REFUNDED",
            "PAYERROR",
            "REVOKED",
            "CLOSED");

    private static final int BATCH = 100;

    /** Of one page; after so many that are in another state, the page ends and leads to the older ones. */
    private static final int MOST_READ = 1_000;

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
        var found = found(choice, before);
        var model = new LinkedHashMap<String, Object>();
        model.put("orders", found.shown().stream().map(t -> row(t, language)).toList());
        model.put("wallet", choice.wallet());
        model.put("chosen", choice.state());
        model.put(
                "wallets", providers.all().stream().map(SimulatedProvider::name).toList());
        model.put("states", STATES);
        model.put("filtered", !choice.wallet().isEmpty() || !choice.state().isEmpty());
        model.put("newest", choice.before().isEmpty() ? "" : choice.address(""));
        model.put(
                "older",
                found.last().map(t -> choice.address(t.id().toString())).orElse(""));
        return model;
    }

    /** @param last after which the next page begins, if there may be one */
    private record Found(List<Trade> shown, Optional<Trade> last) {}

    /**
     * The stored state is not what the page shows, so the trades that may be in the chosen state are read and compared.
     */
    private Found found(Choice choice, UUID before) {
        var shown = new ArrayList<Trade>();
        var from = before;
        for (int read = 0; read < MOST_READ; read += BATCH) {
            var batch = trades.latest(choice.wallet(), stored(choice.state()), from, BATCH);
            for (var trade : batch) {
                if (!choice.state().isEmpty() && !wallet.shown(trade).equals(choice.state())) continue;
                if (shown.size() == ROWS) return new Found(shown, Optional.of(shown.get(ROWS - 1)));
                shown.add(trade);
            }
            if (batch.size() < BATCH) return new Found(shown, Optional.empty());
            var last = batch.get(BATCH - 1);
            if (read + BATCH >= MOST_READ) return new Found(shown, Optional.of(last));
            from = last.id();
        }
        throw new IllegalStateException("the last batch returns");
    }

    /** The stored states of the trades that may be shown in this state; an empty text and an empty list: all. */
    static List<String> stored(String shown) {
        return switch (shown) {
            case "" -> List.of();
            case "CLOSED" -> List.of("CLOSED", "NOTPAY", "UNSCANNED");
            case "PARTLY_REFUNDED", "REFUNDED" -> List.of("SUCCESS");
            default -> List.of(shown);
        };
    }

    private Map<String, Object> row(Trade trade, Locale language) {
        var row = new LinkedHashMap<String, Object>();
        row.put("number", trade.number());
        row.put("provider", trade.provider());
        row.put("amount", Yuan.grouped(trade.amount()));
        row.put("subject", trade.subject());
        row.put("state", wallet.shown(trade));
        row.put("ago", Ago.text(trade.createdAt(), clock.instant(), language));
        row.put("exact", Ago.exact(trade.createdAt()));
        row.put("iso", trade.createdAt().toString());
        row.put("link", WalletResource.page(trade));
        return row;
    }
}
