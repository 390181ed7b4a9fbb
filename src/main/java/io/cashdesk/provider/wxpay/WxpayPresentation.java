package io.cashdesk.provider.wxpay;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.wechat.WechatBrowser;
import java.util.Optional;
import java.util.Set;

/** What WeChat Pay is called and looks like. */
final class WxpayPresentation {
    private WxpayPresentation() {}

    static final ProviderName NAME = new ProviderName("wxpay");

    static final Presentation WXPAY = new Presentation(
            new LocalizedText("微信支付", "WeChat Pay"),
            new LocalizedText("微信", "WeChat"),
            new LocalizedText("打开微信支付", "Open WeChat Pay"),
            "wxpay.svg",
            10,
            new Presentation.Scanning(
                    new LocalizedText("微信支付二维码", "QR code for WeChat Pay"),
                    new LocalizedText("打开微信，点右上角“＋”，选择“扫一扫”", "Open WeChat, tap + at the top right, then Scan"),
                    new LocalizedText(
                            "请用另一台设备显示此页面，再用微信扫码；微信不能识别相册中的付款码",
                            "Show this page on another device and scan it with WeChat;"
                                    + " WeChat does not take payment codes from the album"),
                    Optional.empty()),
            new LocalizedText(
                    "微信支付在此处无法使用：请点右上角“…”，选择“在浏览器打开”，或在电脑上打开此页面扫码付款。",
                    "WeChat Pay cannot be used here. Tap … at the top and choose “Open in browser”,"
                            + " or open this page on a computer and scan."),
            WechatBrowser::onPhone,
            Set.of(
                    "wechatpay-nonce",
                    "wechatpay-serial",
                    "wechatpay-signature",
                    "wechatpay-signature-type",
                    "wechatpay-timestamp",
                    "request-id"));
}
