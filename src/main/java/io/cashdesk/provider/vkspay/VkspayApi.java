package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.AttemptRef;
import io.cashdesk.provider.Creates.Created;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.PaymentPrompt;
import io.cashdesk.provider.PaymentRequest;
import io.cashdesk.provider.ProviderReport;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.RefundReport;
import io.cashdesk.provider.RefundRequest;

/** What each dialect does with an account that speaks it. The methods are those of the provider's interfaces. */
interface VkspayApi {
    Created create(AccountSettings settings, PaymentRequest request);

    /**
     * The same page, with a signature of this moment where signatures grow old. Its return address stays: a site
     * refuses another one under the same number.
     */
    default PaymentPrompt.GoTo refresh(AccountSettings settings, PaymentPrompt.GoTo page) {
        return page;
    }

    ProviderReport query(AccountSettings settings, AttemptRef attempt);

    /** Only where the dialect has it. */
    default ProviderReport close(AccountSettings settings, AttemptRef attempt) {
        throw new UnsupportedOperationException("this dialect has no call to close");
    }

    RefundReport refund(AccountSettings settings, RefundRequest request);

    RefundReport queryRefund(AccountSettings settings, RefundRequest request);

    ParsedNotification read(AccountSettings settings, RawNotification raw);
}
