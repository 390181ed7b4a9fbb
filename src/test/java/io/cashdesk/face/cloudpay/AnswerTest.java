package io.cashdesk.face.cloudpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.payment.Collecting;
import jakarta.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerTest {
    private static final Collecting UNSIGNED = new Collecting("wx1", "1600", "", "1900", fields -> Optional.empty());

    @Test
    void a_success_has_the_number_0_and_an_empty_sub_appid() {
        var answer = Answer.success().parties(UNSIGNED).signedBy(UNSIGNED, Operation.QUERY_ORDER);

        assertThat(answer.getInt("errCode")).isZero();
        assertThat(answer.getString("errMsg")).isEqualTo("cloudPay.queryOrder:ok");
        assertThat(answer.getString("subAppid")).isEmpty();
        assertThat(answer.getString("sub_appid")).isEmpty();
        assertThat(answer.getString("mch_id")).isEqualTo("1600");
        assertThat(answer).doesNotContainKeys("sign", "err_code");
    }

    @Test
    void a_refusal_has_its_code_and_text_in_both_spellings() {
        var answer = Answer.refused("refund", Refusal.missing("outRefundNo"), Optional.of(UNSIGNED), Locale.CHINESE);

        assertThat(answer.getString("returnCode")).isEqualTo("SUCCESS");
        assertThat(answer.getString("return_code")).isEqualTo("SUCCESS");
        assertThat(answer.getString("resultCode")).isEqualTo("FAIL");
        assertThat(answer.getString("result_code")).isEqualTo("FAIL");
        assertThat(answer.getString("errCode")).isEqualTo("LACK_PARAMS");
        assertThat(answer.getString("err_code")).isEqualTo("LACK_PARAMS");
        assertThat(answer.getString("errCodeDes")).isEqualTo("缺少参数 outRefundNo");
        assertThat(answer.getString("err_code_des")).isEqualTo("缺少参数 outRefundNo");
        assertThat(answer.getString("mchId")).isEqualTo("1600");
        assertThat(answer.getString("sub_appid")).isEmpty();
        assertThat(answer.getString("nonceStr")).isNotEmpty();
    }

    @Test
    void a_refusal_for_no_known_node_has_an_empty_sub_appid_and_no_other_number() {
        var answer = Answer.refused("refund", Refusal.missing("outRefundNo"), Optional.empty(), Locale.CHINESE);

        assertThat(answer.getString("subAppid")).isEmpty();
        assertThat(answer.getString("sub_appid")).isEmpty();
        assertThat(answer).doesNotContainKeys("mchId", "subMchId", "appid", "sign");
    }

    @Test
    void a_refusal_names_the_order_s_own_node_once_the_order_is_found() {
        var parties = new Parties(() -> Optional.of(UNSIGNED));
        assertThat(parties.get()).contains(UNSIGNED);

        var ofOrder = new Collecting("wx9", "1601", "wx8", "1900", fields -> Optional.empty());
        parties.are(ofOrder);
        assertThat(parties.get()).contains(ofOrder);
    }

    @Test
    void a_failed_call_has_its_code_too_and_speaks_the_callers_language() {
        var answer = Answer.refused(
                "refund",
                Refusal.call("NOT_UTF8", "NOT_UTF8: 编码", "NOT_UTF8: coding"),
                Optional.of(UNSIGNED),
                Locale.ENGLISH);

        assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
        assertThat(answer.getString("return_msg")).isEqualTo("NOT_UTF8: coding");
        assertThat(answer.getString("errCode")).isEqualTo("NOT_UTF8");
        assertThat(answer.getString("err_code")).isEqualTo("NOT_UTF8");
        assertThat(answer).doesNotContainKey("resultCode");
    }

    @Test
    void texts_and_numbers_in_snake_case_are_signed() {
        var signed = new TreeMap<String, String>();
        var parties = new Collecting("wx1", "1600", "wx2", "1900", fields -> remember(signed, fields));

        var answer = Answer.success()
                .parties(parties)
                .put("totalFee", 990)
                .put("payment", Json.createObjectBuilder().add("appId", "wx2").build())
                .put("couponIdList", Json.createArrayBuilder())
                .signedBy(parties, Operation.UNIFIED_ORDER);

        assertThat(answer.getString("sign")).isEqualTo("S");
        signed.remove("nonce_str");
        assertThat(signed)
                .containsOnly(
                        Map.entry("appid", "wx1"),
                        Map.entry("mch_id", "1600"),
                        Map.entry("result_code", "SUCCESS"),
                        Map.entry("return_code", "SUCCESS"),
                        Map.entry("return_msg", "OK"),
                        Map.entry("sub_appid", "wx2"),
                        Map.entry("sub_mch_id", "1900"),
                        Map.entry("total_fee", "990"));
    }

    private static Optional<String> remember(Map<String, String> signed, SortedMap<String, String> fields) {
        signed.putAll(fields);
        return Optional.of("S");
    }

    /** The texts of API v2's table for bills. */
    @ParameterizedTest
    @CsvSource({
        "NO_STATEMENT_EXIST, '', No Bill Exist, 20002",
        "20002, No Bill Exist, No Bill Exist, 20002",
        "STATEMENT_CREATING, '', Bill Creating, ''",
        "Bill Creating, Bill Creating, Bill Creating, ''",
        "invalid bill_type, invalid bill_type, invalid bill_type, ''",
        "PARAM_ERROR, bill_date, data format error, ''",
        "SIGN_ERROR, '', SIGN ERROR, ''",
        "SYSTEM_ERROR, '', SYSTEMERROR, ''",
    })
    void a_bill_that_is_refused(String code, String words, String returnMsg, String errorCode) {
        Problem problem = ProblemType.PROVIDER_REFUSED
                .with("wxpay", code, words, "")
                .withRefusal(new Problem.Refusal(code, "merchant", "no", new LocalizedText("付款人", "payer")));

        var answer = CloudPayBills.refused(Refusal.of(problem, Operation.DOWNLOAD_BILL), Locale.CHINESE);

        assertThat(answer.getString("returnCode")).isEqualTo("FAIL");
        assertThat(answer.getString("returnMsg")).isEqualTo(returnMsg);
        assertThat(answer.getString("errorCode", "")).isEqualTo(errorCode);
        assertThat(answer.getString("errCode")).isNotEmpty();
    }

    @Test
    void a_call_for_a_bill_with_a_mistake() {
        var missing = CloudPayBills.refused(Refusal.missing("billDate"), Locale.CHINESE);
        var type = CloudPayBills.refused(
                Refusal.of(ProblemType.FIELD.with("billType", "one of ALL", "X"), Operation.DOWNLOAD_BILL),
                Locale.CHINESE);
        var date = CloudPayBills.refused(
                Refusal.of(ProblemType.FIELD.with("billDate", "a date", "X"), Operation.DOWNLOAD_BILL), Locale.CHINESE);

        assertThat(missing.getString("returnMsg")).isEqualTo("missing parameter");
        assertThat(missing.getString("errCode")).isEqualTo("LACK_PARAMS");
        assertThat(type.getString("returnMsg")).isEqualTo("invalid bill_type");
        assertThat(type.getString("errCode")).isEqualTo("INVALID_REQUEST");
        assertThat(date.getString("returnMsg")).isEqualTo("data format error");
        assertThat(date.getString("errCodeDes")).contains("billDate");
    }
}
