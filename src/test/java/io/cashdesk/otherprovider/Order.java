package io.cashdesk.otherprovider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An order at one of the providers. */
final class Order {
    final Account account;
    final String number;
    final long fen;
    final String notifyUrl;
    final String request;
    final Instant expiry;
    /** Whether the payer has opened it; only then it is a trade at Alipay. */
    volatile boolean scanned;

    /** NOTPAY, SUCCESS, CLOSED or RETURNED. */
    volatile String state = "NOTPAY";

    /** The amount that the provider reports: another one if a test wants that. */
    volatile long reportedFen;

    /** The merchant that the provider names: another one if a test wants that. */
    volatile String reportedMerchant;

    volatile Instant paidAt;
    final String code;
    final String transaction = "42" + OtherProvider.digits(26);

    /** The HTTP status of each answer to its notifications; -1 is none. */
    final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());

    Order(Account account, String number, long fen, String notifyUrl, String request, Instant expiry) {
        this.account = account;
        this.number = number;
        this.fen = fen;
        this.reportedFen = fen;
        this.reportedMerchant = account.merchantNo();
        this.notifyUrl = notifyUrl;
        this.request = request;
        this.expiry = expiry;
        this.code = account.provider().equals("wxpay")
                ? "weixin://wxpay/bizpayurl?pr=" + OtherProvider.digits(10)
                : "https://qr.alipay.com/bax" + OtherProvider.digits(20);
    }
}
