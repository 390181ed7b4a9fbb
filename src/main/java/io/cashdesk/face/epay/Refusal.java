package io.cashdesk.face.epay;

import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.Problem;
import io.cashdesk.ground.problem.ProblemType;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** An error in epay's form: a negative code, and what was wrong and what to do. */
final class Refusal extends RuntimeException {
    static final int GENERAL = -1;
    static final int NOT_KNOWN = -3;
    static final int MISSING = -4;
    static final int NO_SUCH_ACT = -5;

    /** The fields of our API by the names that a shop has sent. */
    private static final Map<String, String> NAMES = Map.of("total_fee", "money", "subject", "name");

    final int code;
    private final transient LocalizedText text;

    private Refusal(int code, LocalizedText text) {
        super(text.en(), null, false, false); // sent to the caller and not logged: no stack trace needed
        this.code = code;
        this.text = text;
    }

    static Refusal of(int code, String chinese, String english) {
        return new Refusal(code, new LocalizedText(chinese, english));
    }

    static Refusal general(String chinese, String english) {
        return of(GENERAL, chinese, english);
    }

    static Refusal missing(String name) {
        return of(MISSING, "缺少参数 " + name + "，请补上后重新签名", name + " is missing; add it and sign again");
    }

    /** What the parameter must be, in both languages. */
    static Refusal malformed(String name, String wantedChinese, String wantedEnglish) {
        return general(name + " 必须是 " + wantedChinese, name + " must be " + wantedEnglish);
    }

    static Refusal of(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof Refusal refusal ? refusal : of(ExceptionTranslator.toProblem(cause));
    }

    private static Refusal of(Problem problem) {
        if (problem.type() == ProblemType.ORDER_DIFFERS) {
            var name = NAMES.getOrDefault(problem.argument(1), problem.argument(1));
            return general(
                    "订单号 " + problem.argument(0) + " 已存在，且 " + name + " 与原订单不同，请换一个订单号",
                    "Order " + problem.argument(0) + " exists with another " + name + "; use another out_trade_no");
        }
        return general(problem.message(Locale.CHINESE), problem.message(Locale.ENGLISH));
    }

    String text(Locale locale) {
        return text.in(locale);
    }
}
