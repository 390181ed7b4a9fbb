package io.cashdesk.demo;

import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The demo shop's API key and webhook secret, from a file. Read at each use, because the launcher writes it after the
 * server's start.
 */
@ApplicationScoped
class DemoCredentials {
    @Inject
    Settings settings;

    /**
     * The content of the file.
     *
     * @param base the public URL of the payment server and of this shop, without a trailing slash
     */
    record Credentials(String base, String key, String webhookSecret) {
        /** The first 12 characters of the key, to be shown on a page. */
        String keyBegins() {
            return key.substring(0, Math.min(12, key.length())) + "…";
        }
    }

    /**
     * Reads the file; throws {@link NotFoundException} if there is none, so that an installation without demo has no
     * shop.
     */
    Credentials read() {
        var file = settings.demoFile().map(Path::of).filter(Files::isReadable).orElseThrow(NotFoundException::new);
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new NotFoundException(e);
        }
        var base = properties.getProperty("base_url");
        var key = properties.getProperty("key");
        var secret = properties.getProperty("webhook_secret");
        if (base == null || key == null || secret == null) throw new NotFoundException();
        return new Credentials(base, key, secret);
    }
}
