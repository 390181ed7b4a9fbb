package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.SimulatedAccounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Daily bills. A call answers with an address, behind which the file can be downloaded for five minutes. A day's bill
 * exists as soon as the day is over; WeChat Pay makes it the next morning.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071238">downloads</a>
 */
@ApplicationScoped
public class WxpayBills {
    private static final Duration LIFE_OF_AN_ADDRESS = Duration.ofMinutes(5);

    @Inject
    WxpayTradeBill tradeBill;

    @Inject
    WxpayFundFlowBill fundFlowBill;

    @Inject
    WxpayBillStore billStore;

    @Inject
    WxpayOrders orders;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    Clock clock;

    /** One day in China, from {@code from} until before {@code to}. */
    record Day(Instant from, Instant to) {}

    WxpayAnswer trades(Account account, String date, String subMchid, String type, String tar) {
        return offer(account, tradeText(account, date, subMchid, type), tar);
    }

    /**
     * The text of a trade bill.
     *
     * @param date as 2019-06-11
     * @param subMchid null for all lines
     * @param type null for ALL
     * @throws WxpayRefusal NO_STATEMENT_EXIST if there is nothing to list
     */
    public String tradeText(Account account, String date, String subMchid, String type) {
        var day = day(date);
        if (subMchid != null) orders.checkSubMerchant(account, subMchid);
        var kind = oneOf("bill_type", type == null ? "ALL" : type, Set.of("ALL", "SUCCESS", "REFUND"));
        return existing(tradeBill.text(account, day, subMchid, kind));
    }

    WxpayAnswer flows(Account account, String date, String accountType, String tar) {
        var day = day(date);
        var kind = oneOf(
                "account_type", accountType == null ? "BASIC" : accountType, Set.of("BASIC", "OPERATION", "FEES"));
        var text = kind.equals("BASIC") ? fundFlowBill.text(account, day) : "";
        return offer(account, existing(text), tar);
    }

    private Day day(String date) {
        LocalDate day;
        try {
            day = LocalDate.parse(date == null ? "" : date);
        } catch (DateTimeException e) {
            throw WxpayRefusal.queryParameter("bill_date", "must be like 2019-06-11", WxpayRefusal.GENERAL);
        }
        var today = clock.instant().atOffset(WxpayBillText.CHINA).toLocalDate();
        if (!day.isBefore(today) || day.isBefore(today.minusMonths(3))) {
            throw WxpayRefusal.invalid("仅支持下载三个月内、今天之前的账单", 268435464);
        }
        return new Day(
                day.atStartOfDay().toInstant(WxpayBillText.CHINA),
                day.plusDays(1).atStartOfDay().toInstant(WxpayBillText.CHINA));
    }

    private static String oneOf(String name, String value, Set<String> allowed) {
        if (!allowed.contains(value))
            throw WxpayRefusal.queryParameter(name, "one of " + allowed, WxpayRefusal.GENERAL);
        return value;
    }

    private static String existing(String text) {
        if (!text.isEmpty()) return text;
        throw new WxpayRefusal(400, "NO_STATEMENT_EXIST", "账单文件不存在", WxpayRefusal.GENERAL);
    }

    private WxpayAnswer offer(Account account, String text, String tar) {
        if (tar != null) oneOf("tar_type", tar, Set.of("GZIP"));
        var token = RandomText.letters(64);
        billStore.add(new WxpayBillStore.Bill(token, account.id(), clock.instant(), tar != null, text));
        return WxpayAnswer.of(Json.createObjectBuilder()
                .add("hash_type", "SHA1")
                .add("hash_value", sha1(text))
                .add("download_url", testAccounts.gateway(WxpayServer.NAME) + "/v3/billdownload/file?token=" + token)
                .build());
    }

    /** The bill behind an address. It is refused after five minutes, and to other merchants. */
    WxpayBillStore.Bill fetch(Account account, String token) {
        var bill = billStore
                .find(token == null ? "" : token)
                .filter(b -> b.madeAt().plus(LIFE_OF_AN_ADDRESS).isAfter(clock.instant()))
                .orElseThrow(() -> WxpayRefusal.invalid("下载地址已失效", WxpayRefusal.GENERAL));
        if (!bill.accountId().equals(account.id())) {
            throw new WxpayRefusal(403, "NO_AUTH", "无权下载其他商户的账单", 268443701);
        }
        return bill;
    }

    /** The text as a gzip file. */
    public static byte[] compressed(String text) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Of the text before it is compressed. */
    private static String sha1(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
