package io.cashdesk.provider.appleiap;

import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.ProviderName;
import java.util.Optional;
import java.util.Set;

/** What in-app purchase is called and looks like. It is on no page: only an app can use it. */
final class ApplePresentation {
    static final ProviderName NAME = new ProviderName("appleiap");

    private static final LocalizedText IN_APP =
            new LocalizedText("请在苹果设备上的 App 里购买", "Buy inside the app, on an Apple device");

    static final Presentation APPLE = new Presentation(
            new LocalizedText("Apple 内购", "Apple In-App Purchase"),
            new LocalizedText("App Store", "App Store"),
            new LocalizedText("在 App 内购买", "Buy in the app"),
            "appleiap.svg",
            50,
            new Presentation.Scanning(
                    new LocalizedText("App 内购买", "In-app purchase"), IN_APP, IN_APP, Optional.empty()),
            new LocalizedText(
                    "内购只能在 iPhone、iPad 等苹果设备上的 App 里使用，请打开 App 购买。",
                    "In-app purchases are made in the app on an iPhone, iPad or other Apple device. Open the app to buy."),
            Presentation.NO_BROWSER,
            Set.of()); // the signature is in the body

    private ApplePresentation() {}
}
