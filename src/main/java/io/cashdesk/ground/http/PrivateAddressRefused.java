package io.cashdesk.ground.http;

import java.io.IOException;

/** A name that leads into a private network, where we do not go for strangers. */
public class PrivateAddressRefused extends IOException {
    PrivateAddressRefused(String message) {
        super(message);
    }
}
