package io.cashdesk.provider.alipay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import java.util.Optional;
import java.util.Set;

/** What Alipay is called and looks like. */
final class AlipayPresentation {
    private AlipayPresentation() {}

    static final Presentation ALIPAY = new Presentation(
            new LocalizedText("支付宝", "Alipay"),
            new LocalizedText("支付宝", "Alipay"),
            new LocalizedText("打开支付宝付款", "Open Alipay"),
            "alipay.svg",
            20,
            new Presentation.Scanning(
                    new LocalizedText("支付宝付款二维码", "QR code for Alipay"),
                    new LocalizedText("打开支付宝，点首页“扫一扫”", "Open Alipay and tap Scan"),
                    new LocalizedText(
                            "请用另一台手机上的支付宝扫码，或截图后在支付宝“扫一扫”中从相册选取",
                            "Scan with Alipay on another phone, or take a screenshot"
                                    + " and pick it from the album in Alipay's Scan"),
                    Optional.of("https://qr.alipay.com/")),
            new LocalizedText(
                    "支付宝在微信内无法打开：请点右上角“…”，选择“在浏览器打开”。",
                    "Alipay does not open inside WeChat. Tap … at the top and choose “Open in browser”."),
            client -> client.says("alipayclient"),
            Set.of()); // the signature is in the form
}
