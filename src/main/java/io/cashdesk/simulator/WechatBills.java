package io.cashdesk.simulator;

import io.cashdesk.provider.ProviderName;
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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * WeChat Pay's daily bills, from the simulator's own books. Here a day's bill is there as soon as the day is over; the real
 * one makes it in the morning.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071227">trade bills</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071235">fund flow bills</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4013071238">downloads</a>
 */
@ApplicationScoped
class WechatBills {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Duration LIFE_OF_AN_ADDRESS = Duration.ofMinutes(5);
    private static final String BOM = "\uFEFF";

    private static final List<String> ALL = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
                    .split(","));
    private static final List<String> SUCCESS = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
                    .split(","));
    private static final List<String> REFUND = List.of(
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
                    .split(","));
    private static final String TRADE_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    private static final String FLOW = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
    private static final String FLOW_SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    WechatOrders orders;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    /** What a bill is about: one day in China. */
    private record Day(Instant from, Instant to) {}

    WechatGate.Answer trades(Books.Account account, String date, String subMchid, String type, String tar) {
        return offer(account, tradeText(account, date, subMchid, type), tar);
    }

    /** The bill itself. */
    String tradeText(Books.Account account, String date, String subMchid, String type) {
        var day = day(date);
        if (subMchid != null) orders.checkSubMerchant(account, subMchid);
        var kind = oneOf("bill_type", type == null ? "ALL" : type, Set.of("ALL", "SUCCESS", "REFUND"));
        var rows = new ArrayList<Row>();
        if (!kind.equals("REFUND")) {
            for (var order : wechat.paidBetween(account.id(), day.from(), day.to())) rows.addAll(paid(account, order));
        }
        if (!kind.equals("SUCCESS")) {
            for (var refund : wechat.refundsBetween(account.id(), day.from(), day.to())) {
                rows.add(returned(account, wechat.order(books.trade(refund.tradeId())), refund));
            }
        }
        rows.removeIf(r -> subMchid != null && !subMchid.equals(r.values.get("特约商户号")));
        rows.removeIf(r -> kind.equals("SUCCESS") && !"SUCCESS".equals(r.values.get("交易状态")));
        if (rows.isEmpty()) throw none();
        var columns = kind.equals("ALL") ? ALL : kind.equals("SUCCESS") ? SUCCESS : REFUND;
        var text = new StringBuilder(BOM).append(String.join(",", columns)).append("\r\n");
        for (var row : rows) text.append(line(columns, row.values)).append("\r\n");
        return text.append(TRADE_SUMMARY)
                .append("\r\n")
                .append(summary(rows))
                .append("\r\n")
                .toString();
    }

    /** One line of a trade bill, with its amounts in fen for the sums. */
    private static final class Row {
        final Map<String, String> values = new LinkedHashMap<>();
        long settled;
        long ordered;
        long returned;
        long fee;
    }

    /** A paid order, and its reversal as a line of its own. */
    private static List<Row> paid(Books.Account account, WechatBooks.Order order) {
        var trade = order.trade();
        var row = row(account, order, trade.paidAt(), "SUCCESS");
        row.settled = trade.reported();
        row.ordered = trade.reported();
        row.fee = fee(trade.reported());
        amounts(row);
        if (!trade.state().equals("REVOKED")) return List.of(row);
        var reversed = row(account, order, trade.paidAt(), "REVOKED");
        reversed.returned = trade.reported();
        reversed.fee = -row.fee;
        amounts(reversed);
        return List.of(row, reversed);
    }

    private static Row returned(Books.Account account, WechatBooks.Order order, WechatBooks.Refund refund) {
        var row = row(account, order, refund.createdAt(), "REFUND");
        row.returned = refund.amount();
        row.fee = -fee(refund.amount());
        amounts(row);
        row.values.put("退款申请时间", time(refund.createdAt()));
        row.values.put("退款成功时间", refund.succeededAt() == null ? "" : time(refund.succeededAt()));
        row.values.put("微信退款单号", refund.refundId());
        row.values.put("商户退款单号", refund.number());
        row.values.put("退款类型", "ORIGINAL");
        row.values.put(
                "退款状态",
                switch (refund.state()) {
                    case "ABNORMAL" -> "CHANGE";
                    case "CLOSED" -> "FAIL";
                    default -> refund.state();
                });
        return row;
    }

    private static Row row(Books.Account account, WechatBooks.Order order, Instant at, String state) {
        var trade = order.trade();
        var detail = order.detail();
        var openid = detail.openid().isEmpty() ? WechatPayer.FIRST.openid(detail.appId()) : detail.openid();
        var row = new Row();
        var values = row.values;
        values.put("交易时间", time(at));
        values.put("公众账号ID", detail.appId());
        values.put("商户号", account.mchNo());
        values.put("特约商户号", detail.subMchid().isEmpty() ? "0" : detail.subMchid());
        values.put("设备号", detail.deviceId());
        values.put("微信订单号", trade.transactionId());
        values.put("商户订单号", trade.number());
        values.put("用户标识", openid);
        values.put("交易类型", detail.product().tradeType);
        values.put("交易状态", state);
        values.put("付款银行", "OTHERS");
        values.put("货币种类", "CNY");
        values.put("代金券金额", "0.00");
        values.put("微信退款单号", "0");
        values.put("商户退款单号", "0");
        values.put("充值券退款金额", "0.00");
        values.put("退款类型", "");
        values.put("退款状态", "");
        values.put("商品名称", trade.subject());
        values.put("商户数据包", detail.attach());
        values.put("费率", "0.60%");
        values.put("费率备注", "");
        return row;
    }

    private static void amounts(Row row) {
        row.values.put("应结订单金额", yuan(row.settled));
        row.values.put("订单金额", yuan(row.ordered));
        row.values.put("退款金额", yuan(row.returned));
        row.values.put("申请退款金额", yuan(row.returned));
        row.values.put("手续费", yuan(row.fee));
    }

    /** 0.60 percent, rounded to the fen. */
    private static long fee(long fen) {
        return (fen * 60 + 5_000) / 10_000;
    }

    private static String summary(List<Row> rows) {
        long settled = rows.stream().mapToLong(r -> r.settled).sum();
        long returned = rows.stream().mapToLong(r -> r.returned).sum();
        long fee = rows.stream().mapToLong(r -> r.fee).sum();
        long ordered = rows.stream().mapToLong(r -> r.ordered).sum();
        return values(List.of(
                Integer.toString(rows.size()),
                yuan(settled),
                yuan(returned),
                "0.00",
                yuan(fee),
                yuan(ordered),
                yuan(returned)));
    }

    WechatGate.Answer flows(Books.Account account, String date, String accountType, String tar) {
        var day = day(date);
        var kind = oneOf(
                "account_type", accountType == null ? "BASIC" : accountType, Set.of("BASIC", "OPERATION", "FEES"));
        var flows = new ArrayList<Flow>();
        if (kind.equals("BASIC")) {
            for (var order : wechat.paidBetween(account.id(), day.from(), day.to())) flows.addAll(in(order));
            for (var refund : wechat.refundsBetween(account.id(), day.from(), day.to())) {
                if (refund.state().equals("CLOSED")) continue;
                flows.add(new Flow(refund.createdAt(), refund.refundId(), "退款", -refund.amount(), refund.number()));
            }
        }
        if (flows.isEmpty()) throw none();
        flows.sort((a, b) -> a.at().compareTo(b.at()));
        return offer(account, flowText(account, flows), tar);
    }

    /** Money that moved; negative if it left. */
    private record Flow(Instant at, String businessNo, String what, long fen, String voucher) {}

    private static List<Flow> in(WechatBooks.Order order) {
        var trade = order.trade();
        var flows = new ArrayList<Flow>();
        flows.add(new Flow(trade.paidAt(), trade.transactionId(), "交易", trade.reported(), trade.number()));
        var fee = fee(trade.reported());
        if (fee > 0) flows.add(new Flow(trade.paidAt(), trade.transactionId(), "扣除交易手续费", -fee, trade.number()));
        if (trade.state().equals("REVOKED")) {
            flows.add(new Flow(trade.paidAt(), trade.transactionId(), "退款", fee - trade.reported(), trade.number()));
        }
        return flows;
    }

    /** The balance counts from nothing at the day's begin: what was there before is no business of a test's. */
    private static String flowText(Books.Account account, List<Flow> flows) {
        var text = new StringBuilder(BOM).append(FLOW).append("\r\n");
        long balance = 0;
        for (int i = 0; i < flows.size(); i++) {
            var flow = flows.get(i);
            balance += flow.fen();
            text.append(values(List.of(
                            time(flow.at()),
                            flow.businessNo(),
                            flow.businessNo() + i,
                            flow.what(),
                            flow.what(),
                            flow.fen() < 0 ? "支出" : "收入",
                            yuan(Math.abs(flow.fen())),
                            yuan(balance),
                            account.mchNo() + "API",
                            flow.what(),
                            flow.voucher())))
                    .append("\r\n");
        }
        var in = flows.stream().filter(f -> f.fen() >= 0).mapToLong(Flow::fen).summaryStatistics();
        var out =
                flows.stream().filter(f -> f.fen() < 0).mapToLong(f -> -f.fen()).summaryStatistics();
        return text.append(FLOW_SUMMARY)
                .append("\r\n")
                .append(values(List.of(
                        Integer.toString(flows.size()),
                        Long.toString(in.getCount()),
                        yuan(in.getSum()),
                        Long.toString(out.getCount()),
                        yuan(out.getSum()))))
                .append("\r\n")
                .toString();
    }

    private Day day(String date) {
        LocalDate day;
        try {
            day = LocalDate.parse(date == null ? "" : date);
        } catch (DateTimeException e) {
            throw WechatRules.queryParameter("bill_date", "must be like 2019-06-11", 268435461);
        }
        var today = clock.instant().atOffset(CHINA).toLocalDate();
        if (!day.isBefore(today) || day.isBefore(today.minusMonths(3))) {
            throw WechatRules.invalid("仅支持下载三个月内、今天之前的账单", 268435464);
        }
        return new Day(
                day.atStartOfDay().toInstant(CHINA),
                day.plusDays(1).atStartOfDay().toInstant(CHINA));
    }

    private static String oneOf(String name, String value, Set<String> allowed) {
        if (!allowed.contains(value)) throw WechatRules.queryParameter(name, "one of " + allowed, 268435461);
        return value;
    }

    private static WechatRules.Refused none() {
        return new WechatRules.Refused(400, "NO_STATEMENT_EXIST", "账单文件不存在", 268435461);
    }

    private WechatGate.Answer offer(Books.Account account, String text, String tar) {
        if (tar != null) oneOf("tar_type", tar, Set.of("GZIP"));
        var token = Keys.letters(64);
        wechat.add(new WechatBooks.Bill(token, account.id(), clock.instant(), tar != null, text));
        return WechatGate.Answer.of(Json.createObjectBuilder()
                .add("hash_type", "SHA1")
                .add("hash_value", sha1(text))
                .add(
                        "download_url",
                        accounts.gateway(new ProviderName("wxpay")) + "/v3/billdownload/file?token=" + token)
                .build());
    }

    /** The bill behind an address, for five minutes and for its own merchant alone. */
    WechatBooks.Bill fetch(Books.Account account, String token) {
        var bill = wechat.bill(token == null ? "" : token)
                .filter(b -> b.madeAt().plus(LIFE_OF_AN_ADDRESS).isAfter(clock.instant()))
                .orElseThrow(() -> WechatRules.invalid("下载地址已失效", 268435461));
        if (!bill.accountId().equals(account.id())) {
            throw new WechatRules.Refused(403, "NO_AUTH", "无权下载其他商户的账单", 268443701);
        }
        return bill;
    }

    static byte[] packed(String text) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Over the text as it is before it is packed. */
    private static String sha1(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(List<String> columns, Map<String, String> row) {
        return values(columns.stream().map(c -> row.getOrDefault(c, "")).toList());
    }

    /** A backtick before each value; a comma inside one becomes a wide one, so that commas separate and nothing else. */
    private static String values(List<String> values) {
        return values.stream()
                .map(v -> "`" + v.replace(",", "，").replaceAll("[\\r\\n]", " "))
                .collect(Collectors.joining(","));
    }

    private static String yuan(long fen) {
        return fen < 0 ? "-" + AlipayMessages.yuan(-fen) : AlipayMessages.yuan(fen);
    }

    private static String time(Instant at) {
        return TIME.format(at.atOffset(CHINA));
    }
}
