package io.cashdesk.simulator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** The table {@code sim_platform}: the key pairs with which the simulated providers sign. */
@ApplicationScoped
public class PlatformKeys {
    @Inject
    SimulatorDatabase database;

    @Inject
    Clock clock;

    /** A provider's key pair, made at first use. A provider with several key pairs has a name for each. */
    public PlatformKey get(String name) {
        return get(name, () -> {
            var pair = Rsa.newPair();
            var serial = SelfSignedCertificate.newSerial();
            return new PlatformKey(
                    Rsa.base64(pair.getPrivate()),
                    Rsa.base64(pair.getPublic()),
                    SelfSignedCertificate.pem(pair, PlatformKey.commonName(name), serial, clock.instant()),
                    SelfSignedCertificate.serialText(serial));
        });
    }

    /** @param newKey makes the key pair at first use, for a provider whose keys are of another kind */
    public PlatformKey get(String name, Supplier<PlatformKey> newKey) {
        var known = find(name);
        if (known.isPresent()) return known.get();
        var made = newKey.get();
        database.update(
                "insert into sim_platform values (?, ?, ?, ?, ?) on conflict do nothing",
                name,
                made.privateKey(),
                made.publicKey(),
                made.certificate(),
                made.serial());
        return find(name).orElseThrow(); // this one, or another node's of the same moment
    }

    private Optional<PlatformKey> find(String name) {
        return database.first(
                "select * from sim_platform where provider = ?",
                r -> new PlatformKey(
                        r.getString("private_key"),
                        r.getString("public_key"),
                        r.getString("certificate"),
                        r.getString("serial")),
                name);
    }
}
