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
 * The HTTP client that the providers' SDKs use. The transport never repeats a request by itself, because only the
 * caller knows whether a call is safe to repeat.
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

    /** Called by the container; tests outside of a container call it themselves. */
    @PostConstruct
    public void open() {
        client = new OkHttpClient.Builder()
                .connectTimeout(CONNECT)
                .readTimeout(settings.providerTimeout())
                .callTimeout(settings.providerTimeout().plus(CONNECT))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                // shorter than the eight seconds after which WeChat Pay closes an idle connection, so that no request
                // is
                // written to a closed one
                .connectionPool(new ConnectionPool(64, 5, TimeUnit.SECONDS))
                .build();
    }

    @PreDestroy
    void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** The shared client; adapters derive clients with {@code newBuilder()}, which share its connections. */
    public OkHttpClient client() {
        return client;
    }

    /** Whether a failure proves that no byte of the request was sent, so that repeating the call is safe. */
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
