package io.cashdesk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Statements on the rows of a merchant say whose rows they are, so that a database that is distributed by merchant asks
 * one shard. The rooms {@code health} and {@code simulator} are left out: the first reads over all merchants, the
 * second has tables of its own.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StatementsTest {
    private static final Path MAIN = Path.of("src/main/java/io/cashdesk");

    private static final Pattern TEXT = Pattern.compile("\"\"\"(.*?)\"\"\"|\"([^\"\\n]*)\"", Pattern.DOTALL);

    private static final Pattern ROWS_OF_A_MERCHANT = Pattern.compile(
            "\\b(from|join|update|update versioned|into) (PayOrder|Attempt|Receipt|Refund|Notification|OrderEvent"
                    + "|ProviderAccount|AccountRest|account_rest|Endpoint|WebhookEvent|Delivery|WebhookTry|HandlerRun|pay_order|attempt|receipt|refund"
                    + "|notification|notification_applied|order_event|provider_account|webhook_endpoint|webhook_event"
                    + "|webhook_delivery|webhook_try|handler_run|CoinOperation|coin_operation|Settlement|settlement|PayerRefundRequest|payer_refund_request|wallet_session|access_token|StoreReturn|store_return)\\b");

    /**
     * By a number that is unique over all merchants, when the merchant is not known (docs/operations.md); and the jobs
     * that delete old rows of tests.
     */
    private static final List<String> OVER_ALL_MERCHANTS = List.of(
            "select o from PayOrder o where o.checkoutToken = :token",
            "select a from Attempt a where a.codeHash = :hash",
            """
            select *
            from webhook_endpoint
            where resuming
            limit 1
            for no key update skip locked""",
            "select a from ProviderAccount a where a.id = :id",
            """
            select o.merchant_id, o.id
            from pay_order o
            where o.state = 'UNPAID' and o.needs_person is null and o.next_close_at <= :now
            order by o.next_close_at
            limit :most""",
            "select merchant_id, id, failures, resting, until from account_rest",
            """
            select *
            from account_rest
            where until <= :now
            order by until
            limit :most
            for update skip locked""",
            """
            select a.merchantId, a.id
            from Attempt a
            where a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no and a.knownThere""",
            """
            select a.merchantId, a.id
            from Attempt a
            where a.provider = :provider and a.merchantNo = :merchantNo and a.attemptNo = :no
                and not a.knownThere and a.state = io.cashdesk.order.AttemptState.PAID""",
            """
            select r.id
            from Receipt r
            where r.provider = :provider and r.merchantNo = :merchantNo and r.transactionId = :id""",
            """
            select o.merchantId, o.id, o.createdAt
            from PayOrder o
            where o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
            order by o.createdAt""",
            """
            select o.merchantId, o.id, o.createdAt
            from CoinOperation o
            where o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
            order by o.createdAt""",
            """
            select r.merchantId, r.id, r.createdAt
            from StoreReturn r
            where r.mode = io.cashdesk.merchant.Mode.TEST and r.createdAt >= :from and r.createdAt < :before
            order by r.createdAt""",
            """
            select o.merchantId, o.id, o.createdAt
            from WebhookEvent o
            where o.orderId is null and o.mode = io.cashdesk.merchant.Mode.TEST and o.createdAt >= :from and o.createdAt < :before
            order by o.createdAt""");

    @Test
    void name_the_merchant_whose_rows_they_are() throws IOException {
        var checked = 0;
        try (var files = Files.walk(MAIN)) {
            for (var file : files.filter(StatementsTest::hasStatements).toList()) {
                var texts = TEXT.matcher(Files.readString(file));
                while (texts.find()) {
                    var text = texts.group(1) == null ? texts.group(2) : texts.group(1);
                    if (!ROWS_OF_A_MERCHANT.matcher(text).find()
                            || OVER_ALL_MERCHANTS.contains(text.stripIndent().strip())) continue;
                    assertThat(text)
                            .as("a statement in " + file)
                            .containsPattern("(merchantId|merchant_id)\\s*=|\\(merchant_id");
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(30);
    }

    private static boolean hasStatements(Path file) {
        var inside = MAIN.relativize(file);
        return file.toString().endsWith(".java") && !inside.startsWith("health") && !inside.startsWith("simulator");
    }
}
