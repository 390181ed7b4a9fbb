package io.cashdesk.face.cloudpay;

import io.cashdesk.merchant.Authority;
import io.cashdesk.reconciliation.TradeBills;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/** {@code downloadBill}. */
@ApplicationScoped
class CloudPayBills {
    /** The account whose bill it is. */
    private static final String MINI_PROGRAM = "wxpay_mp-weixin";

    @Inject
    TradeBills bills;

    /** The bill of one day as WeChat Pay sends it: a table of text. */
    String download(Authority authority, Fields fields) {
        fields.text("nonceStr", 32);
        var type = fields.text("billType", 32).orElse("ALL");
        if (!Set.of("ALL", "SUCCESS", "REFUND").contains(type)) {
            throw Refusal.call("invalid bill_type");
        }
        if (fields.text("tarType", 16).isPresent()) throw Refusal.call("tar_type is not offered: bills come as text");
        LocalDate day;
        try {
            day = LocalDate.parse(fields.required("billDate", 8), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            throw Refusal.call("data format error: bill_date must be like 20251227");
        }
        var sub = fields.text("subMchId", 32).orElse("");
        return bills.of(authority.merchant(null), authority.mode(), MINI_PROGRAM, sub, day, type);
    }
}
