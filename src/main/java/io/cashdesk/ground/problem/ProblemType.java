package io.cashdesk.ground.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * All errors of the APIs. Code and slug are public and must not change after a release; {@code docs/api.md} has one row
 * for each, which a test compares. The codes up to 1019, 2001 to 2004 and 3001 have the meaning that clients of
 * vk-uni-pay expect.
 *
 * <p>The messages are {@link String#format} patterns whose arguments are inserted by position; an argument that is a
 * {@link LocalizedText} is inserted in the language of the message, and a plain text that is no name in quotes. A
 * message says what was wrong, where, and what to do.
 */
public enum ProblemType {
    // 10xx: codes of vk-uni-pay
    NOTIFY_URL(
            101,
            500,
            "The callback address cannot be reached by a provider",
            "The public address %s cannot be used for callbacks; set CASHDESK_BASE_URL",
            "公网地址 %s 不能用于接收异步通知，请设置 CASHDESK_BASE_URL"),
    OUT_TRADE_NO(
            1001,
            400,
            "out_trade_no is missing or malformed",
            "out_trade_no must be 1 to 64 of digits, letters, _ - * and |, but is %s",
            "out_trade_no 必须是 1 到 64 位的数字、字母、_ - * 或 |，收到的是 %s"),
    TYPE(
            1002,
            400,
            "type is missing or malformed",
            "type must be a text of 1 to 64 characters, but is %s",
            "type 必须是 1 到 64 个字符的字符串，收到的是 %s"),
    TOTAL_FEE(
            1003,
            400,
            "total_fee must be a positive integer",
            "total_fee must be a positive integer in fen, at most 10000000000, but is %s",
            "total_fee 必须是正整数，单位为分，最大 10000000000，收到的是 %s"),
    SUBJECT(
            1004,
            400,
            "subject is missing or malformed",
            "subject must be a text of 1 to 127 characters without control characters, but is %s",
            "subject 必须是 1 到 127 个字符的字符串，且不含控制字符，收到的是 %s"),
    PROVIDER(
            1005,
            400,
            "provider is missing",
            "provider must be a non-empty text, for instance \"wxpay\" or \"alipay\", but is %s",
            "provider 必须是非空字符串，例如 \"wxpay\" 或 \"alipay\"，收到的是 %s"),

    OPENID(
            1006,
            400,
            "openid is missing",
            "Pay type %s needs data.openid: the payer's openid at application %s (getOpenid returns it)",
            "支付类型 %s 需要 data.openid，即付款人在应用 %s 下的 openid（可用 getOpenid 获取）"),

    PURCHASE_NOT_VERIFIED(
            1016,
            400,
            "The purchase could not be verified",
            "The purchase of order %s could not be verified: %s",
            "订单 %s 的购买凭证校验失败：%s"),
    GOODS_MISSING(
            1017,
            400,
            "What is bought is missing",
            "data.%s must be an object that says what is bought: mode and buy_quantity, and for goods product_id and goods_price",
            "data.%s 必须是对象，说明购买的内容：mode 和 buy_quantity，道具还需 product_id 和 goods_price"),
    GOODS_QUANTITY(
            1018,
            400,
            "buy_quantity must be a positive integer",
            "%s.buy_quantity must be a positive whole number of coins or goods, but is %s",
            "%s.buy_quantity 必须是正整数，即代币或道具的数量，收到的是 %s"),
    GOODS_MODE(
            1019,
            400,
            "mode is not known",
            "%s.mode must be \"%s\" (coins) or \"%s\" (goods), but is %s",
            "%s.mode 必须是 \"%s\"（代币充值）或 \"%s\"（道具直购），收到的是 %s"),

    CODE(
            1013,
            400,
            "code is missing",
            "code must be the login code that the wallet gave to the client, but is %s",
            "code 必须是钱包返回给客户端的登录凭证，收到的是 %s"),

    // 11xx: invalid requests
    UNKNOWN_FIELD(
            1101, 400, "Unknown field", "%s is not a field of this request; it takes: %s", "请求中没有 %s 这个字段，可用的字段有：%s"),
    FIELD(1102, 400, "A field is malformed", "%s must be %s, but is %s", "%s 必须是 %s，收到的是 %s"),
    BODY(
            1103,
            400,
            "The body is not a JSON object",
            "The body must be a JSON object in UTF-8: %s",
            "请求体必须是 UTF-8 编码的 JSON 对象：%s"),
    BODY_TOO_LARGE(1104, 413, "The body is too large", "The body must not exceed %s bytes", "请求体不能超过 %s 字节"),
    CONTENT_TYPE(
            1105,
            415,
            "The content type is not application/json",
            "Content-Type must be application/json in UTF-8, but is %s",
            "Content-Type 必须是 application/json，编码为 UTF-8，收到的是 %s"),
    PROVIDER_UNKNOWN(1106, 400, "Unknown provider", "There is no provider %s; there are: %s", "没有名为 %s 的支付渠道，可用的有：%s"),
    PROVIDER_NOT_CONFIGURED(
            1107,
            400,
            "The provider is not configured for this merchant",
            "The merchant has no account node %s; put one with PUT /api/manage/merchants/{pid}/providers",
            "该商户没有配置 %s 节点，请用 PUT /api/manage/merchants/{pid}/providers 添加"),
    NOT_SUPPORTED(1108, 400, "Not supported", "%s is not supported here: %s", "此处不支持 %s：%s"),
    TIME_EXPIRE(
            1109,
            400,
            "time_expire is out of range",
            "time_expire must be a Unix time in milliseconds between %s and %s, but is %s",
            "time_expire 必须是毫秒时间戳，介于 %s 与 %s 之间，收到的是 %s"),
    CUSTOM_COLLIDES(
            1110,
            400,
            "custom collides with an order field",
            "custom must not have the key %s: the order's record or this call has a field of that name; docs/api.md lists them",
            "custom 不能包含键 %s，因为它与订单记录或本接口的字段同名，完整列表见 docs/api.md"),
    RETURN_URL(
            1111,
            400,
            "return_url is not allowed",
            "return_url %s does not begin with any address in the merchant's return_urls",
            "return_url %s 不在商户登记的 return_urls 范围内"),
    AUTH_CODE(
            1113,
            400,
            "auth_code is no payment code that we know",
            "auth_code must be the payment code of %s (%s), but what was sent is none of these",
            "auth_code 必须是 %s 的付款码（%s），收到的不是"),
    STORE_ID(
            1114,
            400,
            "store_id is missing",
            "WeChat Pay demands data.store_id with a payment code: the number of the shop in which it was scanned",
            "微信付款码支付必须填写 data.store_id，即收款门店的编号"),
    SUB_MERCHANT(1115, 400, "The sub-merchant is missing or not listed", "Node %s: %s", "节点 %s：%s"),
    IDEMPOTENCY_KEY(
            1116,
            400,
            "The Idempotency-Key is malformed",
            "Idempotency-Key must be 1 to 255 visible ASCII characters, but has %s and may not be repeated",
            "Idempotency-Key 必须是 1 到 255 个可见的 ASCII 字符且只能出现一次，收到的长度为 %s"),
    OTHER_RESERVED(
            1117,
            400,
            "other contains a key that Cashdesk sets itself",
            "%s must not be sent: Cashdesk sets it itself, from the order, the account or another field of the call",
            "不能传 %s：该参数由 Cashdesk 根据订单、商户配置或其他字段自行设置"),
    HOST_UNKNOWN(
            1126,
            421,
            "The request is for another host",
            "This server does not answer for the host %s: call it at its public address; the operator can list more hosts in CASHDESK_HOSTS, and a proxy in front must pass the header Host unchanged",
            "本服务不受理主机 %s 的请求，请使用其公网地址；运维人员可在 CASHDESK_HOSTS 中添加主机，前置代理必须原样转发 Host 请求头"),
    HOST_MALFORMED(
            1132,
            400,
            "The header Host is missing, repeated or malformed",
            "The request must have the header Host once, with a host and perhaps a port, but has %s",
            "请求必须有且仅有一个 Host 请求头，内容为主机名及可选的端口，收到的是：%s"),
    WRONG_AMOUNTS(
            1127,
            429,
            "Too many calls with a wrong amount",
            "Too many calls for order %s did not have its amount, or there is no such order; a code that is shown stays valid;"
                    + " repeat this call with the order's total_fee in %s seconds",
            "订单 %s 的金额错误次数过多，或该订单不存在；已显示的二维码仍然有效，请 %s 秒后以正确的 total_fee 重试"),
    ORIGIN(
            1128,
            400,
            "An origin is malformed",
            "origins must have the origins of your pages, scheme and host and if need be the port, like"
                    + " \"https://shop.example\": no path, no *, and http only for localhost; but one is %s",
            "origins 必须是页面的来源（协议、域名，必要时加端口），例如 \"https://shop.example\"：不能带路径、不能用 *，仅" + " localhost 可用 http；收到的是 %s"),
    CONTENT_ENCODING(
            1122,
            415,
            "The body is compressed",
            "The body must be sent uncompressed: leave Content-Encoding out instead of %s",
            "请求体不能压缩，请去掉请求头 Content-Encoding（收到的是 %s）"),
    PAYER_ADDRESS(
            1123,
            400,
            "context.CLIENTIP is missing",
            "Pay type %s needs context.CLIENTIP: the payer's own IP address as your server sees it, because the wallet compares it"
                    + " with the address of the payer's browser",
            "支付类型 %s 需要 context.CLIENTIP，即您的服务器看到的付款人 IP 地址，因为钱包会将它与付款人浏览器的地址进行核对"),
    ACCOUNT(1112, 400, "A provider account is malformed", "Node %s: %s", "节点 %s：%s"),

    SESSION_KEY(
            1140,
            409,
            "The user's session key is missing or expired",
            "The user's session key is missing or expired: let the user log in again and pass the code to code2Session or getOpenid",
            "用户sessionKey不存在或已过期，请重新登录"),
    INVALID_PLATFORM(
            1141,
            400,
            "The payer's device is not supported",
            "%s does not work on iPhones (INVALID_PLATFORM): pay on another device; if it is activated for your mini-program,"
                    + " set ios to true in the node",
            "%s 暂不支持苹果手机（INVALID_PLATFORM），请换用其他设备付款；如小程序已开通 iOS，请在节点中设置 ios 为 true"),
    COIN_NUMBER_DIFFERS(
            1142,
            409,
            "The number was used for another coin operation",
            "Number %s was used with %s = %s, not %s; repeat that call unchanged or use a new number",
            "单号 %s 已使用，当时的 %s 为 %s，而不是 %s；请保持不变或使用新的单号"),
    STORE_DEVICE(
            1170,
            400,
            "The purchase is not possible on this device",
            "%s %s; offer another way to pay on this device",
            "%s %s，请在此设备上提供其他付款方式"),
    TOO_MANY_STORE_CALLS(
            1171,
            429,
            "Too many calls that query the provider's store",
            "verifyReceipt has queried the provider's store too often, for order %s or from this address; repeat this call in %s"
                    + " seconds, or send the signed transaction, for which nothing is queried",
            "verifyReceipt 查询应用商店的次数过多（订单 %s，或来自该地址）；请 %s 秒后重试，或传签名的交易数据，无需查询"),

    // 20xx: conflicts with the state of an order, a refund or a key
    ORDER_NOT_FOUND(
            2001,
            404,
            "The order does not exist",
            "There is no order %s for this key; check out_trade_no, pid, whether the key is a test or a live one, and with a"
                    + " publishable key that total_fee is the order's",
            "该密钥下没有订单 %s，请检查 out_trade_no、pid，以及密钥是测试还是正式；使用可公开密钥（pk_…）时还须确认 total_fee 与订单一致"),
    ORDER_UNPAID(2002, 409, "The order is not paid", "Order %s is not paid", "订单 %s 尚未支付"),
    NOT_REFUNDED(2003, 404, "The order has no refund", "Order %s has no refund%s", "订单 %s 没有退款%s"),
    REFUND_LATER(
            2004,
            409,
            "The order cannot be refunded yet",
            "What became of %s is not known yet and is being asked for; repeat this call in a minute",
            "%s 的结果尚未确定，正在查询，请 1 分钟后重试"),
    ORDER_PAID(
            2005,
            409,
            "The order is already paid",
            "Order %s is already paid (status %s); use a new out_trade_no for a new payment",
            "订单 %s 已支付（status %s），新的支付请使用新的 out_trade_no"),
    ORDER_CLOSED(
            2006,
            409,
            "The order is closed",
            "Order %s is closed or past its deadline; use a new out_trade_no",
            "订单 %s 已关闭或已过期，请使用新的 out_trade_no"),
    ORDER_DIFFERS(
            2007,
            409,
            "The order exists with other values",
            "Order %s was created with %s = %s, not %s; repeat it unchanged or use a new out_trade_no",
            "订单 %s 创建时的 %s 为 %s，而不是 %s；请保持不变或使用新的 out_trade_no"),
    CALL_RUNNING(
            2008,
            409,
            "Another call is running",
            "Another call for order %s is still being answered by the provider; repeat this one in a few seconds",
            "订单 %s 的另一次请求仍在等待渠道应答，请几秒后重试"),
    ORDER_NEEDS_PERSON(
            2009,
            409,
            "The order waits for a person",
            "Order %s needs a decision of an operator; until then it takes no payment and cannot be closed",
            "订单 %s 需人工处理，在此之前不能支付，也不能关闭"),
    EARLIER_ATTEMPT_OPEN(
            2010,
            409,
            "The earlier attempt could not be closed",
            "The earlier attempt of order %s could not be closed at %s; repeat this call in a few seconds",
            "订单 %s 之前的支付未能在 %s 关闭，请几秒后重试"),
    AUTH_CODE_USED(
            2011,
            409,
            "The payment code was used before",
            "This payment code was used for another order; ask the payer for a fresh one and use a new out_trade_no",
            "该付款码已用于其他订单，请让付款人刷新付款码，并使用新的 out_trade_no"),
    NUMBER_SPENT(
            2012,
            409,
            "The number was spent on another payment code",
            "Order %s was tried before, and a payment code can use a number only once; use a fresh code and a new out_trade_no",
            "订单 %s 已经尝试过支付，付款码与订单号一一对应；请使用新的付款码和新的 out_trade_no"),
    REFUND_DIFFERS(
            2014,
            409,
            "out_refund_no was used for another refund",
            "out_refund_no %s was used with %s = %s, not %s; repeat it unchanged or use a new out_refund_no",
            "out_refund_no %s 已使用，当时的 %s 为 %s，而不是 %s；请保持不变或使用新的退款单号"),
    REFUND_EXCEEDS(
            2015,
            422,
            "The refund is more than what is left",
            "Of order %s %s fen can still be refunded, which is less than %s",
            "订单 %s 剩余可退 %s 分，不足 %s 分"),
    REFUND_TOO_MANY(
            2016,
            409,
            "The payment has been refunded too often",
            "%s gives money of one payment back at most %s times",
            "%s 的同一笔支付最多退款 %s 次"),
    REFUND_TOO_LATE(
            2017,
            409,
            "The payment is too old to be refunded",
            "%s gives money back until %s; pay it back by other means",
            "%s 只能在 %s 之前退款，请通过其他方式退还"),
    IDEMPOTENCY_KEY_USED(
            2018,
            422,
            "The Idempotency-Key was used for something else",
            "Idempotency-Key %s was used in the last 24 hours with another %s; repeat that call unchanged or use a new key",
            "Idempotency-Key %s 在 24 小时内已用于不同的请求（%s）；请保持请求不变或使用新的键"),
    IDEMPOTENCY_KEY_RUNNING(
            2019,
            409,
            "The first call with this Idempotency-Key is still running",
            "The first call with Idempotency-Key %s is still running; repeat this one in a few seconds",
            "使用 Idempotency-Key %s 的首次请求仍在处理中，请几秒后重试"),
    TOO_MANY_ATTEMPTS(
            2021,
            429,
            "Too many attempts of the order",
            "Order %s has as many attempts as it may have at a time; the code that is shown stays valid; repeat this call in %s seconds",
            "订单 %s 的支付尝试过多，已显示的二维码仍然有效，请 %s 秒后重试"),
    WEBHOOK_DISABLED(
            2030,
            409,
            "The webhook endpoint is disabled",
            "Nothing is sent to webhook endpoint %s while it is disabled; enable it first",
            "Webhook 地址 %s 已停用，请先启用"),
    RECEIPT_NOT_FOUND(2031, 404, "The receipt does not exist", "Order %s has no receipt %s", "订单 %s 没有编号为 %s 的收款记录"),
    DECISION_NOT_ALLOWED(
            2032,
            409,
            "The decision is not possible",
            "\"%s\" is not possible for order %s: %s",
            "订单 %2$s 不能执行 \"%1$s\"：%3$s"),
    REFUND_REQUEST_OPEN(
            2044,
            409,
            "The payer's refund request waits for a decision",
            "The payer of order %s has requested a refund at the provider (refund_id %s), which is not decided yet; accept or refuse it first (POST /api/manage/merchants/{pid}/refund-requests/%s), otherwise the payer may receive both refunds",
            "订单 %s 的付款人已在渠道申请退款（refund_id %s），尚未决定；请先同意或拒绝该申请（POST /api/manage/merchants/{pid}/refund-requests/%s），否则付款人可能收到两笔退款"),
    SETTLED_BEFORE(
            2045,
            409,
            "The payment is settled already",
            "The payment of order %s was settled at %s %s; there is nothing to do",
            "订单 %s 的款项已于 %s 结算（%s），无需操作"),
    SETTLEMENT_OF_NOTHING(
            2046,
            409,
            "Nothing of the payment is left to settle",
            "All of the payment of order %s was refunded, so nothing is left to settle",
            "订单 %s 的款项已全部退还，没有可结算的金额"),
    SETTLEMENT_REFUNDING(
            2047,
            409,
            "A refund is under way",
            "A refund of order %s is under way, or its payer's request for one waits for a decision; settle it when that has ended",
            "订单 %s 有退款正在处理，或有付款人的退款申请尚未决定，请待其结束后再结算"),
    REFUND_REQUEST_NOT_FOUND(
            2048,
            404,
            "The refund request does not exist",
            "The merchant has no refund request %s in this mode; GET /api/manage/merchants/{pid}/refund-requests lists them",
            "该商户在此模式下没有退款申请 %s，可用 GET /api/manage/merchants/{pid}/refund-requests 查看列表"),
    REFUND_REQUEST_ENDED(
            2049,
            409,
            "The provider decides about the refund request by itself",
            "Refund request %s was to be decided before %s; now the provider decides by itself",
            "退款申请 %s 须在 %s 之前决定，现由渠道自行处理"),
    DECIDED_OTHERWISE(
            2033,
            409,
            "Another decision was made before",
            "For %s of order %s it was decided to \"%s\" before",
            "订单 %2$s 的%1$s之前已决定 \"%3$s\""),
    NUMBER_DOES_NOT_FIT(
            2013,
            409,
            "The number cannot be used there",
            "%s cannot be used as a number at %s, and a payment code is charged under no other; use a new out_trade_no that fits",
            "%s 不能作为 %s 的商户订单号，而付款码支付不能更换订单号，请使用符合规则的新 out_trade_no"),

    // 30xx: errors of a provider
    PROVIDER_FAILED(
            3001,
            502,
            "Getting payment parameters failed",
            "%s gave an answer that could not be used: %s; try again later",
            "获取支付参数失败：%s 的应答无法使用（%s），请稍后再试"),
    PROVIDER_REFUSED(
            3002, 502, "The provider refused", "%s refused the request (%s: \"%s\"). %s", "%s 拒绝了请求（%s：\"%s\"）。%s"),
    PROVIDER_UNREACHABLE(
            3003,
            503,
            "The provider could not be reached",
            "%s could not be reached; nothing was sent, repeat the call in a few seconds",
            "无法连接 %s，请求未发出，请几秒后重试"),
    OUTCOME_UNKNOWN(
            3004,
            504,
            "The outcome is unknown",
            "%s did not answer in time; the outcome is being asked for, query the order before you repeat the call",
            "%s 未在时限内应答，结果未知，正在查询；重试前请先查询订单"),
    PROVIDER_BUSY(
            3005,
            503,
            "Too many calls to this provider account",
            "Too many calls to %s are running for this account; repeat the call in a few seconds",
            "该账户对 %s 的并发请求过多，请几秒后重试"),
    NOTIFICATION_REFUSED(
            3006, 401, "The notification is not authentic", "The notification was refused: %s", "通知被拒绝：%s"),
    NOTIFICATION_NOT_APPLIED(
            3007,
            500,
            "The notification could not be applied",
            "The notification could not be applied: %s; it is kept, please repeat it",
            "通知未能处理：%s；已保存，请重新发送"),
    PROVIDER_DOWN(
            3008,
            503,
            "The provider is down",
            "%s has not answered this account for a while, so it is not being called; nothing was sent, repeat the call in a few"
                    + " seconds or offer another way to pay",
            "%s 持续未应答该账户的请求，已暂停调用；请求未发出，请几秒后重试，或改用其他支付方式"),

    COINS_UNKNOWN(
            3010,
            504,
            "Whether the coins moved is not known",
            "%s did not answer in time, so the coins may have moved or not; repeat this call with the number %s,"
                    + " it takes effect only once",
            "%s 未在时限内应答，代币是否已变动未知；请使用单号 %s 重试，同一单号只会生效一次"),

    // 40xx: access and addresses
    KEY_MISSING(
            4001,
            401,
            "The API key is missing",
            "Send the key as: Authorization: Bearer sk_test_… or sk_live_…",
            "请在请求头携带密钥：Authorization: Bearer sk_test_… 或 sk_live_…"),
    KEY_WRONG(4002, 401, "The API key is not valid", "The key is unknown or was revoked", "密钥不存在或已被吊销"),
    KEY_MAY_NOT(
            4003,
            403,
            "The API key may not do this",
            "A publishable key may not do this; use a secret key (sk_…) on your server",
            "可公开密钥（pk_…）不能执行此操作，请在服务器端使用 sk_ 密钥"),
    MANAGE_TOKEN(
            4004,
            401,
            "The management token is wrong",
            "Send Authorization: Bearer followed by the value of CASHDESK_MANAGE_TOKEN",
            "请在请求头携带 Authorization: Bearer 加 CASHDESK_MANAGE_TOKEN 的值"),
    PID_NOT_FOUND(4005, 404, "The merchant does not exist", "There is no merchant %s for this key", "该密钥下没有商户 %s"),
    PID_REQUIRED(
            4006,
            400,
            "pid is required",
            "This key belongs to several merchants, so the request must name one in pid",
            "该密钥属于多个商户，请求中必须用 pid 指明"),
    NOT_FOUND(4007, 404, "There is nothing here", "There is nothing at %s", "没有 %s 这个地址"),
    METRICS_TOKEN(
            4009,
            401,
            "The metrics token is wrong",
            "Send Authorization: Bearer followed by the value of CASHDESK_METRICS_TOKEN",
            "请在请求头携带 Authorization: Bearer 加 CASHDESK_METRICS_TOKEN 的值"),
    METHOD(4008, 405, "The method is not allowed", "%s is not allowed here", "此处不允许 %s 方法"),

    // 50xx: errors of this server
    INTERNAL(
            5000,
            500,
            "Something went wrong on our side",
            "Something went wrong on our side; the log has it under %s",
            "服务器内部错误，日志编号 %s"),
    UNAVAILABLE(
            5001,
            503,
            "The database cannot be used right now",
            "The database cannot be used right now; repeat the call in a few seconds",
            "数据库暂时不可用，请几秒后重试"),
    COMMIT_UNKNOWN(
            5002,
            504,
            "Whether it was done is not known",
            "The database was lost at the last moment, so this may have been done or not; query first,"
                    + " or repeat the call with the same numbers",
            "数据库在最后一刻断开，操作可能已完成也可能未完成；请先查询，或使用相同的单号重试");

    private final int code;
    private final int status;
    private final String title;
    private final String english;
    private final String chinese;

    ProblemType(int code, int status, String title, String english, String chinese) {
        this.code = code;
        this.status = status;
        this.title = title;
        this.english = english;
        this.chinese = chinese;
    }

    /** The error code, by which clients distinguish problems. */
    public int code() {
        return code;
    }

    /** The HTTP status of a response with this problem. */
    public int status() {
        return status;
    }

    /** The RFC 9457 title, in English. */
    public String title() {
        return title;
    }

    /** The problem type with this code. */
    public static Optional<ProblemType> ofCode(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
    }

    /** Whether the same call can succeed later: its outcome is unknown, or its cause ends by itself. */
    public boolean isTemporary() {
        return switch (this) {
            case CALL_RUNNING,
                    REFUND_LATER,
                    EARLIER_ATTEMPT_OPEN,
                    TOO_MANY_ATTEMPTS,
                    WRONG_AMOUNTS,
                    TOO_MANY_STORE_CALLS,
                    IDEMPOTENCY_KEY_RUNNING -> true;
            default -> status >= 500;
        };
    }

    /** The last part of the RFC 9457 {@code type}; public, so a constant must not be renamed after a release. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A problem of this type, with the arguments of its message. */
    public Problem with(Object... arguments) {
        return new Problem(this, null, null, arguments);
    }

    /**
     * {@link #FIELD}. A method with types, because what a field must be is a sentence in two languages, and a plain
     * text would be shown to readers of both.
     *
     * @param name the field with its path, "data.total_fee"
     * @param wanted what it must be
     * @param given what it is: what the caller sent, shortened, or {@link LocalizedText#ABSENT}
     */
    public static Problem field(String name, LocalizedText wanted, LocalizedText given) {
        return field(LocalizedText.named(name), wanted, given);
    }

    /** The same, for a name that says more than that of one field. */
    public static Problem field(LocalizedText name, LocalizedText wanted, LocalizedText given) {
        return FIELD.with(name, wanted, given);
    }

    /**
     * {@link #NOT_SUPPORTED}, with the types for the same reason.
     *
     * @param what a name, or {@link LocalizedText#same} of one
     * @param instead why not, or what to do instead
     */
    public static Problem notSupported(LocalizedText what, LocalizedText instead) {
        return NOT_SUPPORTED.with(what, instead);
    }

    /** {@link #CONTENT_TYPE}, with the header as it was sent, or null. */
    public static Problem contentType(String header) {
        return CONTENT_TYPE.with(header == null ? new LocalizedText("没有该请求头", "absent") : header);
    }

    /**
     * {@link #NOT_FOUND} for an address that no resource has. A path with doubled slashes, which a base address with a
     * slash at its end causes, is shown with single ones, and the message says that it had them.
     *
     * @param path as it was requested, from the root
     */
    public static Problem notFound(String path) {
        var single = ("/" + path.replaceFirst("^/", "")).replaceAll("/{2,}", "/");
        return NOT_FOUND.with(
                path.contains("//")
                        ? new LocalizedText(single + "（斜杠重复）", single + " with a doubled slash")
                        : LocalizedText.same(single));
    }

    LocalizedText text(Object... arguments) {
        return new LocalizedText(
                String.format(Locale.ROOT, chinese, in(Locale.CHINESE, arguments)),
                String.format(Locale.ROOT, english, in(Locale.ENGLISH, arguments)));
    }

    private static Object[] in(Locale locale, Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument ->
                        argument instanceof LocalizedText text ? text : LocalizedText.named(String.valueOf(argument)))
                .map(text -> text.in(locale))
                .toArray();
    }
}
