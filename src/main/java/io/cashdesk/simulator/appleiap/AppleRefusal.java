package io.cashdesk.simulator.appleiap;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/**
 * A call that the App Store Server API refuses, with one of Apple's error codes, whose first three digits are the HTTP
 * status.
 *
 * @see <a href="https://developer.apple.com/documentation/appstoreserverapi/error-codes">the codes</a>
 */
final class AppleRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    private AppleRefusal(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static AppleRefusal badRequest() {
        return new AppleRefusal(4000000, "Bad request.");
    }

    static AppleRefusal transactionId() {
        return new AppleRefusal(4000006, "Invalid transaction id.");
    }

    static AppleRefusal notFound() {
        return new AppleRefusal(4040010, "Transaction id not found.");
    }

    static AppleRefusal noUrl() {
        return new AppleRefusal(
                4040007,
                "No App Store Server Notification URL found for provided app. Check that a URL is configured.");
    }

    static AppleRefusal noTest() {
        return new AppleRefusal(
                4040008,
                "Either the test notification token is expired or the notification and status are not yet available.");
    }

    static AppleRefusal startDate() {
        return new AppleRefusal(
                4000015, "Invalid request. The start date is not a timestamp value represented in milliseconds.");
    }

    static AppleRefusal endDate() {
        return new AppleRefusal(
                4000016, "Invalid request. The end date is not a timestamp value represented in milliseconds.");
    }

    static AppleRefusal endBeforeStart() {
        return new AppleRefusal(
                4000013, "Invalid request. The end date precedes the start date or the dates are the same.");
    }

    static AppleRefusal page(int code, String what) {
        return new AppleRefusal(code, "Invalid request. The " + what + " is not valid.");
    }

    static AppleRefusal customerConsented() {
        return new AppleRefusal(
                4000035, "Invalid request. The customerConsented field is invalid. Set the value to true.");
    }

    static AppleRefusal deliveryStatus() {
        return new AppleRefusal(4000036, "Invalid request. The deliveryStatus field is invalid.");
    }

    static AppleRefusal sampleContent() {
        return new AppleRefusal(4000041, "Invalid request. The sampleContentProvided field is invalid.");
    }

    static AppleRefusal familyShared() {
        return new AppleRefusal(4000185, "Invalid request. Family transactions aren't supported by this endpoint.");
    }

    static AppleRefusal internal() {
        return new AppleRefusal(5000001, "An unknown error occurred. Please try again.");
    }

    int status() {
        return code / 10_000;
    }

    int code() {
        return code;
    }

    JsonObject json() {
        return Json.createObjectBuilder()
                .add("errorCode", code)
                .add("errorMessage", getMessage())
                .build();
    }
}
