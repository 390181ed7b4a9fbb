package io.cashdesk.ground.database;

import io.cashdesk.ground.setting.Settings;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
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
 * Where connections come from. The server pools them and makes them part of its transactions; the address comes from
 * {@link Settings}, so the server itself needs no configuration. The real configuration sits in an inner delegate, because
 * the pool calls every setter of this class with the annotation's empty defaults.
 */
public class CashdeskDataSource implements DataSource {
    /** For JNDI and persistence.xml. */
    public static final String NAME = "java:app/jdbc/cashdesk";

    private final DataSource delegate = open(new Settings());
    private String applicationName;

    /** One definition for the whole WAR. */
    @DataSourceDefinition(
            name = NAME,
            className = "io.cashdesk.ground.database.CashdeskDataSource",
            minPoolSize = 2,
            maxPoolSize = 20,
            properties = "applicationName=cashdesk")
    @ApplicationScoped
    public static class Definition {}

    /** A plain, unpooled source for the same database: for the connection that listens, and for tools. */
    public static DataSource open(Settings settings) {
        var source = new PGSimpleDataSource();
        var url = settings.dbUrl();
        if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
            var uri = URI.create(url);
            source.setURL("jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
            if (uri.getRawUserInfo() != null) {
                var parts = uri.getRawUserInfo().split(":", 2);
                source.setUser(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
                if (parts.length > 1) source.setPassword(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        } else {
            source.setURL(url);
        }
        settings.dbUser().ifPresent(source::setUser);
        settings.dbPassword().ifPresent(source::setPassword);
        source.setApplicationName("cashdesk-" + settings.node());
        source.setConnectTimeout(5);
        source.setSocketTimeout(60);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    public String getApplicationName() {
        return applicationName;
    }

    /** Named in the definition because the server wants at least one property; see {@link #open} for the real one. */
    public void setApplicationName(String applicationName) {
        this.applicationName = applicationName;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return delegate.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return delegate.getConnection(); // the pool passes its own empty user; ours is in the delegate
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
