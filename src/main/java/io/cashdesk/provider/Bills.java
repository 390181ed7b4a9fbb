package io.cashdesk.provider;

import java.time.LocalDate;

/** A provider that writes a bill of each day. */
public interface Bills {
    /**
     * @param sub whose bill, or {@link SubMerchant#NONE}: all merchants'
     * @param day a day that is over, in Beijing
     * @param type the provider's own word: "ALL", "SUCCESS", "REFUND"
     * @return the bill, word for word
     * @throws ProviderFailure DECLINED if there is none (yet)
     */
    String tradeBill(AccountSettings account, SubMerchant sub, LocalDate day, String type);
}
