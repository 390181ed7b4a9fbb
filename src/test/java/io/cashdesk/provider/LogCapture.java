package io.cashdesk.provider;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that is logged at any level, with parameters and stack traces, until it is closed. */
public final class LogCapture extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public LogCapture() {
        setLevel(Level.ALL);
        Logger.getLogger("").setLevel(Level.ALL);
        Logger.getLogger("").addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(String.valueOf(record.getMessage()));
        if (record.getParameters() != null)
            lines.add(List.of(record.getParameters()).toString());
        if (record.getThrown() != null) lines.add(stackTrace(record.getThrown()));
    }

    public static String stackTrace(Throwable thrown) {
        var written = new StringWriter();
        thrown.printStackTrace(new PrintWriter(written));
        return written.toString();
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
        Logger.getLogger("").setLevel(Level.INFO);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
