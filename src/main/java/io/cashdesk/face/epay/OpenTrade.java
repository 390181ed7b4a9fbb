package io.cashdesk.face.epay;

import io.cashdesk.ground.http.IpAddress;
import io.cashdesk.ground.http.PublicHttpClient;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ExceptionTranslator;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.order.EpayOrigin;
import io.cashdesk.order.OutTradeNo;
import io.cashdesk.order.PayOrder;
import io.cashdesk.payment.CreateCheckout;
import io.cashdesk.payment.PromptForDevice;
import io.cashdesk.payment.Wallets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores what a shop wants paid, or finds the same order, and says how its payer goes on. */
@ApplicationScoped
class OpenTrade {
    /** A longer name is cut, as the reference server does. */
    private static final int LONGEST_NAME = 127;

    private static final int LONGEST_ADDRESS = 1024;

    /**
     * As it stands in a notification's address, so that this stays below the 8 KiB that web servers accept: 255
     * characters of any language, as many as the reference server stores.
     */
    static final int LONGEST_PARAM = 2300;

    /** Problems of the order itself, with which our page does not help. */
    private static final Set<ProblemType> CANNOT_BE_PAID =
            Set.of(ProblemType.ORDER_PAID, ProblemType.ORDER_CLOSED, ProblemType.ORDER_NEEDS_PERSON);

    private static final List<String> DEVICES = List.of("pc", "mobile", "qq", "wechat", "alipay", "jump");

    @Inject
    CreateCheckout createCheckout;

    @Inject
    PromptForDevice promptForDevice;

    @Inject
    Wallets wallets;

    @Inject
    PublicHttpClient outgoing;

    /** How the payer of an order goes on. */
    record Next(PayOrder order, Form form, String content) {
        /** What the content is: the name of the field in answers of version 1. */
        enum Form {
            /** An address for any browser. */
            PAYURL,
            /** The text of a QR code. */
            QRCODE,
            /** An address that opens an app. */
            URLSCHEME
        }
    }

    /**
     * For a payer's browser, which goes to our page: {@link #page}.
     *
     * @param version of epay, which signs the notification
     */
    PayOrder forBrowser(Shop shop, Parameters parameters, int version) {
        parameters.required("return_url");
        return open(shop, parameters, version, parameters.text("clientip").flatMap(IpAddress::normalised));
    }

    String page(PayOrder order) {
        return createCheckout.address(order);
    }

    /**
     * For a shop's server, which shows the payer what the answer says.
     *
     * @param ourPage whether the payer goes to our page, whatever the device
     */
    CompletionStage<Next> forServer(Shop shop, Parameters parameters, int version, boolean ourPage) {
        parameters.required("type");
        var clientIp = IpAddress.normalised(parameters.required("clientip"))
                .orElseThrow(
                        () -> Refusal.malformed("clientip", "付款人的一个 IP 地址，例如 203.0.113.7", "the payer's IP address"));
        var device = parameters.text("device").orElse("pc");
        if (!DEVICES.contains(device)) {
            var all = String.join(", ", DEVICES);
            throw Refusal.malformed("device", "以下之一：" + all, "one of " + all);
        }
        var order = open(shop, parameters, version, Optional.of(clientIp));
        var page = new Next(order, Next.Form.PAYURL, page(order));
        // in the browser of a wallet our page finds out who pays
        if (ourPage || !List.of("pc", "mobile").contains(device)) return CompletableFuture.completedFuture(page);
        return prompted(order, device.equals("mobile"), clientIp)
                .thenApply(shown -> shown.code()
                        .map(code -> new Next(order, Next.Form.QRCODE, code))
                        .or(() -> shown.address().map(url -> new Next(order, form(url), url)))
                        .orElse(page));
    }

    /**
     * Nothing if the provider refuses or does not answer: the order is stored, so its payer goes on at our page, which
     * may have another way to pay.
     */
    private CompletionStage<PromptForDevice.Shown> prompted(PayOrder order, boolean phone, String clientIp) {
        CompletionStage<PromptForDevice.Shown> shown;
        try {
            shown = promptForDevice.of(order, phone, clientIp);
        } catch (RuntimeException e) {
            shown = CompletableFuture.failedFuture(e);
        }
        return shown.exceptionally(failure -> {
            var problem = ExceptionTranslator.toProblem(failure);
            if (CANNOT_BE_PAID.contains(problem.type())) throw problem;
            return PromptForDevice.Shown.NOTHING;
        });
    }

    private static Next.Form form(String url) {
        return url.matches("https?://.*") ? Next.Form.PAYURL : Next.Form.URLSCHEME;
    }

    private PayOrder open(Shop shop, Parameters parameters, int version, Optional<String> clientIp) {
        var type = parameters.text("type");
        type.filter(name -> !wallets.names().contains(name)).ifPresent(name -> {
            var all = String.join(", ", wallets.names());
            throw Refusal.malformed("type", "以下之一：" + all, "one of " + all);
        });
        var number = number(parameters);
        var epay = new EpayOrigin(
                version,
                notifyUrl(parameters),
                parameters.address("return_url", LONGEST_ADDRESS).orElse(""),
                param(parameters),
                type.orElse(""));
        var data = Json.createObjectBuilder()
                .add("subject", name(parameters))
                .add("total_fee", Yuan.fen("money", parameters.required("money")))
                .add("type", shop.access().type());
        if (!epay.returnUrl().isEmpty()) data.add("return_url", epay.returnUrl());
        var terms = new CreateCheckout.Terms(number, type, clientIp.orElse(null), epay);
        return createCheckout.open(shop.authority(), JsonBody.of(data.build()), terms);
    }

    static String param(Parameters parameters) {
        var param = parameters.text("param").orElse("");
        var length = URLEncoder.encode(param, StandardCharsets.UTF_8).length();
        if (length > LONGEST_PARAM) {
            throw Refusal.malformed(
                    "param",
                    "百分号编码后不超过 " + LONGEST_PARAM + " 字节的文本，收到的是 " + length + " 字节",
                    "a text of at most " + LONGEST_PARAM + " bytes after percent-encoding, but has " + length);
        }
        return param;
    }

    private static OutTradeNo number(Parameters parameters) {
        var number = parameters.required("out_trade_no");
        if (!number.matches("[0-9A-Za-z._|-]{1,64}")) {
            throw Refusal.malformed(
                    "out_trade_no", "1 到 64 位的数字、字母或 . _ - |", "1 to 64 of digits, letters and . _ - |");
        }
        return new OutTradeNo(number, true);
    }

    private String notifyUrl(Parameters parameters) {
        var url = parameters.address("notify_url", LONGEST_ADDRESS).orElseThrow(() -> Refusal.missing("notify_url"));
        outgoing.refusal(url).ifPresent(wanted -> {
            throw Refusal.malformed("notify_url", wanted.zh(), wanted.en());
        });
        return url;
    }

    /** Cut between characters. */
    static String name(Parameters parameters) {
        var name = parameters.required("name");
        if (name.isBlank() || name.codePoints().anyMatch(Character::isISOControl)) {
            throw Refusal.malformed("name", "不含控制字符的商品名称", "the name of the goods, without control characters");
        }
        var cut = new StringBuilder();
        int bytes = 0;
        for (var character : name.codePoints().toArray()) {
            var text = Character.toString(character);
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_NAME) break;
            cut.append(text);
        }
        return cut.toString();
    }
}
