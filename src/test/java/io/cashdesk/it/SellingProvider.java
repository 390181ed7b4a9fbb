package io.cashdesk.it;

import io.cashdesk.provider.AccountSettings;
import io.cashdesk.provider.ParsedNotification;
import io.cashdesk.provider.Presentation;
import io.cashdesk.provider.Purchase;
import io.cashdesk.provider.RawNotification;
import io.cashdesk.provider.SellsInStore;
import io.cashdesk.provider.TinyProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A provider with a store of its own, whose notifications are names of what a test has prepared. */
@ApplicationScoped
public class SellingProvider extends TinyProvider implements SellsInStore {
    private final Map<String, ParsedNotification.OfPurchase> messages = new ConcurrentHashMap<>();

    public SellingProvider() {
        super("selling", 91, Presentation.NO_BROWSER);
    }

    /** From now on a notification of this name says this. */
    public void prepare(String name, ParsedNotification.OfPurchase content) {
        messages.put(name, content);
    }

    @Override
    public ParsedNotification read(AccountSettings account, RawNotification notification) {
        return new ParsedNotification(notification.text(), "test", messages.get(notification.text()));
    }

    @Override
    public Optional<Purchase> verify(AccountSettings account, Proof proof) {
        return Optional.empty();
    }

    @Override
    public boolean answerUsage(AccountSettings account, Purchase purchase, Optional<Boolean> delivered) {
        return false;
    }
}
