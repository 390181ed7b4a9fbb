package io.cashdesk.testing;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What tests, and the libraries and servers in their JVM, print: one file for each test class, with its nested classes
 * in it. Surefire's own files ({@code redirectTestOutputToFile}) keep what is printed outside of a class. For a class
 * they would keep only the part of the last nested one (3.5.4).
 */
final class Output extends OutputStream {
    private static final Output OUTPUT = new Output();

    private Path file;
    private OutputStream out;
    private OutputStream outside;

    private Output() {}

    /** Where Surefire and Failsafe put the results of this run; null in an IDE, which shows the output itself. */
    private static String directory() {
        return System.getProperty("reports.directory");
    }

    /** From now on; before any library keeps a reference to the streams of before. */
    static void install() {
        if (directory() == null) return;
        OUTPUT.outside = System.out;
        var stream = new PrintStream(OUTPUT, true);
        System.setOut(stream);
        System.setErr(stream);
    }

    static Path file(String testClass) {
        return Path.of(directory() == null ? "target" : directory(), testClass + ".txt");
    }

    /** What is printed next belongs to this test class. */
    static void begin(String testClass) {
        OUTPUT.change(file(testClass));
    }

    /** The class has ended. */
    static void end() {
        OUTPUT.change(null);
    }

    private synchronized void change(Path next) {
        try {
            if (out != null) out.close();
            out = null;
            file = next;
            if (file != null) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream out() throws IOException {
        if (file == null) return outside;
        if (out == null) {
            Files.createDirectories(file.getParent());
            out = new FileOutputStream(file.toFile());
        }
        return out;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        out().write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
        out().write(bytes, from, count);
    }

    @Override
    public synchronized void flush() throws IOException {
        if (out != null) out.flush();
    }
}
