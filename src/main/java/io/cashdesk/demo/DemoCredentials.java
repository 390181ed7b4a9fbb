package io.cashdesk.demo;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What the shop was told when it signed up. Read at each use, because the launcher writes it after the server's start. */
@ApplicationScoped
class DemoCredentials {
    @Inject
    Settings settings;

    /** @param base the public address of the payment server, and of this shop, without a slash at its end */
    record Contract(String base, String key, String webhookSecret) {
        /** Enough of the key to recognise it. */
        String keyBegins() {
            return key.substring(0, Math.min(12, key.length())) + "…";
        }
    }

    /** Where there is no contract there is no shop. */
    Contract contract() {
        var file = settings.demoFile().map(Path::of).filter(Files::isReadable).orElseThrow(NotFoundException::new);
        var written = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            written.load(reader);
        } catch (IOException e) {
            throw new NotFoundException(e);
        }
        var base = written.getProperty("base_url");
        var key = written.getProperty("key");
        var secret = written.getProperty("webhook_secret");
        if (base == null || key == null || secret == null) throw new NotFoundException();
        return new Contract(base, key, secret);
    }
}
