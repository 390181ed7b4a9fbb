package io.cashdesk.face.cloudpay;

import io.cashdesk.merchant.Authority;
import io.cashdesk.reconciliation.TradeBills;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** {@code downloadBill}. */
@ApplicationScoped
class CloudPayBills {
    /** The account whose bill it is. */
    private static final String MINI_PROGRAM = "wxpay_mp-weixin";

    private static final String NO_BILL = "No Bill Exist";

    /** API v2's number for {@link #NO_BILL}; the numbers of the other texts are not documented. */
    private static final String NO_BILL_CODE = "20002";

    /** Texts of API v2's table that a refusal of WeChat Pay is answered with as they are. */
    private static final List<String> V2_TEXTS = List.of(
            NO_BILL,
            "Bill Creating",
            "invalid bill_type",
            "data format error",
            "missing parameter",
            "CompressGZip Error");

    @Inject
    TradeBills bills;

    /** The bill of one day as WeChat Pay sends it: a table of text, compressed if the call wants it. */
    Response download(Authority authority, Fields fields) {
        fields.text("nonceStr", 32);
        var type = fields.oneOf("billType", "ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND")
                .orElse("ALL");
        var compressed = fields.oneOf("tarType", "GZIP").isPresent();
        var sub = fields.text("subMchId", 32).orElse("");
        var bill = bills.of(authority.merchant(null), authority.mode(), MINI_PROGRAM, sub, day(fields), type);
        return compressed
                ? Response.ok(gzip(bill), "application/gzip").build()
                : Response.ok(bill, "text/plain;charset=UTF-8").build();
    }

    /** A refusal as API v2 answers it to a call for a bill: {@code returnMsg} is one of its table's texts. */
    static JsonObject refused(Refusal refusal, Locale locale) {
        var text = returnMsg(refusal, locale);
        return Answer.noBill(text, text.equals(NO_BILL) ? NO_BILL_CODE : "", refusal, locale);
    }

    private static String returnMsg(Refusal refusal, Locale locale) {
        var words = refusal.text(Locale.ENGLISH);
        if (words.startsWith("billType ")) return "invalid bill_type";
        return switch (refusal.code) {
            case "LACK_PARAMS" -> "missing parameter";
            case "SIGNERROR" -> "SIGN ERROR";
            case "SYSTEMERROR" -> "SYSTEMERROR";
            case "NO_STATEMENT_EXIST", NO_BILL_CODE -> NO_BILL;
            case "STATEMENT_CREATING" -> "Bill Creating";
            case "INVALID_REQUEST", "PARAM_ERROR" -> refusal.ofCall ? refusal.text(locale) : "data format error";
            default -> V2_TEXTS.stream().filter(words::contains).findFirst().orElse(refusal.text(locale));
        };
    }

    private static LocalDate day(Fields fields) {
        try {
            return LocalDate.parse(fields.required("billDate", 8), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            throw fields.malformed("billDate", "日期，格式如 20251227", "a date like 20251227");
        }
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory is written to
        }
        return bytes.toByteArray();
    }
}
