package io.cashdesk.ground.page;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.messageresolver.IMessageResolver;

/**
 * The message texts of the pages, one bundle for each group of pages: {@code messages/<bundle>[_zh].properties}. The
 * first part of a key names its bundle ("checkout.paid.title" is in the bundle "checkout"). A missing key is an error,
 * so that no page shows a raw key to a payer.
 */
public class Messages implements IMessageResolver {
    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    /**
     * The text of this key with its arguments inserted ({@link MessageFormat}).
     *
     * @throws java.util.MissingResourceException if the bundle or the key does not exist
     */
    public static String text(Locale language, String key, Object... arguments) {
        var name = key.substring(0, key.indexOf('.'));
        var bundle =
                ResourceBundle.getBundle("messages/" + name, language, Messages.class.getClassLoader(), NO_FALLBACK);
        return new MessageFormat(bundle.getString(key), language).format(arguments);
    }

    @Override
    public String getName() {
        return "messages by bundle";
    }

    @Override
    public Integer getOrder() {
        return 1;
    }

    @Override
    public String resolveMessage(ITemplateContext context, Class<?> origin, String key, Object[] parameters) {
        return text(context.getLocale(), key, parameters == null ? List.of().toArray() : parameters);
    }

    @Override
    public String createAbsentMessageRepresentation(
            ITemplateContext context, Class<?> origin, String key, Object[] parameters) {
        throw new IllegalStateException("no text for " + key);
    }
}
