package io.cashdesk.provider;

import io.cashdesk.testing.SharedFile;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Notes what became of each promise of a contract for each {@link ContractRow}, and prints the table at the end of the
 * run. A promise that is skipped without a reason which the row declares has failed.
 */
public final class ContractTable implements InvocationInterceptor {
    private static final String PASSED = "passed";
    private static final String FAILED = "FAILED";

    /** The cells of all test JVMs: one line for each, its parts separated by tabs. */
    private static final SharedFile CELLS = new SharedFile("contracts");

    private record Cell(String suite, String promise, String row, String result) {
        static Cell of(String line) {
            var parts = line.split("\t", 4);
            return new Cell(parts[0], parts[1], parts[2], parts[3]);
        }

        String line() {
            return String.join("\t", suite, promise, row, result.replaceAll("\\s+", " "));
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        noted(invocation, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        return noted(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext called, ExtensionContext context)
            throws Throwable {
        noted(invocation, context);
    }

    private static <T> T noted(Invocation<T> invocation, ExtensionContext context) throws Throwable {
        try {
            var result = invocation.proceed();
            note(context, PASSED);
            return result;
        } catch (ContractRow.Cannot declared) {
            note(context, declared.getMessage());
            throw declared;
        } catch (TestAbortedException silent) {
            note(context, FAILED);
            throw new AssertionError("skipped without a reason that its row declares: " + silent.getMessage(), silent);
        } catch (Throwable failure) {
            note(context, FAILED);
            throw failure;
        }
    }

    private static void note(ExtensionContext context, String result) {
        var promise = promise(context);
        var suite = promise.getDeclaringClass();
        if (!suite.getSimpleName().endsWith("Contract")) return; // a test of the subclass itself
        if (!(instance(context).orElse(null) instanceof ContractRow row)) return;
        CELLS.append(new Cell(suite.getSimpleName(), promise.getName().replace('_', ' '), row.row(), result).line());
    }

    /** Of a test that a factory made: the factory's. */
    private static Optional<Object> instance(ExtensionContext context) {
        return context.getTestInstance().or(() -> context.getParent().flatMap(ContractTable::instance));
    }

    /** Of a test that a factory made: the factory. */
    private static Method promise(ExtensionContext context) {
        return context.getTestMethod()
                .or(() -> context.getParent().map(ContractTable::promise))
                .orElseThrow();
    }

    /** Prints what all test JVMs have noted; nothing if no contract ran. */
    public static void print(PrintStream console) {
        var bySuite = new TreeMap<String, List<Cell>>();
        CELLS.lines().stream()
                .map(Cell::of)
                .forEach(c -> bySuite.computeIfAbsent(c.suite(), s -> new ArrayList<>())
                        .add(c));
        bySuite.forEach((suite, cells) -> lines(suite, cells).forEach(console::println));
    }

    private static List<String> lines(String suite, List<Cell> cells) {
        var rows = new ArrayList<>(new TreeSet<>(cells.stream().map(Cell::row).toList()));
        var reasons = new LinkedHashMap<String, String>();
        var lines = new ArrayList<String>();
        lines.add(suite + ": + passed, a letter says why a provider cannot, ! failed, a blank: not run");
        for (int i = 0; i < rows.size(); i++) lines.add("  " + " | ".repeat(i) + " " + rows.get(i));
        var byPromise = new TreeMap<String, Map<String, String>>();
        for (var cell : cells) {
            byPromise
                    .computeIfAbsent(cell.promise(), p -> new TreeMap<>())
                    .merge(cell.row(), cell.result(), (one, other) -> one.equals(PASSED) ? other : one);
        }
        byPromise.forEach((promise, results) -> {
            var line = new StringBuilder("  ");
            for (var row : rows) line.append(mark(results.get(row), reasons));
            lines.add(line + " " + promise);
        });
        reasons.forEach((reason, letter) -> lines.add("  " + letter + " " + reason));
        return lines;
    }

    private static String mark(String result, Map<String, String> reasons) {
        if (result == null) return "   ";
        if (result.equals(PASSED)) return " + ";
        if (result.equals(FAILED)) return " ! ";
        return " " + reasons.computeIfAbsent(result, r -> String.valueOf((char) ('a' + reasons.size()))) + " ";
    }
}
