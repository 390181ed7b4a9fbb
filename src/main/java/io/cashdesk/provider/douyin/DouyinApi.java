package io.cashdesk.provider.douyin;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.CallerInput;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;
import io.cashdesk.provider.SettlementReport;
import io.cashdesk.provider.SettlementRequest;
import java.util.List;

/** What each dialect does in its own way; the promises are those of the interfaces of {@code provider}. */
interface DouyinApi {
    /** Checks {@code other}. */
    void checkInput(AccountSettings settings, CallerInput input);

    Created create(AccountSettings settings, PaymentRequest request);

    PaymentPrompt refresh(AccountSettings settings, PaymentPrompt.CallWallet prompt);

    ProviderReport query(AccountSettings settings, AttemptRef attempt);

    RefundReport refund(AccountSettings settings, RefundRequest request);

    RefundReport queryRefund(AccountSettings settings, RefundRequest request);

    void decide(AccountSettings settings, AttemptRef attempt, String refundId, boolean accepted, String reason);

    SettlementReport settle(AccountSettings settings, SettlementRequest request);

    SettlementReport querySettlement(AccountSettings settings, SettlementRequest request);

    List<SettlementReport.Succeeded> settledWithoutUs(AccountSettings settings, SettlementRequest request);

    ParsedNotification read(AccountSettings settings, RawNotification notification);
}
