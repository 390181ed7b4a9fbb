package io.cashdesk.simulator.alipay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Yuan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files of Alipay's bills: zips of csv files in GBK. */
final class AlipayBillFiles {
    private static final Charset GBK = Charset.forName("GBK");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy年MM月dd日 HH:mm:ss");
    private static final String RULE = "-----------------------------------------";
    private static final String DETAILS = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
            + "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
    private static final String SUMS =
            "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";
    private static final String FLOWS = "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注";

    private AlipayBillFiles() {}

    /** The zip of a trade bill: a file of details and a file of sums. */
    static byte[] trades(Account seller, AlipayBills.Span span, List<AlipayBills.Entry> entries, Instant now) {
        var details = head("业务明细", seller, span).append(DETAILS).append("\r\n");
        for (var entry : entries) details.append(detail(entry)).append("\r\n");
        details.append(end("业务明细"));
        details.append(
                "#交易合计：" + count(entries, false) + "笔，商家实收共" + Yuan.text(sum(entries, false)) + "元，商家优惠共0.00元\r\n");
        details.append(
                "#退款合计：" + count(entries, true) + "笔，商家实收退款共" + Yuan.text(sum(entries, true)) + "元，商家优惠退款共0.00元\r\n");
        details.append(exported(now));

        var all = entries.stream().mapToLong(AlipayBills.Entry::fen).sum();
        var fees = entries.stream().mapToLong(AlipayBills.Entry::fee).sum();
        var sums = head("业务汇总", seller, span).append(SUMS).append("\r\n");
        sums.append(String.join(
                        ",",
                        List.of(
                                "合计",
                                "",
                                Long.toString(count(entries, false)),
                                Long.toString(count(entries, true)),
                                Yuan.text(all),
                                Yuan.text(all),
                                "0.00",
                                "0.00",
                                "0.00",
                                Yuan.text(fees),
                                "0.00",
                                Yuan.text(all + fees))))
                .append("\r\n");
        sums.append(end("业务汇总")).append(exported(now));

        var name = seller.mchNo() + "_" + span.name() + "_业务明细";
        return zip(List.of(new File(name + ".csv", details), new File(name + "(汇总).csv", sums)));
    }

    /** The zip of a balance bill. The balance begins at zero, because the balance of earlier days is not stored. */
    static byte[] flows(Account seller, AlipayBills.Span span, List<AlipayBills.Entry> entries, Instant now) {
        var text = head("账务明细", seller, span).append(FLOWS).append("\r\n");
        long balance = 0;
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
        text.append("#支出合计：" + outs + "笔，共" + Yuan.text(out) + "元\r\n");
        text.append("#收入合计：" + ins + "笔，共" + Yuan.text(in) + "元\r\n");
        text.append(exported(now));
        return zip(List.of(new File(seller.mchNo() + "_" + span.name() + "_账务明细.csv", text)));
    }

    private record Flow(long fen, String kind) {}

    private static String flow(AlipayBills.Entry entry, Flow flow, int line, long balance) {
        var trade = entry.trade();
        return String.join(
                ",",
                List.of(
                        number(trade.transactionId() + line),
                        number(trade.transactionId()),
                        number(trade.number()),
                        cell(trade.subject()),
                        AlipayFormat.time(entry.at()),
                        AlipayFormat.LOGON,
                        flow.fen() > 0 ? Yuan.text(flow.fen()) : "0.00",
                        flow.fen() < 0 ? Yuan.text(flow.fen()) : "0.00",
                        Yuan.text(balance),
                        "支付宝",
                        flow.kind(),
                        entry.refund() == null ? "" : cell(entry.refund().reason())));
    }

    private static String detail(AlipayBills.Entry entry) {
        var trade = entry.trade();
        var refund = entry.refund();
        var request = AlipayFormat.request(trade);
        return String.join(
                ",",
                List.of(
                        number(trade.transactionId()),
                        number(trade.number()),
                        refund == null ? "交易" : "退款",
                        cell(trade.subject()),
                        AlipayFormat.time(refund == null ? trade.createdAt() : refund.at()),
                        AlipayFormat.time(entry.at()),
                        cell(request.getString("store_id", "")),
                        "",
                        cell(request.getString("operator_id", "")),
                        cell(request.getString("terminal_id", "")),
                        AlipayFormat.LOGON,
                        Yuan.text(entry.fen()),
                        Yuan.text(entry.fen()),
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "0.00",
                        "",
                        "0.00",
                        "0.00",
                        refund == null ? "" : number(refund.requestNo()),
                        Yuan.text(entry.fee()),
                        "0.00",
                        refund == null ? "" : cell(refund.reason())));
    }

    private static StringBuilder head(String what, Account seller, AlipayBills.Span span) {
        return new StringBuilder("#支付宝" + what + "查询\r\n")
                .append("#账号：[" + seller.mchNo() + "0156]\r\n")
                .append("#起始日期：[" + stamp(span.from()) + "]   终止日期：[" + stamp(span.to()) + "]\r\n")
                .append("#" + RULE + what + "列表" + RULE + "\r\n");
    }

    private static String end(String what) {
        return "#" + RULE + what + "列表结束" + RULE + "\r\n";
    }

    private static String exported(Instant now) {
        return "#导出时间：[" + stamp(now) + "]\r\n";
    }

    private static String stamp(Instant at) {
        return STAMP.format(at.atOffset(AlipayFormat.CHINA));
    }

    private static long count(List<AlipayBills.Entry> entries, boolean refunds) {
        return entries.stream().filter(e -> (e.refund() != null) == refunds).count();
    }

    private static long sum(List<AlipayBills.Entry> entries, boolean refunds) {
        return entries.stream()
                .filter(e -> (e.refund() != null) == refunds)
                .mapToLong(AlipayBills.Entry::fen)
                .sum();
    }

    /** A number with a tab at its end, so that spreadsheets take it for a text. */
    private static String number(String text) {
        return text + "\t";
    }

    /** A comma inside a value becomes a full-width one, because commas separate values. */
    private static String cell(String text) {
        return text.replace(",", "，").replaceAll("[\\r\\n\\t]", " ");
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
