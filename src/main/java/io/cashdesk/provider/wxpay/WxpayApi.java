package io.cashdesk.provider.wxpay;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.Acknowledgement;
import io.cashdesk.provider.Bills;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Closes;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentCode;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.Queries;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import jakarta.json.JsonObject;

/**
 * Everything in which WeChat Pay's API v2 ({@link V2Api}) and API v3 ({@link V3Api}) differ. {@link WxpayProvider}
 * chooses one for each account or notification. A method with the name of one in the provider port has that method's
 * contract.
 */
interface WxpayApi extends Queries, Closes, Bills {
    /** @throws IllegalArgumentException with a sentence that names the wrong key and its expected value */
    void check(AccountSettings account);

    /** Whether a payment by code must name the store in which the code was scanned. */
    boolean needsStore();

    /** Checks the caller's extra parameters for a payment; see {@link WxpayProvider#checkInput}. */
    void checkOther(Product product, JsonObject other);

    /** Checks the texts of a call that are sent beside {@code other}; see {@link WxpayProvider#checkInput}. */
    void checkTexts(AccountSettings account, CallerInput input);

    /** In which field of {@code orderInfo} the address of {@link Product#MOBILE_PAGE} is. */
    String pageField();

    PaymentPrompt create(AccountSettings account, PaymentRequest request);

    /** The parameters with which a wallet opens the cashier, signed with the present time; makes no network call. */
    JsonObject walletParameters(AccountSettings account, Product product, PrepayId prepayId);

    ProviderReport collect(AccountSettings account, PaymentRequest request, PaymentCode code);

    RefundReport refund(AccountSettings account, RefundRequest request);

    RefundReport queryRefund(AccountSettings account, RefundRequest request);

    ParsedNotification read(AccountSettings account, RawNotification notification);

    Acknowledgement acknowledgement();

    Acknowledgement refusal(boolean authentic, String reason);
}
