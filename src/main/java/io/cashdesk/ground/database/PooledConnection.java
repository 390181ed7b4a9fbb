package io.cashdesk.ground.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Proxy around a connection in the pool that saves validation round trips. The pool calls {@link Connection#isValid}
 * each time it gives out a connection. A connection that was used less than one second ago is reported valid without a
 * round trip, unless any connection of this node was found dead since.
 */
final class PooledConnection implements InvocationHandler {
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int VALIDATION_TIMEOUT_SECONDS = 2;

    /** {@link System#nanoTime} at which a connection of this node was last found dead. */
    private static volatile long deadFoundAt = System.nanoTime();

    private final Connection delegate;
    private volatile long usedAt = System.nanoTime();

    private PooledConnection(Connection delegate) {
        this.delegate = delegate;
    }

    static Connection of(Connection delegate) {
        return (Connection) Proxy.newProxyInstance(
                PooledConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new PooledConnection(delegate));
    }

    /** Called when a connection was lost: validates every connection with a round trip before its next use. */
    static void revalidateAll() {
        deadFoundAt = System.nanoTime();
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "isValid" -> valid();
            case "equals" -> proxy == arguments[0];
            default -> use(method, arguments);
        };
    }

    private Object use(Method method, Object[] arguments) throws Throwable {
        try {
            var result = method.invoke(delegate, arguments);
            usedAt = System.nanoTime();
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private boolean valid() throws SQLException {
        var now = System.nanoTime();
        var trusted = now - usedAt < TRUSTED_NANOS && usedAt - deadFoundAt > 0;
        var valid = !delegate.isClosed() && (trusted || delegate.isValid(VALIDATION_TIMEOUT_SECONDS));
        if (valid) usedAt = now;
        else revalidateAll();
        return valid;
    }
}
