package io.cashdesk.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.stream.DoubleStream;

/** How many RSA-2048 signatures one core makes in a second with the JDK: the limit of creating payments. */
final class RsaLimit {
    private static final int WARM_UP_SECONDS = 2;
    private static final int SECONDS = 5;

    private RsaLimit() {}

    /** The median of five seconds. */
    static double perSecond() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var key = generator.generateKeyPair().getPrivate();
        for (int i = 0; i < WARM_UP_SECONDS; i++) second(key);
        var seconds = new double[SECONDS];
        for (int i = 0; i < SECONDS; i++) seconds[i] = second(key);
        return DoubleStream.of(seconds).sorted().skip(SECONDS / 2).findFirst().orElseThrow();
    }

    private static double second(PrivateKey key) throws GeneralSecurityException {
        long signatures = 0;
        var from = System.nanoTime();
        var until = from + 1_000_000_000L;
        while (System.nanoTime() < until) {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(new byte[200]);
            signature.sign();
            signatures++;
        }
        return signatures * 1e9 / (System.nanoTime() - from);
    }
}
