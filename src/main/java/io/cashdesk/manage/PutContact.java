package io.cashdesk.manage;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.merchant.Contact;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads a merchant's {@code contact}: what is absent stays, {@code null} removes, of the whole object as of its fields.
 */
final class PutContact {
    private static final String NAME = "contact";

    /** What a telephone accepts, for instance {@code +86 (10) 8888-6666}. */
    private static final Pattern PHONE = Pattern.compile("[0-9+() -]{3,32}");

    private static final int FEWEST_DIGITS = 3;

    private static final int LONGEST_EMAIL = 254;

    /** As a browser's {@code input type=email} reads it (HTML, "valid e-mail address"), with a dot in the domain. */
    private static final Pattern EMAIL = Pattern.compile("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
            + "@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
            + "(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+");

    private static final LocalizedText PHONE_RULE = new LocalizedText(
            "3 至 32 个字符的电话号码，只含数字、空格及 + - ( )，至少 3 位数字",
            "a phone number of 3 to 32 characters: digits, spaces and + - ( ), at least three digits");

    private static final LocalizedText EMAIL_RULE = new LocalizedText(
            "一个邮箱地址，例如 \"help@shop.example\"，最多 254 个字符",
            "one e-mail address like \"help@shop.example\", of at most 254 characters");

    private PutContact() {}

    /** @param body the body of the call */
    static Contact changed(Contact stored, JsonBody body) {
        if (body.json().get(NAME) == JsonValue.NULL) return Contact.NONE;
        var contact = body.object(NAME);
        if (contact.isEmpty()) return stored;
        var fields = contact.get().only("phone", "email");
        return new Contact(
                field(fields, "phone", stored.phone(), PutContact::isPhone, PHONE_RULE),
                field(fields, "email", stored.email(), PutContact::isEmail, EMAIL_RULE));
    }

    private static Optional<String> field(
            JsonBody contact, String name, Optional<String> stored, Predicate<String> valid, LocalizedText rule) {
        if (!contact.json().containsKey(name)) return stored;
        if (!contact.has(name)) return Optional.empty();
        return contact.text(name, LONGEST_EMAIL).filter(valid).or(() -> {
            throw contact.malformed(name, rule);
        });
    }

    private static boolean isPhone(String text) {
        return PHONE.matcher(text).matches()
                && text.chars().filter(Character::isDigit).count() >= FEWEST_DIGITS;
    }

    private static boolean isEmail(String text) {
        return text.length() <= LONGEST_EMAIL && EMAIL.matcher(text).matches();
    }
}
