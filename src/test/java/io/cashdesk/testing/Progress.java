package io.cashdesk.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * What {@code mvn verify} prints while tests run: one line for each test class, nested ones counted with theirs, and at
 * once each failure and each reason why tests were skipped. What tests, servers and libraries print goes to a file
 * instead ({@link Output}), and a failure's whole stack trace too.
 *
 * <p>The lines go to the standard output of the JVM itself, which Maven shows because its own messages with this JVM
 * take a socket ({@code forkNode} in {@code pom.xml}). Test JVMs run side by side; within one of them a class begins
 * after the one before has ended.
 */
public final class Progress implements TestExecutionListener {
    /** Lines of an assertion's message that are shown at once; a compared page may have thousands. */
    private static final int MESSAGE_LINES = 20;

    static final PrintStream CONSOLE = new PrintStream(new FileOutputStream(FileDescriptor.out), true);

    private final Set<String> reasons = new LinkedHashSet<>();
    private TestPlan plan;
    private long started;
    private int tests;
    private int failed;
    private int skipped;

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        this.plan = plan;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (isClass(test)) {
            started = System.nanoTime();
            tests = 0;
            failed = 0;
            skipped = 0;
            reasons.clear();
            Output.begin(name(test));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (isClass(test)) executionStarted(test);
        skipped++;
        reasons.add(reason);
        if (isClass(test)) summary(test);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) tests++;
        switch (result.getStatus()) {
            case FAILED -> {
                failed++;
                failure(test, result.getThrowable());
            }
            case ABORTED -> {
                skipped++;
                result.getThrowable()
                        .map(reason -> reason.getMessage().replace("Assumption failed: ", ""))
                        .ifPresent(reasons::add);
            }
            case SUCCESSFUL -> {}
        }
        if (isClass(test)) summary(test);
    }

    private void summary(TestIdentifier test) {
        var seconds = (System.nanoTime() - started) / 1e9;
        var line = new StringBuilder(String.format(Locale.ROOT, "%-60s %4d tests %7.1f s", name(test), tests, seconds));
        if (failed > 0) line.append(", ").append(failed).append(" FAILED");
        if (skipped > 0) line.append(", ").append(skipped).append(" skipped: ").append(String.join("; ", reasons));
        CONSOLE.println(line);
        Timings.testClass(name(test), tests, seconds);
        Output.end();
    }

    private void failure(TestIdentifier test, Optional<Throwable> thrown) {
        var name = topClass(test).map(Progress::name).orElse(test.getDisplayName());
        CONSOLE.println("FAILED " + name + ": " + path(test));
        thrown.ifPresent(error -> {
            error.toString().lines().limit(MESSAGE_LINES).forEach(line -> CONSOLE.println("  " + line));
            ourFrame(error).ifPresent(frame -> CONSOLE.println("  at " + frame));
            error.printStackTrace();
        });
        CONSOLE.println("  output and stack trace: " + Output.file(name));
    }

    /** The names from the nested class down to the test. */
    private String path(TestIdentifier test) {
        var parent = plan.getParent(test).filter(above -> !isClass(above));
        return isClass(test) || parent.isEmpty()
                ? test.getDisplayName()
                : path(parent.get()) + ", " + test.getDisplayName();
    }

    private static Optional<StackTraceElement> ourFrame(Throwable error) {
        for (var frame : error.getStackTrace()) {
            if (frame.getClassName().startsWith("io.cashdesk.")) return Optional.of(frame);
        }
        return Optional.empty();
    }

    private Optional<TestIdentifier> topClass(TestIdentifier test) {
        for (var at = Optional.of(test); at.isPresent(); at = plan.getParent(at.get())) {
            if (isClass(at.get())) return at;
        }
        return Optional.empty();
    }

    /** A test class below the root of its engine, so not a nested one. */
    private boolean isClass(TestIdentifier test) {
        return plan.getParent(test)
                .filter(parent -> parent.getParentId().isEmpty())
                .isPresent();
    }

    private static String name(TestIdentifier testClass) {
        return testClass.getSource().orElse(null) instanceof ClassSource source
                ? source.getClassName()
                : testClass.getDisplayName();
    }
}
