package io.cashdesk.ground.http;

import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * The connections over which provider SDKs speak. Nothing is ever sent a second time by the transport itself, because only
 * those who know what a call means may repeat it.
 */
@ApplicationScoped
public class ProviderTransport {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final Settings settings;
    private OkHttpClient client;

    protected ProviderTransport() { // for the container's proxy
        settings = null;
    }

    @Inject
    public ProviderTransport(Settings settings) {
        this.settings = settings;
    }

    /** Called by the container; by hand outside of one. */
    @PostConstruct
    public void open() {
        client = new OkHttpClient.Builder()
                .connectTimeout(CONNECT)
                .readTimeout(settings.providerTimeout())
                .callTimeout(settings.providerTimeout().plus(CONNECT))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                // shorter than the eight seconds after which WeChat Pay hangs up, so that no call meets a dead
                // connection
                .connectionPool(new ConnectionPool(64, 5, TimeUnit.SECONDS))
                .build();
    }

    @PreDestroy
    void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** The shared client; adapters derive their own from it and share its connections. */
    public OkHttpClient client() {
        return client;
    }

    /** Whether a failure proves that nothing reached the other side, so that asking again is safe. */
    public static boolean nothingWasSent(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
            if (cause instanceof SocketTimeoutException && cause.getMessage() != null) {
                var message = cause.getMessage().toLowerCase(Locale.ROOT);
                if (message.contains("connect timed out") || message.contains("failed to connect")) return true;
            }
        }
        return false;
    }
}
