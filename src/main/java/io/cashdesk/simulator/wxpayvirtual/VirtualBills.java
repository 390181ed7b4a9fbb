package io.cashdesk.simulator.wxpayvirtual;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatedAccounts;
import io.cashdesk.simulator.SimulatorDatabase;
import io.cashdesk.simulator.TradeStore;
import io.cashdesk.simulator.Yuan;
import io.cashdesk.simulator.wechat.WechatRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;

/**
 * The table {@code sim_virtual_bill}: bills. The first request of a span of days starts one, and a request a second
 * later gets its address, which lives 30 minutes. The document does not show the columns; these are the simulator's.
 */
@ApplicationScoped
class VirtualBills {
    private static final int BEING_PRODUCED = 268490011;
    private static final Duration PRODUCTION = Duration.ofSeconds(1);
    private static final Duration LIFE = Duration.ofMinutes(30);
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    @Inject
    SimulatorDatabase database;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    TradeStore trades;

    @Inject
    Clock clock;

    /** The answer of {@code download_bill}. */
    JsonObjectBuilder request(Account account, XpayFields fields) {
        var begin = day("begin_ds", fields);
        var end = day("end_ds", fields);
        if (end.isBefore(begin)) throw XpayFields.wrong("end_ds is before begin_ds");
        var span = begin + "/" + end;
        var now = clock.instant();
        var token = database.first(
                "select token from sim_virtual_bill where account_id = ? and span = ? and made_at > ? order by made_at desc",
                r -> r.getString(1),
                account.id(),
                span,
                now.minus(LIFE));
        if (token.isEmpty()) {
            database.update(
                    "insert into sim_virtual_bill (token, account_id, span, made_at, content) values (?, ?, ?, ?, ?)",
                    RandomText.letters(32),
                    account.id(),
                    span,
                    now,
                    content(account.id(), begin, end));
        }
        var ready = token.filter(t -> database.first(
                        "select 1 from sim_virtual_bill where token = ? and made_at <= ?",
                        r -> true,
                        t,
                        now.minus(PRODUCTION))
                .isPresent());
        if (ready.isEmpty()) throw new WechatRefusal(BEING_PRODUCED, "the data is being produced");
        return Json.createObjectBuilder()
                .add("url", accounts.gateway(VirtualServer.NAME) + "/bill?token=" + ready.get());
    }

    private static LocalDate day(String name, XpayFields fields) {
        try {
            return LocalDate.parse(Long.toString(fields.number(name)), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException notADay) {
            throw XpayFields.wrong(name + " must be a day such as 20230801");
        }
    }

    private String content(UUID account, LocalDate begin, LocalDate end) {
        var text = new StringBuilder("order_id,wxpay_order_id,paid_time,paid_fee\n");
        var from = begin.atStartOfDay().toInstant(CHINA);
        var to = end.plusDays(1).atStartOfDay().toInstant(CHINA);
        for (var trade : trades.paidBetween(account, from, to)) {
            text.append(String.join(
                            ",",
                            trade.number(),
                            trade.transactionId(),
                            Long.toString(trade.paidAt().getEpochSecond()),
                            Yuan.text(trade.reported())))
                    .append('\n');
        }
        return text.toString();
    }

    /** The bill at this address, while it lives. */
    Optional<String> content(String token) {
        return database.first(
                "select content from sim_virtual_bill where token = ? and made_at > ?",
                r -> r.getString(1),
                token,
                clock.instant().minus(LIFE));
    }
}
