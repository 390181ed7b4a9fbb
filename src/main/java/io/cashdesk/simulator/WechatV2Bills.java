package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** v2's daily bills: the same text as v3's, answered at once instead of an address. */
@ApplicationScoped
class WechatV2Bills {
    private static final String NO_BILL = "20002";

    @Inject
    WechatBills bills;

    WechatV2Gate.Answer download(WechatV2Gate.Asked asked) {
        var type = asked.has("bill_type") ? asked.text("bill_type") : "ALL";
        if (type.equals("RECHARGE_REFUND")) throw none(); // nobody recharges here
        String text;
        try {
            var day = LocalDate.parse(asked.text("bill_date"), DateTimeFormatter.BASIC_ISO_DATE);
            var sub = asked.has("sub_mch_id") ? asked.text("sub_mch_id") : null;
            text = bills.tradeText(asked.account(), day.toString(), sub, type);
        } catch (DateTimeException e) {
            throw asked.call().wrong("bill_date");
        } catch (WechatRules.Refused no) {
            throw no.code.equals("NO_STATEMENT_EXIST") ? none() : asked.call().wrong("bill_date");
        }
        var bytes = asked.has("tar_type") ? WechatBills.packed(text) : text.getBytes(StandardCharsets.UTF_8);
        return new WechatV2Gate.Answer(Map.of(), bytes, false);
    }

    private static WechatV2Call.NotTaken none() {
        return new WechatV2Call.NotTaken("No Bill Exist", NO_BILL);
    }
}
