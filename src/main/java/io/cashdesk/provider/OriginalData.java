package io.cashdesk.provider;

import jakarta.json.JsonValue;

/**
 * What a merchant's record shows of a notification, without our reading of it. It contains no secret: a signature or an
 * encrypted content proves who sent it, and opens nothing.
 *
 * @param message the message itself: the JSON object that was sent, a form's fields as a JSON object, or the text (XML)
 * @param authAppId the application on whose behalf a service provider collected, or an empty text where it does not say
 * @param sellerId the seller that received the money, likewise
 */
public record OriginalData(JsonValue message, String authAppId, String sellerId) {}
