package io.cashdesk.simulator;

import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderName;
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
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.UUID;

/**
 * WeChat Pay's merchant console, for v2: gives out a key and the certificate file. Only on a server that says of itself that it
 * is for development.
 */
@RequestScoped
@Path("/simulator/accounts/wxpay-v2")
@Produces(MediaType.APPLICATION_JSON)
public class WechatV2AccountsResource {
    @Inject
    Books books;

    @Inject
    WechatV2Books v2;

    @Inject
    SimulatedAccounts accounts;

    @Inject
    Settings settings;

    /**
     * A node of version 2 as a merchant would put it, {@code gateway} included: of the merchant number {@code mch_id}, which may be
     * a test merchant's that speaks v3 too, or of a new one.
     */
    @POST
    public JsonObject open(byte[] bytes) {
        if (!settings.development()) throw new NotFoundException();
        var body = JsonBody.parse(bytes).only("mch_id");
        var number = body.text("mch_id", 32)
                .orElseGet(
                        () -> accounts.open(UUID.randomUUID(), "wxpay", false).getString("mchId"));
        var account = books.accountByMchNo("wxpay", number).orElseThrow(() -> ProblemType.ORDER_NOT_FOUND.with(number));
        var node = node(account);
        if (v2.key(account.id()).isEmpty()) {
            v2.addIfNew(new WechatV2Books.Key(account.id(), Keys.letters(32), pfx(account, node)));
        }
        var key = v2.key(account.id()).orElseThrow();
        var profile = accounts.profile(account);
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
                                        accounts.gateway(new ProviderName("wxpay"))
                                                .toString()))
                .build();
    }

    private static JsonObject node(Books.Account account) {
        try (var reader = Json.createReader(new StringReader(account.node()))) {
            return reader.readObject();
        }
    }

    /** The certificate with its key, as apiclient_cert.p12 has it. */
    private static String pfx(Books.Account account, JsonObject node) {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            node.getString("appCertContent").getBytes(StandardCharsets.US_ASCII)));
            var key = Keys.privateKey(node.getString("appPrivateKeyContent").replaceAll("-----[A-Z ]+-----|\\s", ""));
            var password = account.mchNo().toCharArray();
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("Tenpay Certificate", key, password, new Certificate[] {certificate});
            var file = new ByteArrayOutputStream();
            store.store(file, password);
            return Keys.base64(file.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
