package io.cashdesk.simulator.wxpay;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.RandomText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The payments of v3, on the loopback listener alone: of every product, for merchants and for service providers.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/wxpay/v3")
@Consumes(MediaType.WILDCARD)
public class WxpayResource {
    private static final byte[] NOTHING = {};

    @Inject
    WxpayProfiles profiles;

    @Inject
    WxpayPlatform platform;

    @Inject
    WxpayCallHandler calls;

    @Inject
    WxpayOrders orders;

    @Inject
    WxpayPaymentCodes codes;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @POST
    @Path("pay/transactions/{product: jsapi|native|h5|app}")
    public CompletionStage<Response> prepay(@PathParam("product") String product, byte[] body) {
        return calls.answer(
                request,
                "",
                body,
                account -> orders.prepay(account, WxpayProduct.of(product), false, WxpayCallHandler.object(body)));
    }

    @POST
    @Path("pay/partner/transactions/{product: jsapi|native|h5|app}")
    public CompletionStage<Response> partnersPrepay(@PathParam("product") String product, byte[] body) {
        return calls.answer(
                request,
                "",
                body,
                account -> orders.prepay(account, WxpayProduct.of(product), true, WxpayCallHandler.object(body)));
    }

    @POST
    @Path("pay/transactions/codepay")
    public CompletionStage<Response> codepay(byte[] body) {
        return calls.answer(request, "", body, account -> codes.pay(account, false, WxpayCallHandler.object(body)));
    }

    @POST
    @Path("pay/partner/transactions/codepay")
    public CompletionStage<Response> partnersCodepay(byte[] body) {
        return calls.answer(request, "", body, account -> codes.pay(account, true, WxpayCallHandler.object(body)));
    }

    @GET
    @Path("pay/transactions/out-trade-no/{number}")
    public CompletionStage<Response> byNumber(@PathParam("number") String number, @QueryParam("mchid") String mchid) {
        return calls.answer(request, number, NOTHING, account -> {
            WxpayOrders.sameMerchant(account, mchid);
            return orders.queryByNumber(account, number, "");
        });
    }

    @GET
    @Path("pay/partner/transactions/out-trade-no/{number}")
    public CompletionStage<Response> partnersByNumber(
            @PathParam("number") String number,
            @QueryParam("sp_mchid") String spMchid,
            @QueryParam("sub_mchid") String subMchid) {
        return calls.answer(request, number, NOTHING, account -> {
            partner(account, spMchid, subMchid);
            return orders.queryByNumber(account, number, subMchid);
        });
    }

    @GET
    @Path("pay/transactions/id/{id}")
    public CompletionStage<Response> byTransaction(@PathParam("id") String id, @QueryParam("mchid") String mchid) {
        return calls.answer(request, id, NOTHING, account -> {
            WxpayOrders.sameMerchant(account, mchid);
            return orders.queryByTransaction(account, id, "");
        });
    }

    @GET
    @Path("pay/partner/transactions/id/{id}")
    public CompletionStage<Response> partnersByTransaction(
            @PathParam("id") String id,
            @QueryParam("sp_mchid") String spMchid,
            @QueryParam("sub_mchid") String subMchid) {
        return calls.answer(request, id, NOTHING, account -> {
            partner(account, spMchid, subMchid);
            return orders.queryByTransaction(account, id, subMchid);
        });
    }

    @POST
    @Path("pay/transactions/out-trade-no/{number}/close")
    public CompletionStage<Response> close(@PathParam("number") String number, byte[] bytes) {
        return calls.answer(request, number, bytes, account -> {
            ids(account, bytes, false, false);
            return orders.close(account, number, "");
        });
    }

    @POST
    @Path("pay/partner/transactions/out-trade-no/{number}/close")
    public CompletionStage<Response> partnersClose(@PathParam("number") String number, byte[] bytes) {
        return calls.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, true, false);
            return orders.close(account, number, body.getString("sub_mchid"));
        });
    }

    @POST
    @Path("pay/transactions/out-trade-no/{number}/reverse")
    public CompletionStage<Response> reverse(@PathParam("number") String number, byte[] bytes) {
        return calls.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, false, true);
            return codes.reverse(account, number, "", body);
        });
    }

    @POST
    @Path("pay/partner/transactions/out-trade-no/{number}/reverse")
    public CompletionStage<Response> partnersReverse(@PathParam("number") String number, byte[] bytes) {
        return calls.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, true, true);
            return codes.reverse(account, number, body.getString("sub_mchid"), body);
        });
    }

    private JsonObject ids(Account account, byte[] bytes, boolean partner, boolean applications) {
        var body = WxpayCallHandler.object(bytes);
        WxpayFields.checkIds(body, partner, applications);
        if (partner) {
            partner(account, body.getString("sp_mchid"), body.getString("sub_mchid"));
        } else {
            WxpayOrders.sameMerchant(account, body.getString("mchid"));
        }
        return body;
    }

    private void partner(Account account, String spMchid, String subMchid) {
        WxpayOrders.sameMerchant(account, spMchid);
        orders.checkSubMerchant(account, subMchid);
    }

    @GET
    @Path("certificates")
    public CompletionStage<Response> certificates() {
        return calls.answer(request, "certificates", NOTHING, account -> {
            if (!account.certificates() && !profiles.of(account).signsWithCertificate()) {
                throw new WxpayRefusal(404, "NOT_FOUND", "无可用的平台证书", WxpayRefusal.GENERAL);
            }
            return WxpayAnswer.of(certificate(account));
        });
    }

    private JsonObject certificate(Account account) {
        var certificate = platform.key(WxpayPlatform.CERTIFICATE).key();
        var nonce = RandomText.letters(12);
        var encrypted = WxpayCipher.encrypt(certificate.certificate(), account.sharedKey(), nonce, "certificate");
        var now = clock.instant();
        return Json.createObjectBuilder()
                .add(
                        "data",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("serial_no", certificate.serial())
                                        .add("effective_time", WxpayObjects.time(now.minus(Duration.ofDays(1))))
                                        .add("expire_time", WxpayObjects.time(now.plus(Duration.ofDays(1800))))
                                        .add(
                                                "encrypt_certificate",
                                                Json.createObjectBuilder()
                                                        .add("algorithm", "AEAD_AES_256_GCM")
                                                        .add("nonce", nonce)
                                                        .add("associated_data", "certificate")
                                                        .add("ciphertext", encrypted))))
                .build();
    }
}
