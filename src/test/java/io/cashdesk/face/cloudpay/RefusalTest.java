package io.cashdesk.face.cloudpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RefusalTest {
    /** Of every operation: for the caller's mistakes, for keys, and for what passes. */
    private static final Set<String> EVERYWHERE = Set.of(
            "INVALID_REQUEST",
            "LACK_PARAMS",
            "NOAUTH",
            "SYSTEMERROR",
            "XML_FORMAT_ERROR",
            "REQUIRE_POST_METHOD",
            "POST_DATA_EMPTY",
            "NOT_UTF8");

    /** The tables of API v2, https://pay.weixin.qq.com/doc/v2/merchant/4011935215 and the pages beside it. */
    private static final Map<Operation, Set<String>> TABLES = Map.of(
            Operation.UNIFIED_ORDER,
            Set.of(
                    "NOTENOUGH",
                    "ORDERPAID",
                    "ORDERCLOSED",
                    "APPID_NOT_EXIST",
                    "MCHID_NOT_EXIST",
                    "APPID_MCHID_NOT_MATCH",
                    "OUT_TRADE_NO_USED",
                    "SIGNERROR",
                    "PARAM_ERROR"),
            Operation.QUERY_ORDER,
            Set.of("ORDERNOTEXIST"),
            Operation.CLOSE_ORDER,
            Set.of("ORDERPAID", "ORDERNOTEXIST", "ORDERCLOSED", "SIGNERROR", "TRADE_STATE_ERROR"),
            Operation.REFUND,
            Set.of(
                    "BIZERR_NEED_RETRY",
                    "TRADE_OVERDUE",
                    "ERROR",
                    "USER_ACCOUNT_ABNORMAL",
                    "INVALID_REQ_TOO_MUCH",
                    "NOTENOUGH",
                    "INVALID_TRANSACTIONID",
                    "PARAM_ERROR",
                    "APPID_NOT_EXIST",
                    "MCHID_NOT_EXIST",
                    "ORDERNOTEXIST",
                    "SIGNERROR",
                    "FREQUENCY_LIMITED"),
            Operation.QUERY_REFUND,
            Set.of(
                    "REFUNDNOTEXIST",
                    "INVALID_TRANSACTIONID",
                    "PARAM_ERROR",
                    "APPID_NOT_EXIST",
                    "MCHID_NOT_EXIST",
                    "SIGNERROR"),
            Operation.DOWNLOAD_BILL,
            Set.of("SIGNERROR"));

    /** What an operation of CloudPay cannot end with. */
    private static final Map<Operation, Set<ProblemType>> IMPOSSIBLE = Map.of(
            Operation.UNIFIED_ORDER,
            Set.of(
                    ProblemType.ORDER_NOT_FOUND,
                    ProblemType.ORDER_UNPAID,
                    ProblemType.NOT_REFUNDED,
                    ProblemType.REFUND_TOO_LATE),
            Operation.QUERY_ORDER,
            Set.of(
                    ProblemType.ORDER_PAID,
                    ProblemType.ORDER_CLOSED,
                    ProblemType.NOT_REFUNDED,
                    ProblemType.REFUND_TOO_LATE),
            Operation.CLOSE_ORDER,
            Set.of(ProblemType.NOT_REFUNDED, ProblemType.REFUND_TOO_LATE),
            Operation.REFUND,
            Set.of(ProblemType.ORDER_PAID, ProblemType.ORDER_CLOSED, ProblemType.NOT_REFUNDED),
            Operation.QUERY_REFUND,
            Set.of(ProblemType.ORDER_PAID, ProblemType.ORDER_CLOSED, ProblemType.REFUND_TOO_LATE),
            Operation.DOWNLOAD_BILL,
            Set.of(
                    ProblemType.ORDER_PAID,
                    ProblemType.ORDER_CLOSED,
                    ProblemType.ORDER_NOT_FOUND,
                    ProblemType.ORDER_UNPAID,
                    ProblemType.NOT_REFUNDED,
                    ProblemType.REFUND_TOO_LATE));

    private static Problem problem(ProblemType type) {
        return type.with("a", "b", "c", "d", "e", "f");
    }

    private static Problem refused(ProblemType type, String providerCode) {
        return problem(type)
                .withRefusal(new Problem.Refusal(providerCode, "merchant", "no", new LocalizedText("付款人", "payer")));
    }

    static Stream<Arguments> every_problem_of_every_operation() {
        return Stream.of(Operation.values())
                .flatMap(o -> Stream.of(ProblemType.values())
                        .filter(type -> !IMPOSSIBLE.get(o).contains(type))
                        .map(type -> Arguments.of(o, type)));
    }

    @ParameterizedTest
    @MethodSource
    void every_problem_of_every_operation(Operation operation, ProblemType type) {
        var refusal = Refusal.of(problem(type), operation);

        assertThat(refusal.code)
                .satisfiesAnyOf(
                        code -> assertThat(EVERYWHERE).contains(code),
                        code -> assertThat(TABLES.get(operation)).contains(code));
        for (var locale : List.of(Locale.ENGLISH, Locale.CHINESE)) {
            assertThat(refusal.text(locale))
                    .isNotEmpty()
                    .doesNotContainPattern(
                            "time_expire|out_trade_no|total_fee|out_refund_no|sub_mchid|CLIENTIP|(data|context|other)\\.[a-z]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "data.sub_mchid, subMchId",
        "data.openid, openid / subOpenid",
        "data.subject, body",
        "context.CLIENTIP, spbillCreateIp",
        "other.attach, attach",
        "other.goods_tag, goodsTag",
        "other.scene_info, sceneInfo",
        "other.scene_info.device_id, deviceInfo",
        "other.scene_info.store_info.area_code, sceneInfo.storeInfo.areaCode",
        "other.detail.goods_detail[3].merchant_goods_id, detail.goodsDetail[3].goodsId",
        "other.detail.goods_detail[0].goods_name, detail.goodsDetail[0].goodsName",
        "sceneInfo.storeInfo.id, sceneInfo.storeInfo.id",
    })
    void a_malformed_field_has_its_name_of_cloudpay_and_its_value_as_sent(String field, String name) {
        var refusal = Refusal.of(
                ProblemType.field(
                        field, new LocalizedText("文本", "a text"), LocalizedText.quoted("data.openid total_fee")),
                Operation.UNIFIED_ORDER);

        assertThat(refusal.text(Locale.ENGLISH)).isEqualTo(name + " must be a text, but is \"data.openid total_fee\"");
        assertThat(refusal.text(Locale.CHINESE)).startsWith(name + " 必须是");
    }

    @Test
    void a_time_is_written_as_cloudpay_writes_it() {
        var refusal = Refusal.of(
                ProblemType.TIME_EXPIRE.with(
                        1_795_752_000_001L, 1_795_759_200_999L, LocalizedText.same("1795748400000")),
                Operation.UNIFIED_ORDER);

        assertThat(refusal.text(Locale.ENGLISH))
                .isEqualTo("timeExpire must be a time in Beijing between 20261127120001 and 20261127140000,"
                        + " but is 20261127110000");
    }

    @Test
    void a_field_that_differs_has_its_name_of_cloudpay() {
        var problem = ProblemType.ORDER_DIFFERS.with("A1", "subject", "茶", "the subject");

        assertThat(Refusal.of(problem, Operation.UNIFIED_ORDER).text(Locale.ENGLISH))
                .isEqualTo(
                        "Order A1 was created with body = \"茶\", not \"the subject\"; repeat it unchanged or use a new outTradeNo");
        assertThat(Refusal.of(problem, Operation.UNIFIED_ORDER).text(Locale.CHINESE))
                .contains(" body 为 \"茶\"");
    }

    @ParameterizedTest
    @CsvSource({
        "FIELD, INVALID_REQUEST, false",
        "UNKNOWN_FIELD, INVALID_REQUEST, false",
        "TIME_EXPIRE, INVALID_REQUEST, false",
        "SUBJECT, INVALID_REQUEST, false",
        "OTHER_RESERVED, INVALID_REQUEST, false",
        "ORDER_DIFFERS, INVALID_REQUEST, false",
        "ORDER_PAID, ORDERPAID, false",
        "ORDER_CLOSED, ORDERCLOSED, false",
        "OPENID, LACK_PARAMS, false",
        "SUB_MERCHANT, NOAUTH, false",
        "PROVIDER_NOT_CONFIGURED, NOAUTH, false",
        "KEY_WRONG, NOAUTH, true",
        "KEY_MISSING, NOAUTH, true",
        "KEY_MAY_NOT, NOAUTH, true",
        "PID_REQUIRED, NOAUTH, true",
        "METHOD, REQUIRE_POST_METHOD, true",
        "BODY, XML_FORMAT_ERROR, true",
        "BODY_TOO_LARGE, INVALID_REQUEST, true",
        "CONTENT_TYPE, INVALID_REQUEST, true",
        "CONTENT_ENCODING, INVALID_REQUEST, true",
        "CALL_RUNNING, SYSTEMERROR, false",
        "PROVIDER_BUSY, SYSTEMERROR, false",
        "PROVIDER_DOWN, SYSTEMERROR, false",
        "PROVIDER_UNREACHABLE, SYSTEMERROR, true",
        "OUTCOME_UNKNOWN, SYSTEMERROR, true",
        "PROVIDER_FAILED, SYSTEMERROR, true",
        "INTERNAL, SYSTEMERROR, false",
    })
    void a_problem_of_an_order(ProblemType type, String code, boolean ofCall) {
        var refusal = Refusal.of(problem(type), Operation.UNIFIED_ORDER);

        assertThat(refusal.code).isEqualTo(code);
        assertThat(refusal.ofCall).isEqualTo(ofCall);
    }

    @ParameterizedTest
    @CsvSource({
        "ORDER_NOT_FOUND, QUERY_ORDER, ORDERNOTEXIST",
        "ORDER_NOT_FOUND, CLOSE_ORDER, ORDERNOTEXIST",
        "ORDER_NOT_FOUND, REFUND, ORDERNOTEXIST",
        "ORDER_NOT_FOUND, QUERY_REFUND, REFUNDNOTEXIST",
        "ORDER_UNPAID, REFUND, ORDERNOTEXIST",
        "ORDER_NEEDS_PERSON, CLOSE_ORDER, TRADE_STATE_ERROR",
        "ORDER_NEEDS_PERSON, UNIFIED_ORDER, INVALID_REQUEST",
        "NOT_REFUNDED, QUERY_REFUND, REFUNDNOTEXIST",
        "REFUND_TOO_LATE, REFUND, TRADE_OVERDUE",
        "REFUND_EXCEEDS, REFUND, INVALID_REQUEST",
        "REFUND_LATER, REFUND, SYSTEMERROR",
    })
    void a_problem_that_means_something_else_in_another_operation(ProblemType type, Operation in, String code) {
        assertThat(Refusal.of(problem(type), in).code).isEqualTo(code);
    }

    /** Codes of v3, and what CloudPay calls them. */
    @ParameterizedTest
    @CsvSource({
        "PARAM_ERROR, PARAM_ERROR",
        "INVALID_REQUEST, INVALID_REQUEST",
        "OUT_TRADE_NO_USED, OUT_TRADE_NO_USED",
        "APPID_MCHID_NOT_MATCH, APPID_MCHID_NOT_MATCH",
        "INVALID_TRANSACTIONID, INVALID_TRANSACTIONID",
        "USER_ACCOUNT_ABNORMAL, USER_ACCOUNT_ABNORMAL",
        "TRADE_ERROR, TRADE_ERROR",
        "ORDERPAID, ORDERPAID",
        "ORDER_PAID, ORDERPAID",
        "ORDER_CLOSED, ORDERCLOSED",
        "ORDER_NOT_EXIST, ORDERNOTEXIST",
        "NO_AUTH, NOAUTH",
        "NOT_ENOUGH, NOTENOUGH",
        "MCH_NOT_EXISTS, MCHID_NOT_EXIST",
        "RULE_LIMIT, RULELIMIT",
        "BANK_ERROR, BANKERROR",
        "SYSTEM_ERROR, SYSTEMERROR",
        "SIGN_ERROR, SIGNERROR",
        "FREQUENCY_LIMITED, SYSTEMERROR",
        "SOMETHING_NEW, SOMETHING_NEW",
        "pfx, NOAUTH",
    })
    void a_code_of_the_provider(String v3, String code) {
        assertThat(Refusal.of(refused(ProblemType.PROVIDER_REFUSED, v3), Operation.UNIFIED_ORDER).code)
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "RESOURCE_NOT_EXISTS, REFUND, ORDERNOTEXIST",
        "RESOURCE_NOT_EXISTS, QUERY_REFUND, REFUNDNOTEXIST",
        "FREQUENCY_LIMITED, REFUND, FREQUENCY_LIMITED",
        "FREQUENCY_LIMITED, QUERY_REFUND, SYSTEMERROR",
    })
    void a_code_of_the_provider_that_depends_on_the_operation(String v3, Operation in, String code) {
        assertThat(Refusal.of(refused(ProblemType.PROVIDER_REFUSED, v3), in).code)
                .isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void codes_of_version_2_keep_their_names(Operation operation) {
        for (var code : TABLES.get(operation)) {
            if (code.equals("SIGNERROR")) continue;
            assertThat(Refusal.of(refused(ProblemType.PROVIDER_REFUSED, code), operation).code)
                    .isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYSTEMERROR", "SYSTEM_ERROR"})
    void a_system_error_of_the_provider_is_a_refusal_of_the_operation_with_its_name(String code) {
        var refusal = Refusal.of(refused(ProblemType.OUTCOME_UNKNOWN, code), Operation.UNIFIED_ORDER);

        assertThat(refusal.code).isEqualTo("SYSTEMERROR");
        assertThat(refusal.ofCall).isFalse();
    }

    @Test
    void a_wrong_signature_fails_the_call() {
        assertThat(Refusal.of(refused(ProblemType.PROVIDER_REFUSED, "SIGN_ERROR"), Operation.REFUND).ofCall)
                .isTrue();
    }
}
