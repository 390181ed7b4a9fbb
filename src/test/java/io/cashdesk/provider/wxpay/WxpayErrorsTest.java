package io.cashdesk.provider.wxpay;

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

/**
 * The codes of WeChat Pay's documents.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">v3, each call's own table</a>
 * @see <a href="https://pay.weixin.qq.com/doc/v2/merchant/4011937125">v2</a>
 */
class WxpayErrorsTest extends ErrorDictionaryContract {
    /** API v3, in the newer spelling. */
    private static final Map<Call, List<String>> V3 = Map.ofEntries(
            entry(
                    Call.CREATE,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST APPID_MCHID_NOT_MATCH MCH_NOT_EXISTS ORDER_CLOSED ORDERPAID",
                            "ORDER_PAID SIGN_ERROR NO_AUTH OUT_TRADE_NO_USED RULE_LIMIT TRADE_ERROR ACCOUNT_ERROR",
                            "FREQUENCY_LIMITED BANK_ERROR INVALID_TRANSACTIONID OPENID_MISMATCH SYSTEM_ERROR")),
            entry(
                    Call.QUERY,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST MCH_NOT_EXISTS SIGN_ERROR RULE_LIMIT TRADE_ERROR ACCOUNT_ERROR",
                            "ORDER_NOT_EXIST FREQUENCY_LIMITED BANK_ERROR INVALID_TRANSACTIONID OPENID_MISMATCH",
                            "SYSTEM_ERROR")),
            entry(
                    Call.CLOSE,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST MCH_NOT_EXISTS ORDER_CLOSED ORDERPAID ORDER_PAID SIGN_ERROR",
                            "RULE_LIMIT TRADE_ERROR ACCOUNT_ERROR ORDER_NOT_EXIST USERPAYING FREQUENCY_LIMITED",
                            "SYSTEM_ERROR")),
            entry(
                    Call.CODE_PAY,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST APPID_MCHID_NOT_MATCH MCH_NOT_EXISTS ORDER_CLOSED ORDERPAID",
                            "ORDER_PAID SIGN_ERROR NO_AUTH OUT_TRADE_NO_USED RULE_LIMIT TRADE_ERROR ACCOUNT_ERROR",
                            "NOT_ENOUGH ORDER_NOT_EXIST USERPAYING FREQUENCY_LIMITED BANK_ERROR INVALID_TRANSACTIONID",
                            "OPENID_MISMATCH SYSTEM_ERROR PAYERROR")),
            entry(
                    Call.REVERSE,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST APPID_MCHID_NOT_MATCH MCH_NOT_EXISTS ORDER_CLOSED ORDERPAID",
                            "ORDER_PAID SIGN_ERROR NO_AUTH RULE_LIMIT TRADE_ERROR ACCOUNT_ERROR ORDER_NOT_EXIST",
                            "USERPAYING FREQUENCY_LIMITED BANK_ERROR INVALID_TRANSACTIONID SYSTEM_ERROR")),
            entry(
                    Call.REFUND,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST MCH_NOT_EXISTS SIGN_ERROR NOT_ENOUGH USER_ACCOUNT_ABNORMAL",
                            "RESOURCE_NOT_EXISTS FREQUENCY_LIMITED SYSTEM_ERROR")),
            entry(
                    Call.QUERY_REFUND,
                    codes(
                            "PARAM_ERROR INVALID_REQUEST MCH_NOT_EXISTS SIGN_ERROR RESOURCE_NOT_EXISTS FREQUENCY_LIMITED",
                            "SYSTEM_ERROR")),
            entry(Call.BILL, codes("NO_STATEMENT_EXIST STATEMENT_CREATING INVALID_REQUEST FREQUENCY_LIMITED NO_AUTH")));

    /** Spellings of older pages, and what the certificates' address answers to merchants of the public-key mode. */
    private static final List<String> V3_OLDER = codes(
            "NOAUTH RULELIMIT ACCOUNTERROR BANKERROR ORDERNOTEXIST SYSTEMERROR USER_PAYING ORDERCLOSED NOT_FOUND");

    /** API v2, which CloudPay repeats: {@code err_code}, call by call; of bills the text in {@code return_msg}. */
    private static final Map<Call, List<String>> V2 = Map.ofEntries(
            entry(
                    Call.CREATE,
                    codes(
                            "INVALID_REQUEST NOAUTH NOTENOUGH ORDERPAID ORDERCLOSED SYSTEMERROR APPID_NOT_EXIST",
                            "MCHID_NOT_EXIST APPID_MCHID_NOT_MATCH LACK_PARAMS OUT_TRADE_NO_USED SIGNERROR",
                            "XML_FORMAT_ERROR REQUIRE_POST_METHOD POST_DATA_EMPTY NOT_UTF8 PARAM_ERROR")),
            entry(
                    Call.CODE_PAY,
                    codes(
                            "SYSTEMERROR PARAM_ERROR ORDERPAID NOAUTH AUTHCODEEXPIRE NOTENOUGH NOTSUPORTCARD ORDERCLOSED",
                            "ORDERREVERSED BANKERROR USERPAYING AUTH_CODE_ERROR AUTH_CODE_INVALID XML_FORMAT_ERROR",
                            "REQUIRE_POST_METHOD SIGNERROR LACK_PARAMS NOT_UTF8 BUYER_MISMATCH APPID_NOT_EXIST",
                            "MCHID_NOT_EXIST OUT_TRADE_NO_USED APPID_MCHID_NOT_MATCH INVALID_REQUEST TRADE_ERROR",
                            "RULELIMIT")),
            entry(Call.QUERY, codes("ORDERNOTEXIST SYSTEMERROR")),
            entry(
                    Call.CLOSE,
                    codes(
                            "ORDERPAID SYSTEMERROR ORDERNOTEXIST ORDERCLOSED SIGNERROR REQUIRE_POST_METHOD",
                            "XML_FORMAT_ERROR TRADE_STATE_ERROR")),
            entry(
                    Call.REVERSE,
                    codes(
                            "SYSTEMERROR INVALID_TRANSACTIONID PARAM_ERROR REQUIRE_POST_METHOD SIGNERROR XML_FORMAT_ERROR",
                            "REVERSE_EXPIRE INVALID_REQUEST TRADE_ERROR TRADE_STATE_ERROR USERPAYING")),
            entry(
                    Call.REFUND,
                    codes(
                            "SYSTEMERROR BIZERR_NEED_RETRY TRADE_OVERDUE ERROR USER_ACCOUNT_ABNORMAL INVALID_REQ_TOO_MUCH",
                            "NOTENOUGH INVALID_TRANSACTIONID PARAM_ERROR APPID_NOT_EXIST MCHID_NOT_EXIST ORDERNOTEXIST",
                            "REQUIRE_POST_METHOD SIGNERROR XML_FORMAT_ERROR FREQUENCY_LIMITED")),
            entry(
                    Call.QUERY_REFUND,
                    codes(
                            "SYSTEMERROR REFUNDNOTEXIST INVALID_TRANSACTIONID PARAM_ERROR APPID_NOT_EXIST MCHID_NOT_EXIST",
                            "REQUIRE_POST_METHOD SIGNERROR XML_FORMAT_ERROR")),
            entry(
                    Call.BILL,
                    List.of(
                            "SYSTEMERROR",
                            "invalid bill_type",
                            "data format error",
                            "missing parameter",
                            "SIGN ERROR",
                            "No Bill Exist",
                            "Bill Creating",
                            "CompressGZip Error",
                            "UnCompressGZip Error",
                            "20002")));

    /** {@code errcode} of the login, and the codes that the adapter itself raises there. */
    private static final List<String> LOGIN =
            codes("40029 40163 41008 40013 40125 40001 40226 45011 -1 snapshot secret");

    @Override
    protected PaymentProvider provider() {
        return new WxpayProvider();
    }

    @Override
    protected ErrorDictionary dictionary() {
        return ErrorDictionary.beside(WxpayProvider.class);
    }

    @Override
    protected Map<Call, List<String>> documented() {
        var all = new EnumMap<Call, List<String>>(Call.class);
        for (var call : Call.values()) {
            var codes = new ArrayList<>(V3.getOrDefault(call, LOGIN));
            codes.addAll(V2.getOrDefault(call, List.of()));
            codes.addAll(V3_OLDER);
            all.put(call, codes);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "NO_AUTH, NOAUTH",
        "RULE_LIMIT, RULELIMIT",
        "ACCOUNT_ERROR, ACCOUNTERROR",
        "BANK_ERROR, BANKERROR",
        "ORDER_NOT_EXIST, ORDERNOTEXIST",
        "SYSTEM_ERROR, SYSTEMERROR",
        "ORDERPAID, ORDER_PAID",
        "ORDER_CLOSED, ORDERCLOSED",
        "NOT_ENOUGH, NOTENOUGH",
        "MCH_NOT_EXISTS, MCHID_NOT_EXIST",
        "SIGN_ERROR, SIGNERROR",
        "SIGN_ERROR, SIGN ERROR",
        "NO_STATEMENT_EXIST, No Bill Exist",
        "STATEMENT_CREATING, Bill Creating",
    })
    void explains_a_code_in_its_old_and_new_spelling(String newer, String older) {
        for (var call : Call.values()) {
            assertThat(explained(call, older)).isEqualTo(explained(call, newer));
        }
        assertThat(explained(Call.CREATE, older).code()).isEqualTo(newer);
    }

    @Test
    void insufficient_money_is_the_fault_of_the_payer_in_a_payment_and_of_the_merchant_in_a_refund() {
        var paying = explained(Call.CODE_PAY, "NOT_ENOUGH");
        var refunding = explained(Call.REFUND, "NOTENOUGH");

        assertThat(paying.fault()).isEqualTo(Fault.PAYER);
        assertThat(paying.retry()).isEqualTo(Retry.NEW_CODE);
        assertThat(refunding.fault()).isEqualTo(Fault.MERCHANT);
        assertThat(refunding.retry()).isEqualTo(Retry.SAME_LATER);
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEMERROR, REFUND, SAME_LATER",
        "BIZERR_NEED_RETRY, REFUND, SAME_LATER",
        "FREQUENCY_LIMITED, REFUND, SAME_LATER",
        "NOT_ENOUGH, REFUND, SAME_LATER",
        "INVALID_REQ_TOO_MUCH, REFUND, SAME_LATER",
        "SYSTEM_ERROR, REFUND, SAME_LATER",
        "USER_ACCOUNT_ABNORMAL, REFUND, NO",
        "SIGN_ERROR, REFUND, NO",
        "SYSTEMERROR, CODE_PAY, ASK_FIRST",
        "BANKERROR, CODE_PAY, ASK_FIRST",
        "USERPAYING, CODE_PAY, ASK_FIRST",
        "USERPAYING, REVERSE, SAME_LATER",
        "AUTHCODEEXPIRE, CODE_PAY, NEW_CODE",
        "INVALID_REQUEST, CREATE, NEW_NUMBER",
        "ORDER_CLOSED, CREATE, NEW_NUMBER",
        "RESOURCE_NOT_EXISTS, REFUND, NO",
        "RESOURCE_NOT_EXISTS, QUERY_REFUND, SAME_LATER",
    })
    void says_whether_and_how_to_retry(String code, Call call, Retry retry) {
        assertThat(explained(call, code).retry()).isEqualTo(retry);
    }
}
