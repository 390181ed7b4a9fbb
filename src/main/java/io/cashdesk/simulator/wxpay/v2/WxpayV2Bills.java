package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.simulator.wxpay.WxpayBills;
import io.cashdesk.simulator.wxpay.WxpayRefusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** v2's daily bills: the same text as in v3, answered at once instead of an address. */
@ApplicationScoped
class WxpayV2Bills {
    private static final String NO_BILL = "20002";

    @Inject
    WxpayBills bills;

    WxpayV2CallHandler.Answer download(WxpayV2Request request) {
        var type = request.has("bill_type") ? request.text("bill_type") : "ALL";
        if (type.equals("RECHARGE_REFUND")) throw none(); // there is no recharging in the simulator
        String text;
        try {
            var day = LocalDate.parse(request.text("bill_date"), DateTimeFormatter.BASIC_ISO_DATE);
            var sub = request.has("sub_mch_id") ? request.text("sub_mch_id") : null;
            text = bills.tradeText(request.account(), day.toString(), sub, type);
        } catch (DateTimeException e) {
            throw request.call().wrong("bill_date");
        } catch (WxpayRefusal refusal) {
            throw refusal.code().equals("NO_STATEMENT_EXIST")
                    ? none()
                    : request.call().wrong("bill_date");
        }
        var bytes = request.has("tar_type") ? WxpayBills.compressed(text) : text.getBytes(StandardCharsets.UTF_8);
        return new WxpayV2CallHandler.Answer(Map.of(), bytes, false);
    }

    private static WxpayV2Call.NotTaken none() {
        return new WxpayV2Call.NotTaken("No Bill Exist", NO_BILL);
    }
}
