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
 * Where connections come from. The server pools them and makes them part of its transactions (the pool itself is described in
 * {@code WEB-INF/cashdesk-ds.xml}); the address comes from {@link Settings}, so the server itself needs no configuration. The
 * real configuration sits in an inner delegate, because the pool calls setters of this class with its own empty defaults.
 */
public class CashdeskDataSource implements DataSource {
    /** For JNDI and persistence.xml. */
    public static final String NAME = "java:jboss/datasources/cashdesk";

    private final DataSource delegate = open(new Settings());
    private String applicationName;

    /**
     * A plain, unpooled source for the same database: for the connection that listens, and for tools. What the operator's address
     * says stands; what it does not say is chosen so that a database that has gone, or moved to another host, is noticed in seconds.
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
        if (silentAbout(url, "connectTimeout")) source.setConnectTimeout(3);
        if (silentAbout(url, "socketTimeout"))
            source.setSocketTimeout(20); // longer than any statement waits for a lock
        if (url.substring(0, (url + "?").indexOf('?')).contains(",")) { // several hosts: the one that takes writes
            if (silentAbout(url, "targetServerType")) source.setTargetServerType("primary");
            if (silentAbout(url, "hostRecheckSeconds")) source.setHostRecheckSeconds(1);
        }
        return source;
    }

    /** The address as the driver takes it; who is named in a {@code postgres://} address goes into the source. */
    private static String jdbc(String url, PGSimpleDataSource source) {
        if (!url.startsWith("postgres://") && !url.startsWith("postgresql://")) return url;
        var uri = URI.create(url);
        var authority = uri.getRawAuthority(); // several hosts make it one that URI does not take apart
        var at = authority.lastIndexOf('@');
        if (at >= 0) {
            var parts = authority.substring(0, at).split(":", 2);
            source.setUser(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
            if (parts.length > 1) source.setPassword(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return "jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private static boolean silentAbout(String url, String parameter) {
        return !url.contains("?" + parameter + "=") && !url.contains("&" + parameter + "=");
    }

    public String getApplicationName() {
        return applicationName;
    }

    /** Named in the pool's description because the server wants at least one property; see {@link #open} for the real one. */
    public void setApplicationName(String applicationName) {
        this.applicationName = applicationName;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return PooledConnection.of(delegate.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection(); // the pool passes its own empty user; ours is in the delegate
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
