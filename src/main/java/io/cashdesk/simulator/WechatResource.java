package io.cashdesk.simulator;

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
 * WeChat Pay's own server, v3, on the loopback listener alone: payments of every product, for merchants and for service
 * providers.
 *
 * @see <a href="https://pay.weixin.qq.com/doc/v3/merchant/4012791877">the documents that it follows</a>
 */
@RequestScoped
@Path("/simulator/wxpay/v3")
@Consumes(MediaType.WILDCARD)
public class WechatResource {
    private static final byte[] NOTHING = {};

    @Inject
    WechatGate gate;

    @Inject
    WechatOrders orders;

    @Inject
    WechatCodes codes;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Clock clock;

    @Context
    HttpServletRequest request;

    @POST
    @Path("pay/transactions/{product: jsapi|native|h5|app}")
    public CompletionStage<Response> prepay(@PathParam("product") String product, byte[] body) {
        return gate.answer(
                request,
                "",
                body,
                account -> orders.prepay(account, WechatProduct.of(product), false, WechatGate.object(body)));
    }

    @POST
    @Path("pay/partner/transactions/{product: jsapi|native|h5|app}")
    public CompletionStage<Response> partnersPrepay(@PathParam("product") String product, byte[] body) {
        return gate.answer(
                request,
                "",
                body,
                account -> orders.prepay(account, WechatProduct.of(product), true, WechatGate.object(body)));
    }

    @POST
    @Path("pay/transactions/codepay")
    public CompletionStage<Response> codepay(byte[] body) {
        return gate.answer(request, "", body, account -> codes.pay(account, false, WechatGate.object(body)));
    }

    @POST
    @Path("pay/partner/transactions/codepay")
    public CompletionStage<Response> partnersCodepay(byte[] body) {
        return gate.answer(request, "", body, account -> codes.pay(account, true, WechatGate.object(body)));
    }

    @GET
    @Path("pay/transactions/out-trade-no/{number}")
    public CompletionStage<Response> byNumber(@PathParam("number") String number, @QueryParam("mchid") String mchid) {
        return gate.answer(request, number, NOTHING, account -> {
            WechatOrders.sameMerchant(account, mchid);
            return orders.queryByNumber(account, number, "");
        });
    }

    @GET
    @Path("pay/partner/transactions/out-trade-no/{number}")
    public CompletionStage<Response> partnersByNumber(
            @PathParam("number") String number,
            @QueryParam("sp_mchid") String spMchid,
            @QueryParam("sub_mchid") String subMchid) {
        return gate.answer(request, number, NOTHING, account -> {
            partner(account, spMchid, subMchid);
            return orders.queryByNumber(account, number, subMchid);
        });
    }

    @GET
    @Path("pay/transactions/id/{id}")
    public CompletionStage<Response> byTransaction(@PathParam("id") String id, @QueryParam("mchid") String mchid) {
        return gate.answer(request, id, NOTHING, account -> {
            WechatOrders.sameMerchant(account, mchid);
            return orders.queryByTransaction(account, id, "");
        });
    }

    @GET
    @Path("pay/partner/transactions/id/{id}")
    public CompletionStage<Response> partnersByTransaction(
            @PathParam("id") String id,
            @QueryParam("sp_mchid") String spMchid,
            @QueryParam("sub_mchid") String subMchid) {
        return gate.answer(request, id, NOTHING, account -> {
            partner(account, spMchid, subMchid);
            return orders.queryByTransaction(account, id, subMchid);
        });
    }

    @POST
    @Path("pay/transactions/out-trade-no/{number}/close")
    public CompletionStage<Response> close(@PathParam("number") String number, byte[] bytes) {
        return gate.answer(request, number, bytes, account -> {
            ids(account, bytes, false, false);
            return orders.close(account, number, "");
        });
    }

    @POST
    @Path("pay/partner/transactions/out-trade-no/{number}/close")
    public CompletionStage<Response> partnersClose(@PathParam("number") String number, byte[] bytes) {
        return gate.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, true, false);
            return orders.close(account, number, body.getString("sub_mchid"));
        });
    }

    @POST
    @Path("pay/transactions/out-trade-no/{number}/reverse")
    public CompletionStage<Response> reverse(@PathParam("number") String number, byte[] bytes) {
        return gate.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, false, true);
            return codes.reverse(account, number, "", body);
        });
    }

    @POST
    @Path("pay/partner/transactions/out-trade-no/{number}/reverse")
    public CompletionStage<Response> partnersReverse(@PathParam("number") String number, byte[] bytes) {
        return gate.answer(request, number, bytes, account -> {
            var body = ids(account, bytes, true, true);
            return codes.reverse(account, number, body.getString("sub_mchid"), body);
        });
    }

    private JsonObject ids(Books.Account account, byte[] bytes, boolean partner, boolean applications) {
        var body = WechatGate.object(bytes);
        WechatRules.ids(body, partner, applications);
        if (partner) {
            partner(account, body.getString("sp_mchid"), body.getString("sub_mchid"));
        } else {
            WechatOrders.sameMerchant(account, body.getString("mchid"));
        }
        return body;
    }

    private void partner(Books.Account account, String spMchid, String subMchid) {
        WechatOrders.sameMerchant(account, spMchid);
        orders.checkSubMerchant(account, subMchid);
    }

    @GET
    @Path("certificates")
    public CompletionStage<Response> certificates() {
        return gate.answer(request, "certificates", NOTHING, account -> {
            if (!account.certificates() && !accounts.profile(account).signsWithCertificate()) {
                throw new WechatRules.Refused(404, "NOT_FOUND", "无可用的平台证书", 268435461);
            }
            return WechatGate.Answer.of(certificate(account));
        });
    }

    private JsonObject certificate(Books.Account account) {
        var platform = accounts.platform(SimulatedAccounts.WXPAY_CERTIFICATE);
        var nonce = Keys.letters(12);
        var sealed = Keys.encrypt(platform.certificate(), account.v3Key(), nonce, "certificate");
        var now = clock.instant();
        return Json.createObjectBuilder()
                .add(
                        "data",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("serial_no", platform.serial())
                                        .add("effective_time", WechatMessages.time(now.minus(Duration.ofDays(1))))
                                        .add("expire_time", WechatMessages.time(now.plus(Duration.ofDays(1800))))
                                        .add(
                                                "encrypt_certificate",
                                                Json.createObjectBuilder()
                                                        .add("algorithm", "AEAD_AES_256_GCM")
                                                        .add("nonce", nonce)
                                                        .add("associated_data", "certificate")
                                                        .add("ciphertext", sealed))))
                .build();
    }
}
