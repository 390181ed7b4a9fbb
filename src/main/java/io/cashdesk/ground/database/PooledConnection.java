package io.cashdesk.ground.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * A connection as the pool keeps it. The pool asks {@link Connection#isValid} each time it hands one out, which is a journey to
 * the database and back; one that was used a moment ago is taken at its word, unless another one was found dead since.
 */
final class PooledConnection implements InvocationHandler {
    private static final long A_MOMENT = TimeUnit.SECONDS.toNanos(1);
    private static final int PATIENCE_SECONDS = 2;

    /** When any connection of this node was last found dead, by {@link System#nanoTime}. */
    private static volatile long doubtedAt = System.nanoTime();

    private final Connection real;
    private volatile long usedAt = System.nanoTime();

    private PooledConnection(Connection real) {
        this.real = real;
    }

    static Connection of(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                PooledConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, new PooledConnection(real));
    }

    /** A connection died, and its neighbours may have too: each is asked before it is used again. */
    static void revalidateAll() {
        doubtedAt = System.nanoTime();
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
            var result = method.invoke(real, arguments);
            usedAt = System.nanoTime();
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private boolean valid() throws SQLException {
        var now = System.nanoTime();
        var trusted = now - usedAt < A_MOMENT && usedAt - doubtedAt > 0;
        var valid = !real.isClosed() && (trusted || real.isValid(PATIENCE_SECONDS));
        if (valid) usedAt = now;
        else revalidateAll();
        return valid;
    }
}
