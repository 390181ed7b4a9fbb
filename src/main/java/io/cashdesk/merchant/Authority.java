package io.cashdesk.merchant;

import io.cashdesk.ground.problem.ProblemType;
import java.util.List;
import java.util.UUID;

/** What the holder of a key may do: in one mode, for one merchant or (a platform's key) several. */
public record Authority(Mode mode, ApiKey.Kind kind, List<Held> merchants) {
    /** A merchant for whom the key is valid. */
    public record Held(String pid, UUID id) {}

    /** The same, or the problem KEY_MAY_NOT if it is a client's key. */
    public Authority secret() {
        if (kind != ApiKey.Kind.SECRET) throw ProblemType.KEY_MAY_NOT.with();
        return this;
    }

    /**
     * The merchant that a call is for.
     *
     * @param pid as the call names it; null: the key's only merchant
     */
    public UUID merchant(String pid) {
        if (pid == null) {
            if (merchants.size() == 1) return merchants.get(0).id();
            throw ProblemType.PID_REQUIRED.with();
        }
        return merchants.stream()
                .filter(m -> m.pid().equals(pid))
                .findFirst()
                .map(Held::id)
                .orElseThrow(() -> ProblemType.PID_NOT_FOUND.with(pid));
    }
}
