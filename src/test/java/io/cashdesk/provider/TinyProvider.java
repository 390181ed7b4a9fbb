package io.cashdesk.provider;

import io.cashdesk.ground.problem.LocalizedText;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A provider with one product and no capability: what an adapter is at least. */
public class TinyProvider implements PaymentProvider {
    private final ProviderName name;
    private final PayType page;
    private final int position;
    private final Predicate<Client> ownBrowser;

    public TinyProvider(String name, int position, Predicate<Client> ownBrowser) {
        this.name = new ProviderName(name);
        this.page = new PayType(this.name, "h5");
        this.position = position;
        this.ownBrowser = ownBrowser;
    }

    @Override
    public ProviderName name() {
        return name;
    }

    @Override
    public Presentation presentation() {
        var text = new LocalizedText("小", name.value());
        return new Presentation(
                text,
                text,
                text,
                name + ".svg",
                position,
                new Presentation.Scanning(text, text, text, Optional.empty()),
                text,
                ownBrowser,
                Set.of());
    }

    @Override
    public Map<PayType, ProductRules> products() {
        return Map.of(page, ProductRules.of("h5"));
    }

    @Override
    public PayType payType(Client client) {
        return page;
    }

    @Override
    public Configuration configuration() {
        return new Configuration(Set.of("h5"), Set.of("key"), URI.create("https://" + name + ".example"));
    }

    @Override
    public void check(AccountSettings account) {
        if (account.text("mchId").isEmpty()) throw new IllegalArgumentException("mchId must be the merchant number");
    }

    @Override
    public Identity identity(AccountSettings account) {
        return new Identity(account.text("mchId"), "");
    }

    @Override
    public boolean fits(String outTradeNo) {
        return true;
    }

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return ParsedNotification.onlyKept(notification.text(), "anything");
    }

    @Override
    public Acknowledgement acknowledgement(AccountSettings account, RawNotification notification) {
        return new Acknowledgement(200, "text/plain", "success");
    }

    @Override
    public Acknowledgement refusal(
            AccountSettings account, RawNotification notification, boolean authentic, String reason) {
        return new Acknowledgement(authentic ? 500 : 401, "text/plain", "fail");
    }
}
