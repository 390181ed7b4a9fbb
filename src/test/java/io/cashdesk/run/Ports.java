package io.cashdesk.run;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine that servers listen on. */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;

    private Ports() {}

    /**
     * A port on which nothing listens. Not one of those that systems give to outgoing connections (from 32768 on
     * Linux), because a server that is stopped and started again must find its port free.
     */
    public static int free() {
        for (int i = 0; i < 1_000; i++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) return port;
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + LAST);
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
