package io.cashdesk.reconciliation;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.ProviderCalls;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.merchant.Mode;
import io.cashdesk.provider.Bills;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.PayType;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.ProviderFailure;
import io.cashdesk.provider.Providers;
import io.cashdesk.provider.SubMerchant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.time.LocalDate;
import java.util.UUID;

/** Downloads the daily bill of a provider account, unchanged. */
@ApplicationScoped
public class TradeBills {
    @Inject
    Accounts accounts;

    @Inject
    Providers providers;

    @Inject
    ProviderCalls calls;

    /**
     * The bill of one day, as text.
     *
     * @param payTypeText selects the provider account
     * @param subMchId one of the sub-merchants that the node lists, or an empty text for all of them
     * @throws io.cashdesk.ground.problem.Problem if the provider has no bills, no account is configured, or the call
     *     failed
     */
    public String of(UUID merchant, Mode mode, String payTypeText, String subMchId, LocalDate day, String type) {
        var payType = PayType.of(payTypeText);
        var provider = providers.named(payType.provider().value());
        if (!(provider instanceof Bills bills)) {
            throw ProblemType.notSupported(
                    new LocalizedText(provider.name() + " 的账单", "bills of " + provider.name()),
                    new LocalizedText("请在渠道的商户后台下载", "download them from its console"));
        }
        var account = accounts.toPayThrough(merchant, mode, provider, payType)
                .orElseThrow(() -> ProblemType.PROVIDER_NOT_CONFIGURED.with(payType));
        var listed = account.values().getJsonArray("subMerchants");
        if (!subMchId.isEmpty()
                && (listed == null || listed.stream().noneMatch(v -> v.equals(Json.createValue(subMchId))))) {
            throw ProblemType.SUB_MERCHANT.with(
                    Configuration.nameOf(provider.name(), account.node()),
                    new LocalizedText(
                            "sub_mchid " + subMchId + " 不在该节点的 subMerchants 中",
                            "sub_mchid " + subMchId + " is not among its subMerchants"));
        }
        try {
            return calls.call(account, () -> bills.tradeBill(account, new SubMerchant(subMchId, "", ""), day, type));
        } catch (ProviderFailure e) {
            throw ProviderCalls.problem(provider, PaymentProvider.Call.BILL, e);
        }
    }
}
