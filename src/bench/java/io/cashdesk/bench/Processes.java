package io.cashdesk.bench;

import io.cashdesk.testing.Nodes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Everything that a command of this package has started ends with it, also when it fails or is stopped. */
final class Processes {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    private Processes() {}

    /**
     * Stops this process when Maven is stopped, which Maven does not do, and after a time at which something must be
     * wrong; and what it has started when it stops. The embedded PostgreSQL stops by itself.
     */
    static void endWithThis(Duration longest) {
        endWithThis();
        new Timer("longest", true)
                .schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                System.out.println("not finished after " + longest.toMinutes() + " minutes: stopped");
                                System.exit(1);
                            }
                        },
                        longest.toMillis());
    }

    /** The same without a limit of time. */
    static void endWithThis() {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            System.exit(1); // threads of the embedded PostgreSQL would keep this process alive
        });
        ProcessHandle.current().parent().ifPresent(maven -> {
            var unused = maven.onExit().thenRun(() -> System.exit(1)); // nothing waits for it
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            RUNNING.forEach(Process::destroyForcibly);
            Nodes.killAll();
        }));
    }

    /**
     * Runs a program to its end.
     *
     * @param output where it prints
     * @return its exit code
     * @throws IllegalStateException if it takes longer than this; it is stopped
     */
    static int run(List<String> command, Path output, Duration longest) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        RUNNING.add(process);
        try {
            if (process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) return process.exitValue();
            throw new IllegalStateException(
                    command.get(0) + " did not end within " + longest.toSeconds() + " s, see " + output);
        } finally {
            process.destroyForcibly();
            RUNNING.remove(process);
        }
    }
}
