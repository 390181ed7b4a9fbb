package io.cashdesk.simulator;

import io.cashdesk.provider.ProviderName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Alipay's bills, from the simulator's own books: a zip of GBK csv files with one line for each payment and each refund, and one
 * of sums. Here a bill is there as soon as its day or month is over; the real one makes it in the morning, or on the third.
 *
 * @see <a href="https://opendocs.alipay.com/open/02e7gr">alipay.data.dataservice.bill.downloadurl.query</a>
 */
@ApplicationScoped
class AlipayBills {
    static final Duration LIFE_OF_AN_ADDRESS = Duration.ofSeconds(30);

    private static final Charset GBK = Charset.forName("GBK");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy年MM月dd日 HH:mm:ss");
    private static final String RULE = "-----------------------------------------";
    private static final String DETAILS = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
            + "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
    private static final String SUMS =
            "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";
    private static final String FLOWS = "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注";

    @Inject
    Books books;

    @Inject
    AlipayBooks alipay;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    /** One day or one month in China, up to but without {@code to}. */
    private record Span(Instant from, Instant to, String name) {}

    /**
     * One thing that happened to money.
     *
     * @param refund null for a payment
     * @param fen what the seller got, negative if it went back
     * @param fee what Alipay took of it in fen: negative, or positive if it gave some of it back
     */
    private record Entry(Books.Trade trade, AlipayBooks.Refund refund, Instant at, long fen, long fee) {}

    JsonObjectBuilder offer(Books.Account seller, JsonObject content) {
        var type = AlipayRules.optional(content, "bill_type", 20);
        if (!List.of("trade", "signcustomer").contains(type)) throw arguments("bill_type");
        var span = span(AlipayRules.optional(content, "bill_date", 15));
        var entries = entries(seller, span);
        var zip = type.equals("trade") ? trades(seller, span, entries) : flows(seller, span, entries);
        var token = Keys.letters(64);
        alipay.add(token, new AlipayBooks.Bill(seller.mchNo() + "_" + span.name() + ".csv.zip", zip));
        var gateway = accounts.gateway(new ProviderName("alipay")).toString();
        var answer = Json.createObjectBuilder()
                .add("bill_download_url", gateway.replace("/gateway.do", "/bill") + "?token=" + token);
        return entries.isEmpty() ? answer.add("bill_file_code", "EMPTY_DATA_WITH_BILL_FILE") : answer;
    }

    /** The file behind an address, for half a minute. */
    Optional<AlipayBooks.Bill> fetch(String token) {
        return alipay.bill(token, LIFE_OF_AN_ADDRESS);
    }

    private static AlipayRules.Refused arguments(String name) {
        return new AlipayRules.Refused("40004", "INVAILID_ARGUMENTS", "入参不合法：" + name); // their own spelling
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
        var today = clock.instant().atOffset(AlipayRules.CHINA).toLocalDate();
        if (next.isAfter(today) || first.isBefore(today.minusYears(6))) {
            throw new AlipayRules.Refused("40004", "BILL_NOT_EXIST", "账单不存在");
        }
        return new Span(
                first.atStartOfDay().toInstant(AlipayRules.CHINA),
                next.atStartOfDay().toInstant(AlipayRules.CHINA),
                date.replace("-", ""));
    }

    private List<Entry> entries(Books.Account seller, Span span) {
        var entries = new ArrayList<Entry>();
        for (var trade : alipay.paidBetween(seller.id(), span.from(), span.to())) {
            entries.add(new Entry(trade, null, trade.paidAt(), trade.amount(), -fee(trade.amount())));
        }
        for (var refund : alipay.refundsBetween(seller.id(), span.from(), span.to())) {
            var trade = books.trade(refund.tradeId());
            var before = trade.amount() - refund.total() + refund.amount();
            var back = fee(before) - fee(trade.amount() - refund.total());
            entries.add(new Entry(trade, refund, refund.at(), -refund.amount(), back));
        }
        entries.sort(Comparator.comparing(Entry::at));
        return entries;
    }

    /** 0.60 percent, rounded to the fen. */
    private static long fee(long fen) {
        return (fen * 60 + 5_000) / 10_000;
    }

    // what stands in the files

    private byte[] trades(Books.Account seller, Span span, List<Entry> entries) {
        var details = head("业务明细", seller, span).append(DETAILS).append("\r\n");
        for (var entry : entries) details.append(detail(entry)).append("\r\n");
        details.append(end("业务明细"));
        details.append("#交易合计：" + count(entries, false) + "笔，商家实收共" + yuan(sum(entries, false)) + "元，商家优惠共0.00元\r\n");
        details.append("#退款合计：" + count(entries, true) + "笔，商家实收退款共" + yuan(sum(entries, true)) + "元，商家优惠退款共0.00元\r\n");
        details.append(exported());

        var all = entries.stream().mapToLong(Entry::fen).sum();
        var fees = entries.stream().mapToLong(Entry::fee).sum();
        var sums = head("业务汇总", seller, span).append(SUMS).append("\r\n");
        sums.append(String.join(
                        ",",
                        List.of(
                                "合计",
                                "",
                                Long.toString(count(entries, false)),
                                Long.toString(count(entries, true)),
                                yuan(all),
                                yuan(all),
                                "0.00",
                                "0.00",
                                "0.00",
                                yuan(fees),
                                "0.00",
                                yuan(all + fees))))
                .append("\r\n");
        sums.append(end("业务汇总")).append(exported());

        var name = seller.mchNo() + "_" + span.name() + "_业务明细";
        return zip(List.of(new File(name + ".csv", details), new File(name + "(汇总).csv", sums)));
    }

    private byte[] flows(Books.Account seller, Span span, List<Entry> entries) {
        var text = head("账务明细", seller, span).append(FLOWS).append("\r\n");
        long balance = 0; // what was there before is no business of a test's
        long out = 0;
        int outs = 0;
        long in = 0;
        int ins = 0;
        int line = 0;
        for (var entry : entries) {
            for (var flow : List.of(
                    new Flow(entry.fen(), entry.refund() == null ? "在线支付" : "交易退款"), new Flow(entry.fee(), "服务费"))) {
                if (flow.fen() == 0) continue;
                balance += flow.fen();
                if (flow.fen() < 0) {
                    out += flow.fen();
                    outs++;
                } else {
                    in += flow.fen();
                    ins++;
                }
                text.append(flow(entry, flow, ++line, balance)).append("\r\n");
            }
        }
        text.append(end("账务明细"));
        text.append("#支出合计：" + outs + "笔，共" + yuan(out) + "元\r\n");
        text.append("#收入合计：" + ins + "笔，共" + yuan(in) + "元\r\n");
        text.append(exported());
        return zip(List.of(new File(seller.mchNo() + "_" + span.name() + "_账务明细.csv", text)));
    }

    private record Flow(long fen, String kind) {}

    private static String flow(Entry entry, Flow flow, int line, long balance) {
        var trade = entry.trade();
        return String.join(
                ",",
                List.of(
                        number(trade.transactionId() + line),
                        number(trade.transactionId()),
                        number(trade.number()),
                        cell(trade.subject()),
                        AlipayMessages.time(entry.at()),
                        AlipayMessages.LOGON,
                        flow.fen() > 0 ? yuan(flow.fen()) : "0.00",
                        flow.fen() < 0 ? yuan(flow.fen()) : "0.00",
                        yuan(balance),
                        "支付宝",
                        flow.kind(),
                        entry.refund() == null ? "" : cell(entry.refund().reason())));
    }

    private static String detail(Entry entry) {
        var trade = entry.trade();
        var refund = entry.refund();
        var request = AlipayMessages.request(trade);
        return String.join(
                ",",
                List.of(
                        number(trade.transactionId()),
                        number(trade.number()),
                        refund == null ? "交易" : "退款",
                        cell(trade.subject()),
                        AlipayMessages.time(refund == null ? trade.createdAt() : refund.at()),
                        AlipayMessages.time(entry.at()),
                        cell(request.getString("store_id", "")),
                        "",
                        cell(request.getString("operator_id", "")),
                        cell(request.getString("terminal_id", "")),
                        AlipayMessages.LOGON,
                        yuan(entry.fen()),
                        yuan(entry.fen()),
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "",
                        "0.00",
                        "0.00",
                        refund == null ? "" : number(refund.requestNo()),
                        yuan(entry.fee()),
                        "0.00",
                        refund == null ? "" : cell(refund.reason())));
    }

    private static StringBuilder head(String what, Books.Account seller, Span span) {
        return new StringBuilder("#支付宝" + what + "查询\r\n")
                .append("#账号：[" + seller.mchNo() + "0156]\r\n")
                .append("#起始日期：[" + stamp(span.from()) + "]   终止日期：[" + stamp(span.to()) + "]\r\n")
                .append("#" + RULE + what + "列表" + RULE + "\r\n");
    }

    private static String end(String what) {
        return "#" + RULE + what + "列表结束" + RULE + "\r\n";
    }

    private String exported() {
        return "#导出时间：[" + stamp(clock.instant()) + "]\r\n";
    }

    private static String stamp(Instant at) {
        return STAMP.format(at.atOffset(AlipayRules.CHINA));
    }

    private static long count(List<Entry> entries, boolean refunds) {
        return entries.stream().filter(e -> (e.refund() != null) == refunds).count();
    }

    private static long sum(List<Entry> entries, boolean refunds) {
        return entries.stream()
                .filter(e -> (e.refund() != null) == refunds)
                .mapToLong(Entry::fen)
                .sum();
    }

    /** A tab behind it, so that no spreadsheet takes it for a quantity. */
    private static String number(String text) {
        return text + "\t";
    }

    /** Commas separate and nothing else, so one inside becomes a wide one. */
    private static String cell(String text) {
        return text.replace(",", "，").replaceAll("[\\r\\n\\t]", " ");
    }

    private static String yuan(long fen) {
        return fen < 0 ? "-" + AlipayMessages.yuan(-fen) : AlipayMessages.yuan(fen);
    }

    private record File(String name, StringBuilder text) {}

    private static byte[] zip(List<File> files) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out, GBK)) {
            for (var file : files) {
                zip.putNextEntry(new ZipEntry(file.name()));
                zip.write(file.text().toString().getBytes(GBK));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
