package io.cashdesk.simulator.wxpay.v2;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.TestAccounts;
import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.AccountStore;
import io.cashdesk.simulator.RandomText;
import io.cashdesk.simulator.Rsa;
import io.cashdesk.simulator.SimulatedAccounts;
import io.cashdesk.simulator.wxpay.WxpayProfiles;
import io.cashdesk.simulator.wxpay.WxpayServer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.UUID;

/**
 * WeChat Pay's merchant console for v2: gives out a key and the certificate file. Answered with 404 unless
 * {@code CASHDESK_DEVELOPMENT} is true.
 */
@RequestScoped
@Path("/simulator/accounts/wxpay-v2")
@Produces(MediaType.APPLICATION_JSON)
public class WxpayV2AccountsResource {
    @Inject
    AccountStore accounts;

    @Inject
    SimulatedAccounts testAccounts;

    @Inject
    WxpayProfiles profiles;

    @Inject
    WxpayV2Store v2;

    @Inject
    Settings settings;

    /**
     * A node of version 2 as a merchant would enter it, {@code gateway} included. {@code mch_id} is a number that
     * exists, which may use v3 too; without it a new number is made.
     */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("mch_id");
        var number = body.text("mch_id", 32).orElseGet(this::newNumber);
        var account =
                accounts.byMchNo(WxpayServer.NAME, number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var node = account.storedNode();
        if (v2.key(account.id()).isEmpty()) {
            v2.addIfNew(new WxpayV2Store.Key(account.id(), RandomText.letters(32), pfx(account, node)));
        }
        var key = v2.key(account.id()).orElseThrow();
        var profile = profiles.of(account);
        return Json.createObjectBuilder()
                .add("code", 0)
                .add(
                        "node",
                        Json.createObjectBuilder()
                                .add("appId", account.appId())
                                .add("secret", profile.secret())
                                .add("mchId", account.mchNo())
                                .add("version", 2)
                                .add("key", key.apiKey())
                                .add("pfx", key.pfx())
                                .add("subMerchants", Json.createArrayBuilder().add(profile.subMchid()))
                                .add("subAppId", profile.subAppid())
                                .add(
                                        "gateway",
                                        testAccounts.gateway(WxpayServer.NAME).toString()))
                .build();
    }

    /** A new number every time, of no merchant. */
    private String newNumber() {
        var id = UUID.randomUUID();
        return testAccounts
                .open(new TestAccounts.Holder(id, id.toString()), WxpayServer.NAME, false)
                .getString("mchId");
    }

    /** The certificate with its key, as in the console's file apiclient_cert.p12. */
    private static String pfx(Account account, JsonObject node) {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            node.getString("appCertContent").getBytes(StandardCharsets.US_ASCII)));
            var key = Rsa.privateKey(node.getString("appPrivateKeyContent").replaceAll("-----[A-Z ]+-----|\\s", ""));
            var password = account.mchNo().toCharArray();
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("Tenpay Certificate", key, password, new Certificate[] {certificate});
            var file = new ByteArrayOutputStream();
            store.store(file, password);
            return Base64.getEncoder().encodeToString(file.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
