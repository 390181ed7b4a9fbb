package io.cashdesk.face.cloudpay;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReportedTest {
    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static JsonObject answer(String evidence) {
        return Transaction.put(Answer.success(), Reported.payment(json(evidence)))
                .event();
    }

    @Test
    void a_payment_of_version_3_has_the_names_of_version_2() {
        var answer = answer("""
                {"sp_appid":"wx1","sp_mchid":"1600","sub_mchid":"1900","out_trade_no":"T1","transaction_id":"4200",
                 "trade_type":"JSAPI","trade_state":"SUCCESS","bank_type":"CMC","attach":"shop 7",
                 "success_time":"2025-12-27T02:03:04Z","payer":{"sp_openid":"o1","sub_openid":"o2"},
                 "scene_info":{"device_id":"WEB"},
                 "amount":{"total":990,"payer_total":900,"currency":"CNY","payer_currency":"CNY"},
                 "promotion_detail":[{"coupon_id":"c1","type":"CASH","amount":60},
                                     {"coupon_id":"c2","type":"NOCASH","amount":30}]}
                """);

        assertThat(answer.getString("openid")).isEqualTo("o1");
        assertThat(answer.getString("subOpenid")).isEqualTo("o2");
        assertThat(answer.getString("isSubscribe")).isEqualTo("N");
        assertThat(answer.getString("subIsSubscribe")).isEqualTo("N");
        assertThat(answer.getString("deviceInfo")).isEqualTo("WEB");
        assertThat(answer.getString("timeEnd")).isEqualTo("20251227100304");
        assertThat(answer.getInt("totalFee")).isEqualTo(990);
        assertThat(answer.getInt("cashFee")).isEqualTo(900);
        assertThat(answer.getInt("couponFee")).isEqualTo(90);
        assertThat(answer.getInt("couponCount")).isEqualTo(2);
        assertThat(answer.getJsonArray("couponIdList").toString()).isEqualTo("[\"c1\",\"c2\"]");
        assertThat(answer.getJsonArray("couponTypeList").toString()).isEqualTo("[\"CASH\",\"NO_CASH\"]");
        assertThat(answer.getJsonArray("coupon_fee_list").toString()).isEqualTo("[60,30]");
    }

    @Test
    void a_payment_of_version_2_keeps_its_fields() {
        var answer = answer("""
                {"appid":"wx1","mch_id":"1600","sub_mch_id":"1900","out_trade_no":"T1","transaction_id":"4200",
                 "trade_type":"JSAPI","bank_type":"CMC","attach":"shop 7","time_end":"20251227100304",
                 "openid":"o1","is_subscribe":"Y","sub_openid":"o2","sub_is_subscribe":"Y","device_info":"WEB",
                 "total_fee":"990","fee_type":"CNY","cash_fee":"900","cash_fee_type":"CNY","settlement_total_fee":"930",
                 "coupon_fee":"90","coupon_count":"2","coupon_type_0":"CASH","coupon_id_0":"c1","coupon_fee_0":"60",
                 "coupon_type_1":"NO_CASH","coupon_id_1":"c2","coupon_fee_1":"30"}
                """);

        assertThat(answer.getString("isSubscribe")).isEqualTo("Y");
        assertThat(answer.getString("subIsSubscribe")).isEqualTo("Y");
        assertThat(answer.getString("timeEnd")).isEqualTo("20251227100304");
        assertThat(answer.getInt("totalFee")).isEqualTo(990);
        assertThat(answer.getInt("cashFee")).isEqualTo(900);
        assertThat(answer.getInt("settlementTotalFee")).isEqualTo(930);
        assertThat(answer.getInt("couponCount")).isEqualTo(2);
        assertThat(answer.getJsonArray("couponTypeList").toString()).isEqualTo("[\"CASH\",\"NO_CASH\"]");
        assertThat(answer.getJsonArray("couponFeeList").toString()).isEqualTo("[60,30]");
    }

    @Test
    void a_refund_of_version_3_has_the_names_of_version_2() {
        var refund = Reported.refund(json("""
                {"refund_id":"5030","out_refund_no":"R1","channel":"ORIGINAL","user_received_account":"零钱",
                 "success_time":"2025-12-27T10:03:04+08:00","status":"SUCCESS","funds_account":"AVAILABLE",
                 "amount":{"total":990,"refund":100,"payer_total":900,"payer_refund":91,"settlement_refund":95,
                   "settlement_total":980,"discount_refund":9,"currency":"CNY"},
                 "promotion_detail":[{"promotion_id":"c1","type":"COUPON","amount":90,"refund_amount":9}]}
                """), "R1");

        assertThat(refund.text("refund_channel")).isEqualTo("ORIGINAL");
        assertThat(refund.text("refund_recv_accout")).isEqualTo("零钱");
        assertThat(refund.text("success_time")).isEqualTo("2025-12-27 10:03:04");
        assertThat(refund.text("refund_account")).isEqualTo("REFUND_SOURCE_RECHARGE_FUNDS");
        assertThat(refund.fen("settlement_refund_fee", 0)).isEqualTo(95);
        assertThat(refund.fen("settlement_total_fee", 0)).isEqualTo(980);
        assertThat(refund.fen("cash_fee", 0)).isEqualTo(900);
        assertThat(refund.fen("cash_refund_fee", 0)).isEqualTo(91);
        assertThat(refund.fen("coupon_refund_fee", 0)).isEqualTo(9);
        assertThat(refund.fen("coupon_refund_count", 0)).isEqualTo(1);
        assertThat(refund.list("coupon_refund_id")).containsExactly("c1");
        assertThat(refund.list("coupon_refund_fee")).containsExactly("9");
    }

    @Test
    void a_refund_in_the_answer_to_a_query_of_version_2_is_found_by_its_number() {
        var refund = Reported.refund(json("""
                {"out_trade_no":"T1","total_fee":"990","cash_fee":"900","refund_count":"2",
                 "out_refund_no_0":"R0","refund_channel_0":"BALANCE","refund_fee_0":"1",
                 "out_refund_no_1":"R1","refund_id_1":"5031","refund_channel_1":"ORIGINAL","refund_fee_1":"100",
                 "settlement_refund_fee_1":"95","refund_status_1":"SUCCESS","refund_account_1":"REFUND_SOURCE_RECHARGE_FUNDS",
                 "refund_recv_accout_1":"零钱","refund_success_time_1":"2025-12-27 10:03:04","coupon_refund_fee_1":"9",
                 "coupon_refund_count_1":"2","coupon_type_1_0":"CASH","coupon_refund_id_1_0":"c1",
                 "coupon_refund_fee_1_0":"5","coupon_type_1_1":"NO_CASH","coupon_refund_id_1_1":"c2",
                 "coupon_refund_fee_1_1":"4"}
                """), "R1");

        assertThat(refund.text("refund_channel")).isEqualTo("ORIGINAL");
        assertThat(refund.text("refund_id")).isEqualTo("5031");
        assertThat(refund.text("success_time")).isEqualTo("2025-12-27 10:03:04");
        assertThat(refund.text("refund_account")).isEqualTo("REFUND_SOURCE_RECHARGE_FUNDS");
        assertThat(refund.fen("settlement_refund_fee", 0)).isEqualTo(95);
        assertThat(refund.fen("coupon_refund_fee", 0)).isEqualTo(9);
        assertThat(refund.list("coupon_refund_id")).containsExactly("c1", "c2");
        assertThat(refund.list("coupon_type")).containsExactly("CASH", "NO_CASH");
        assertThat(refund.list("coupon_refund_fee")).containsExactly("5", "4");
    }

    @Test
    void a_refunds_notification_of_version_2_keeps_its_fields() {
        var refund = Reported.refund(json("""
                {"out_refund_no":"R1","refund_id":"5031","refund_fee":"100","settlement_refund_fee":"95","total_fee":"990",
                 "settlement_total_fee":"980","refund_status":"SUCCESS","success_time":"2025-12-27 10:03:04",
                 "refund_recv_accout":"零钱","refund_account":"REFUND_SOURCE_UNSETTLED_FUNDS"}
                """), "R1");

        assertThat(refund.text("success_time")).isEqualTo("2025-12-27 10:03:04");
        assertThat(refund.fen("settlement_total_fee", 0)).isEqualTo(980);
        assertThat(refund.text("refund_account")).isEqualTo("REFUND_SOURCE_UNSETTLED_FUNDS");
        assertThat(refund.has("refund_channel")).isFalse();
    }
}
