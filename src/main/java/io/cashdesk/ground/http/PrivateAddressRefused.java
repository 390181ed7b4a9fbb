package io.cashdesk.ground.http;

import java.io.IOException;

/** A host name resolves to a private address, which is not allowed for URLs of merchants. */
public class PrivateAddressRefused extends IOException {
    PrivateAddressRefused(String message) {
        super(message);
    }
}
