package io.cashdesk.provider.douyin;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import java.util.Optional;
import java.util.Set;

/** What Douyin Pay is called and looks like. It is on no page: only a mini-program inside Douyin can use it. */
final class DouyinPresentation {
    private static final LocalizedText IN_MINI_PROGRAM =
            new LocalizedText("请在抖音小程序里付款", "Pay inside the Douyin mini-program");

    static final Presentation DOUYIN = new Presentation(
            new LocalizedText("抖音支付", "Douyin Pay"),
            new LocalizedText("抖音", "Douyin"),
            new LocalizedText("打开抖音付款", "Open Douyin"),
            "douyin.svg",
            40,
            new Presentation.Scanning(
                    new LocalizedText("小程序内支付", "Payment inside a mini-program"),
                    IN_MINI_PROGRAM,
                    IN_MINI_PROGRAM,
                    Optional.empty()),
            new LocalizedText(
                    "抖音支付只能在抖音里使用：请打开抖音，进入商家的小程序，在订单中付款。",
                    "Douyin Pay works inside Douyin only. Open Douyin, go to the shop's mini-program, and pay for your order"
                            + " there."),
            Presentation.NO_BROWSER,
            Set.of(
                    "byte-timestamp",
                    "byte-nonce-str",
                    "byte-signature")); // of the trade system; ecpay's is in the body

    private DouyinPresentation() {}
}
