package io.cashdesk.ground.database;

import io.cashdesk.ground.setting.Settings;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The data source that the server's connection pool uses ({@code WEB-INF/cashdesk-ds.xml}); the pool also enlists its
 * connections in JTA transactions. The address comes from {@link Settings}, so the server itself needs no
 * configuration. A delegate holds the driver's configuration, because the pool calls the setters of this class with its
 * own empty defaults.
 */
public class CashdeskDataSource implements DataSource {
    /** The JNDI name; persistence.xml uses the same one. */
    public static final String NAME = "java:jboss/datasources/cashdesk";

    private final DataSource delegate = open(new Settings());
    private String applicationName;

    /**
     * An unpooled source for the same database: for the connection that runs LISTEN, for migrations, and for tools.
     * Parameters in the operator's address have priority; the defaults below detect a lost or moved database within
     * seconds.
     */
    public static PGSimpleDataSource open(Settings settings) {
        var source = new PGSimpleDataSource();
        var url = jdbc(settings.dbUrl(), source);
        source.setURL(url);
        settings.dbUser().ifPresent(source::setUser);
        settings.dbPassword().ifPresent(source::setPassword);
        source.setApplicationName("cashdesk-" + settings.node());
        source.setReWriteBatchedInserts(true);
        source.setTcpKeepAlive(true);
        if (isUnset(url, "connectTimeout")) source.setConnectTimeout(3);
        if (isUnset(url, "socketTimeout")) source.setSocketTimeout(20); // above lock_timeout, 10 s in cashdesk-ds.xml
        if (url.substring(0, (url + "?").indexOf('?'))
                .contains(",")) { // several hosts: use the one that accepts writes
            if (isUnset(url, "targetServerType")) source.setTargetServerType("primary");
            if (isUnset(url, "hostRecheckSeconds")) source.setHostRecheckSeconds(1);
        }
        return source;
    }

    /** The JDBC URL; user and password of a {@code postgres://} address are set on the source. */
    private static String jdbc(String url, PGSimpleDataSource source) {
        if (!url.startsWith("postgres://") && !url.startsWith("postgresql://")) return url;
        var uri = URI.create(url);
        var authority = uri.getRawAuthority(); // URI does not parse an authority with several hosts
        var at = authority.lastIndexOf('@');
        if (at >= 0) {
            var parts = authority.substring(0, at).split(":", 2);
            source.setUser(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
            if (parts.length > 1) source.setPassword(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return "jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private static boolean isUnset(String url, String parameter) {
        return !url.contains("?" + parameter + "=") && !url.contains("&" + parameter + "=");
    }

    public String getApplicationName() {
        return applicationName;
    }

    /**
     * Exists because the pool's description must set at least one property; {@link #open} sets the name that is used.
     */
    public void setApplicationName(String applicationName) {
        this.applicationName = applicationName;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return PooledConnection.of(delegate.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection(); // the pool passes an empty user; the delegate has the configured one
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return delegate.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        delegate.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        delegate.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return delegate.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("logs through the server");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return delegate.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return delegate.isWrapperFor(type);
    }
}
