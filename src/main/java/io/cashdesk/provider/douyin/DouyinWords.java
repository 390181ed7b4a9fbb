package io.cashdesk.provider.douyin;

import java.util.regex.Pattern;

/** What a refusal means where Douyin's tables have no code for it. */
final class DouyinWords {
    private static final Pattern ABSENT =
            Pattern.compile("不存在|未找到|找不到|not\\s+(?:exist|found)|no such", Pattern.CASE_INSENSITIVE);

    /** Of these that something else than a payment, refund or settlement is absent. */
    private static final Pattern OF_ACCOUNT =
            Pattern.compile("app_?id|小程序|应用|商户|merchant|appid", Pattern.CASE_INSENSITIVE);

    private DouyinWords() {}

    /** Whether these words say clearly that there is no such payment, refund or settlement. */
    static boolean absent(String words) {
        return words != null
                && ABSENT.matcher(words).find()
                && !OF_ACCOUNT.matcher(words).find();
    }
}
