package io.cashdesk.ground.http;

import java.io.IOException;

/** A name that leads into a private network, where we do not go for strangers. */
public class PrivateAddress extends IOException {
    PrivateAddress(String message) {
        super(message);
    }
}
