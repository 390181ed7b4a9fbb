package io.cashdesk.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PerAccountExecutorTest {
    private static final int AT_ONCE = 20;

    private final List<Runnable> begun = new ArrayList<>();
    private final PerAccountExecutor executor = new PerAccountExecutor(begun::add, AT_ONCE);
    private final List<UUID> done = new ArrayList<>();

    private boolean offer(UUID account, UUID id) {
        return executor.offer(account, id, () -> done.add(id));
    }

    private void offer(UUID account, int many) {
        for (int i = 0; i < many; i++) offer(account, UUID.randomUUID());
    }

    @Test
    void begin_only_so_many_of_one_account_and_go_on_when_one_ends() {
        offer(UUID.randomUUID(), 10);

        assertThat(begun).hasSize(PerAccountExecutor.AT_ONCE_OF_EACH);
        begun.get(0).run();
        assertThat(begun).hasSize(PerAccountExecutor.AT_ONCE_OF_EACH + 1);
        assertThat(done).hasSize(1);
    }

    @Test
    void leave_room_for_others_beside_an_account_that_is_held_up() {
        offer(UUID.randomUUID(), 50);
        var other = UUID.randomUUID();

        offer(UUID.randomUUID(), other);

        begun.get(begun.size() - 1).run();
        assertThat(done).containsExactly(other);
    }

    @Test
    void take_nothing_twice_while_it_waits_or_runs_and_take_it_again_when_it_is_done() {
        var account = UUID.randomUUID();
        var id = UUID.randomUUID();

        assertThat(offer(account, id)).isTrue();
        assertThat(offer(account, id)).isFalse();
        begun.get(0).run();

        assertThat(offer(account, id)).isTrue();
    }

    @Test
    void refuse_what_finds_its_queue_full() {
        var account = UUID.randomUUID();
        offer(account, PerAccountExecutor.AT_ONCE_OF_EACH + PerAccountExecutor.WAITING_OF_EACH);

        assertThat(offer(account, UUID.randomUUID())).isFalse();
        begun.get(0).run();
        assertThat(offer(account, UUID.randomUUID())).isTrue();
    }

    @Test
    void run_only_so_many_in_all_and_give_each_account_its_turn() {
        var busy = AT_ONCE / PerAccountExecutor.AT_ONCE_OF_EACH;
        for (int i = 0; i < busy; i++) offer(UUID.randomUUID(), 10);
        var late = UUID.randomUUID();

        assertThat(offer(UUID.randomUUID(), late)).as("waits").isTrue();
        assertThat(begun).hasSize(AT_ONCE);
        for (int i = 0; i <= busy; i++) begun.get(i).run();

        for (var next : List.copyOf(begun.subList(AT_ONCE, begun.size()))) next.run();
        assertThat(done).contains(late);
    }

    @Test
    void go_on_after_work_that_broke() {
        var account = UUID.randomUUID();
        executor.offer(account, UUID.randomUUID(), () -> {
            throw new IllegalStateException("broken");
        });
        offer(account, PerAccountExecutor.AT_ONCE_OF_EACH);

        try {
            begun.get(0).run();
        } catch (IllegalStateException broken) {
            // as a thread pool would
        }

        assertThat(begun).hasSize(PerAccountExecutor.AT_ONCE_OF_EACH + 1);
    }

    @Test
    void keep_nothing_when_the_server_takes_no_more_work() {
        var id = UUID.randomUUID();
        var account = UUID.randomUUID();
        var stopping = new PerAccountExecutor(
                task -> {
                    throw new RejectedExecutionException("stopping");
                },
                AT_ONCE);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> stopping.offer(account, id, () -> {}))
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void refuse_what_would_wait_too_long_behind_slow_tasks() {
        var account = UUID.randomUUID();
        executor.offer(account, UUID.randomUUID(), () -> sleep(800));
        offer(account, PerAccountExecutor.AT_ONCE_OF_EACH); // one of them waits, so that the account is remembered
        begun.get(0).run();

        assertThat(executor.timeFor(account, 100)).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(60));
        offer(account, 100);
        assertThat(executor.room()).isGreaterThanOrEqualTo(PerAccountExecutor.WAITING - 60);
    }

    @Test
    void has_no_room_when_all_accounts_together_have_too_much() {
        for (int i = 0; i < 10; i++) offer(UUID.randomUUID(), 50);

        assertThat(executor.room()).isZero();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
