package io.cashdesk.provider.vkspay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a payer reads and sees: of both wallets, or of the one that the merchant has chosen. */
final class VkspayPresentation {
    /** {@code provider_pay_method} of WeChat. */
    static final String WECHAT = "wxpay";

    /** {@code provider_pay_method} of Alipay. */
    static final String ALIPAY = "alipay";

    private VkspayPresentation() {}

    private static final Presentation ANY = look(
            new LocalizedText("微信或支付宝", "WeChat or Alipay"),
            new LocalizedText("微信或支付宝", "WeChat or Alipay"),
            new LocalizedText("打开付款页面", "Open the payment page"),
            "vkspay.svg",
            new Presentation.Scanning(
                    new LocalizedText("微信或支付宝付款二维码", "QR code for WeChat or Alipay"),
                    new LocalizedText("打开微信或支付宝，使用“扫一扫”", "Open WeChat or Alipay, and use its Scan"),
                    new LocalizedText("请用另一台手机上的微信或支付宝扫码", "Scan with WeChat or Alipay on another phone"),
                    Optional.empty()));

    private static final Map<String, Presentation> ONE = Map.of(
            WECHAT,
            look(
                    new LocalizedText("微信支付", "WeChat Pay"),
                    new LocalizedText("微信", "WeChat"),
                    new LocalizedText("打开微信支付", "Open WeChat Pay"),
                    "wxpay.svg",
                    new Presentation.Scanning(
                            new LocalizedText("微信支付二维码", "QR code for WeChat Pay"),
                            new LocalizedText("打开微信，点右上角“＋”，选择“扫一扫”", "Open WeChat, tap + at the top right, then Scan"),
                            new LocalizedText("请用另一台手机上的微信扫码", "Scan with WeChat on another phone"),
                            Optional.empty())),
            ALIPAY,
            look(
                    new LocalizedText("支付宝", "Alipay"),
                    new LocalizedText("支付宝", "Alipay"),
                    new LocalizedText("打开支付宝付款", "Open Alipay"),
                    "alipay.svg",
                    new Presentation.Scanning(
                            new LocalizedText("支付宝付款二维码", "QR code for Alipay"),
                            new LocalizedText("打开支付宝，点首页“扫一扫”", "Open Alipay and tap Scan"),
                            new LocalizedText("请用另一台手机上的支付宝扫码", "Scan with Alipay on another phone"),
                            Optional.of("https://qr.alipay.com/"))));

    /** @param payMethod an empty text: any */
    static Presentation of(String payMethod) {
        return ONE.getOrDefault(payMethod, ANY);
    }

    private static Presentation look(
            LocalizedText name, LocalizedText wallet, LocalizedText open, String mark, Presentation.Scanning scanning) {
        return new Presentation(
                name,
                wallet,
                open,
                mark,
                30,
                scanning,
                new LocalizedText(
                        name.zh() + "在此处无法使用：请点右上角“…”，选择“在浏览器打开”，或在电脑上打开此页面扫码付款。",
                        name.en()
                                + " cannot be used here. Tap … at the top and choose “Open in browser”,"
                                + " or open this page on a computer and scan."),
                Presentation.NO_BROWSER,
                Set.of()); // signatures are in the form or in the query
    }
}
