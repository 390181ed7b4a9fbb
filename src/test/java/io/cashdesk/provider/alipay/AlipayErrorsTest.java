package io.cashdesk.provider.alipay;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.provider.ErrorDictionary;
import io.cashdesk.provider.ErrorDictionaryContract;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.PaymentProvider.Call;
import io.cashdesk.provider.ProviderError.Fault;
import io.cashdesk.provider.ProviderError.Retry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The codes of Alipay's documents.
 *
 * @see <a href="https://opendocs.alipay.com/common/02km9f">public error codes</a>
 * @see <a href="https://opendocs.alipay.com/open/02ekfg">alipay.trade.precreate, business error codes</a>
 */
class AlipayErrorsTest extends ErrorDictionaryContract {
    /** {@code code}, other than 10000. */
    private static final List<String> GATEWAY =
            codes("10003 20000 20001 40001 40002 40003 40004 40005 40006 isp.unknow-error aop.unknow-error");

    private static final List<String> TOKENS = codes(
            "aop.invalid-auth-token aop.auth-token-time-out aop.invalid-app-auth-token",
            "aop.invalid-app-auth-token-no-api aop.app-auth-token-time-out aop.no-product-reg-by-partner");

    private static final List<String> MISSING = codes(
            "isv.missing-method isv.missing-signature isv.missing-signature-type isv.missing-signature-key",
            "isv.missing-app-id isv.missing-timestamp isv.missing-version isv.missing-app-cert-sn");

    private static final List<String> INVALID = codes(
            "isv.invalid-parameter isv.invalid-method isv.invalid-format isv.invalid-signature-type",
            "isv.invalid-signature isv.invalid-encrypt-type isv.invalid-app-id isv.invalid-timestamp",
            "isv.invalid-charset isv.decryption-error-unknown isv.upload-fail");

    private static final List<String> PERMISSIONS =
            codes("isv.app-call-limited isv.insufficient-isv-permissions isv.insufficient-user-permissions");

    /** precreate, create, pay, and the website's cashier. */
    private static final List<String> ORDER = acq(
            "SYSTEM_ERROR INVALID_PARAMETER ACCESS_FORBIDDEN EXIST_FORBIDDEN_WORD PARTNER_ERROR TOTAL_FEE_EXCEED",
            "CONTEXT_INCONSISTENT TRADE_HAS_SUCCESS TRADE_HAS_CLOSE BUYER_SELLER_EQUAL TRADE_BUYER_NOT_MATCH",
            "BUYER_ENABLE_STATUS_FORBID SELLER_BEEN_BLOCKED SELLER_NOT_EXIST BUYER_NOT_EXIST INVALID_STORE_ID",
            "MERCHANT_STATUS_NOT_NORMAL NOW_TIME_AFTER_EXPIRE_TIME_ERROR BEYOND_PAY_RESTRICTION",
            "BEYOND_PER_RECEIPT_RESTRICTION BEYOND_PER_RECEIPT_SINGLE_RESTRICTION BEYOND_PER_RECEIPT_DAY_RESTRICTION",
            "MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT MERCHANT_PERM_RECEIPT_SINGLE_LIMIT",
            "MERCHANT_PERM_RECEIPT_DAY_LIMIT MERCHANT_PERM_RECEIPT_MONTH_LIMIT");

    /** alipay.trade.create alone. */
    private static final List<String> MINI_PROGRAM = acq(
            "USER_LOGONID_DUP OPEN_ID_NOT_TINY_APP UNBOUND_APPLICATION PRODUCT_NOT_SUPPORT_IN_TINY_APP",
            "BIZ_PRODUCT_NOT_ALLOWED");

    /** alipay.trade.pay alone. */
    private static final List<String> PAYMENT_CODE = acq(
            "PAYMENT_AUTH_CODE_INVALID BUYER_BALANCE_NOT_ENOUGH BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
            "ERROR_BALANCE_PAYMENT_DISABLE PULL_MOBILE_CASHIER_FAIL MOBILE_PAYMENT_SWITCH_OFF PAYMENT_FAIL",
            "BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR PAYMENT_REQUEST_HAS_RISK",
            "NO_PAYMENT_INSTRUMENTS_AVAILABLE USER_FACE_PAYMENT_SWITCH_OFF PRODUCT_AMOUNT_LIMIT_ERROR",
            "REQUEST_AMOUNT_EXCEED");

    private static final Map<Call, List<String>> BY_CALL = Map.ofEntries(
            entry(Call.QUERY, acq("SYSTEM_ERROR INVALID_PARAMETER TRADE_NOT_EXIST ENTERPRISE_PAY_BIZ_ERROR")),
            entry(
                    Call.CLOSE,
                    acq(
                            "SYSTEM_ERROR INVALID_PARAMETER TRADE_NOT_EXIST TRADE_STATUS_ERROR",
                            "REASON_TRADE_STATUS_INVALID REASON_ILLEGAL_STATUS")),
            entry(
                    Call.REVERSE, // alipay.trade.cancel
                    acq(
                            "SYSTEM_ERROR INVALID_PARAMETER SELLER_BALANCE_NOT_ENOUGH REASON_TRADE_BEEN_FREEZEN",
                            "TRADE_HAS_FINISHED TRADE_CANCEL_TIME_OUT REASON_TRADE_REFUND_FEE_ERR CANCEL_NOT_ALLOWED")),
            entry(
                    Call.REFUND,
                    acq(
                            "SYSTEM_ERROR INVALID_PARAMETER SELLER_BALANCE_NOT_ENOUGH REFUND_AMT_NOT_EQUAL_TOTAL",
                            "REASON_TRADE_BEEN_FREEZEN TRADE_NOT_EXIST TRADE_HAS_FINISHED TRADE_STATUS_ERROR",
                            "DISCORDANT_REPEAT_REQUEST REASON_TRADE_REFUND_FEE_ERR TRADE_NOT_ALLOW_REFUND",
                            "REFUND_FEE_ERROR TRADE_HAS_CLOSE NOT_ALLOW_PARTIAL_REFUND",
                            "ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND USER_NOT_MATCH_ERR BUYER_ERROR",
                            "ENTERPRISE_PAY_BIZ_ERROR")),
            entry(Call.QUERY_REFUND, acq("SYSTEM_ERROR INVALID_PARAMETER TRADE_NOT_EXIST")),
            entry(Call.BILL, codes("INVAILID_ARGUMENTS BILL_NOT_EXIST UNKNOWN_ERROR EMPTY_DATA_WITH_BILL_FILE")));

    /** alipay.system.oauth.token alone. */
    private static final List<String> LOGIN = codes("isv.code-invalid isv.grant-type-invalid");

    private static List<String> acq(String... lines) {
        return codes(lines).stream().map(c -> "ACQ." + c).toList();
    }

    @Override
    protected PaymentProvider provider() {
        return new AlipayProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(AlipayProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        var all = new EnumMap<Call, List<String>>(Call.class);
        for (var call : Call.values()) {
            var codes = new ArrayList<>(BY_CALL.getOrDefault(call, ORDER));
            for (var everywhere : List.of(GATEWAY, TOKENS, MISSING, INVALID, PERMISSIONS)) codes.addAll(everywhere);
            all.put(call, codes);
        }
        all.get(Call.CREATE).addAll(MINI_PROGRAM);
        all.get(Call.CODE_PAY).addAll(PAYMENT_CODE);
        all.get(Call.OPENID).addAll(LOGIN);
        return all;
    }

    @Test
    void knows_the_spelling_that_the_documents_print_by_mistake() {
        assertThat(explained(Call.REVERSE, "AQC.SYSTEM_ERROR")).isEqualTo(explained(Call.REVERSE, "ACQ.SYSTEM_ERROR"));
        assertThat(explained(Call.BILL, "INVALID_ARGUMENTS")).isEqualTo(explained(Call.BILL, "INVAILID_ARGUMENTS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"isv.missing-something-new", "isv.decryption-error-not-valid-encrypt-key"})
    void knows_a_family_by_how_its_codes_begin(String code) {
        assertThat(explained(Call.CREATE, code).code()).endsWith("*");
        assertThat(explained(Call.CREATE, "isv.missing-app-id").code()).isEqualTo("isv.missing-app-id");
    }

    @Test
    void a_closed_trade_needs_a_new_number_to_be_paid_and_no_refund_at_all() {
        assertThat(explained(Call.CREATE, "ACQ.TRADE_HAS_CLOSE").retry()).isEqualTo(Retry.NEW_NUMBER);
        assertThat(explained(Call.REFUND, "ACQ.TRADE_HAS_CLOSE").retry()).isEqualTo(Retry.NO);
    }

    @ParameterizedTest
    @CsvSource({
        "ACQ.SYSTEM_ERROR, REFUND, PROVIDER, SAME_LATER",
        "ACQ.SYSTEM_ERROR, CODE_PAY, PROVIDER, ASK_FIRST",
        "20000, CODE_PAY, PROVIDER, ASK_FIRST",
        "10003, CODE_PAY, PAYER, ASK_FIRST",
        "40005, CREATE, MERCHANT, SAME_LATER",
        "40005, REFUND, MERCHANT, SAME_LATER",
        "isv.app-call-limited, REFUND, MERCHANT, SAME_LATER",
        "ACQ.TRADE_NOT_ALLOW_REFUND, REFUND, MERCHANT, NO",
        "ACQ.PAYMENT_AUTH_CODE_INVALID, CODE_PAY, PAYER, NEW_CODE",
        "ACQ.BUYER_BALANCE_NOT_ENOUGH, CODE_PAY, PAYER, NEW_CODE",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH, REFUND, MERCHANT, SAME_LATER",
        "ACQ.CONTEXT_INCONSISTENT, CREATE, MERCHANT, NEW_NUMBER",
        "ACQ.DISCORDANT_REPEAT_REQUEST, REFUND, MERCHANT, NO",
        "isv.invalid-signature, CREATE, MERCHANT, NO",
    })
    void says_whose_it_is_and_how_to_go_on(String code, Call call, Fault fault, Retry retry) {
        assertThat(explained(call, code).fault()).isEqualTo(fault);
        assertThat(explained(call, code).retry()).isEqualTo(retry);
    }
}
