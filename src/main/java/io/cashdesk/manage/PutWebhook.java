package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.webhook.EndpointSettings;
import io.cashdesk.webhook.Endpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes or changes a webhook endpoint of a merchant. */
@ApplicationScoped
class PutWebhook {
    private static final List<String> EVENTS = List.of(
            "payment.paid",
            "payment.closed",
            "payment.late",
            "payment.duplicate",
            "refund.succeeded",
            "refund.failed",
            "refund.requested",
            "refund.request_closed");

    @Inject
    Endpoints endpoints;

    @Inject
    Settings settings;

    /** @return the secret */
    String of(Merchant merchant, String name, JsonBody body) {
        body.only("url", "secret", "events", "types", "mode", "format", "env_id");
        if (!name.matches("[0-9A-Za-z_-]{1,64}")) {
            throw ProblemType.field("name", PutMerchant.NAME, LocalizedText.quoted(name));
        }
        var url = body.requiredText("url", 1024);
        checkUrl(url);
        var format = body.text("format", 16).orElse("standard");
        if (!List.of("standard", "cloudpay").contains(format)) {
            throw body.malformed("format", LocalizedText.oneOf(List.of("standard", "cloudpay")));
        }
        var secret = secret(body);
        var events = body.texts("events", EVENTS.size(), 64).orElse(List.of());
        for (var event : events) {
            if (!EVENTS.contains(event))
                throw ProblemType.field("events", LocalizedText.oneOf(EVENTS), LocalizedText.quoted(event));
        }
        var settings = new EndpointSettings(
                url,
                events,
                body.texts("types", 100, 64).orElse(List.of()),
                ManageResource.mode(body),
                format,
                body.text("env_id", 64));
        return endpoints.put(merchant.id(), name, settings, secret);
    }

    private void checkUrl(String url) {
        try {
            var uri = new URI(url);
            var demoShop = settings.demoFile().isPresent() && url.startsWith(settings.baseUrl() + "/demo/");
            var plainAllowed = settings.development() || demoShop;
            var scheme = String.valueOf(uri.getScheme());
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && (scheme.equals("https") || (scheme.equals("http") && plainAllowed))) {
                return;
            }
        } catch (URISyntaxException malformed) {
            // refused below
        }
        throw ProblemType.field(
                "url",
                new LocalizedText(
                        "https 地址（只有 CASHDESK_DEVELOPMENT=true 时才允许 http）",
                        "an https address (http only with CASHDESK_DEVELOPMENT=true)"),
                LocalizedText.quoted(url));
    }

    /** The secret that the caller names, checked. */
    static Optional<String> secret(JsonBody body) {
        var secret = body.text("secret", 256);
        if (secret.isEmpty()) return secret;
        try {
            var text = secret.get();
            var key = text.startsWith("whsec_") ? Base64.getDecoder().decode(text.substring(6)) : new byte[0];
            if (key.length >= 24 && key.length <= 64) return secret;
        } catch (IllegalArgumentException notBase64) {
            // refused below
        }
        throw ProblemType.field(
                "secret",
                new LocalizedText("\"whsec_\" 加 24 至 64 字节的 Base64", "\"whsec_\" and 24 to 64 bytes in Base64"),
                new LocalizedText("其他内容", "something else"));
    }
}
