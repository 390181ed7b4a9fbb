package io.cashdesk.provider.wxpayvirtual;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProviderName;
import java.util.Optional;
import java.util.Set;

/** What virtual payment is called and looks like. It is on no page: only a mini-program can use it. */
final class VirtualPresentation {
    static final ProviderName NAME = new ProviderName("wxpay-virtual");

    private static final LocalizedText IN_MINI_PROGRAM =
            new LocalizedText("请在微信小程序里付款", "Pay inside the WeChat mini-program");

    static final Presentation VIRTUAL = new Presentation(
            new LocalizedText("微信虚拟支付", "WeChat virtual payment"),
            new LocalizedText("微信", "WeChat"),
            new LocalizedText("打开微信支付", "Open WeChat Pay"),
            "wxpay.svg",
            15,
            new Presentation.Scanning(
                    new LocalizedText("小程序内支付", "Payment inside a mini-program"),
                    IN_MINI_PROGRAM,
                    IN_MINI_PROGRAM,
                    Optional.empty()),
            new LocalizedText(
                    "虚拟支付只能在微信小程序里使用，请打开小程序付款。",
                    "Virtual payment works in the WeChat mini-program only. Open it to pay."),
            Presentation.NO_BROWSER,
            Set.of());

    private VirtualPresentation() {}
}
