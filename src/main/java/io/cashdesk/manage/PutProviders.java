package io.cashdesk.manage;

import io.cashdesk.account.Accounts;
import io.cashdesk.account.Circuits;
import io.cashdesk.ground.json.JsonBody;
import io.cashdesk.ground.problem.LocalizedText;
import io.cashdesk.ground.problem.ProblemType;
import io.cashdesk.ground.setting.Settings;
import io.cashdesk.merchant.Merchant;
import io.cashdesk.provider.Configuration;
import io.cashdesk.provider.PaymentProvider;
import io.cashdesk.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/**
 * Stores the columns of a {@code vk-pay-config} row as they are. Nodes that are not named stay, {@code null} removes
 * one, and a node whose values are all blank is ignored: the merchant does not use it.
 */
@ApplicationScoped
class PutProviders {
    @Inject
    Accounts accounts;

    @Inject
    Circuits circuits;

    @Inject
    Providers providers;

    @Inject
    Settings settings;

    @PersistenceContext
    EntityManager entities;

    List<ProviderNodeView> of(Merchant merchant, JsonBody row) {
        for (var column : row.json().entrySet()) {
            var name = column.getKey();
            switch (name) {
                case "_id" -> checkId(merchant, row);
                case "alipayAppPayToH5Pay" -> merchant.payInAppsByAlipayCode(row.flag(name, false));
                case "huawei" ->
                    throw ProblemType.notSupported(
                            LocalizedText.same("huawei"), new LocalizedText("请去掉该列", "leave its column out"));
                default -> put(merchant, name, column.getValue());
            }
        }
        entities.flush();
        return view(merchant);
    }

    /** What is configured, and how this server's calls to it went. */
    List<ProviderNodeView> view(Merchant merchant) {
        return accounts.shown(merchant.id()).stream()
                .map(a -> new ProviderNodeView(
                        a.name(), a.fingerprint(), notifyUrl(a.name(), a.id()), circuits.seen(a.id())))
                .toList();
    }

    /** @param name {@code <provider>.<node>} */
    private URI notifyUrl(String name, UUID account) {
        return URI.create(settings.baseUrl() + "/notify/" + name.split("\\.")[0] + "/" + account);
    }

    private static void checkId(Merchant merchant, JsonBody row) {
        if (!row.text("_id", 64).orElse("").equals(merchant.pid())) {
            throw row.malformed("_id", "地址中的 pid：" + merchant.pid(), "the pid of the address, " + merchant.pid());
        }
    }

    private void put(Merchant merchant, String provider, JsonValue column) {
        var known = providers.named(provider);
        if (column == JsonValue.NULL) {
            accounts.remove(merchant.id(), provider, null);
            return;
        }
        if (!(column instanceof JsonObject nodes)) {
            throw ProblemType.field(
                    provider, new LocalizedText("由节点组成的对象", "an object of nodes"), JsonBody.shown(column));
        }
        if (known.configuration().oneNode()) putNode(merchant, known, "", nodes);
        else nodes.forEach((node, values) -> putNode(merchant, known, node, values));
    }

    private void putNode(Merchant merchant, PaymentProvider provider, String node, JsonValue values) {
        var name = provider.name().value();
        if (!provider.configuration().nodes().contains(node)) {
            throw ProblemType.UNKNOWN_FIELD.with(
                    name + "." + node,
                    String.join(", ", provider.configuration().nodes()));
        }
        if (values == JsonValue.NULL) {
            accounts.remove(merchant.id(), name, node);
        } else if (!(values instanceof JsonObject object)) {
            throw ProblemType.field(
                    Configuration.nameOf(name, node), new LocalizedText("对象", "an object"), JsonBody.shown(values));
        } else if (!blank(object)) {
            accounts.put(merchant.id(), name, node, object);
        }
    }

    /** Nothing but empty texts and switches: the row's placeholder for a node that is not used. */
    private static boolean blank(JsonObject object) {
        return object.values().stream().allMatch(v -> switch (v.getValueType()) {
            case STRING -> ((JsonString) v).getString().isBlank();
            case OBJECT -> blank(v.asJsonObject());
            case ARRAY -> v.asJsonArray().isEmpty();
            case TRUE, FALSE, NULL, NUMBER -> true;
        });
    }
}
