package io.cashdesk.bench;

import java.io.Serializable;

/**
 * One kind of HTTP request, sent by sixteen users without a pause.
 *
 * @param name the name under which its figures are reported
 * @param length how long or how often
 * @param after an SQL statement that is executed when all its requests are answered, or an empty text
 */
record Work(String name, Request request, Length length, String after) implements Serializable {
    /** How many users send requests at the same time, each on a connection of its own. */
    static final int USERS = 16;

    /**
     * What is sent. In the body, {@code #{n}} is a number that no other request of the work has, and {@code #{form}} is
     * the next line of the file.
     *
     * @param bearer the API key, or an empty text
     * @param body empty for a GET
     * @param forms a CSV file with the column "form", or an empty text
     */
    record Request(String path, String contentType, String bearer, String body, String forms) implements Serializable {}

    /**
     * Either a time or a number of requests.
     *
     * @param warmUpSeconds before the measured time
     * @param seconds the measured time; 0 if the number counts
     * @param requests of all users together, a multiple of {@link #USERS}; 0 if the time counts
     */
    record Length(int warmUpSeconds, int seconds, int requests) implements Serializable {
        static Length seconds(int warmUpSeconds, int seconds) {
            return new Length(warmUpSeconds, seconds, 0);
        }

        static Length requests(int requests) {
            return new Length(0, 0, requests);
        }
    }

    /** The name under which the requests of the warm-up are reported. */
    String warmUp() {
        return name + ", warm-up";
    }

    /** The same under another name. */
    Work named(String name) {
        return new Work(name, request, length, after);
    }
}
