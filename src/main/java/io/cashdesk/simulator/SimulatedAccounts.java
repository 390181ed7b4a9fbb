package io.cashdesk.simulator;

import io.cashdesk.ground.database.Ids;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.provider.ProviderName;
import io.cashdesk.provider.TestAccounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Clock;
import java.util.UUID;

/** Opens accounts at the simulated providers, with everything that a merchant would find in their consoles. */
@ApplicationScoped
public class SimulatedAccounts implements TestAccounts {
    /** The platform whose key is WeChat Pay's certificate; "wxpay" itself is the one with the public key. */
    static final String WXPAY_CERTIFICATE = "wxpay-certificate";

    private static final String WXPAY = "wxpay";

    @Inject
    Books books;

    @Inject
    WechatBooks wechat;

    @Inject
    AlipayBooks alipay;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Override
    public JsonObject open(UUID merchantId, ProviderName provider, String node) {
        return open(merchantId, provider.value(), false);
    }

    @Override
    public URI gateway(ProviderName provider) {
        return below("http://127.0.0.1:" + settings.simulatorPort(), provider);
    }

    @Override
    public URI pages(ProviderName provider) {
        return below(settings.baseUrl(), provider);
    }

    private static URI below(String server, ProviderName provider) {
        var base = server + "/simulator/" + provider.value();
        return URI.create(provider.value().equals(WXPAY) ? base : base + "/gateway.do");
    }

    /** @param certificates certificate mode; otherwise public keys */
    JsonObject open(UUID merchantId, String provider, boolean certificates) {
        var kind = certificates ? "CERTIFICATE" : "KEY";
        var known = books.account(merchantId, provider, kind);
        if (known.isEmpty()) {
            var platform = platform(provider);
            books.addIfNew(
                    provider.equals(WXPAY) ? wechat(merchantId, kind, platform) : alipay(merchantId, kind, platform));
            known = books.account(merchantId, provider, kind); // ours, or the one that was opened at the same moment
        }
        try (var reader = Json.createReader(new StringReader(known.orElseThrow().node()))) {
            var node = reader.readObject();
            return provider.equals(WXPAY) ? withProfile(node, profile(known.get())) : node;
        }
    }

    /** What WeChat Pay alone knows of an account; written down by the first who asks, for accounts of earlier versions too. */
    WechatBooks.Profile profile(Books.Account account) {
        var known = wechat.profile(account.id());
        if (known.isPresent()) return known.get();
        wechat.addIfNew(new WechatBooks.Profile(
                account.id(),
                Keys.random("0123456789abcdef", 32),
                "17" + Keys.digits(8),
                "wx" + Keys.random("0123456789abcdef", 16),
                account.certificates() ? "CERTIFICATE" : "PUBLIC_KEY"));
        return wechat.profile(account.id()).orElseThrow();
    }

    private JsonObject withProfile(JsonObject node, WechatBooks.Profile profile) {
        return Json.createObjectBuilder(node)
                .add("secret", profile.secret())
                .add("subMerchants", Json.createArrayBuilder().add(profile.subMchid()))
                .add("subAppId", profile.subAppid())
                .add(
                        "sceneInfo",
                        Json.createObjectBuilder()
                                .add(
                                        "h5_info",
                                        Json.createObjectBuilder()
                                                .add("type", "Wap")
                                                .add("wap_url", settings.baseUrl())
                                                .add("wap_name", "Cashdesk")))
                .build();
    }

    Books.Platform platform(String provider) {
        var known = books.platform(provider);
        if (known.isPresent()) return known.get();
        var pair = Keys.newPair();
        var serial = Keys.newSerial();
        books.addIfNew(new Books.Platform(
                provider,
                Keys.base64(pair.getPrivate().getEncoded()),
                Keys.base64(pair.getPublic().getEncoded()),
                Keys.selfSigned(pair, "Simulated " + provider, serial, clock.instant()),
                Keys.hex(serial)));
        return books.platform(provider).orElseThrow();
    }

    private Books.Account wechat(UUID merchant, String kind, Books.Platform platform) {
        var pair = Keys.newPair();
        var serial = Keys.newSerial();
        var appId = "wx" + Keys.random("0123456789abcdef", 16);
        var mchId = "16" + Keys.digits(8);
        var v3Key = Keys.letters(32);
        var node = Json.createObjectBuilder()
                .add("appId", appId)
                .add("mchId", mchId)
                .add("version", 3)
                .add("v3Key", v3Key)
                .add("appCertContent", Keys.selfSigned(pair, mchId, serial, clock.instant()))
                .add(
                        "appPrivateKeyContent",
                        Keys.pem("PRIVATE KEY", Keys.base64(pair.getPrivate().getEncoded())));
        if (kind.equals("KEY")) {
            node.add("wxpayPublicKeyId", platform.publicKeyId())
                    .add("wxpayPublicKeyContent", Keys.pem("PUBLIC KEY", platform.publicKey()));
        }
        return new Books.Account(
                Ids.next(),
                merchant,
                WXPAY,
                kind,
                mchId,
                appId,
                Keys.base64(pair.getPublic().getEncoded()),
                Keys.hex(serial),
                v3Key,
                node.build().toString());
    }

    private Books.Account alipay(UUID merchant, String kind, Books.Platform platform) {
        var pair = Keys.newPair();
        var serial = Keys.newSerial();
        var appId = "2021" + Keys.digits(12);
        var seller = "2088" + Keys.digits(12);
        var node = Json.createObjectBuilder()
                .add("appId", appId)
                .add("mchId", seller)
                .add("privateKey", Keys.base64(pair.getPrivate().getEncoded()));
        if (kind.equals("KEY")) {
            node.add("alipayPublicKey", platform.publicKey());
        } else {
            node.add("appCertContent", Keys.selfSigned(pair, appId, serial, clock.instant()))
                    .add("alipayPublicCertContent", platform.certificate())
                    .add("alipayRootCertContent", platform.certificate());
        }
        return new Books.Account(
                Ids.next(),
                merchant,
                "alipay",
                kind,
                seller,
                appId,
                Keys.base64(pair.getPublic().getEncoded()),
                Keys.alipaySerial("CN=" + appId, serial),
                "",
                node.build().toString());
    }

    /** The seller for whom this application of Alipay's may act, who has no application that signs; found by the first who asks. */
    AlipayBooks.Authorization authorization(Books.Account application) {
        var known = alipay.authorization(application.id());
        if (known.isPresent()) return known.get();
        var seller = new Books.Account(
                Ids.next(),
                Ids.next(),
                "alipay",
                application.kind(),
                "2088" + Keys.digits(12),
                "2021" + Keys.digits(12),
                "",
                "",
                "",
                "{}");
        books.addIfNew(seller);
        alipay.addIfNew(new AlipayBooks.Authorization(
                "202601BB" + Keys.random("0123456789abcdef", 32), application.id(), seller.id()));
        return alipay.authorization(application.id()).orElseThrow();
    }
}
